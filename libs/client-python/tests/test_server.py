"""The client, the wheel and the server together: nothing is replaced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import ApiError, Client, InvalidVectorError, TransportError
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Serve

COLUMNS = 70
ROWS = [[(row * column) % 17 - 8 for column in range(COLUMNS)] for row in range(130)]


@pytest.fixture(scope="module")
def client(serve: Serve) -> Iterator[Client]:
    with serve(ROWS) as url, Client(url) as client:
        yield client


def product(vector: list[int]) -> list[int]:
    return [sum(a * b for a, b in zip(row, vector)) for row in ROWS]


def test_health_tells_version_and_shape(client: Client) -> None:
    health = client.health()
    assert (health.status, health.rows, health.columns) == ("ok", len(ROWS), COLUMNS)
    assert health.version.count(".") == 2


@settings(max_examples=20, deadline=None)
@given(vector=st.lists(st.integers(-86, 86), min_size=COLUMNS, max_size=COLUMNS))
def test_the_decrypted_result_equals_the_plain_product(client: Client, vector: list[int]) -> None:
    assert client.apply(vector) == product(vector)


def test_a_vector_at_the_norm_cap_is_exact(client: Client) -> None:
    vector = [-724] + [0] * (COLUMNS - 1)
    assert client.apply(vector) == product(vector)


def test_a_client_can_be_shared_by_threads(client: Client) -> None:
    vectors = [[(index + column) % 7 - 3 for column in range(COLUMNS)] for index in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(client.apply, vectors)) == [product(vector) for vector in vectors]


def test_a_vector_that_does_not_fit_is_refused_by_the_server(client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        client.apply([1, 2, 3])
    assert (caught.value.status, caught.value.code) == (422, "DIMENSION_MISMATCH")
    assert "3 entries" in caught.value.message
    assert "hint: " in str(caught.value)


@pytest.mark.parametrize("vector", [[], [725], [1] * 4097, [2**63], [-(2**70)]])
def test_a_vector_outside_the_limits_is_an_error_of_the_caller(
    client: Client, vector: list[int]
) -> None:
    with pytest.raises(InvalidVectorError):
        client.apply(vector)


def test_a_server_that_is_gone_is_a_transport_error(serve: Serve) -> None:
    with serve([[1]]) as url:
        client = Client(url)
        assert client.apply([7]) == [7]
    with pytest.raises(TransportError, match="GET /healthz"):
        client.health()
