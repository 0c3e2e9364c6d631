"""A resolver that needs no network: it knows addresses, and the names that a test gives it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Names:
    """The numbers of addresses or of errors, by name; what is not there is no name."""

    def __init__(self) -> None:
        self.known: dict[str, str | int] = {}
        self._real = socket.getaddrinfo

    def getaddrinfo(self, host: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        """Stand in for :func:`socket.getaddrinfo`; connections are real."""
        found = self.known.get(host, host)
        if isinstance(found, str):
            named["flags"] = socket.AI_NUMERICHOST
            return self._real("127.0.0.1" if found == "localhost" else found, *arguments, **named)
        raise socket.gaierror(found, "what the resolver says")


@pytest.fixture(scope="session", autouse=True)
def resolver() -> Iterator[Names]:
    """All tests use it, so that none of them waits for a name server or believes one."""
    made = Names()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", made.getaddrinfo)
        yield made


@pytest.fixture
def names(resolver: Names) -> Iterator[dict[str, str | int]]:
    """The names that this test gives."""
    yield resolver.known
    resolver.known.clear()
