"""Answers of chats, as iterators over text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._chat_answer import ChatReader, disclosed_bytes
from ._chat_forms import with_hint
from ._disclosure import disclosing, told_or_sent_bytes
from ._exceptions import ApiError
from ._models import DEFAULT_LIMIT, Response
from ._refusals import raise_for_status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from ._async_transport import AsyncStream
    from ._chat_request import ChatRequest
    from ._transport import Stream

__all__ = ["AsyncChat", "Chat", "open_async_chat", "open_chat"]

_OK = 200


class Chat:
    """The answer of a chat, piece by piece: iterate over it, or take it whole by :meth:`text`.

    ``disclosed_bytes`` is how much plaintext the server says it sent on. ``redacted`` tells what
    each placeholder that was sent stands for; in the pieces they are restored already.
    """

    def __init__(self, stream: Stream, asked: ChatRequest) -> None:
        self.disclosed_bytes = disclosed_bytes(stream.headers)
        self.redacted: Mapping[str, str] = asked.originals
        self._stream = stream
        self._reader = ChatReader(stream.headers, asked.originals, asked.form)

    @property
    def finish_reason(self) -> str | None:
        """Why the answer ends, as the provider says it once it did; ``None`` if unsaid.

        An answer that was cut ends by ``"length"``, or by ``"max_tokens"`` of ``/v1/messages``.
        """
        return self._reader.finish_reason

    def __iter__(self) -> Self:
        """Return the answer itself."""
        return self

    def __next__(self) -> str:
        """Return the next piece of text, never an empty one."""
        while not self._reader.done:
            try:
                with disclosing(self.disclosed_bytes):
                    piece = self._reader.feed(self._stream.read())
            except BaseException:
                self.close()
                raise
            if piece:
                return piece
        self.close()
        raise StopIteration

    def text(self) -> str:
        """Return what is left of the answer, whole."""
        return "".join(self)

    def close(self) -> None:
        """Let go of the connection; what was not read is lost."""
        self._reader.done = True
        self._stream.close()

    def __enter__(self) -> Self:
        """Return the answer itself."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the answer."""
        self.close()


class AsyncChat:
    """What :class:`Chat` is, for ``async for``."""

    def __init__(self, stream: AsyncStream, asked: ChatRequest) -> None:
        self.disclosed_bytes = disclosed_bytes(stream.headers)
        self.redacted: Mapping[str, str] = asked.originals
        self._stream = stream
        self._reader = ChatReader(stream.headers, asked.originals, asked.form)

    @property
    def finish_reason(self) -> str | None:
        """What :attr:`Chat.finish_reason` is."""
        return self._reader.finish_reason

    def __aiter__(self) -> Self:
        """Return the answer itself."""
        return self

    async def __anext__(self) -> str:
        """Return the next piece of text, never an empty one."""
        while not self._reader.done:
            try:
                with disclosing(self.disclosed_bytes):
                    piece = self._reader.feed(await self._stream.read())
            except BaseException:
                await self.close()
                raise
            if piece:
                return piece
        await self.close()
        raise StopAsyncIteration

    async def text(self) -> str:
        """Return what is left of the answer, whole."""
        return "".join([piece async for piece in self])

    async def close(self) -> None:
        """Let go of the connection; what was not read is lost."""
        self._reader.done = True
        await self._stream.close()

    async def __aenter__(self) -> Self:
        """Return the answer itself."""
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the answer."""
        await self.close()


def open_chat(stream: Stream, asked: ChatRequest) -> Chat:
    """Return the answer, or raise the refusal that the stream holds; then it is closed."""
    try:
        with disclosing(told_or_sent_bytes(stream.headers, asked.request)):
            if stream.status != _OK:
                body = b""
                while len(body) < DEFAULT_LIMIT and (data := stream.read()):
                    body += data
                _raise_for_status(Response(stream.status, body, stream.headers))
            return Chat(stream, asked)
    except BaseException:
        stream.close()
        raise


async def open_async_chat(stream: AsyncStream, asked: ChatRequest) -> AsyncChat:
    """Return the answer, or raise the refusal that the stream holds; then it is closed."""
    try:
        with disclosing(told_or_sent_bytes(stream.headers, asked.request)):
            if stream.status != _OK:
                body = b""
                while len(body) < DEFAULT_LIMIT and (data := await stream.read()):
                    body += data
                _raise_for_status(Response(stream.status, body, stream.headers))
            return AsyncChat(stream, asked)
    except BaseException:
        await stream.close()
        raise


def _raise_for_status(response: Response) -> None:
    try:
        raise_for_status(response)
    except ApiError as refusal:
        raise with_hint(refusal) from None
