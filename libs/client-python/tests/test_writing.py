"""Matrices on disk: a process that is killed, links, and two at once."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from homomorphic_llm import _locked_file, _writing
from homomorphic_llm.index import Index, write_index

from .killed import index_of
from .passages import handbook
from .server import proxy_binary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homomorphic_llm._manifest import File

MANIFESTS = ("handbook.json", "handbook-text.json")


@pytest.fixture
def indexes(tmp_path: Path) -> tuple[Index, Index]:
    """Two of the same passages in another order, from files that another process can read."""
    for name, step in (("old", 1), ("new", -1)):
        passages = [vars(passage) for passage in handbook()[::step]]
        (tmp_path / name).write_text(json.dumps(passages), encoding="utf-8")
    return index_of(tmp_path / "old"), index_of(tmp_path / "new")


def generations(folder: Path) -> Sequence[str]:
    """Those of both manifests, after a look at what a server looks at: data and their digests."""
    found = []
    for name in MANIFESTS:
        manifest = json.loads((folder / name).read_bytes())
        data = (folder / manifest["data"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == manifest["sha256"]
        found.append(manifest["generation"])
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def data_in(folder: Path) -> set[str]:
    """The data that both manifests name."""
    return {json.loads((folder / name).read_bytes())["data"] for name in MANIFESTS}


def assert_served(*manifests: Path) -> None:
    """The server takes these manifests, with a configuration beside the first one."""
    config = manifests[0].with_name("hlp-proxy.toml")
    named = json.dumps([path.name for path in manifests])
    config.write_text(f"[matrices]\nmanifests = {named}\n")
    command = [str(proxy_binary()), "check-config", "--config", str(config)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    config.unlink()


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


@pytest.mark.parametrize("copy", ["before.json", "handbook.json.bak"])
def test_data_that_a_copied_manifest_names_stay(
    indexes: tuple[Index, Index], tmp_path: Path, copy: str
) -> None:
    folder = tmp_path / "index"
    write_index(indexes[0], folder)
    (folder / copy).write_bytes((folder / "handbook.json").read_bytes())
    for _ in range(3):
        write_index(indexes[1], folder)
    assert_served(folder / copy)
    assert len(names(folder)) == 7
    (folder / copy).unlink()
    write_index(indexes[1], folder)
    assert len(names(folder)) == 5


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00of a backup", b"{", b"[" * 100_000, None])
def test_nothing_is_removed_beside_a_manifest_that_cannot_be_read_and_that_is_told(
    indexes: tuple[Index, Index], tmp_path: Path, content: bytes | None
) -> None:
    other = tmp_path / "handbook.json.gz"
    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    if content is None:
        other.symlink_to(other)
    else:
        other.write_bytes(content)
    told: list[str] = []
    for _ in range(3):
        write_index(indexes[1], tmp_path, told=told.append)
    assert read < names(tmp_path)
    assert len(told) == 2
    assert told[0].startswith(f"{other}: what it names cannot be read")
    with pytest.warns(RuntimeWarning, match="gz: what it names") as caught:
        write_index(indexes[1], tmp_path)
    assert caught[0].filename == __file__
    other.unlink()
    write_index(indexes[1], tmp_path)
    assert not read & names(tmp_path)


def test_a_damaged_manifest_that_is_replaced_keeps_what_it_may_have_named(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    (tmp_path / "handbook.json").write_text("{")
    write_index(indexes[1], tmp_path)
    assert read < names(tmp_path)
    write_index(indexes[1], tmp_path)
    assert not read & names(tmp_path)


@pytest.mark.parametrize("kind", ["link", "draft", "long", "lines", "empty"])
def test_what_is_no_manifest_keeps_nothing(
    indexes: tuple[Index, Index], tmp_path: Path, kind: str
) -> None:
    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    manifest = (tmp_path / "handbook.json").read_text()
    if kind == "link":
        (tmp_path / "x.json").symlink_to(tmp_path / "nowhere")
    elif kind == "draft":
        (tmp_path / "other.json.part").write_text(manifest)
        (tmp_path / "another.json.part").write_text(manifest[:50])
    elif kind == "long":
        (tmp_path / "long.json").write_text(manifest + " " * 1_048_576)
    elif kind == "lines":
        (tmp_path / "passages.jsonl").write_text('{"id": "a"}\n\n["data"]\n')
    else:
        (tmp_path / "empty.json").write_text(" \n")
    write_index(indexes[1], tmp_path)
    write_index(indexes[1], tmp_path)
    assert not read & names(tmp_path)


def test_data_that_a_line_of_manifests_names_stay(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    lines = [json.dumps(json.loads((tmp_path / name).read_bytes())) for name in MANIFESTS]
    (tmp_path / "all.jsonl").write_text("\n".join(lines))
    for _ in range(3):
        write_index(indexes[1], tmp_path)
    assert read < names(tmp_path)


@pytest.mark.parametrize("windows", [True, False])
def test_what_cannot_be_removed_is_left_to_the_next_run(
    indexes: tuple[Index, Index],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    windows: bool,
) -> None:
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name in read:
            raise PermissionError(errno.EPERM, "of a folder where only owners remove")
        unlink(path, missing_ok=missing_ok)

    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    write_index(indexes[1], tmp_path)
    told: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        patch.setattr(_writing, "_HELD_WHILE_READ", windows)
        assert len(write_index(indexes[1], tmp_path, told=told.append)) == 2
    assert read < names(tmp_path)
    assert [Path(text.partition(": ")[0]).name for text in told] == (
        [] if windows else sorted(read)
    )
    assert all("of a folder where only owners remove\n\nhint: " in text for text in told)
    write_index(indexes[1], tmp_path, told=told.append)
    assert not read & names(tmp_path)


def test_no_failure_to_tidy_up_takes_the_index_back(
    indexes: tuple[Index, Index], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, missing_ok: bool = False) -> None:
        if path.name in read:
            raise OSError(errno.EIO, "of a disk")
        assert missing_ok

    write_index(indexes[0], tmp_path)
    read = data_in(tmp_path)
    write_index(indexes[1], tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", failing)
        with pytest.warns(RuntimeWarning, match="of a disk"):
            assert len(write_index(indexes[1], tmp_path)) == 2


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
