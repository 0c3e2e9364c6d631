"""Exit statuses: one table from errors to what a script sees."""

from __future__ import annotations

from .._exceptions import (
    ApiError,
    ClientError,
    DisclosureRequiredError,
    IndexReplacedError,
    InvalidRequestError,
    InvalidVectorError,
    LedgerFileError,
    MatrixChangedError,
    PrivacyBudgetError,
)

__all__ = ["DONE", "INTERRUPTED", "USAGE", "status_of"]

DONE = 0
USAGE = 2
LATER = 3
CONFLICT = 4
REFUSED = 5
ENVIRONMENT = 6
#: What a shell says of a program that Ctrl-C ended.
INTERRUPTED = 130

_BY_CLASS: tuple[tuple[type[ClientError], int], ...] = (
    (MatrixChangedError, CONFLICT),
    (IndexReplacedError, LATER),
    (PrivacyBudgetError, REFUSED),
    (DisclosureRequiredError, REFUSED),
    (InvalidVectorError, USAGE),
    (InvalidRequestError, USAGE),
    (LedgerFileError, ENVIRONMENT),
)
_BY_HTTP_STATUS = {401: REFUSED, 403: REFUSED, 429: LATER, 503: LATER}


def status_of(error: Exception) -> int:
    """Return the exit status: 2 usage, 3 try again, 4 conflict, 5 refused, 6 anything outside."""
    for kind, status in _BY_CLASS:
        if isinstance(error, kind):
            return status
    if isinstance(error, ApiError):
        server_fault = 500  # and above
        fallback = ENVIRONMENT if error.status >= server_fault else USAGE
        return _BY_HTTP_STATUS.get(error.status, fallback)
    if isinstance(error, ValueError):
        return USAGE
    return ENVIRONMENT
