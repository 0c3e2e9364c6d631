"""The default transport of :class:`AsyncClient`: the same HTTP, in threads.

One implementation of HTTP serves both clients. A task that is cancelled shuts its socket down, so
its thread ends at once; only while a name is looked up or a connection is made may it take until
the time-out.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Callable, Protocol, TypeVar

from ._transport import HttpTransport

if TYPE_CHECKING:
    import ssl

    from ._exchange import Exchange
    from ._models import Request, Response

__all__ = ["AsyncHttpTransport", "AsyncStream", "AsyncTransport"]

T = TypeVar("T")


class AsyncStream(Protocol):
    """An answer that is read as it comes."""

    @property
    def status(self) -> int:
        """Return the status of the answer."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers of the answer."""

    async def read(self) -> bytes:
        """Return what has come, nothing at the end; raise :class:`TransportError` if it is cut."""

    async def close(self) -> None:
        """Let go of the connection."""


class AsyncTransport(Protocol):
    """What :class:`Transport` is, for ``asyncio``. A cancelled call lets go of its connection."""

    async def send(self, request: Request) -> Response:
        """Return the whole answer, or raise :class:`TransportError` if there is none."""

    async def stream(self, request: Request) -> AsyncStream:
        """Return an answer whose body is yet to come."""

    async def close(self) -> None:
        """Let go of what is held."""


class AsyncHttpTransport:
    """Runs ``http.client`` in threads: at most ``connections`` at once, the rest wait.

    The other arguments are those of :class:`HttpTransport`.
    """

    def __init__(
        self,
        base_url: str,
        timeout: float = 30.0,
        *,
        deadline: float = 300.0,
        tls: ssl.SSLContext | None = None,
        connections: int = 32,
    ) -> None:
        self._transport = HttpTransport(base_url, timeout, deadline=deadline, tls=tls)
        self._pool = ThreadPoolExecutor(connections, thread_name_prefix="homomorphic-llm")

    async def send(self, request: Request) -> Response:
        """Send over a new connection and read the whole answer."""
        exchange = self._transport.exchange(request)
        return await _abortable(self._pool, exchange, exchange.send)

    async def stream(self, request: Request) -> AsyncStream:
        """Send over a new connection and read the head of the answer."""
        exchange = self._transport.exchange(request)
        await _abortable(self._pool, exchange, exchange.open)
        exchange.stream()
        return _ThreadedStream(self._pool, exchange)

    async def close(self) -> None:
        """Let the threads go; requests under way end by themselves."""
        self._pool.shutdown(wait=False)


class _ThreadedStream:
    def __init__(self, pool: ThreadPoolExecutor, exchange: Exchange) -> None:
        self._pool = pool
        self._exchange = exchange
        self.status = exchange.status
        self.headers = exchange.headers

    async def read(self) -> bytes:
        return await _abortable(self._pool, self._exchange, self._exchange.read)

    async def close(self) -> None:
        self._exchange.close()


async def _abortable(pool: ThreadPoolExecutor, exchange: Exchange, call: Callable[[], T]) -> T:
    """Run ``call`` in a thread; a cancelled task aborts the exchange, which ends the thread."""
    future = asyncio.get_running_loop().run_in_executor(pool, call)
    try:
        return await future
    except asyncio.CancelledError:
        exchange.abort()
        raise
