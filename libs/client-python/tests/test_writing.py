"""Matrices on disk: a process that is killed, links, and two at once."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from homomorphic_llm import _locked_file, _writing
from homomorphic_llm.index import Index, write_index

from .written import MANIFESTS, assert_served, data_in, generations, names

if TYPE_CHECKING:

    from homomorphic_llm._manifest import File


def test_whenever_it_is_killed_every_manifest_has_its_data_and_the_next_run_tidies_up(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    states = tmp_path / "states"
    words = [str(tmp_path / "old"), str(tmp_path / "new"), str(states)]
    command = [sys.executable, "-m", "tests.killed", *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1], env=environment)
    first, second = (index.scores.generation for index in indexes)
    assert first != second
    write_index(indexes[1], tmp_path / "clean")
    seen: dict[tuple[str, ...], Path] = {}
    leftovers = 0
    for state in sorted(states.iterdir(), key=lambda path: int(path.name)):
        seen.setdefault(tuple(generations(state)), state)
        leftovers += len(names(state)) > len(names(tmp_path / "clean"))
    assert len(list(states.iterdir())) > 60
    assert leftovers > 30
    # Between the two manifests there is one moment at which the new one of scores is alone.
    assert list(seen) == [(first, first), (second, first), (second, second)]
    for state in seen.values():
        assert_served(*(state / name for name in MANIFESTS))
    for state in states.iterdir():
        named = data_in(state)
        write_index(indexes[1], state)
        assert names(state) == names(tmp_path / "clean") | named
        assert generations(state) == [second, second]
        write_index(indexes[1], state)
        assert names(state) == names(tmp_path / "clean")


def test_who_has_read_a_manifest_still_finds_its_data_until_the_next_run_but_one(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    write_index(indexes[1], tmp_path)
    assert read < names(tmp_path)
    write_index(indexes[1], tmp_path)
    assert not read & names(tmp_path)


@pytest.mark.parametrize("at", range(4))
def test_on_a_full_disk_no_draft_stays_and_the_error_names_the_file(
    indexes: tuple[Index, Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    folder = tmp_path / "index"
    write_index(indexes[0], folder)
    before = names(folder)
    left = at

    def full(_: int) -> None:
        nonlocal left
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left -= 1

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as caught:
            write_index(indexes[1], folder)
    assert str(caught.value.filename).startswith(str(folder / "handbook"))
    assert names(folder) == before
    assert generations(folder) == [indexes[0].scores.generation] * 2


def test_drafts_of_other_runs_are_gone_before_the_first_byte_is_written(
    indexes: tuple[Index, Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = "0123456789abcdef"
    drafts = {f"big@{digits}.npy.part", f"big@{digits}-centroids.npy.part", "handbook.json.part"}
    others = {"big.json.part", "film.part", "big@home.npy.part"}
    for name in drafts | others:
        (tmp_path / name).write_text("")
    seen: list[set[str]] = []
    draft = _writing._draft

    def watched(folder: Path, file: File) -> None:
        seen.append(names(folder))
        draft(folder, file)

    monkeypatch.setattr(_writing, "_draft", watched)
    write_index(indexes[0], tmp_path)
    assert not seen[0] & drafts
    assert others < names(tmp_path)


def test_links_are_replaced_and_not_followed(indexes: tuple[Index, Index], tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "index"
    outside.write_text("of somebody else")
    write_index(indexes[0], tmp_path / "clean")
    folder.mkdir()
    for name in names(tmp_path / "clean") - {".hlp-index.lock"}:
        (folder / name).symlink_to(outside)
        (folder / f"{name}.part").symlink_to(outside)
    write_index(indexes[0], folder)
    assert outside.read_text() == "of somebody else"
    assert names(folder) == names(tmp_path / "clean")
    assert not any(path.is_symlink() for path in folder.iterdir())


def test_a_lock_that_is_a_link_is_refused(indexes: tuple[Index, Index], tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / ".hlp-index.lock").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        write_index(indexes[0], tmp_path / "index")
    assert not (tmp_path / "outside").exists()


def test_files_of_others_stay(indexes: tuple[Index, Index], tmp_path: Path) -> None:
    digits = "0123456789abcdef"
    others = {
        "handbook.npy",
        f"other@{digits}.npy",
        f"handbook@{digits}0.npy",
        f"handbook@{digits}.npy.bak",
        f"handbook-more@{digits}.npy",
        "handbook-text.json.orig",
    }
    for name in others:
        (tmp_path / name).write_text("")
    for name in (f"handbook@{digits[::-1]}.npy", "odd.json", "pipe.json"):
        others.add(name)
    (tmp_path / f"handbook@{digits[::-1]}.npy").mkdir()
    (tmp_path / "odd.json").write_text('["data"]')
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / f"handbook@{digits}.npy").write_text("")
    (tmp_path / f"handbook-text@{digits}-centroids.npy.part").write_text("")
    write_index(indexes[0], tmp_path)
    assert others < names(tmp_path)
    assert f"handbook@{digits}.npy" not in names(tmp_path)
    assert not [name for name in names(tmp_path) if name.endswith(".part")]


def test_of_two_that_write_at_once_the_second_waits_until_the_first_is_done(
    indexes: tuple[Index, Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index"
    steps: list[tuple[str, str]] = []
    refused = threading.Event()
    try_lock, publish = _locked_file._try_lock, _writing._publish

    def watched_lock(file: IO[bytes]) -> None:
        try:
            try_lock(file)
        except OSError:
            refused.set()
            raise

    def watched_publish(folder: Path, file: File) -> None:
        if not steps:
            second.start()
            assert refused.wait(300)
        steps.append((threading.current_thread().name, file.name))
        publish(folder, file)

    monkeypatch.setattr(_locked_file, "_try_lock", watched_lock)
    monkeypatch.setattr(_writing, "_publish", watched_publish)
    second = threading.Thread(target=write_index, args=(indexes[1], folder), name="second")
    write_index(indexes[0], folder)
    second.join()
    assert [name == "second" for name, _ in steps] == [False] * 4 + [True] * 4
    assert generations(folder) == [indexes[1].scores.generation] * 2
    assert len(names(folder)) == 7


def test_of_several_processes_that_write_at_once_one_remains_whole(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    code = (
        "import pathlib, sys; from tests.killed import index_of, write_index\n"
        "for _ in range(3): write_index(index_of(pathlib.Path(sys.argv[1])), sys.argv[2])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", code]
    root, folder = Path(__file__).parents[1], str(tmp_path / "index")
    running = [
        subprocess.Popen([*words, str(tmp_path / name), folder], cwd=root, env=environment)
        for name in ("old", "new")
    ]
    assert [process.wait() for process in running] == [0, 0]
    first, second = generations(tmp_path / "index")
    assert first == second
    write_index(indexes[0], folder)
    write_index(indexes[0], folder)
    assert len(names(tmp_path / "index")) == 5
