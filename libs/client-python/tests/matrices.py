"""Descriptions of matrices as the server gives them, with the lengths that the wheel computes."""

from __future__ import annotations

import json
from typing import Any

import interlock_he
from homomorphic_llm import MatrixInfo, Response
from homomorphic_llm._answers import matrix_of

VERSION = "sha256:" + "ab" * 32


def described(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """What ``/v1/matrices/{name}`` answers, with changes; lengths follow unless changed."""
    value: dict[str, Any] = {
        "name": "m",
        "kind": "scores",
        "rows": 10,
        "columns": 4,
        "group": 4,
        "plaintext_bits": 20,
        "max_norm": 724,
        "scale": 100,
        "version": VERSION,
        "shards": None,
        "record_bytes": None,
        "records": None,
        "log2_failure": -99.5,
        "generation": "cd" * 32,
    }
    value.update(changes)
    group = value["group"] if value["group"] in interlock_he.GROUPS else 1
    total = interlock_he.response_bytes(min(max(1, value["rows"]), interlock_he.MAX_ROWS), group)
    if isinstance(value["shards"], list) and all(isinstance(one, dict) for one in value["shards"]):
        value["shards"] = [
            {"response_bytes": interlock_he.response_bytes(shard["rows"], group), **shard}
            for shard in value["shards"]
        ]
        total = sum(shard["response_bytes"] for shard in value["shards"])
    value.setdefault(
        "request_bytes",
        interlock_he.request_bytes(
            min(max(1, value["columns"]), interlock_he.MAX_DIMENSION), group
        ),
    )
    value.setdefault("response_bytes", total)
    return value


def matrix(**changes: Any) -> MatrixInfo:  # noqa: ANN401
    """The same as the client reads it."""
    return matrix_of(Response(200, json.dumps(described(**changes)).encode()))


def sharded(*rows: int, **changes: Any) -> MatrixInfo:  # noqa: ANN401
    """A matrix with these shards."""
    return matrix(rows=sum(rows), shards=[{"rows": count} for count in rows], **changes)


def records(count: int, size: int, per_column: int) -> MatrixInfo:
    """A matrix of records."""
    return matrix(
        kind="records",
        rows=per_column * size,
        columns=-(-count // per_column),
        record_bytes=size,
        records=count,
        max_norm=None,
        scale=None,
        plaintext_bits=8,
    )
