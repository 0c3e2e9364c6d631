"""The wheel gives the bytes that the crate stores, and the slow reference decrypts them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from interlock_he import CiphertextError, Matrix, SecretKey

if TYPE_CHECKING:
    from types import ModuleType

TESTS = Path(__file__).parents[2] / "he" / "tests"
STORED = TESTS / "known-answer"
CASES: list[Any] = [
    pytest.param(STORED, {"group": 4}, id="scores"),
    pytest.param(STORED / "records", {"group": 8, "content": "records"}, id="records"),
]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", TESTS / "reference/reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("folder", "layout"), CASES)
def test_the_stored_request_has_the_stored_response_and_it_decrypts(
    folder: Path, layout: dict[str, Any], reference: ModuleType
) -> None:
    rows = reference.integers(folder / "matrix.txt")
    vector = reference.integers(folder / "vector.txt")[0]
    key = reference.integers(STORED / "key.txt")[0]

    response = Matrix(rows, **layout).apply((folder / "request.hlp").read_bytes())

    assert response == (folder / "response.hlp").read_bytes()
    plain = [sum(a * b for a, b in zip(row, vector)) for row in rows]
    assert reference.decrypt(response, key) == [
        reference.represent(score, response[4]) for score in plain
    ]


@pytest.mark.parametrize("folder", [STORED, STORED / "records"])
def test_every_cut_of_a_stored_response_is_refused(folder: Path) -> None:
    response, key = (folder / "response.hlp").read_bytes(), SecretKey()

    for length in [*range(12), len(response) - 1]:
        with pytest.raises(CiphertextError):
            key.decrypt(response[:length])
