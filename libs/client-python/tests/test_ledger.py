"""The ledger of the client: it decides, and nothing refills it but a new day."""

from __future__ import annotations

import tempfile
from pathlib import Path

import interlock_he
import pytest
from homomorphic_llm import (
    FileLedger,
    InvalidRequestError,
    Ledger,
    MemoryLedger,
    PrivacyBudgetError,
)
from homomorphic_llm._ledger import today
from homomorphic_llm._ledger_refusal import day_of
from homomorphic_llm._ledger_state import (
    LARGEST_EPSILON,
    MAX_SPENDINGS,
    SMALLEST_EPSILON,
    LedgerState,
    render,
)
from hypothesis import given
from hypothesis import strategies as st

from .ledgers import DAY, Clock


@pytest.fixture(params=["file", "memory"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Ledger:
    if request.param == "memory":
        return MemoryLedger(epsilon=7.0, clock=clock)
    return FileLedger(tmp_path / "state" / "ledger.json", epsilon=7.0, clock=clock)


def test_a_hint_is_counted(ledger: Ledger) -> None:
    account = ledger.spend(3.0)
    assert (account.day, account.queries, account.basic, account.rho) == (DAY, 1, 3.0, 4.5)
    assert (account.cap, account.delta) == (7.0, 1e-6)
    assert ledger.report() == account


def test_no_more_than_the_cap_is_spent(ledger: Ledger) -> None:
    ledger.spend(3.0)
    ledger.spend(3.0)
    with pytest.raises(PrivacyBudgetError, match="search in full"):
        ledger.spend(3.0)
    assert ledger.report().queries == 2
    ledger.spend(1.0)


def test_a_new_day_begins_anew(ledger: Ledger, clock: Clock) -> None:
    ledger.spend(7.0)
    clock.day += 1
    assert ledger.report().queries == 0
    assert ledger.spend(7.0).day == DAY + 1


def test_a_clock_that_jumps_back_never_refills(ledger: Ledger, clock: Clock) -> None:
    ledger.spend(7.0)
    clock.day -= 30
    assert ledger.report().epsilon == 7.0
    with pytest.raises(PrivacyBudgetError):
        ledger.spend(0.5)
    clock.day = DAY + 1
    ledger.spend(0.5)
    clock.day = DAY
    assert ledger.report().day == DAY + 1


@pytest.mark.parametrize("epsilon", [0, -1, 1e-7, 65, 1e308, float("nan"), float("inf")])
def test_an_epsilon_that_is_none_is_refused(ledger: Ledger, epsilon: float) -> None:
    with pytest.raises(InvalidRequestError, match="from 1e-06 to 64") as caught:
        ledger.spend(epsilon)
    assert len(str(caught.value)) < 80
    assert ledger.report().queries == 0


@pytest.mark.parametrize(("epsilon", "delta"), [(0, 1e-6), (float("nan"), 1e-6), (1, 0), (1, 1)])
def test_caps_that_are_none_are_refused_at_once(
    tmp_path: Path, epsilon: float, delta: float
) -> None:
    with pytest.raises(ValueError, match=r"budget|delta"):
        FileLedger(tmp_path / "l", epsilon=epsilon, delta=delta)
    with pytest.raises(ValueError, match=r"budget|delta"):
        MemoryLedger(epsilon=epsilon, delta=delta)


def test_a_lower_cap_does_not_undo_what_was_spent(tmp_path: Path) -> None:
    file = tmp_path / "ledger.json"
    FileLedger(file, epsilon=7.0, clock=Clock()).spend(6.0)
    lowered = FileLedger(file, epsilon=2.0, clock=Clock())
    assert (lowered.report().epsilon, lowered.report().cap) == (6.0, 2.0)
    with pytest.raises(PrivacyBudgetError):
        lowered.spend(0.5)


def test_a_refusal_names_the_hint_that_was_asked_and_what_is_spent(tmp_path: Path) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(render(LedgerState(DAY, (13.0,))))
    with pytest.raises(PrivacyBudgetError) as caught:
        FileLedger(file, epsilon=12.0, clock=Clock()).spend(0.1)
    assert str(caught.value) == (
        "13 of 12 is spent, and a hint of epsilon 0.1 would exceed that budget\n\n"
        "hint: search in full, without a hint, or wait for tomorrow (UTC)"
    )


def test_a_ledger_that_has_seen_a_later_day_does_not_say_tomorrow(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.spend(7.0)
    clock.day -= 30
    with pytest.raises(PrivacyBudgetError, match="wait until 2026-11-26 is over") as caught:
        ledger.spend(0.5)
    assert "tomorrow" not in str(caught.value)
    assert ("ledger.json away" in str(caught.value)) is isinstance(ledger, FileLedger)


def test_a_day_beyond_the_calendar_has_a_number() -> None:
    assert day_of(2**32 - 1) == "day 4294967295"


def test_the_smallest_and_the_largest_epsilon_are_those_of_the_wheel() -> None:
    wheel = interlock_he.Ledger(1e3, 1e-6)
    for epsilon in (SMALLEST_EPSILON, LARGEST_EPSILON):
        wheel.spend(DAY, epsilon)
    for epsilon in (SMALLEST_EPSILON * (1 - 1e-9), LARGEST_EPSILON * (1 + 1e-9)):
        with pytest.raises(interlock_he.BudgetError):
            wheel.spend(DAY, epsilon)


@given(st.lists(st.floats(1e-6, 64), max_size=6), st.floats(1e-6, 64))
def test_a_file_decides_as_the_wheel_does(spent: list[float], cap: float) -> None:
    wheel = MemoryLedger(epsilon=cap, clock=Clock())
    with tempfile.TemporaryDirectory() as folder:
        ledger = FileLedger(Path(folder, "ledger.json"), epsilon=cap, clock=Clock())
        for epsilon in spent:
            outcomes = [accepted(one, epsilon) for one in (wheel, ledger)]
            assert outcomes[0] == outcomes[1]
        assert ledger.report() == wheel.report()


def accepted(ledger: Ledger, epsilon: float) -> bool:
    try:
        ledger.spend(epsilon)
    except PrivacyBudgetError:
        return False
    return True


def test_a_day_has_a_largest_number_of_hints(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(render(LedgerState(DAY, (1e-6,) * MAX_SPENDINGS)))
    with pytest.raises(PrivacyBudgetError, match="10000 hinted searches"):
        FileLedger(file, clock=clock).spend(1e-6)


def test_the_clock_counts_days_of_utc() -> None:
    assert today() >= DAY
