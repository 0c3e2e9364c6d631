from __future__ import annotations

import interlock_he
import pytest
from interlock_he import MAX_DIMENSION, MAX_NORM, CiphertextError, HeError, SecretKey, VectorError


def test_the_public_names_are_those_of_the_stub() -> None:
    names = {name for name in vars(interlock_he) if not name.startswith("_")}

    assert set(interlock_he.__all__) <= names


def test_two_encryptions_of_one_vector_differ_and_have_one_length() -> None:
    key = SecretKey()

    first, second = key.encrypt([1, -2, 3]), key.encrypt([1, -2, 3])

    assert first != second
    assert len(first) == len(second)


@pytest.mark.parametrize("vector", [[], [0] * (MAX_DIMENSION + 1), [MAX_NORM + 1]])
def test_a_vector_beyond_the_limits_is_refused(vector: list[int]) -> None:
    with pytest.raises(VectorError):
        SecretKey().encrypt(vector)


@pytest.mark.parametrize("scores", [b"", b"\x00" * 7, b"not encrypted scores"])
def test_bytes_that_are_not_scores_are_refused(scores: bytes) -> None:
    with pytest.raises(CiphertextError):
        SecretKey().decrypt(scores)


def test_every_error_of_the_module_is_one_family() -> None:
    assert issubclass(VectorError, HeError)
    assert issubclass(CiphertextError, HeError)
