"""The ledger of the client: it decides, and nothing refills it but a new day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import interlock_he
import pytest
from homomorphic_llm import (
    FileLedger,
    InvalidRequestError,
    Ledger,
    LedgerFileError,
    MemoryLedger,
    PrivacyBudgetError,
)
from homomorphic_llm import _locked_file as locked_file
from homomorphic_llm._ledger import today
from homomorphic_llm._ledger_refusal import day_of
from homomorphic_llm._ledger_state import (
    LARGEST_EPSILON,
    MAX_SPENDINGS,
    SMALLEST_EPSILON,
    LedgerState,
    parse,
    render,
)
from homomorphic_llm._state_folder import default_ledger_path, ledger_path
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from typing import Callable

    Make = Callable[["Clock"], Ledger]

DAY = 20_783


class Clock:
    def __init__(self) -> None:
        self.day = DAY

    def __call__(self) -> int:
        return self.day


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


def test_what_was_spent_survives_the_process(tmp_path: Path) -> None:
    file = tmp_path / "ledger.json"
    FileLedger(file, clock=Clock()).spend(3.0)
    assert FileLedger(file, clock=Clock()).report().queries == 1
    assert json.loads(file.read_text()) == {"format": 1, "day": DAY, "epsilons": [3.0]}
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["ledger.json", "ledger.json.lock"]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "state" / "ledger.json", clock=Clock())
    ledger.spend(1.0)
    lock = ledger.path.with_name("ledger.json.lock")
    modes = [path.stat().st_mode & 0o777 for path in (ledger.path, lock, ledger.path.parent)]
    assert modes == [0o600, 0o600, 0o700]


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


@pytest.mark.skipif(os.name != "posix", reason="named pipes are those of POSIX")
@pytest.mark.parametrize("name", ["ledger.json", "ledger.json.lock"])
def test_a_pipe_is_no_ledger_and_nothing_waits_for_it(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(LedgerFileError, match="no regular file"):
        FileLedger(tmp_path / "ledger.json").report()


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerFileError, match="a folder, not a file"):
        FileLedger(tmp_path).report()


CORRUPT = {
    "empty": "",
    "cut": '{"format": 1, "day": 20',
    "no object": "[]",
    "unknown key": '{"format":1,"day":1,"epsilons":[],"x":1}',
    "other format": '{"format":2,"day":1,"epsilons":[]}',
    "negative day": '{"format":1,"day":-1,"epsilons":[]}',
    "day of no calendar": '{"format":1,"day":1e3,"epsilons":[]}',
    "negative epsilon": '{"format":1,"day":1,"epsilons":[-3]}',
    "beyond any epsilon": '{"format":1,"day":1,"epsilons":[1e308]}',
    "no number": '{"format":1,"day":1,"epsilons":[NaN]}',
    "too many": '{"format":1,"day":1,"epsilons":[' + "1," * MAX_SPENDINGS + "1]}",
    "nested": "[" * 100_000,
    "endless": " " * (locked_file.MAX_BYTES + 1),
}


@pytest.mark.parametrize("text", CORRUPT.values(), ids=CORRUPT.keys())
def test_a_corrupt_file_is_an_error_that_says_so_and_is_kept(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(text)
    ledger = FileLedger(file)
    for call in (ledger.report, lambda: ledger.spend(1.0)):
        with pytest.raises(LedgerFileError, match="cannot be read") as caught:
            call()
        assert str(file) in str(caught.value)
        assert "hint: move it away" in str(caught.value)
    assert file.read_text() == text


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "ledger.json"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(LedgerFileError, match="cannot be read"):
        FileLedger(file).report()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerFileError):
        FileLedger(tmp_path / "file" / "ledger.json").report()


def test_a_spending_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "ledger.json"
    folder.mkdir()
    with pytest.raises(LedgerFileError):
        FileLedger(folder).spend(1.0)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["ledger.json", "ledger.json.lock"]


def test_a_lock_that_is_held_for_too_long_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locked_file, "_WAIT_SECONDS", 0.05)
    file = tmp_path / "ledger.json"
    with (
        locked_file.locked(file),
        pytest.raises(LedgerFileError, match="another process holds"),
    ):
        FileLedger(file).report()


def test_a_day_has_a_largest_number_of_hints(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(render(LedgerState(DAY, (1e-6,) * MAX_SPENDINGS)))
    with pytest.raises(PrivacyBudgetError, match="10000 hinted searches"):
        FileLedger(file, clock=clock).spend(1e-6)


def test_processes_share_one_budget(tmp_path: Path) -> None:
    file = tmp_path / "ledger.json"
    code = (
        "import sys\n"
        "from homomorphic_llm import FileLedger, PrivacyBudgetError\n"
        "spent = 0\n"
        "for _ in range(8):\n"
        "    try:\n"
        "        FileLedger(sys.argv[1], epsilon=9.5, clock=lambda: 20_783).spend(1.0)\n"
        "        spent += 1\n"
        "    except PrivacyBudgetError:\n"
        "        pass\n"
        "print(spent)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(file)]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = [int(process.communicate(timeout=120)[0]) for process in running]
    account = FileLedger(file, epsilon=9.5, clock=Clock()).report()
    assert sum(outputs) == account.queries
    assert account.epsilon <= 9.5


@given(st.builds(LedgerState, st.integers(0, 2**32 - 1), st.lists(st.floats(1e-6, 64)).map(tuple)))
def test_the_text_of_a_ledger_reads_as_what_it_was(state: LedgerState) -> None:
    assert parse(render(state)) == state


def test_the_folder_is_that_of_the_platform() -> None:
    home = Path("/people/ann")
    below = Path("homomorphic-llm/ledger.json")
    assert ledger_path("linux", {}, home) == home / ".local/state" / below
    assert ledger_path("linux", {"XDG_STATE_HOME": "/s"}, home) == Path("/s") / below
    assert ledger_path("linux", {"XDG_STATE_HOME": "s"}, home) == home / ".local/state" / below
    assert ledger_path("darwin", {}, home) == home / "Library/Application Support" / below
    assert ledger_path("win32", {}, home) == home / "AppData/Local" / below
    assert default_ledger_path().name == "ledger.json"
    assert FileLedger().path == default_ledger_path()


def test_the_clock_counts_days_of_utc() -> None:
    assert today() >= DAY
