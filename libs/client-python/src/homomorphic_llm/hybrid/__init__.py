"""A demonstration: a tiny transformer whose weights are at the server and whose text is not.

Two layers, 64 channels, bytes as tokens, fixed weights that nobody trained: it says nothing
sensible. What it shows is that the linear layers of a transformer can run at a server that sees
only ciphertexts, and that the result is the same, integer by integer, as without encryption.

    from homomorphic_llm import Client
    from homomorphic_llm.hybrid import generate, over, plain

    with Client("http://127.0.0.1:8080") as client:
        assert generate(b"Hello", 8, over(client)) == generate(b"Hello", 8, plain())
"""

from ._files import write_matrices
from ._generate import generate
from ._linear import Linear, over, plain
from ._weights import MATRICES, weights_of

__all__ = ["MATRICES", "Linear", "generate", "over", "plain", "weights_of", "write_matrices"]
