"""The shell around the Rust crate: what Python sees of it."""

from __future__ import annotations

import copy
import pickle

import interlock_he
import pytest


def test_limits_are_those_of_the_crate() -> None:
    assert (interlock_he.MAX_NORM, interlock_he.MAX_DIMENSION) == (724, 4096)


def test_errors_are_value_errors_of_one_family() -> None:
    for error in (interlock_he.VectorError, interlock_he.CiphertextError):
        assert issubclass(error, interlock_he.HeError)
    assert issubclass(interlock_he.HeError, ValueError)


def test_encryption_gives_fresh_bytes_of_a_known_length() -> None:
    key = interlock_he.SecretKey()
    first, second = key.encrypt([1, -2, 3]), key.encrypt((1, -2, 3))
    assert type(first) is bytes
    assert len(first) == len(second) == 10 + 32 + 10_496
    assert first != second


def test_a_vector_outside_the_limits_is_a_vector_error() -> None:
    key = interlock_he.SecretKey()
    with pytest.raises(interlock_he.VectorError, match="exceeds 724"):
        key.encrypt([724, 1])
    with pytest.raises(interlock_he.VectorError, match="1 to 4096 entries"):
        key.encrypt([])


def test_bytes_that_are_no_scores_are_a_ciphertext_error() -> None:
    key = interlock_he.SecretKey()
    for data in (b"", b"HLP1", key.encrypt([1])):
        with pytest.raises(interlock_he.CiphertextError):
            key.decrypt(data)


def test_a_key_cannot_be_printed_copied_or_pickled() -> None:
    key = interlock_he.SecretKey()
    assert repr(key).startswith("<interlock_he.SecretKey object at")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.copy(key)
