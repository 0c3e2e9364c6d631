"""How long ``hlp`` waits, and what it says before a token goes out unencrypted."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm._address import address_of, is_private

from .raw_server import answer, serving
from .server import TOKEN

if TYPE_CHECKING:
    import socket

    from .command import Command


@pytest.mark.parametrize("limits", [["--timeout", "9", "--max-time", "0.3"], ["--timeout", "0.1"]])
def test_a_server_that_drips_is_left_when_the_whole_answer_takes_too_long(
    offline: Command, limits: list[str]
) -> None:
    came_to_its_end = threading.Event()

    def drip(connection: socket.socket) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)
        came_to_its_end.set()

    with serving(drip) as server:
        status, _, err = offline("params", "--url", server.url, *limits)
    assert (status, "no whole answer" in err) == (6, True)
    assert not came_to_its_end.is_set()


def test_a_token_that_goes_out_unencrypted_is_a_warning_once(
    offline: Command, monkeypatch: pytest.MonkeyPatch, names: dict[str, str | int]
) -> None:
    names["hlp.invalid"] = "127.0.0.1"
    with serving(answer(b"{}")) as server:
        url = server.url.replace("127.0.0.1", "hlp.invalid")
        assert "warning" not in offline("params", "--url", url)[2]
        monkeypatch.setenv("HLP_TOKEN", TOKEN)
        err = offline("params", "--url", url)[2]
        assert err.count(f"hlp: warning: the token goes to {url} unencrypted") == 1
        assert "hint: take an https:// address" in err
        assert TOKEN not in err
        assert [TOKEN.encode() in request for request in server.requests] == [False, True]
    assert "warning" not in offline("params", "--url", "https://hlp.invalid:1")[2]
    assert offline("budget", "--local", "--url", url)[2] == ""


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://hlp.localhost", True),
        ("https://example.org", True),
        ("http://example.org", False),
        ("http://10.0.0.1", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
    ],
)
def test_what_nobody_on_the_way_can_read(url: str, private: bool) -> None:
    assert is_private(address_of(url)) is private
