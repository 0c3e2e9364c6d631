"""Indexes: passages and their vectors, made into the matrices that a server loads.

:func:`build_index` makes two matrices: one of scores, with a row for each passage, and one of
records with the passages themselves. Record ``i`` is the passage of row ``i``.
"""

from ._build import Index, build_index, write_index
from ._embedding import Embedding, embedding_named, hashed_words, vectors_of
from ._errors import IndexInputError
from ._passages import Passage, passage_in, passages_in

__all__ = [
    "Embedding",
    "Index",
    "IndexInputError",
    "Passage",
    "build_index",
    "embedding_named",
    "hashed_words",
    "passage_in",
    "passages_in",
    "vectors_of",
    "write_index",
]
