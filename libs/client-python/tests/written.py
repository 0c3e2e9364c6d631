"""Indexes on disk, and what a server makes of them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from .killed import index_of
from .passages import handbook
from .server import proxy_binary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from homomorphic_llm.index import Index


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
