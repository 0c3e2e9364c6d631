"""Manifests: what the server reads to load a matrix; decided here, written elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field

import interlock_he

__all__ = [
    "DRAFT",
    "File",
    "Manifest",
    "MatrixFiles",
    "best_group",
    "data_name",
    "files_of",
    "generation_of",
    "is_file_of",
    "records_name",
    "traffic",
]

#: What a file is called behind its name while it is written.
DRAFT = ".part"
#: How many digits of its digest the name of a data file has.
_DIGITS = 16


@dataclass(frozen=True)
class Manifest:
    """A matrix for the server: its name, kind, group, and what depends on the kind.

    ``generation`` is what the matrices of one index have in common.
    """

    name: str
    kind: str
    group: int
    scale: float | None = None
    shards: tuple[int, ...] = ()
    record_bytes: int | None = None
    records: int | None = None
    generation: str | None = None


def traffic(rows: int, columns: int, group: int) -> int:
    """Return the bytes of one product, up and down."""
    return interlock_he.request_bytes(columns, group) + interlock_he.response_bytes(rows, group)


def best_group(rows: int, columns: int) -> int:
    """Return the group with the least traffic; the smaller product of a tie."""
    return min(interlock_he.GROUPS, key=lambda group: traffic(rows, columns, group))


@dataclass(frozen=True)
class File:
    """A file of a folder: its name and its content."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class MatrixFiles:
    """The files of one matrix. The manifest names the data, and not the other way round."""

    name: str
    manifest: File
    data: tuple[File, ...]


def files_of(manifest: Manifest, data: bytes, centroids: bytes | None = None) -> MatrixFiles:
    """Return the files of a matrix.

    The name of a data file follows from its content: the data of another version have another
    name, so that a manifest never names data that are not its own.
    """
    digest = hashlib.sha256(data).hexdigest()
    files = [File(data_name(manifest.name, digest), data)]
    if centroids is not None:
        name = data_name(manifest.name, hashlib.sha256(centroids).hexdigest(), "-centroids")
        files.append(File(name, centroids))
    value: dict[str, object] = {
        "format": 1,
        "name": manifest.name,
        "kind": manifest.kind,
        "data": files[0].name,
        "group": manifest.group,
        "sha256": digest,
    }
    optional = {
        "scale": manifest.scale,
        "shards": list(manifest.shards) or None,
        "centroids": files[1].name if centroids is not None else None,
        "record_bytes": manifest.record_bytes,
        "records": manifest.records,
        "generation": manifest.generation,
    }
    value.update({key: entry for key, entry in optional.items() if entry is not None})
    text = json.dumps(value, indent=2) + "\n"
    return MatrixFiles(
        manifest.name, File(f"{manifest.name}.json", text.encode("utf-8")), tuple(files)
    )


def data_name(matrix: str, digest: str, what: str = "") -> str:
    """Return the name of a data file; no name of a matrix has an ``@``."""
    return f"{matrix}@{digest[:_DIGITS]}{what}.npy"


def is_file_of(matrix: str, name: str) -> bool:
    """Whether a file is data of some version of a matrix, or a draft of one of its files."""
    data = rf"{re.escape(matrix)}@[0-9a-f]{{{_DIGITS}}}(-centroids)?\.npy"
    draft = re.escape(DRAFT)
    return re.fullmatch(rf"{data}({draft})?|{re.escape(matrix)}\.json{draft}", name) is not None


def records_name(name: str) -> str:
    """Return the name of the matrix that holds the passages of an index."""
    return f"{name}-text"


def generation_of(*data: bytes | None) -> str:
    """Return what the matrices of one index have in common, from its name and all of its data."""
    digests = (b"" if part is None else hashlib.sha256(part).digest() for part in data)
    return hashlib.sha256(b"".join(b"%d:" % len(digest) + digest for digest in digests)).hexdigest()
