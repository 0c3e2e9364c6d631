"""Answers that say something about the server: pure functions from a response to data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import interlock_he

from ._exceptions import MatrixChangedError, ProtocolError
from ._reading import Fields, fields_of
from ._refusals import raise_for_status
from ._resources import Budget, Health, MatrixInfo, Model, Params, Shard

if TYPE_CHECKING:
    from ._models import Response

__all__ = [
    "budget_of",
    "centroids_of",
    "health_of",
    "matrices_of",
    "matrix_of",
    "models_of",
    "params_of",
]

_KINDS = ("scores", "records", "linear")
_VERSION = re.compile(r"sha256:[0-9a-f]{64}")
_GENERATION = re.compile(r"[0-9a-f]{64}")
#: Scales whose square, by which scores are divided, is a float above 0.
_SMALLEST_SCALE, _LARGEST_SCALE = 1e-150, 1e150
#: Most shards of a matrix, which bounds the answer that holds their centroids.
_MOST_SHARDS = 4_096


def health_of(response: Response) -> Health:
    """Return what ``/healthz`` says."""
    fields = _success(response)
    return Health(status=fields.text("status"), version=fields.text("version"))


def params_of(response: Response) -> Params:
    """Return what ``/v1/params`` says."""
    fields = _success(response)
    counts = ("degree", "modulus", "modulus_bits", "variance", "max_norm")
    return Params(
        scheme=fields.text("scheme"),
        wire=tuple(str(name) for name in fields.items("wire")),
        media_type=fields.text("media_type"),
        max_dimension=fields.count("max_dimension"),
        max_rows=fields.count("max_rows"),
        groups=_integers(fields.items("groups"), "answer.groups"),
        **{name: fields.count(name) for name in counts},
    )


def matrices_of(response: Response) -> tuple[MatrixInfo, ...]:
    """Return what ``/v1/matrices`` says."""
    items = _success(response).items("matrices")
    return tuple(_matrix(Fields(item, f"matrices[{at}]")) for at, item in enumerate(items))


def matrix_of(response: Response) -> MatrixInfo:
    """Return what ``/v1/matrices/{name}`` says."""
    return _matrix(_success(response))


def models_of(response: Response) -> tuple[Model, ...]:
    """Return what ``/v1/models`` says: models by their names, then the globs."""
    answer = _success(response)
    found = []
    kinds = (("data", "id", answer.items), ("hlp_globs", "glob", answer.optional_items))
    for key, name, items in kinds:
        for at, item in enumerate(items(key)):
            fields = Fields(item, f"answer.{key}[{at}]")
            found.append(Model(fields.text(name), fields.text("owned_by"), name == "glob"))
    return tuple(found)


def budget_of(response: Response) -> Budget:
    """Return what ``/v1/privacy/budget`` says."""
    fields = _success(response)
    epsilon, disclosed = fields.object("epsilon"), fields.object("disclosed")
    return Budget(
        client=fields.text("client"),
        day=fields.text("day"),
        queries=fields.count("queries"),
        disclosed_requests=disclosed.count("requests"),
        disclosed_bytes=disclosed.count("bytes"),
        resets_at=fields.text("resets_at"),
        **{key: epsilon.number(key) for key in ("spent", "basic", "rho", "cap", "delta")},
    )


def centroids_of(response: Response, matrix: MatrixInfo) -> tuple[tuple[int, ...], ...]:
    """Return one row of integers for each shard of ``matrix``, of the same version."""
    fields = _success(response)
    if fields.text("version") != matrix.version:
        message = f"the centroids of {matrix.name} are those of another version"
        raise MatrixChangedError(412, "MATRIX_CHANGED", message)
    rows = tuple(
        _integers(row if isinstance(row, list) else [None], f"centroids[{at}]")
        for at, row in enumerate(fields.items("centroids"))
    )
    if len(rows) != len(matrix.shards) or any(len(row) != matrix.columns for row in rows):
        raise ProtocolError(f"the centroids of {matrix.name} do not have the shape of its shards")
    return rows


def _success(response: Response) -> Fields:
    raise_for_status(response)
    return fields_of(response)


def _integers(values: list[object], where: str) -> tuple[int, ...]:
    numbers = tuple(value for value in values if type(value) is int)
    if len(numbers) != len(values):
        raise ProtocolError(f"{where} holds something else than integers")
    return numbers


def _matrix(fields: Fields) -> MatrixInfo:
    counts = ("rows", "columns", "group", "plaintext_bits", "request_bytes", "response_bytes")
    shards = [
        Fields(item, f"shards[{at}]") for at, item in enumerate(fields.optional_items("shards"))
    ]
    matrix = MatrixInfo(
        name=fields.text("name"),
        kind=fields.text("kind"),
        max_norm=fields.optional_count("max_norm"),
        scale=fields.optional_number("scale"),
        version=fields.text("version"),
        shards=tuple(Shard(shard.count("rows"), shard.count("response_bytes")) for shard in shards),
        record_bytes=fields.optional_count("record_bytes") or 0,
        records=fields.optional_count("records") or 0,
        log2_failure=fields.number("log2_failure"),
        generation=fields.optional_text("generation"),
        **{name: fields.count(name) for name in counts},
    )
    _check(matrix)
    return matrix


def _check(matrix: MatrixInfo) -> None:
    """Refuse lengths that do not follow from the shape: they bound what is read later."""
    if matrix.kind not in _KINDS or not _VERSION.fullmatch(matrix.version):
        raise ProtocolError(f"matrix {matrix.name}: unknown kind or version")
    if matrix.generation is not None and not _GENERATION.fullmatch(matrix.generation):
        raise ProtocolError(f"matrix {matrix.name}: {matrix.generation[:80]!r} is no generation")
    if matrix.scale is not None and not _SMALLEST_SCALE <= matrix.scale <= _LARGEST_SCALE:
        raise ProtocolError(f"matrix {matrix.name}: {matrix.scale} is no scale")
    if len(matrix.shards) > _MOST_SHARDS:
        raise ProtocolError(f"matrix {matrix.name}: more than {_MOST_SHARDS} shards")
    if matrix.group not in interlock_he.GROUPS or not (
        1 <= matrix.columns <= interlock_he.MAX_DIMENSION
        and all(1 <= part.rows <= interlock_he.MAX_ROWS for part in matrix.parts)
        and 1 <= matrix.rows <= interlock_he.MAX_ROWS
    ):
        raise ProtocolError(f"matrix {matrix.name}: its shape is outside the limits")
    lengths = [interlock_he.response_bytes(part.rows, matrix.group) for part in matrix.parts]
    if (
        matrix.request_bytes != interlock_he.request_bytes(matrix.columns, matrix.group)
        or lengths != [part.response_bytes for part in matrix.parts]
        or matrix.response_bytes != sum(lengths)
        or matrix.rows != sum(part.rows for part in matrix.parts)
    ):
        raise ProtocolError(f"matrix {matrix.name}: its lengths do not follow from its shape")
    if matrix.kind == "records" and not _records_fit(matrix):
        raise ProtocolError(f"matrix {matrix.name}: its records do not fit its shape")


def _records_fit(matrix: MatrixInfo) -> bool:
    if matrix.record_bytes < 1 or matrix.shards:
        return False
    per_column = matrix.rows // matrix.record_bytes
    return 1 <= matrix.records <= per_column * matrix.columns
