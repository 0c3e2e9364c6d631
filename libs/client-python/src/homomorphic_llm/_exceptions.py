"""Everything that can go wrong.

ClientError
├── InvalidVectorError        the vector cannot be encrypted; nothing was sent
├── InvalidRequestError       an argument or the call cannot be right; nothing secret was sent
├── DisclosureRequiredError   a chat without ``disclose=True``; nothing was sent
├── LedgerError
│   ├── PrivacyBudgetError    a hint would exceed the budget of the day; nothing was sent
│   └── LedgerFileError       the file of the ledger cannot be read, locked or written
├── IndexReplacedError        scores and records are not of one index; try again later
├── TransportError            no whole answer: refused, cut off, or no trusted certificate
│   └── TimeoutExpiredError   no whole answer in time
├── ApiError                  the server refused: status, code, message, hint
│   └── MatrixChangedError    the matrix is not the one that was asked first
├── ProtocolError             the answer is not one of this server
│   └── AnswerTooLargeError   the answer is longer than announced
└── DecryptionError           the answer holds no encrypted scores of the right length
    └── WireVersionError      the answer has a wire version that this client cannot read
"""

from __future__ import annotations

__all__ = [
    "AnswerTooLargeError",
    "ApiError",
    "ClientError",
    "DecryptionError",
    "DisclosureRequiredError",
    "IndexReplacedError",
    "InvalidRequestError",
    "InvalidVectorError",
    "LedgerError",
    "LedgerFileError",
    "MatrixChangedError",
    "PrivacyBudgetError",
    "ProtocolError",
    "TimeoutExpiredError",
    "TransportError",
    "WireVersionError",
]


class ClientError(Exception):
    """Base of all errors of this package.

    ``disclosed_bytes`` is set where a chat failed: how much plaintext the server says it sent on,
    or all that was sent, if it does not say.
    """

    disclosed_bytes: int | None = None


class InvalidVectorError(ClientError, ValueError):
    """The vector is empty, not finite, too long, or beyond the largest norm. Nothing was sent."""


class InvalidRequestError(ClientError, ValueError):
    """An argument cannot be right, or the call makes no sense. Nothing secret was sent."""


class DisclosureRequiredError(ClientError):
    """A chat is plaintext, and the caller did not consent to that. Nothing was sent."""


class LedgerError(ClientError):
    """The ledger of the privacy budget says no, or cannot say anything."""


class PrivacyBudgetError(LedgerError):
    """The hint would exceed the privacy budget of the day. Nothing was sent."""


class LedgerFileError(LedgerError):
    """The file of the ledger cannot be read, locked or written. Nothing was sent."""


class IndexReplacedError(ClientError):
    """Scores and records are not of one index, or do not stay it: it is being replaced.

    No record is returned: it could be another one than the row that was found. Try again later.
    """


class TransportError(ClientError):
    """There is no whole answer: refused, cut off, or a certificate that is not trusted.

    ``sent`` is false where no connection came about, so that nothing of the request has left.
    """

    sent: bool = True


class TimeoutExpiredError(TransportError):
    """There is no whole answer in time."""


class ApiError(ClientError):
    """The server refused the request and said why."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{status} {code}: {message}" + (f"\n\nhint: {hint}" if hint else ""))
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[ApiError], tuple[int, str, str, str], dict[str, object]]:
        """Let the error cross process boundaries."""
        arguments = (self.status, self.code, self.message, self.hint)
        return (type(self), arguments, dict(self.__dict__))


class MatrixChangedError(ApiError):
    """The server's matrix is not the one whose version the client holds.

    Row numbers of before may mean something else now. The client has forgotten the old version:
    the next call takes the new one.
    """


class ProtocolError(ClientError):
    """The answer is not one that this server gives: see whether the address is right."""


class AnswerTooLargeError(ProtocolError):
    """The answer is longer than announced. What was beyond the limit was not read."""


class DecryptionError(ClientError):
    """The answer holds no encrypted scores of the right length."""


class WireVersionError(DecryptionError):
    """The answer has a wire version that this client cannot read."""
