"""Manifests: what the server reads to load a matrix."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import interlock_he

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Manifest", "best_group", "traffic", "write_manifest"]


@dataclass(frozen=True)
class Manifest:
    """A matrix for the server: its name, kind, group, and what depends on the kind."""

    name: str
    kind: str
    group: int
    scale: float | None = None
    shards: tuple[int, ...] = ()
    record_bytes: int | None = None
    records: int | None = None


def traffic(rows: int, columns: int, group: int) -> int:
    """Return the bytes of one product, up and down."""
    return interlock_he.request_bytes(columns, group) + interlock_he.response_bytes(rows, group)


def best_group(rows: int, columns: int) -> int:
    """Return the group with the least traffic; the smaller product of a tie."""
    return min(interlock_he.GROUPS, key=lambda group: traffic(rows, columns, group))


def write_manifest(
    folder: Path, manifest: Manifest, data: bytes, centroids: bytes | None = None
) -> Path:
    """Write the data and then the manifest; return the path of the manifest.

    The manifest comes last and holds the digest of the data: a server never loads half a matrix.
    """
    value: dict[str, object] = {
        "format": 1,
        "name": manifest.name,
        "kind": manifest.kind,
        "data": f"{manifest.name}.npy",
        "group": manifest.group,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    optional = {
        "scale": manifest.scale,
        "shards": list(manifest.shards) or None,
        "record_bytes": manifest.record_bytes,
        "records": manifest.records,
    }
    value.update({key: entry for key, entry in optional.items() if entry is not None})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{manifest.name}.npy").write_bytes(data)
    if centroids is not None:
        value["centroids"] = f"{manifest.name}-centroids.npy"
        (folder / f"{manifest.name}-centroids.npy").write_bytes(centroids)
    path = folder / f"{manifest.name}.json"
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    return path
