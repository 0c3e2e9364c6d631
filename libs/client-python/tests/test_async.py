"""What is different for ``asyncio``: concurrency, cancellation, and the same answers."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from homomorphic_llm import (
    ApiError,
    AsyncClient,
    AsyncHttpTransport,
    DisclosureRequiredError,
    InvalidRequestError,
    MemoryLedger,
    Request,
    TransportError,
)

from .canned import AsyncCanned, said
from .matrices import described
from .raw_server import answer, hang, pieces, serving
from .test_protocol import CHANGED, DESCRIBED, product

if TYPE_CHECKING:
    from collections.abc import Coroutine

HEALTH = b'{"status":"ok","version":"1.2.3"}'
HELLO = [{"role": "user", "content": "hello"}]
CHUNK = b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'
STREAMED = b"HTTP/1.1 200 OK\r\nHLP-Privacy: disclosed;bytes=9\r\n\r\n" + CHUNK


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def client_of(transport: AsyncCanned) -> AsyncClient:
    return AsyncClient("http://unused", transport=transport, ledger=MemoryLedger())


def threads_of_transports() -> int:
    return sum(thread.name.startswith("homomorphic-llm") for thread in threading.enumerate())


def wait_until_no_thread_is_left() -> None:
    end = time.monotonic() + 60
    while threads_of_transports() and time.monotonic() < end:
        time.sleep(0.01)
    assert threads_of_transports() == 0


def test_a_product_is_the_same_as_that_of_the_other_client() -> None:
    async def main() -> None:
        async with client_of(AsyncCanned(DESCRIBED, product)) as client:
            assert await client.apply("m", [1, 0, 0, 0]) == list(range(10))
            assert (await client.search("m", [1.0, 0, 0, 0], 1))[0].index == 9

    run(main())


def test_the_models_of_chats_are_those_of_the_other_client() -> None:
    listed = said({"data": [{"id": "m", "owned_by": "a"}], "hlp_globs": []})

    async def main() -> None:
        async with client_of(AsyncCanned(listed)) as client:
            assert [model.name for model in await client.models()] == ["m"]

    run(main())


def test_errors_are_the_same_as_those_of_the_other_client() -> None:
    async def main() -> None:
        client = client_of(AsyncCanned(DESCRIBED, CHANGED))
        with pytest.raises(ApiError, match="MATRIX_CHANGED"):
            await client.apply("m", [1, 0, 0, 0])

    run(main())


def test_a_busy_server_is_asked_again() -> None:
    busy = said({"code": "OVERLOADED", "title": "busy"}, 503, Retry_After="0")

    async def main() -> None:
        transport = AsyncCanned(busy, said({"matrices": [described()]}))
        assert len(await client_of(transport).matrices()) == 1
        assert len(transport.inner.requests) == 2

    run(main())


def test_requests_run_side_by_side() -> None:
    async def main(url: str) -> None:
        async with AsyncClient(url, ledger=MemoryLedger()) as client:
            answers = await asyncio.gather(*(client.health() for _ in range(8)))
        assert {health.version for health in answers} == {"1.2.3"}

    with serving(answer(HEALTH)) as server:
        run(main(server.url))
    wait_until_no_thread_is_left()


@pytest.mark.parametrize("parts", [(), (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",)])
def test_a_cancelled_task_lets_go_of_its_connection_at_once(parts: tuple[bytes, ...]) -> None:
    async def main(url: str) -> None:
        client = AsyncClient(url, transport=AsyncHttpTransport(url, timeout=60))
        task = asyncio.create_task(client.health())
        while not server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await client.close()

    with serving(hang(*parts)) as server:
        run(main(server.url))
    wait_until_no_thread_is_left()


def test_a_time_out_of_the_caller_ends_the_request() -> None:
    async def main(url: str) -> None:
        async with AsyncClient(url) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.health(), 0.2)

    with serving(hang()) as server:
        run(main(server.url))
    wait_until_no_thread_is_left()


def test_an_exchange_that_is_aborted_before_it_connects_never_sends() -> None:
    with serving(answer(HEALTH)) as server:
        exchange = AsyncHttpTransport(server.url)._transport.exchange(Request("GET", "/"))
        exchange.abort()
        with pytest.raises(TransportError):
            exchange.send()
    assert server.requests in ([], [b""])


def test_a_chat_comes_piece_by_piece() -> None:
    async def main(url: str) -> None:
        async with AsyncClient(url) as client:
            async with await client.chat(HELLO, "m", disclose=True) as chat:
                assert "".join([piece async for piece in chat]) == "hihi"
            assert chat.disclosed_bytes == 9

    with serving(pieces(STREAMED, CHUNK, b"data: [DONE]\n\n")) as server:
        run(main(server.url))
    body = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
    assert body["messages"] == HELLO


def test_a_chat_that_is_cancelled_lets_go_of_its_connection_at_once() -> None:
    async def main(url: str) -> None:
        transport = AsyncHttpTransport(url, timeout=60)
        async with AsyncClient(url, transport=transport) as client:
            chat = await client.chat(HELLO, "m", disclose=True)
            assert await chat.__anext__() == "hi"
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(chat.__anext__(), 0.2)

    with serving(hang(STREAMED)) as server:
        run(main(server.url))
    wait_until_no_thread_is_left()


def test_a_cut_chat_is_an_error_after_what_came() -> None:
    async def main(url: str) -> None:
        async with AsyncClient(url) as client:
            chat = await client.chat(HELLO, "m", disclose=True)
            assert await chat.__anext__() == "hi"
            with pytest.raises(TransportError, match="cut off"):
                await chat.text()

    with serving(pieces(STREAMED)) as server:
        run(main(server.url))


def test_a_client_that_is_closed_is_not_asked_again() -> None:
    async def main() -> None:
        transport = AsyncCanned(DESCRIBED)
        async with client_of(transport) as client:
            await client.matrix("m")
        with pytest.raises(InvalidRequestError, match="the client is closed"):
            await client.matrix("m")
        with pytest.raises(InvalidRequestError, match="the client is closed"):
            await client.chat(HELLO, "m", disclose=True)
        assert len(transport.inner.requests) == 1

    run(main())


def test_a_refused_chat_is_an_error_at_once() -> None:
    async def main() -> None:
        refusal = said({"error": {"message": "no", "code": "disclosure_required"}}, 403)
        with pytest.raises(ApiError, match="disclosure_required"):
            await client_of(AsyncCanned(refusal)).chat(HELLO, "m", disclose=True)

    run(main())


def test_without_consent_nothing_is_sent() -> None:
    async def main() -> None:
        transport = AsyncCanned(DESCRIBED)
        with pytest.raises(DisclosureRequiredError):
            await client_of(transport).chat(HELLO, "m")
        assert transport.inner.requests == []

    run(main())
