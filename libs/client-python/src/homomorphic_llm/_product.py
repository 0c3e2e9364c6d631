"""One encrypted product: the request, and the answer cut into its messages; pure."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import interlock_he

from ._exceptions import (
    DecryptionError,
    InvalidVectorError,
    ProtocolError,
    WireVersionError,
)
from ._models import DEFAULT_LIMIT, Request
from ._paths import matrix_path
from ._refusals import raise_for_status

if TYPE_CHECKING:
    from ._models import Response
    from ._resources import MatrixInfo, Shard

__all__ = ["Hint", "Product", "decrypted", "encrypted", "messages_of", "product_request"]

MEDIA_TYPE = "application/vnd.hlp.v1"
# Where the kind of a message is said, behind "HLP1", and what it is for each content.
_KIND_AT = 4
_KINDS = {"scores": 2, "records": 4}
_RANDOMIZED = re.compile(r"randomized;eps=([0-9.eE+-]{1,40})")


@dataclass(frozen=True)
class Hint:
    """The shards that are asked, ascending, and the epsilon under which they were drawn."""

    shards: tuple[int, ...]
    epsilon: float


@dataclass(frozen=True)
class Product:
    """The decrypted rows of every part that was asked, and what went over the wire, in bytes."""

    parts: tuple[list[int], ...]
    privacy: str
    bytes_up: int
    bytes_down: int


def encrypted(key: interlock_he.SecretKey, matrix: MatrixInfo, values: list[int]) -> bytes:
    """Encrypt a vector for ``matrix``."""
    try:
        return key.encrypt(values, group=matrix.group, content=matrix.content)
    except (OverflowError, TypeError, interlock_he.VectorError) as error:
        raise InvalidVectorError(f"matrix {matrix.name}: {error}") from error


def product_request(matrix: MatrixInfo, body: bytes, hint: Hint | None) -> Request:
    """Return the request for a product, pinned to the version of ``matrix``."""
    path = matrix_path(matrix.name) + "/apply"
    headers = [("Content-Type", MEDIA_TYPE), ("If-Match", f'"{matrix.version}"')]
    if hint is not None:
        path += "?shards=" + ",".join(str(shard) for shard in hint.shards)
        headers.append(("HLP-Epsilon", _number(hint.epsilon)))
    longest = sum(part.response_bytes for part in asked(matrix, hint))
    return Request("POST", path, body, tuple(headers), max(longest, DEFAULT_LIMIT))


def messages_of(response: Response, matrix: MatrixInfo, hint: Hint | None) -> list[bytes]:
    """Cut the answer into one message for each part that was asked.

    The answer must say how the request was protected, and have exactly the announced length.
    """
    raise_for_status(response)
    if response.header("ETag") != f'"{matrix.version}"':
        raise ProtocolError(
            f"matrix {matrix.name}: the answer is not of the version that was asked"
        )
    _check_privacy(response, hint)
    body = response.body
    parts = asked(matrix, hint)
    expected = sum(part.response_bytes for part in parts)
    if body[:3] == b"HLP" and body[3:4].isdigit() and body[3:4] != b"1":
        raise WireVersionError(
            f"the answer has wire version {body[3:4].decode()}, this client reads version 1\n\n"
            "hint: install a newer homomorphic-llm-client"
        )
    if len(body) != expected:
        raise DecryptionError(
            f"matrix {matrix.name}: the answer has {len(body)} bytes instead of {expected}"
        )
    ends = list(accumulate(part.response_bytes for part in parts))
    return [body[start:end] for start, end in zip([0, *ends], ends)]


def decrypted(key: interlock_he.SecretKey, matrix: MatrixInfo, message: bytes) -> list[int]:
    """Decrypt one message: an integer for each row. A failure is never followed by another try."""
    if message[_KIND_AT] != _KINDS[matrix.content]:
        raise DecryptionError(f"matrix {matrix.name}: the answer does not hold {matrix.content}")
    try:
        return key.decrypt(message)
    except interlock_he.CiphertextError as error:
        raise DecryptionError(str(error)) from error


def asked(matrix: MatrixInfo, hint: Hint | None) -> tuple[Shard, ...]:
    """Return the parts of the matrix that a request asks for."""
    if hint is None:
        return matrix.parts
    return tuple(matrix.shards[shard] for shard in hint.shards)


def _check_privacy(response: Response, hint: Hint | None) -> None:
    said = response.header("HLP-Privacy") or ""
    if hint is None and said == "encrypted":
        return
    found = _RANDOMIZED.fullmatch(said)
    if hint is not None and found is not None:
        with suppress(ValueError):
            if float(found[1]) == hint.epsilon:
                return
    raise ProtocolError(f"the answer does not say how the request was protected: {said[:80]!r}")


def _number(value: float) -> str:
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text
