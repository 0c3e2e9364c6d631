"""Client of the Homomorphic LLM Proxy.

The client encrypts a vector under a fresh key, asks the server to multiply it by the server's
matrix, and decrypts the exact scores. The server never sees the vector or the key.

    from homomorphic_llm import Client

    with Client("http://127.0.0.1:8080") as client:
        for hit, record in client.retrieve("handbook", embedding, k=5):
            print(hit.index, hit.similarity, record)
"""

from ._async_client import AsyncClient
from ._async_transport import AsyncHttpTransport, AsyncStream, AsyncTransport
from ._chat import AsyncChat, Chat
from ._client import Client
from ._exceptions import (
    AnswerTooLargeError,
    ApiError,
    ClientError,
    DecryptionError,
    DisclosureRequiredError,
    IndexReplacedError,
    InvalidRequestError,
    InvalidVectorError,
    LedgerError,
    LedgerFileError,
    MatrixChangedError,
    PrivacyBudgetError,
    ProtocolError,
    TimeoutExpiredError,
    TransportError,
    WireVersionError,
)
from ._ledger import Account, FileLedger, Ledger, MemoryLedger
from ._models import Request, Response
from ._redaction import Redaction
from ._resources import Budget, Health, MatrixInfo, Model, Params, Shard
from ._retrieval import Retrieval
from ._retry import Retry
from ._search import Hit, SearchResult
from ._transport import HttpTransport, Stream, Transport

__all__ = [
    "Account",
    "AnswerTooLargeError",
    "ApiError",
    "AsyncChat",
    "AsyncClient",
    "AsyncHttpTransport",
    "AsyncStream",
    "AsyncTransport",
    "Budget",
    "Chat",
    "Client",
    "ClientError",
    "DecryptionError",
    "DisclosureRequiredError",
    "FileLedger",
    "Health",
    "Hit",
    "HttpTransport",
    "IndexReplacedError",
    "InvalidRequestError",
    "InvalidVectorError",
    "Ledger",
    "LedgerError",
    "LedgerFileError",
    "MatrixChangedError",
    "MatrixInfo",
    "MemoryLedger",
    "Model",
    "Params",
    "PrivacyBudgetError",
    "ProtocolError",
    "Redaction",
    "Request",
    "Response",
    "Retrieval",
    "Retry",
    "SearchResult",
    "Shard",
    "Stream",
    "TimeoutExpiredError",
    "Transport",
    "TransportError",
    "WireVersionError",
]
