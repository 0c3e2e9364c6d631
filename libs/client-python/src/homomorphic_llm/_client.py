"""The client that waits: encrypt, ask, decrypt."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal, SupportsIndex, TypeVar

from ._chat import Chat, open_chat
from ._chat_forms import form_named
from ._chat_request import chat_request
from ._disclosure import sending
from ._exceptions import InvalidRequestError
from ._hints import hint_options
from ._ledger import FileLedger
from ._manifest import records_name
from ._protocol import Protocol
from ._retrieval import Question, retrieve
from ._retry import Retry
from ._steps import Finished, advance, start
from ._transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from ._chat_form import Message
    from ._ledger import Ledger
    from ._models import Request, Response
    from ._protocol import Operation
    from ._resources import Budget, Health, MatrixInfo, Model, Params
    from ._retrieval import Retrieval
    from ._search import Hit, SearchResult
    from ._transport import Transport
    from ._vectors import IntVector, Vector

    T = TypeVar("T")

__all__ = ["Client"]


class Client:
    """A client of one server.

    It holds no key: every product has a fresh one that is forgotten at once. It holds the version
    of every matrix that it asked: once that changes, a call raises :class:`MatrixChangedError`,
    and the next one takes the new version. Threads may share a client if they may share its
    transport; the default one they may.

    ``ledger`` counts hinted searches; without one, the file of this user does.
    Every method raises a :class:`ClientError` if it fails.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        transport: Transport | None = None,
        ledger: Ledger | None = None,
        retry: Retry | None = None,
    ) -> None:
        self._transport = HttpTransport(url) if transport is None else transport
        self._retry = Retry() if retry is None else retry
        self.ledger = FileLedger() if ledger is None else ledger
        self._protocol = Protocol(token, self.ledger)
        self._closed = False

    def health(self) -> Health:
        """Ask whether the server answers."""
        return self._run(self._protocol.health())

    def params(self) -> Params:
        """Ask for the parameters of the scheme."""
        return self._run(self._protocol.params())

    def matrices(self) -> tuple[MatrixInfo, ...]:
        """Ask for all matrices of the server."""
        return self._run(self._protocol.matrices())

    def matrix(self, name: str) -> MatrixInfo:
        """Ask for a matrix as it is now."""
        return self._run(self._protocol.matrix(name))

    def apply(self, name: str, vector: IntVector) -> list[int]:
        """Return the product of a matrix and a vector of integers: one integer for each row.

        The server sees only that the matrix was asked. The result is exact if the server is
        honest. Raises :class:`InvalidVectorError` before anything secret is sent.
        """
        return self._run(self._protocol.apply(name, vector))

    def search(
        self,
        name: str,
        vector: Vector,
        k: SupportsIndex = 5,
        *,
        hint_epsilon: float | None = None,
        chosen: int = 2,
        shard: int | None = None,
        when_spent: Literal["error", "full"] = "error",
    ) -> SearchResult:
        """Return the ``k`` rows with the largest inner product; the lower number wins a tie.

        Without a hint every row is searched and the server learns nothing about the vector. With
        ``hint_epsilon`` only ``chosen`` shards are: the right one (``shard``, or the one with the
        nearest centroid) is among them with a probability that gives the server at most that
        epsilon, and the ledger counts it. What is missed is missed: nothing is searched again.
        ``when_spent`` says whether a spent budget is an error or makes the search a full one.
        """
        options = hint_options(hint_epsilon, chosen=chosen, shard=shard, when_spent=when_spent)
        return self._run(self._protocol.search(name, vector, k, options))

    def retrieve(
        self,
        name: str,
        vector: Vector,
        k: SupportsIndex = 5,
        *,
        records: str | None = None,
        hint_epsilon: float | None = None,
        chosen: int = 2,
        shard: int | None = None,
        when_spent: Literal["error", "full"] = "error",
    ) -> Retrieval:
        """Search, and fetch the record of each hit: from ``NAME-text``, or from ``records``.

        Row ``i`` of the one is record ``i`` of the other, so both must be of one index. If the
        server replaces it meanwhile, it is asked again for a bounded number of times, a hinted
        search only once, and then :class:`IndexReplacedError` is raised. Matrices without a
        generation are taken as they stand in one listing: nothing tells whether they fit.
        The other arguments are those of :meth:`search`.
        """
        options = hint_options(hint_epsilon, chosen=chosen, shard=shard, when_spent=when_spent)
        question = Question(name, records or records_name(name), vector, k, options)
        return self._run(retrieve(self._protocol, question))

    def classify(self, name: str, vector: Vector) -> Hit:
        """Return the best row; which one it is, only the client knows."""
        return self._run(self._protocol.classify(name, vector))

    def fetch(self, name: str, index: SupportsIndex, *, generation: str | None = None) -> bytes:
        """Return a record of a matrix of records; the server does not learn which.

        To fetch what a search found, give the ``generation`` of its result: if the server has
        another one now, it is an :class:`IndexReplacedError` instead of another record.
        """
        return self._run(self._protocol.fetch(name, index, generation))

    def linear(self, name: str, vector: Vector | IntVector) -> list[int] | list[float]:
        """Return the product of a matrix and a vector.

        Floats in and out where the matrix has a scale, integers where it has none. A vector
        beyond the largest norm is an error: split it into parts and add the products.
        """
        return self._run(self._protocol.linear(name, vector))

    def budget(self) -> Budget:
        """Ask what the server counted today; the ledger of the client is the one that decides."""
        return self._run(self._protocol.budget())

    def models(self) -> tuple[Model, ...]:
        """Ask which models a chat may name. No provider is asked, and nothing is disclosed."""
        return self._run(self._protocol.models())

    def chat(
        self,
        messages: Sequence[Message],
        model: str,
        *,
        disclose: bool = False,
        redact: bool = True,
        options: Mapping[str, object] | None = None,
        api: Literal["completions", "messages"] = "completions",
    ) -> Chat:
        """Send messages to a provider, in plaintext, and return its answer piece by piece.

        Raises :class:`DisclosureRequiredError` before anything is sent unless ``disclose=True``.
        ``redact`` replaces what looks like personal data or a key, and restores it in the answer.
        ``options``, such as ``{"temperature": 0}``, and the ``role`` of a message go to the
        provider as they are. ``api`` is that of the model's provider: ``/v1/chat/completions``, or
        ``/v1/messages``, where messages of the role ``"system"`` stand before all others and an
        answer has at most 4,096 tokens unless the option ``"max_tokens"`` says otherwise. An error
        tells by ``disclosed_bytes`` what has left before it.
        """
        self._check_open()
        chat = chat_request(
            messages,
            model,
            disclose=disclose,
            redact=redact,
            options=options,
            form=form_named(api),
        )
        request = self._protocol.with_headers(chat.request)
        with sending(request):
            stream = self._transport.stream(request)
        return open_chat(stream, chat)

    def close(self) -> None:
        """Close the transport; a call after that raises :class:`InvalidRequestError`."""
        self._closed = True
        self._transport.close()

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the transport."""
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise InvalidRequestError("the client is closed")

    def _run(self, operation: Operation[T]) -> T:
        self._check_open()
        step = start(operation)
        while not isinstance(step, Finished):
            step = advance(operation, self._send(step))
        return step.value

    def _send(self, request: Request) -> Response:
        done = 0
        while True:
            response = self._transport.send(request)
            pause = self._retry.pause(request, response, done, datetime.now(timezone.utc))
            if pause is None:
                return response
            time.sleep(pause)
            done += 1
