"""A transport that answers from a list: for what no well-behaved server ever says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Callable, Union

from homomorphic_llm import Request, Response

if TYPE_CHECKING:
    Answer = Union[Response, Callable[[Request], Response]]


def said(value: object, status: int = 200, **headers: str) -> Response:
    """A JSON answer; an underscore in the name of a header is a hyphen."""
    named = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Response(status, json.dumps(value).encode(), named)


class Canned:
    """Answers with one response after the other, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.closed = False

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Response) else answer(request)

    def stream(self, request: Request) -> CannedStream:
        return CannedStream(self.send(request))

    def close(self) -> None:
        self.closed = True


class CannedStream:
    """The body of a response in pieces of seven bytes."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.closed = False
        self._rest = response.body

    def read(self) -> bytes:
        piece, self._rest = self._rest[:7], self._rest[7:]
        return piece

    def close(self) -> None:
        self.closed = True


class AsyncCanned:
    """The same for ``asyncio``."""

    def __init__(self, *answers: Answer) -> None:
        self.inner = Canned(*answers)

    async def send(self, request: Request) -> Response:
        return self.inner.send(request)

    async def stream(self, request: Request) -> AsyncCannedStream:
        return AsyncCannedStream(self.inner.stream(request))

    async def close(self) -> None:
        self.inner.close()


class AsyncCannedStream:
    """The same for ``asyncio``."""

    def __init__(self, inner: CannedStream) -> None:
        self.inner = inner
        self.status = inner.status
        self.headers = inner.headers

    async def read(self) -> bytes:
        return self.inner.read()

    async def close(self) -> None:
        self.inner.close()
