"""The model on this page against the library that it was published for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from private_search.model import DIMENSION, embed


def test_vectors_are_those_of_sentence_transformers() -> None:
    captured = json.loads(Path(__file__).with_name("sentence-transformers.json").read_text("utf-8"))
    vectors = embed(captured["texts"])
    assert vectors.shape == (len(captured["texts"]), DIMENSION)
    assert np.abs(vectors - np.array(captured["vectors"])).max() < 2e-6


def test_a_text_has_the_same_vector_alone_and_in_a_batch() -> None:
    texts = ["short", "a somewhat longer text that makes the batch wider", ""]
    together = embed(texts)
    for text, vector in zip(texts, together):
        assert np.abs(embed([text])[0] - vector).max() < 2e-6


def test_no_texts_have_no_vectors() -> None:
    assert embed([]).shape == (0, DIMENSION)
