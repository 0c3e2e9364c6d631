"""The client for ``asyncio``: the same verbs, and nothing that holds up the event loop."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal, SupportsIndex, TypeVar

from ._async_transport import AsyncHttpTransport
from ._chat import AsyncChat, open_async_chat
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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from ._async_transport import AsyncTransport
    from ._chat_form import Message
    from ._ledger import Ledger
    from ._models import Request, Response
    from ._protocol import Operation
    from ._resources import Budget, Health, MatrixInfo, Model, Params
    from ._retrieval import Retrieval
    from ._search import Hit, SearchResult
    from ._vectors import IntVector, Vector

    T = TypeVar("T")

__all__ = ["AsyncClient"]


class AsyncClient:
    """What :class:`Client` is, for ``asyncio``; see there for what the methods do and raise.

    Encryption, decryption and the ledger run in threads. A task that is cancelled lets go of its
    connection at once.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        transport: AsyncTransport | None = None,
        ledger: Ledger | None = None,
        retry: Retry | None = None,
    ) -> None:
        self._transport = AsyncHttpTransport(url) if transport is None else transport
        self._retry = Retry() if retry is None else retry
        self.ledger = FileLedger() if ledger is None else ledger
        self._protocol = Protocol(token, self.ledger)
        self._closed = False

    async def health(self) -> Health:
        """Ask whether the server answers."""
        return await self._run(self._protocol.health())

    async def params(self) -> Params:
        """Ask for the parameters of the scheme."""
        return await self._run(self._protocol.params())

    async def matrices(self) -> tuple[MatrixInfo, ...]:
        """Ask for all matrices of the server."""
        return await self._run(self._protocol.matrices())

    async def matrix(self, name: str) -> MatrixInfo:
        """Ask for a matrix as it is now."""
        return await self._run(self._protocol.matrix(name))

    async def apply(self, name: str, vector: IntVector) -> list[int]:
        """Return the product of a matrix and a vector of integers: one integer for each row."""
        return await self._run(self._protocol.apply(name, vector))

    async def search(
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
        """Return the ``k`` rows with the largest inner product, of all shards or of some."""
        options = hint_options(hint_epsilon, chosen=chosen, shard=shard, when_spent=when_spent)
        return await self._run(self._protocol.search(name, vector, k, options))

    async def retrieve(
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
        """Search, and fetch the record of each hit; all of one version of the index."""
        options = hint_options(hint_epsilon, chosen=chosen, shard=shard, when_spent=when_spent)
        question = Question(name, records or records_name(name), vector, k, options)
        return await self._run(retrieve(self._protocol, question))

    async def classify(self, name: str, vector: Vector) -> Hit:
        """Return the best row; which one it is, only the client knows."""
        return await self._run(self._protocol.classify(name, vector))

    async def fetch(
        self, name: str, index: SupportsIndex, *, generation: str | None = None
    ) -> bytes:
        """Return a record of a matrix of records; the server does not learn which."""
        return await self._run(self._protocol.fetch(name, index, generation))

    async def linear(self, name: str, vector: Vector | IntVector) -> list[int] | list[float]:
        """Return the product of a matrix and a vector: integers, or floats if it has a scale."""
        return await self._run(self._protocol.linear(name, vector))

    async def budget(self) -> Budget:
        """Ask what the server counted today; the ledger of the client is the one that decides."""
        return await self._run(self._protocol.budget())

    async def models(self) -> tuple[Model, ...]:
        """Ask which models a chat may name."""
        return await self._run(self._protocol.models())

    async def chat(
        self,
        messages: Sequence[Message],
        model: str,
        *,
        disclose: bool = False,
        redact: bool = True,
        options: Mapping[str, object] | None = None,
        api: Literal["completions", "messages"] = "completions",
    ) -> AsyncChat:
        """Send messages to a provider, in plaintext, and return its answer piece by piece."""
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
            stream = await self._transport.stream(request)
        return await open_async_chat(stream, chat)

    async def close(self) -> None:
        """Close the transport; a call after that raises :class:`InvalidRequestError`."""
        self._closed = True
        await self._transport.close()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the transport."""
        await self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise InvalidRequestError("the client is closed")

    async def _run(self, operation: Operation[T]) -> T:
        self._check_open()
        step = await asyncio.to_thread(start, operation)
        while not isinstance(step, Finished):
            response = await self._send(step)
            step = await asyncio.to_thread(advance, operation, response)
        return step.value

    async def _send(self, request: Request) -> Response:
        done = 0
        while True:
            response = await self._transport.send(request)
            pause = self._retry.pause(request, response, done, datetime.now(timezone.utc))
            if pause is None:
                return response
            await asyncio.sleep(pause)
            done += 1
