"""Keys, encryption, decryption and the privacy ledger for clients of the Homomorphic LLM Proxy."""

from collections.abc import Sequence
from typing import Final, Literal, final

__all__ = [
    "GROUPS",
    "MAX_DIMENSION",
    "MAX_NORM",
    "MAX_ROWS",
    "Account",
    "BudgetError",
    "CiphertextError",
    "HeError",
    "Ledger",
    "Matrix",
    "MatrixError",
    "SecretKey",
    "VectorError",
    "choose_shards",
    "request_bytes",
    "response_bytes",
    "shard_inclusion",
]

GROUPS: Final[tuple[int, ...]]
"""Numbers of entries of a vector that may share a ciphertext, smallest first."""

MAX_DIMENSION: Final[int]
"""Largest number of entries of a vector, and of columns of a matrix."""

MAX_NORM: Final[int]
"""Largest Euclidean norm of a vector, and of a row of a matrix, for scores."""

MAX_ROWS: Final[int]
"""Largest number of rows of a matrix."""

class HeError(ValueError):
    """Base of the errors of this module; on its own, an argument that no other one names."""

class VectorError(HeError):
    """The vector cannot be encrypted: its length, its norm or an entry is outside the limits."""

class CiphertextError(HeError):
    """The bytes are not the message that is expected, or do not fit the matrix."""

class MatrixError(HeError):
    """The matrix cannot be prepared: its shape, a row or its noise is outside the limits."""

class BudgetError(HeError):
    """The privacy budget cannot be spent: it is exhausted, or a number is outside its range."""

@final
class SecretKey:
    """A secret key, made from the randomness of the operating system.

    It cannot be copied, printed or pickled, and its memory is wiped when it is collected.
    It is cheap: make one for each request.
    """

    def __new__(cls) -> SecretKey: ...
    def encrypt(
        self,
        vector: Sequence[int],
        /,
        *,
        group: int = 32,
        content: Literal["scores", "records"] = "scores",
    ) -> bytes:
        """Encrypt a vector into the bytes of a request, for a matrix with this group and content.

        For scores the Euclidean norm of the vector is at most `MAX_NORM`; for records every entry
        is 0 to 255.
        """

    def decrypt(self, data: bytes, /) -> list[int]:
        """Decrypt the bytes of a response: one integer for each row of the matrix.

        Scores are the exact inner products; records are modulo 256, 0 to 255. With another key
        than the one that encrypted the request the integers are noise.
        """

@final
class Matrix:
    """A plaintext integer matrix, prepared to be multiplied with encrypted vectors."""

    def __new__(
        cls,
        rows: Sequence[Sequence[int]],
        /,
        *,
        group: int = 32,
        content: Literal["scores", "records"] = "scores",
    ) -> Matrix: ...
    def apply(self, request: bytes, /) -> bytes:
        """Multiply an encrypted vector by the matrix, without a key: the bytes of a response."""

    @property
    def rows(self) -> int:
        """Number of rows, which is the number of integers in every response."""

    @property
    def columns(self) -> int:
        """Number of columns, which is the number of entries of a vector that fits."""

    @property
    def log2_failure(self) -> float:
        """Base-2 logarithm of a bound on the probability that one integer decrypts wrongly."""

@final
class Account:
    """What one client has spent on one day."""

    @property
    def day(self) -> int:
        """The day, counted from 1970-01-01 in UTC."""

    @property
    def queries(self) -> int:
        """Number of queries that were paid."""

    @property
    def basic(self) -> float:
        """Sum of the epsilons of the queries: basic composition."""

    @property
    def rho(self) -> float:
        """Zero-concentrated differential privacy of the queries together."""

    @property
    def epsilon(self) -> float:
        """The smaller of `basic` and what `rho` is worth at `delta`: what counts."""

    @property
    def cap(self) -> float:
        """Largest `epsilon` of a day."""

    @property
    def delta(self) -> float:
        """Probability with which `epsilon` may be exceeded."""

@final
class Ledger:
    """The privacy budget of one client, which begins anew every day."""

    def __new__(cls, epsilon: float, delta: float) -> Ledger: ...
    def spend(self, day: int, epsilon: float) -> Account:
        """Pay for one query on this day (days since 1970-01-01), or raise `BudgetError`.

        A refused query costs nothing. A day before the last one seen counts as the last one seen,
        so a clock that jumps back never refills the budget.
        """

    def account(self, day: int) -> Account:
        """Return what is spent on this day."""

def choose_shards(true_shard: int, shards: int, chosen: int, epsilon: float) -> list[int]:
    """Choose `chosen` of `shards` shards, in ascending order.

    The true one is among them with a probability that keeps the choice epsilon-locally
    differentially private; the randomness is that of the operating system.
    """

def shard_inclusion(shards: int, chosen: int, epsilon: float) -> float:
    """Return the probability that the true shard is among the chosen ones."""

def request_bytes(columns: int, group: int) -> int:
    """Return the number of bytes of every encrypted vector with so many entries."""

def response_bytes(rows: int, group: int) -> int:
    """Return the number of bytes of every encrypted product with so many rows."""
