"""Everything that can go wrong.

ClientError
├── InvalidVectorError   the vector cannot be encrypted; nothing was sent
├── TransportError       the server could not be reached, or did not answer in time
├── ApiError             the server refused: status, code, hint
├── ProtocolError        the answer is not one of this server
└── DecryptionError      the answer holds no encrypted scores
"""

from __future__ import annotations

__all__ = [
    "ApiError",
    "ClientError",
    "DecryptionError",
    "InvalidVectorError",
    "ProtocolError",
    "TransportError",
]


class ClientError(Exception):
    """Base of all errors of this package."""


class InvalidVectorError(ClientError, ValueError):
    """The vector is empty, too long, or beyond the largest norm. Nothing was sent."""


class TransportError(ClientError):
    """The server could not be reached, or did not answer in time."""


class ApiError(ClientError):
    """The server refused the request and said why."""

    def __init__(self, status: int, code: str, message: str, hint: str) -> None:
        super().__init__(f"{status} {code}: {message}\n\nhint: {hint}")
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[ApiError], tuple[int, str, str, str]]:
        """Let the error cross process boundaries."""
        return (type(self), (self.status, self.code, self.message, self.hint))


class ProtocolError(ClientError):
    """The answer is not one that this server gives: see whether the address is right."""


class DecryptionError(ClientError):
    """The answer holds no encrypted scores."""
