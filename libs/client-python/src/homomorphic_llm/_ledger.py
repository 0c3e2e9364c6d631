"""The privacy budget of the client: the one that decides.

The arithmetic is that of the wheel, the same as the server's. The server only mirrors what is
declared to it; a hint that this ledger refuses is never sent.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Protocol

import interlock_he

from ._exceptions import InvalidRequestError, LedgerFileError, PrivacyBudgetError
from ._ledger_refusal import refusal
from ._ledger_state import (
    LARGEST_EPSILON,
    MAX_SPENDINGS,
    SMALLEST_EPSILON,
    LedgerState,
    parse,
    render,
)
from ._locked_file import HardLinkedError, locked, read, replace, target_of
from ._regular_file import NotRegularError
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
        self._ledger = _empty(epsilon, delta)
        self._clock = clock
        self._lock = threading.Lock()

    def spend(self, epsilon: float) -> Account:
        """Count a hint; raise :class:`PrivacyBudgetError` if it would exceed the cap."""
        _check(epsilon)
        with self._lock:
            day = self._clock()
            try:
                account = self._ledger.spend(day, epsilon)
            except interlock_he.BudgetError as error:
                spent = self._ledger.account(day)
                raise refusal(_account(spent, spent.cap), epsilon, day) from error
            return _account(account, account.cap)

    def report(self) -> Account:
        """Return what was spent today."""
        with self._lock:
            account = self._ledger.account(self._clock())
            return _account(account, account.cap)


class FileLedger:
    """A ledger in a file, shared by all processes of a user; without a path in the state folder.

    ``epsilon`` is the cap of a day over every server: servers may talk to each other. A file that
    cannot be read is an error, never an empty ledger. A clock that jumps back never refills. A
    symbolic link is followed: whoever comes by it shares the budget of the file that it leads to. A
    file with a second hard link is an error: when it is replaced, the other name keeps the old one.
    Of the folders of a path that is given, only the last one is made if it is not there.
    ``patience`` is how many seconds to wait for another process that holds the lock, 30 if it is
    not given.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        epsilon: float = 12.0,
        delta: float = 1e-6,
        clock: Callable[[], int] = today,
        patience: float | None = None,
    ) -> None:
        self.path = default_ledger_path() if path is None else Path(path)
        # A path that somebody names may be mistyped: no tree of folders is made for it.
        self._parents = path is None
        self._caps = (epsilon, delta)
        _empty(epsilon, delta)  # refuses caps that are none
        self._clock = clock
        self._patience = patience
        self._lock = threading.Lock()

    def spend(self, epsilon: float) -> Account:
        """Count a hint in the file; raise :class:`PrivacyBudgetError` if it would exceed the cap.

        Raises :class:`LedgerFileError` if the file cannot be read, locked or written.
        """
        _check(epsilon)
        with self._locked() as file:
            state, day = _read(file), self._clock()
            before = state.epsilons if state.day >= day else ()
            spent = self._account_of(state, day)
            if len(before) >= MAX_SPENDINGS:
                raise PrivacyBudgetError(f"{MAX_SPENDINGS} hinted searches were made today")
            after = LedgerState(spent.day, (*before, float(epsilon)))
            account = self._account_of(after, day)
            if account.epsilon > account.cap:
                raise refusal(spent, epsilon, day, self.path)
            replace(file, render(after))
            return account

    def report(self) -> Account:
        """Return what was spent today; raise :class:`LedgerFileError` like :meth:`spend`."""
        with self._locked() as file:
            return self._account_of(_read(file), self._clock())

    def _account_of(self, state: LedgerState, day: int) -> Account:
        """Add up what was spent; a cap that was lowered since does not undo it."""
        cap, delta = self._caps
        ledger = interlock_he.Ledger(max(cap, 2 * sum(state.epsilons)), delta)
        for epsilon in state.epsilons:
            ledger.spend(state.day, epsilon)
        return _account(ledger.account(max(day, state.day)), cap)

    @contextmanager
    def _locked(self) -> Iterator[Path]:
        """Hold the lock; return the file itself, which is one however many links lead to it."""
        with self._lock, self._faults():
            file = target_of(self.path)
            with locked(file, self._patience, parents=self._parents):
                yield file

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise LedgerFileError(
                f"the ledger {self.path} cannot be used: there is no folder for it\n\nhint: is the "
                "path right? of the folders in it, only the last one is made"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise LedgerFileError(f"the ledger {self.path} cannot be used: {reason}") from error
        except NotRegularError as error:
            raise LedgerFileError(
                f"the ledger {self.path} cannot be used: {error}\n\nhint: name a file, which is "
                "made if it does not exist"
            ) from error
        except HardLinkedError as error:
            raise LedgerFileError(
                f"the ledger {self.path} cannot be used: {error}, and the next spending would make "
                "two ledgers of them\n\nhint: remove the other name, or make it a symbolic link"
            ) from error
        except ValueError as error:
            raise LedgerFileError(
                f"the ledger {self.path} cannot be read: {error}\n\nhint: move it away if the "
                "spending of today may be forgotten"
            ) from error


def _read(file: Path) -> LedgerState:
    text = read(file)
    return LedgerState() if text is None else parse(text)


def _empty(epsilon: float, delta: float) -> interlock_he.Ledger:
    try:
        return interlock_he.Ledger(epsilon, delta)
    except interlock_he.BudgetError as error:
        raise InvalidRequestError(str(error)) from error


def _check(epsilon: float) -> None:
    if not SMALLEST_EPSILON <= epsilon <= LARGEST_EPSILON:
        raise InvalidRequestError(
            f"the epsilon of a hint is a number from {SMALLEST_EPSILON:g} to {LARGEST_EPSILON:g}, "
            f"not {epsilon:g}"
        )


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
