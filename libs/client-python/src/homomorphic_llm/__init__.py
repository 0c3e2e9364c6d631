"""Client of the Homomorphic LLM Proxy.

The client encrypts a vector under a fresh key, asks the server to multiply it by the server's
matrix, and decrypts the exact scores. The server never sees the vector or the key.

    from homomorphic_llm import Client

    with Client("http://127.0.0.1:8080") as client:
        scores = client.apply([5, -7, 11])
"""

from ._client import Client
from ._exceptions import (
    ApiError,
    ClientError,
    DecryptionError,
    InvalidVectorError,
    ProtocolError,
    TransportError,
)
from ._models import Health, Request, Response
from ._transport import HttpTransport, Transport

__all__ = [
    "ApiError",
    "Client",
    "ClientError",
    "DecryptionError",
    "Health",
    "HttpTransport",
    "InvalidVectorError",
    "ProtocolError",
    "Request",
    "Response",
    "Transport",
    "TransportError",
]
