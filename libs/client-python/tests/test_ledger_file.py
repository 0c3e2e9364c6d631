"""The file of the ledger: what is in it, who may read it, and what is no ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import FileLedger, Ledger, LedgerFileError
from homomorphic_llm import _locked_file as locked_file
from homomorphic_llm._ledger_state import MAX_SPENDINGS, LedgerState, parse, render
from homomorphic_llm._state_folder import default_ledger_path, ledger_path
from hypothesis import given
from hypothesis import strategies as st

from .ledgers import DAY, Clock

if TYPE_CHECKING:
    from typing import Callable

    Make = Callable[["Clock"], Ledger]


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


@pytest.mark.skipif(os.name != "posix", reason="named pipes are those of POSIX")
@pytest.mark.parametrize("name", ["ledger.json", "ledger.json.lock"])
def test_a_pipe_is_no_ledger_and_nothing_waits_for_it(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(LedgerFileError, match="no regular file"):
        FileLedger(tmp_path / "ledger.json").report()


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerFileError, match="a folder, not a file"):
        FileLedger(tmp_path).report()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("there", [True, False])
def test_links_to_one_ledger_share_its_budget_and_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    file, link, second = folder / "ledger.json", tmp_path / "link", tmp_path / "second"
    link.symlink_to(Path("state") / "ledger.json")
    second.symlink_to(link)
    if there:
        FileLedger(file, clock=Clock()).spend(1.0)
    for path in (link, second, file):
        FileLedger(path, clock=Clock()).spend(1.0)
    for path in (link, second, file):
        assert FileLedger(path, clock=Clock()).report().queries == 3 + there
    assert link.is_symlink()
    assert second.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "second", "state"]
    monkeypatch.setattr(locked_file, "_WAIT_SECONDS", 0.05)
    with locked_file.locked(file), pytest.raises(LedgerFileError, match="another process"):
        FileLedger(second).report()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_to_itself_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with pytest.raises(LedgerFileError, match="cannot be used"):
        FileLedger(tmp_path / "link").report()


def test_a_ledger_with_a_second_hard_link_is_refused_before_it_becomes_two(tmp_path: Path) -> None:
    file, other = tmp_path / "ledger.json", tmp_path / "other.json"
    FileLedger(file, clock=Clock()).spend(1.0)
    os.link(file, other)
    before = file.read_bytes()
    for path in (file, other):
        ledger = FileLedger(path, clock=Clock())
        for call in (ledger.report, lambda ledger=ledger: ledger.spend(1.0)):
            with pytest.raises(LedgerFileError, match="it has 2 names") as caught:
                call()
            assert f"the ledger {path} cannot be used" in str(caught.value)
            assert "\n\nhint: remove the other name" in str(caught.value)
    assert file.read_bytes() == other.read_bytes() == before
    other.unlink()
    assert FileLedger(file, clock=Clock()).spend(1.0).queries == 2


CORRUPT = {
    "empty": "",
    "cut": '{"format": 1, "day": 20',
    "no object": "[]",
    "unknown key": '{"format":1,"day":1,"epsilons":[],"x":1}',
    "one key twice": '{"format":1,"day":1,"epsilons":[9.0],"epsilons":[]}',
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


def test_of_the_folders_of_a_path_only_the_last_one_is_made(tmp_path: Path) -> None:
    FileLedger(tmp_path / "a" / "ledger.json").report()
    with pytest.raises(LedgerFileError, match="there is no folder for it\n\nhint: is the path"):
        FileLedger(tmp_path / "b" / "c" / "ledger.json").spend(1.0)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_folders_of_the_state_of_a_user_are_all_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ledger_path("linux", {}, tmp_path / "home")
    monkeypatch.setattr("homomorphic_llm._ledger.default_ledger_path", lambda: file)
    assert FileLedger(clock=Clock()).spend(1.0).queries == 1
    assert file.is_file()


def test_a_spending_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "ledger.json"
    folder.mkdir()
    with pytest.raises(LedgerFileError):
        FileLedger(folder).spend(1.0)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["ledger.json"]


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
