"""Matrices on disk: a process that is killed, links, and two at once."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm.index import Index, write_index

from .conftest import handbook
from .killed import index_of
from .server import proxy_binary

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        config = state / "hlp-proxy.toml"
        config.write_text(f"[matrices]\nmanifests = {json.dumps(MANIFESTS)}\n")
        command = [str(proxy_binary()), "check-config", "--config", str(config)]
        checked = subprocess.run(command, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout
        config.unlink()
    for state in states.iterdir():
        write_index(indexes[1], state)
        assert names(state) == names(tmp_path / "clean")
        assert generations(state) == [second, second]


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
    (tmp_path / f"handbook@{digits}.npy").write_text("")
    (tmp_path / f"handbook-text@{digits}-centroids.npy.part").write_text("")
    write_index(indexes[0], tmp_path)
    assert others < names(tmp_path)
    assert f"handbook@{digits}.npy" not in names(tmp_path)
    assert not [name for name in names(tmp_path) if name.endswith(".part")]


def test_of_several_that_write_at_once_one_remains_whole(
    indexes: tuple[Index, Index], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: write_index(indexes[at % 2], tmp_path / "index"), range(20)))
    first, second = generations(tmp_path / "index")
    assert first == second
    assert len(names(tmp_path / "index")) == 5
