"""What both clients do: every verb as a generator that yields requests and is sent the answers.

Nothing here waits or touches the network. The sync client and the async one run these generators
over their transports, so there is one protocol and two ways to wait.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, SupportsIndex, TypeVar

import interlock_he

from ._answers import (
    budget_of,
    centroids_of,
    health_of,
    matrices_of,
    matrix_of,
    models_of,
    params_of,
)
from ._credentials import authorization
from ._exceptions import (
    IndexReplacedError,
    InvalidRequestError,
    MatrixChangedError,
    PrivacyBudgetError,
)
from ._generations import without_generation
from ._integers import integer_of
from ._models import DEFAULT_LIMIT, Request, Response
from ._paths import matrix_path
from ._product import (
    Hint,
    Product,
    decrypted,
    encrypted,
    messages_of,
    product_request,
)
from ._records import record_in, selector
from ._search import Hit, SearchResult, hint_for, nearest, ranked
from ._vectors import integers_for, values_for

if TYPE_CHECKING:
    from ._hints import HintOptions
    from ._ledger import Ledger
    from ._resources import Budget, Health, MatrixInfo, Model, Params
    from ._vectors import IntVector, Vector

T = TypeVar("T")
Operation = Generator[Request, Response, T]

__all__ = ["Operation", "Protocol"]

#: Longest list of matrices that is read, in bytes.
_LONGEST_LIST = 16_777_216
#: Longest text of one integer of a centroid, with its comma, in bytes.
_LONGEST_INTEGER = 12
#: What an answer says besides its centroids, at most, in bytes.
_ENVELOPE = 4_096


class Protocol:
    """The verbs, and the versions of the matrices that were asked so far."""

    def __init__(self, token: str | None, ledger: Ledger) -> None:
        self._headers = authorization(token)
        self._ledger = ledger
        self._matrices: dict[str, MatrixInfo] = {}
        self._centroids: dict[str, tuple[tuple[int, ...], ...]] = {}
        self._lock = threading.Lock()

    def health(self) -> Operation[Health]:
        """Ask whether the server answers."""
        return health_of((yield self._get("/healthz")))

    def params(self) -> Operation[Params]:
        """Ask for the parameters of the scheme."""
        return params_of((yield self._get("/v1/params")))

    def budget(self) -> Operation[Budget]:
        """Ask what the server counted."""
        return budget_of((yield self._get("/v1/privacy/budget")))

    def models(self) -> Operation[tuple[Model, ...]]:
        """Ask which models a chat may name."""
        return models_of((yield self._get("/v1/models", _LONGEST_LIST)))

    def matrices(self) -> Operation[tuple[MatrixInfo, ...]]:
        """Ask for all matrices, and hold their versions from now on."""
        found = matrices_of((yield self._get("/v1/matrices", _LONGEST_LIST)))
        for matrix in found:
            self._pin(matrix)
        return found

    def matrix(self, name: str) -> Operation[MatrixInfo]:
        """Ask for a matrix, and hold its version from now on."""
        found = matrix_of((yield self._get(matrix_path(name), _LONGEST_LIST)))
        if found.name != name:
            raise InvalidRequestError(f"the server calls matrix {name} {found.name}")
        self._pin(found)
        return found

    def apply(self, name: str, vector: IntVector) -> Operation[list[int]]:
        """Multiply by a vector of integers."""
        matrix = yield from self._pinned(name)
        product = yield from self._product(matrix, integers_for(matrix, vector))
        return [score for part in product.parts for score in part]

    def linear(self, name: str, vector: Vector | IntVector) -> Operation[list[int] | list[float]]:
        """Multiply by a vector: of floats where the matrix has a scale, of integers otherwise."""
        matrix = yield from self._pinned(name)
        product = yield from self._product(matrix, values_for(matrix, vector))
        scores = [score for part in product.parts for score in part]
        return scores if matrix.scale is None else [score / matrix.scale**2 for score in scores]

    def search(
        self, name: str, vector: Vector, k: SupportsIndex, options: HintOptions | None
    ) -> Operation[SearchResult]:
        """Return the ``k`` best rows, of all shards or of those that a hint draws."""
        count = _count_of(k)
        return (yield from self.search_in((yield from self._pinned(name)), vector, count, options))

    def search_in(
        self, matrix: MatrixInfo, vector: Vector, k: SupportsIndex, options: HintOptions | None
    ) -> Operation[SearchResult]:
        """Search in this version of a matrix, and in no other one."""
        count = _count_of(k)
        values = values_for(matrix, vector)
        hint = None
        if options is not None:
            hint = yield from self._hint(matrix, values, options)
        product = yield from self._product(matrix, values, hint)
        return SearchResult(
            hits=ranked(matrix, product.parts, hint, count),
            privacy=product.privacy,
            version=matrix.version,
            generation=matrix.generation,
            shards=None if hint is None else hint.shards,
            bytes_up=product.bytes_up,
            bytes_down=product.bytes_down,
        )

    def classify(self, name: str, vector: Vector) -> Operation[Hit]:
        """Return the best row of a small matrix, such as one of routes."""
        return (yield from self.search(name, vector, 1, None))[0]

    def fetch(self, name: str, index: SupportsIndex, generation: str | None) -> Operation[bytes]:
        """Return a record, of this generation if one is named; the server does not learn which."""
        number = integer_of(index, "the number of a record")
        matrix = yield from self._pinned(name)
        if generation is not None and matrix.generation != generation:
            matrix = yield from self.matrix(name)
            if matrix.generation is None:
                raise without_generation(name, "what was searched was")
            if matrix.generation != generation:
                raise IndexReplacedError(
                    f"{name} is of another generation than what was searched: the index is being "
                    "replaced\n\nhint: search again"
                )
        return (yield from self.fetch_in(matrix, number))

    def fetch_in(self, matrix: MatrixInfo, index: SupportsIndex) -> Operation[bytes]:
        """Return a record of this version of a matrix, and of no other one."""
        number = integer_of(index, "the number of a record")
        product = yield from self._product(matrix, selector(matrix, number))
        return record_in(matrix, product.parts[0], number)

    def held(self, *names: str) -> tuple[MatrixInfo, ...] | None:
        """Return matrices as they were seen last, if they are known to belong together."""
        with self._lock:
            found = tuple(self._matrices[name] for name in names if name in self._matrices)
        generations = {matrix.generation for matrix in found}
        known = len(found) == len(names) and len(generations) == 1 and None not in generations
        return found if known else None

    def with_headers(self, request: Request) -> Request:
        """Return the request with what every request carries."""
        return replace(request, headers=self._headers + request.headers)

    def _hint(
        self, matrix: MatrixInfo, values: list[int], options: HintOptions
    ) -> Operation[Hint | None]:
        """Decide which shards to ask. It is decided here, once: no result is known yet."""
        if not matrix.shards:
            raise InvalidRequestError(f"matrix {matrix.name} has no shards: search it in full")
        shard = options.shard
        if shard is None:
            shard = nearest((yield from self._centroids_of(matrix)), values)
        hint = hint_for(matrix, shard, options.chosen, options.epsilon)
        try:
            self._ledger.spend(options.epsilon)
        except PrivacyBudgetError:
            if options.when_spent == "full":
                return None
            raise
        return hint

    def _product(
        self, matrix: MatrixInfo, values: list[int], hint: Hint | None = None
    ) -> Operation[Product]:
        key = interlock_he.SecretKey()
        body = encrypted(key, matrix, values)
        response = yield self.with_headers(product_request(matrix, body, hint))
        try:
            messages = messages_of(response, matrix, hint)
        except MatrixChangedError:
            self._forget(matrix)
            raise
        return Product(
            parts=tuple(decrypted(key, matrix, message) for message in messages),
            privacy=response.header("HLP-Privacy") or "",
            bytes_up=len(body),
            bytes_down=len(response.body),
        )

    def _pinned(self, name: str) -> Operation[MatrixInfo]:
        with self._lock:
            held = self._matrices.get(name)
        return held if held is not None else (yield from self.matrix(name))

    def _centroids_of(self, matrix: MatrixInfo) -> Operation[tuple[tuple[int, ...], ...]]:
        with self._lock:
            held = self._centroids.get(matrix.version)
        if held is not None:
            return held
        limit = _ENVELOPE + len(matrix.shards) * matrix.columns * _LONGEST_INTEGER
        request = self._get(matrix_path(matrix.name) + "/centroids", limit)
        try:
            centroids = centroids_of((yield request), matrix)
        except MatrixChangedError:
            self._forget(matrix)
            raise
        with self._lock:
            self._centroids[matrix.version] = centroids
        return centroids

    def _pin(self, matrix: MatrixInfo) -> None:
        with self._lock:
            self._matrices[matrix.name] = matrix

    def _forget(self, matrix: MatrixInfo) -> None:
        with self._lock:
            if self._matrices.get(matrix.name) == matrix:
                del self._matrices[matrix.name]
            self._centroids.pop(matrix.version, None)

    def _get(self, path: str, limit: int = DEFAULT_LIMIT) -> Request:
        return Request("GET", path, headers=self._headers, limit=limit)


def _count_of(k: SupportsIndex) -> int:
    count = integer_of(k, "a number of results")
    if count < 1:
        raise InvalidRequestError(f"a search for {count} results finds nothing")
    return count
