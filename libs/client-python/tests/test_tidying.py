"""What is removed of earlier indexes, and what stays."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from homomorphic_llm import _writing
from homomorphic_llm.index import Index, write_index

from .written import MANIFESTS, assert_served, data_in, names


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
