"""A provider of language models on this machine; its models misbehave as real ones do."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any

from .provider_messages import answer_message

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server(ThreadingHTTPServer):
    """One that asks no name server what its own address is called."""

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]


class Provider:
    """Its address, and the bodies and keys of the requests that it got."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []


@contextmanager
def providing() -> Iterator[Provider]:
    """Serve the models of ``MODELS``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            provider.bodies.append(body)
            if self.path == "/v1/messages":
                provider.keys.append(self.headers["X-Api-Key"])
                answer_message(self, body, len(provider.bodies))
                return
            provider.keys.append(self.headers["Authorization"])
            MODELS[body["model"]](self, "You wrote: " + body["messages"][-1]["content"])

        def log_message(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def _head(handler: BaseHTTPRequestHandler, status: int, kind: str, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def _events(text: str) -> bytes:
    values = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in text.split("|")]
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def _echo(handler: BaseHTTPRequestHandler, text: str) -> None:
    """Stream the text in pieces of three bytes, which cut characters and lines."""
    _head(handler, 200, "text/event-stream")
    data = _events(text) + b"data: [DONE]\n\n"
    for at in range(0, len(data), 3):
        handler.wfile.write(data[at : at + 3])
        handler.wfile.flush()


def _whole(handler: BaseHTTPRequestHandler, text: str) -> None:
    """Answer without a stream, although one was wanted."""
    data = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
    _head(handler, 200, "application/json", Content_Length=str(len(data)))
    handler.wfile.write(data)


def _full(handler: BaseHTTPRequestHandler, text: str) -> None:
    """Stop where the answer is as long as it may be."""
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}
    _head(handler, 200, "text/event-stream")
    handler.wfile.write(_events(text) + f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())


def _full_whole(handler: BaseHTTPRequestHandler, text: str) -> None:
    """Stop there, without a stream."""
    data = json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "length"}]})
    _head(handler, 200, "application/json", Content_Length=str(len(data)))
    handler.wfile.write(data.encode())


def _cut(handler: BaseHTTPRequestHandler, text: str) -> None:
    """End inside a character."""
    _head(handler, 200, "text/event-stream")
    handler.wfile.write(_events(text) + 'data: {"choices":[{"delta":{"content":"🎉'.encode()[:-1])


def _busy(handler: BaseHTTPRequestHandler, _: str) -> None:
    """Refuse, and name a time."""
    data = json.dumps({"error": {"message": "slower", "type": "rate_limit", "code": "slow"}})
    _head(handler, 429, "application/json", Content_Length=str(len(data)), Retry_After="1")
    handler.wfile.write(data.encode())


def _slow(handler: BaseHTTPRequestHandler, _: str) -> None:
    """Refuse without a type or a code."""
    data = b'{"error": {"message": "slower"}}'
    _head(handler, 429, "application/json", Content_Length=str(len(data)))
    handler.wfile.write(data)


MODELS = {
    "echo": _echo,
    "whole": _whole,
    "full": _full,
    "full-whole": _full_whole,
    "cut": _cut,
    "busy": _busy,
    "slow": _slow,
}
