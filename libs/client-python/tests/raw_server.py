"""A server of bytes: it answers what a test says, well-formed or not, on a real socket."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    #: What happens on a connection after its request was read.
    Behaviour = Callable[[socket.socket], None]


class RawServer:
    """Its URL, and the requests that came, as bytes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[bytes] = []
        self.closed_by_peer = threading.Event()


@contextmanager
def serving(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve one connection after the other; the last behaviour serves all that come after it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "http" if tls is None else "https"
        server = RawServer(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        stopped = threading.Event()

        def accept() -> None:
            count = 0
            while not stopped.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                if stopped.is_set():
                    connection.close()
                    return
                behaviour = behaviours[min(count, len(behaviours) - 1)]
                count += 1
                with connection, suppress(OSError):
                    connection.settimeout(20)
                    secured = connection if tls is None else tls.wrap_socket(connection, True)
                    with secured:
                        server.requests.append(read_request(secured))
                        behaviour(secured)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            with suppress(OSError), socket.create_connection(listener.getsockname(), 1):
                pass
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    """Read a request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answer(body: bytes, *, status: int = 200, headers: str = "") -> Behaviour:
    """Answer whole and well-formed."""
    head = f"HTTP/1.1 {status} Status\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return pieces(head.encode() + body)


def pieces(*parts: bytes) -> Behaviour:
    """Send these bytes, part by part, and close."""

    def behave(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return behave


def hang(*parts: bytes) -> Behaviour:
    """Send these bytes, then nothing until the client goes away."""

    def behave(connection: socket.socket) -> None:
        pieces(*parts)(connection)
        while connection.recv(65_536):
            pass

    return behave
