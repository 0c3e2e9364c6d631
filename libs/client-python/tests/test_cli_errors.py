"""Exit statuses of ``hlp``: one for each error."""

from __future__ import annotations

import pytest
from homomorphic_llm import (
    AnswerTooLargeError,
    ApiError,
    ClientError,
    DecryptionError,
    DisclosureRequiredError,
    InvalidRequestError,
    InvalidVectorError,
    LedgerFileError,
    MatrixChangedError,
    PrivacyBudgetError,
    ProtocolError,
    TimeoutExpiredError,
)
from homomorphic_llm.cli._exit_status import status_of
from homomorphic_llm.index import IndexInputError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidVectorError(""), 2),
        (InvalidRequestError(""), 2),
        (IndexInputError(""), 2),
        (ValueError(""), 2),
        (ApiError(404, "", ""), 2),
        (ApiError(429, "", ""), 3),
        (ApiError(503, "", ""), 3),
        (MatrixChangedError(412, "", ""), 4),
        (DisclosureRequiredError(""), 5),
        (PrivacyBudgetError(""), 5),
        (ApiError(401, "", ""), 5),
        (ApiError(403, "", ""), 5),
        (ApiError(500, "", ""), 6),
        (ApiError(502, "", ""), 6),
        (LedgerFileError(""), 6),
        (TimeoutExpiredError(""), 6),
        (ProtocolError(""), 6),
        (AnswerTooLargeError(""), 6),
        (DecryptionError(""), 6),
        (OSError(""), 6),
        (ClientError(""), 6),
    ],
)
def test_every_error_has_its_exit_status(error: Exception, status: int) -> None:
    assert status_of(error) == status
