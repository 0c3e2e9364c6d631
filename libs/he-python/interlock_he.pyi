"""Keys, encryption and decryption for clients of the Homomorphic LLM Proxy."""

from collections.abc import Sequence
from typing import Final, final

__all__ = [
    "MAX_DIMENSION",
    "MAX_NORM",
    "CiphertextError",
    "HeError",
    "SecretKey",
    "VectorError",
]

MAX_DIMENSION: Final[int]
"""Largest number of entries of a vector."""

MAX_NORM: Final[int]
"""Largest Euclidean norm of a vector."""

class HeError(ValueError):
    """Base of the errors of this module."""

class VectorError(HeError):
    """The vector cannot be encrypted: its length or its norm is outside the limits."""

class CiphertextError(HeError):
    """The bytes are not encrypted scores."""

@final
class SecretKey:
    """A secret key, made from the randomness of the operating system.

    It cannot be copied, printed or pickled, and its memory is wiped when it is collected.
    It is cheap: make one for each request.
    """

    def __new__(cls) -> SecretKey: ...
    def encrypt(self, vector: Sequence[int], /) -> bytes:
        """Encrypt a vector into the bytes of a request."""

    def decrypt(self, scores: bytes, /) -> list[int]:
        """Decrypt the bytes of a response: one integer for each row of the matrix."""
