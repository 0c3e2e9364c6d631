"""What the server says about itself, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Budget", "Health", "MatrixInfo", "Model", "Params", "Shard"]


@dataclass(frozen=True)
class Health:
    """That the server answers, and its version."""

    status: str
    version: str


@dataclass(frozen=True)
class Params:
    """The parameters of the scheme: what ``/v1/params`` says."""

    scheme: str
    wire: tuple[str, ...]
    media_type: str
    degree: int
    modulus: int
    modulus_bits: int
    variance: int
    max_norm: int
    max_dimension: int
    max_rows: int
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Shard:
    """One part of the rows of a matrix: how many rows, and how long its answer is in bytes."""

    rows: int
    response_bytes: int


@dataclass(frozen=True)
class MatrixInfo:
    """One matrix of the server: its shape, its version and the lengths of its messages.

    ``kind`` is ``"scores"``, ``"records"`` or ``"linear"``. ``scale`` is the factor at which the
    entries were rounded, or ``None`` where they are plain integers. ``shards`` is empty where the
    matrix has none. ``record_bytes`` and ``records`` are 0 where ``kind`` is not ``"records"``.
    ``generation`` is what the matrices of one index have in common, and no other ones; ``None``
    where the manifest names none.
    """

    name: str
    kind: str
    rows: int
    columns: int
    group: int
    plaintext_bits: int
    max_norm: int | None
    scale: float | None
    version: str
    request_bytes: int
    response_bytes: int
    shards: tuple[Shard, ...]
    record_bytes: int
    records: int
    log2_failure: float
    generation: str | None = None

    @property
    def content(self) -> Literal["scores", "records"]:
        """Return what the entries mean for the encryption."""
        return "records" if self.kind == "records" else "scores"

    @property
    def parts(self) -> tuple[Shard, ...]:
        """Return the messages of a full answer: the shards, or the whole as one."""
        return self.shards or (Shard(self.rows, self.response_bytes),)


@dataclass(frozen=True)
class Model:
    """A language model that a chat may name, or a glob such as ``gpt-*`` for several of them."""

    name: str
    provider: str
    is_glob: bool


@dataclass(frozen=True)
class Budget:
    """What the server counted for this client on this UTC day.

    The server only mirrors what clients declare; the ledger of the client decides.
    """

    client: str
    day: str
    queries: int
    spent: float
    basic: float
    rho: float
    cap: float
    delta: float
    disclosed_requests: int
    disclosed_bytes: int
    resets_at: str
