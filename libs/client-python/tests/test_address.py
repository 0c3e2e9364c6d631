"""What is wrong with a URL is said before anything is asked, and what to do."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import HttpTransport, InvalidRequestError, Request
from homomorphic_llm._address import address_of

from .raw_server import answer, serving

if TYPE_CHECKING:
    from .command import Command

FORM = "it is of the form http://127.0.0.1:8080"
IPV6 = "an IPv6 address stands in brackets, as in http://[::1]:8080"
OWNER = "a user name or a password does not belong in the URL of the server"
SECRET = "hunter2"  # noqa: S105 - of nobody
WRONG = {
    "": ("not an http or https URL: ''", FORM),
    "localhost:8080": ("not an http or https URL: 'localhost:8080'", FORM),
    "ftp://h": ("not an http or https URL: 'ftp://h'", FORM),
    "http:/h": ("not an http or https URL: 'http:/h'", FORM),
    r"http:\\h": (r"not an http or https URL: 'http:\\\\h'", FORM),
    "http://": ("no machine is named in 'http://'", FORM),
    "http://:80": ("no machine is named in 'http://:80'", FORM),
    "http:///v1": ("no machine is named in 'http:///v1'", FORM),
    "http://h:0": ("'0' is no port: one is a number from 1 to 65535", FORM),
    "http://h:65536": ("'65536' is no port: one is a number from 1 to 65535", FORM),
    "http://h:+80": ("'+80' is no port: one is a number from 1 to 65535", FORM),
    "http://h:http": ("'http' is no port: one is a number from 1 to 65535", FORM),
    "http://h:\u0668": ("'\u0668' is no port: one is a number from 1 to 65535", FORM),
    "http://h:" + "9" * 5_000: ("is no port", FORM),
    "http://a..b": ("'a..b' cannot be the name of a machine: nothing stands before or", FORM),
    "http://.b": ("'.b' cannot be the name of a machine: nothing stands before or", FORM),
    "http://" + "x" * 64: ("a part of it is longer than 63 characters", FORM),
    "http://" + "ä" * 60: ("' has characters that no name has, or too many that are not", FORM),
    "http://a!b": ("'a!b' has characters that no name has", FORM),
    "http://a%20b": ("'a%20b' has characters that no name has", FORM),
    "http://a\u2603\ufffd.org": ("has characters that no name has, or too many", FORM),
    "http://" + "x" * 60 + ".x" * 100: ("a name of 260 characters: one of a machine has at", FORM),
    "http://a b:80": ("a space, or what cannot be seen, is in the URL: U+0020 in", "take it out"),
    " http://h": ("is in the URL: U+0020 in ' http://h'", "take it out"),
    "http://h\n": ("is in the URL: U+000A in 'http://h\\n'", "take it out"),
    "http://h\u200b": ("is in the URL: U+200B in 'http://h\\u200b'", "take it out"),
    "http://h/a\u00a0b": ("is in the URL: U+00A0 in", "take it out"),
    "http://ann@h": (OWNER, "a token is given apart"),
    f"http://ann:{SECRET}@h": (OWNER, "a token is given apart"),
    f"http://ann:{SECRET}/1@h": (OWNER, "a token is given apart"),
    f"http://ann: {SECRET}@h": ("U+0020 in '…@h'", "take it out"),
    f"ann:{SECRET}@h": ("not an http or https URL: '…@h'", FORM),
    "http://[::g]:80": ("'::g' in brackets is no IPv6 address", "one is as in http://[::1]:8080"),
    "http://[127.0.0.1]": ("'127.0.0.1' in brackets is no IPv6 address", "one is as in"),
    "http://::1:80": ("neither a host nor a host and one port: '::1:80'", IPV6),
    "http://[::1": ("neither a host nor a host and one port: '[::1'", IPV6),
    "http://h:80:90": ("neither a host nor a host and one port: 'h:80:90'", IPV6),
    "http://h/ü": ("a path of other characters than ASCII: 'http://h/ü'", "write it as /%C3%BC"),
}


@pytest.mark.parametrize(("url", "said"), WRONG.items())
def test_what_is_wrong_with_a_url_is_named_with_a_hint(url: str, said: tuple[str, str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        HttpTransport(url)
    reason, _, hint = str(caught.value).partition("\n\nhint: ")
    assert said[0] in reason
    assert hint.startswith(said[1])
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["http://h?x", "http://h/#x"])
def test_a_query_or_a_fragment_would_not_be_sent(url: str) -> None:
    with pytest.raises(InvalidRequestError, match="only scheme, host, port and path"):
        address_of(url)


@pytest.mark.parametrize("url", ["http://h:99999", "http://a..b", "http://", "http://a b"])
def test_for_the_command_it_is_usage(offline: Command, url: str) -> None:
    status, out, err = offline("params", "--url", url)
    assert (status, out) == (2, "")
    assert "\n\nhint: " in err


@pytest.mark.parametrize(
    "url",
    [
        *("http://h:80/below", "https://[::1]:8443", "http://[::1]", "http://h", "http://a_b.c."),
        *("http://127.1:9", "http://exämple.org", "http://例え。テスト", "https://xn--a.org"),
    ],
)
def test_an_address_is_shown_as_it_was_given(url: str) -> None:
    assert str(address_of(url)) == url


def test_an_address_is_read_in_its_parts() -> None:
    address = address_of("HTTPS://Ex.ORG:0443/a/b/")
    assert (address.host, address.port, address.prefix) == ("ex.org", 443, "/a/b")
    assert address.tls
    assert address_of("http://h:").port is None
    with pytest.raises(InvalidRequestError, match="is a bytes, no str"):
        address_of(b"http://h")  # type: ignore[arg-type]


def test_an_ipv6_address_without_a_port_is_asked_at_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, int]] = []
    connect = socket.create_connection

    def connected(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(place)
        return connect(("127.0.0.1", int(server.url.rpartition(":")[2])))

    with serving(answer(b"yes")) as server:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "create_connection", connected)
            assert HttpTransport("http://[::1]").send(Request("GET", "/")).body == b"yes"
        assert b"\r\nHost: [::1]\r\n" in server.requests[0]
    assert asked == [("::1", 80)]
