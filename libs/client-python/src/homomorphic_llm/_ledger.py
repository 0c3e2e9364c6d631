"""The privacy budget of the client: the one that decides.

The arithmetic is that of the wheel, the same as the server's. The server only mirrors what is
declared to it; a hint that this ledger refuses is never sent.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Protocol

import interlock_he

from ._exceptions import InvalidRequestError, LedgerFileError, PrivacyBudgetError
from ._ledger_state import MAX_SPENDINGS, LedgerState, parse, render
from ._locked_file import locked, read, replace
from ._state_folder import default_ledger_path

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["Account", "FileLedger", "Ledger", "MemoryLedger"]

_SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True)
class Account:
    """What was spent on a day (days since 1970-01-01, UTC).

    ``basic`` is the sum of the epsilons, ``rho`` that of zero-concentrated privacy, ``epsilon``
    the smaller of both bounds at ``delta``. No more than ``cap`` is ever spent.
    """

    day: int
    queries: int
    basic: float
    rho: float
    epsilon: float
    cap: float
    delta: float


class Ledger(Protocol):
    """Counts what hinted searches cost."""

    def spend(self, epsilon: float) -> Account:
        """Count a hint before it is sent; raise :class:`LedgerError` if it must not be."""

    def report(self) -> Account:
        """Return what was spent today."""


def today() -> int:
    """Return the day of the clock: days since 1970-01-01, UTC."""
    return int(time.time() // _SECONDS_OF_A_DAY)


class MemoryLedger:
    """A ledger that forgets when the process ends: for tests, and for servers that keep their own.

    ``epsilon`` is the cap of a day. A clock that jumps back never refills it.
    """

    def __init__(
        self, *, epsilon: float = 12.0, delta: float = 1e-6, clock: Callable[[], int] = today
    ) -> None:
        self._ledger = interlock_he.Ledger(epsilon, delta)
        self._clock = clock
        self._lock = threading.Lock()

    def spend(self, epsilon: float) -> Account:
        """Count a hint; raise :class:`PrivacyBudgetError` if it would exceed the cap."""
        with self._lock:
            return _spent(self._ledger, self._clock(), epsilon)

    def report(self) -> Account:
        """Return what was spent today."""
        with self._lock:
            account = self._ledger.account(self._clock())
            return _account(account, account.cap)


class FileLedger:
    """A ledger in a file, shared by all processes of a user; without a path in the state folder.

    ``epsilon`` is the cap of a day over every server: servers may talk to each other. A file that
    cannot be read is an error, never an empty ledger. A clock that jumps back never refills.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        epsilon: float = 12.0,
        delta: float = 1e-6,
        clock: Callable[[], int] = today,
    ) -> None:
        self.path = default_ledger_path() if path is None else Path(path)
        self._caps = (epsilon, delta)
        interlock_he.Ledger(*self._caps)  # refuses caps that are none
        self._clock = clock
        self._lock = threading.Lock()

    def spend(self, epsilon: float) -> Account:
        """Count a hint in the file; raise :class:`PrivacyBudgetError` if it would exceed the cap.

        Raises :class:`LedgerFileError` if the file cannot be read, locked or written.
        """
        with self._lock, self._faults(), locked(self.path):
            state = self._read()
            day = max(self._clock(), state.day)
            before = state.epsilons if day == state.day else ()
            if len(before) >= MAX_SPENDINGS:
                raise PrivacyBudgetError(f"{MAX_SPENDINGS} hinted searches were made today")
            ledger = interlock_he.Ledger(*self._caps)
            for earlier in before:
                _spent(ledger, day, earlier)
            account = _spent(ledger, day, epsilon)
            replace(self.path, render(LedgerState(day, (*before, float(epsilon)))))
            return account

    def report(self) -> Account:
        """Return what was spent today; raise :class:`LedgerFileError` like :meth:`spend`."""
        with self._lock, self._faults(), locked(self.path):
            state = self._read()
        cap, delta = self._caps
        # A cap that was lowered since does not undo what was spent.
        ledger = interlock_he.Ledger(max(cap, 2 * sum(state.epsilons)), delta)
        for epsilon in state.epsilons:
            ledger.spend(state.day, epsilon)
        return _account(ledger.account(max(self._clock(), state.day)), cap)

    def _read(self) -> LedgerState:
        try:
            text = read(self.path)
            return LedgerState() if text is None else parse(text)
        except ValueError as error:
            raise LedgerFileError(
                f"the ledger {self.path} cannot be read: {error}\n\nhint: move it away if the "
                "spending of today may be forgotten"
            ) from error

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LedgerFileError(f"the ledger {self.path}: {error}") from error


def _spent(ledger: interlock_he.Ledger, day: int, epsilon: float) -> Account:
    if not 0 < epsilon < math.inf:
        raise InvalidRequestError(f"the epsilon of a hint is a number above 0, not {epsilon}")
    try:
        account = ledger.spend(day, epsilon)
    except interlock_he.BudgetError as error:
        raise PrivacyBudgetError(
            f"{error}\n\nhint: search in full, without a hint, or wait for tomorrow (UTC)"
        ) from error
    return _account(account, account.cap)


def _account(account: interlock_he.Account, cap: float) -> Account:
    return Account(
        day=account.day,
        queries=account.queries,
        basic=account.basic,
        rho=account.rho,
        epsilon=account.epsilon,
        cap=cap,
        delta=account.delta,
    )
