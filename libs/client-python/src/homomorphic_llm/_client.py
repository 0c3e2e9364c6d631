"""The client: encrypt, ask, decrypt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import interlock_he

from ._answers import body_of, health_of
from ._exceptions import DecryptionError, InvalidVectorError
from ._models import Request
from ._transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from typing_extensions import Self

    from ._models import Health
    from ._transport import Transport

__all__ = ["Client"]


class Client:
    """A client of one server.

    It holds no key: every call of :meth:`apply` makes a fresh one and forgets it. A client may be
    shared by threads if its transport may; the default one may.
    """

    def __init__(self, base_url: str, *, transport: Transport | None = None) -> None:
        self._transport = HttpTransport(base_url) if transport is None else transport

    def health(self) -> Health:
        """Ask the server for its version and the shape of its matrix.

        Raises :class:`TransportError`, :class:`ApiError` or :class:`ProtocolError`.
        """
        return health_of(self._transport.send(Request("GET", "/healthz")))

    def apply(self, vector: Sequence[int]) -> list[int]:
        """Return the product of the server's matrix and ``vector``: one integer for each row.

        The server sees only the number of entries. The result is exact if the server is honest.

        Raises :class:`InvalidVectorError` before anything is sent, and any other
        :class:`ClientError` after.
        """
        key = interlock_he.SecretKey()
        try:
            body = key.encrypt(vector)
        except (OverflowError, TypeError, interlock_he.VectorError) as error:
            raise InvalidVectorError(str(error)) from error
        answer = body_of(self._transport.send(Request("POST", "/v1/apply", body)))
        try:
            return key.decrypt(answer)
        except interlock_he.CiphertextError as error:
            raise DecryptionError(str(error)) from error

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the transport."""
        self.close()
