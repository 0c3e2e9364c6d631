"""The client, the wheel and the server together: nothing is replaced."""

from __future__ import annotations

import asyncio
import signal
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import interlock_he
import numpy as np
import pytest
import trustme
from homomorphic_llm import (
    ApiError,
    AsyncClient,
    AsyncHttpTransport,
    Client,
    HttpTransport,
    InvalidVectorError,
    MatrixChangedError,
    MemoryLedger,
    TransportError,
)
from homomorphic_llm._manifest import Manifest
from homomorphic_llm._npy import matrix_bytes
from homomorphic_llm._writing import write_manifest
from homomorphic_llm.index import hashed_words, passage_in, vectors_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import COLUMNS, ROUTES, ROWS
from .passages import handbook
from .server import TOKEN, UNLIMITED, running

if TYPE_CHECKING:
    from pathlib import Path

    from .server import Server

REAL = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
QUERY = vectors_of(hashed_words, ["who remembers the lighthouses?"])[0]


def product(vector: list[int]) -> list[int]:
    return [sum(a * b for a, b in zip(row, vector)) for row in ROWS]


def test_health_and_parameters_are_those_of_the_wheel(client: Client) -> None:
    assert client.health().status == "ok"
    params = client.params()
    assert params.wire == ("HLP1",)
    assert params.media_type == "application/vnd.hlp.v1"
    assert (params.max_norm, params.max_dimension, params.max_rows, params.groups) == (
        interlock_he.MAX_NORM,
        interlock_he.MAX_DIMENSION,
        interlock_he.MAX_ROWS,
        interlock_he.GROUPS,
    )


def test_matrices_are_described_as_they_were_written(client: Client) -> None:
    found = {matrix.name: matrix for matrix in client.matrices()}
    assert {"handbook", "handbook-text", "sharded", "plain", "routes", "hybrid-head"} <= set(found)
    assert client.matrix("handbook") == found["handbook"]
    assert (found["handbook"].rows, found["handbook"].scale) == (50, 700)
    assert (found["handbook-text"].records, found["handbook-text"].max_norm) == (50, None)
    assert len(found["sharded"].shards) == 5
    assert all(matrix.log2_failure < -64 for matrix in found.values())


@REAL
@given(vector=st.lists(st.integers(-86, 86), min_size=COLUMNS, max_size=COLUMNS))
def test_the_decrypted_product_equals_the_plain_one(client: Client, vector: list[int]) -> None:
    assert client.apply("plain", vector) == product(vector)


def test_a_vector_at_the_largest_norm_is_exact(client: Client) -> None:
    vector = [-724] + [0] * (COLUMNS - 1)
    assert client.apply("plain", vector) == product(vector)


def test_linear_gives_integers_or_floats_as_the_matrix_has_a_scale(client: Client) -> None:
    vector = np.arange(COLUMNS) % 7
    assert client.linear("plain", vector) == product(vector.tolist())
    outputs = client.linear("layer", np.array([0.6, 0.0, 0.8]))
    expected = [0.6, 0.0, 0.28]
    assert all(abs(a - b) < 0.002 for a, b in zip(outputs, expected))


def test_a_search_finds_what_a_plain_search_finds(client: Client) -> None:
    passages = handbook()
    vectors = vectors_of(hashed_words, [f"{one.title}\n{one.text}" for one in passages])
    query = [round(700 * entry) for entry in QUERY]
    scores = [sum(round(700 * a) * b for a, b in zip(row, query)) for row in vectors]
    expected = sorted(range(50), key=lambda row: (-scores[row], row))[:7]
    found = client.search("handbook", QUERY, 7)
    assert [hit.index for hit in found] == expected
    assert [hit.score for hit in found] == [scores[row] for row in expected]
    assert found.privacy == "encrypted"
    assert passages[found[0].index].id == "lighthouses-remembers"
    matrix = client.matrix("handbook")
    assert (found.bytes_up, found.bytes_down) == (matrix.request_bytes, matrix.response_bytes)


def test_a_full_search_of_shards_finds_the_same_passages(client: Client) -> None:
    whole, parts = (client.search(name, QUERY, 5) for name in ("handbook", "sharded"))
    assert [hit.score for hit in whole] == [hit.score for hit in parts]
    best = passage_in(client.fetch("sharded-text", parts[0].index))
    assert best.id == "lighthouses-remembers"


def test_a_hinted_search_asks_some_shards_and_is_counted_on_both_sides(client: Client) -> None:
    before = client.budget()
    found = client.search("sharded", QUERY, 50, hint_epsilon=1.5, chosen=2)
    assert found.privacy == "randomized;eps=1.5"
    matrix = client.matrix("sharded")
    assert found.bytes_down < matrix.response_bytes
    assert found.shards is not None
    assert len(found) == sum(matrix.shards[shard].rows for shard in found.shards) < 50
    after = client.budget()
    assert after.queries == before.queries + 1
    assert after.basic == before.basic + 1.5
    assert client.ledger.report().basic == 1.5


def test_the_server_refuses_what_its_mirror_has_no_budget_for(server: Server) -> None:
    generous = MemoryLedger(epsilon=100)
    with Client(server.url, token=TOKEN, ledger=generous) as spender:
        spender.matrix("sharded")
        with pytest.raises(ApiError, match="PRIVACY_BUDGET_EXHAUSTED"):
            spender.search("sharded", QUERY, hint_epsilon=50)


def test_a_class_is_the_best_row(client: Client) -> None:
    for expected, row in enumerate(ROUTES):
        best = client.classify("routes", row)
        assert best.index == expected
        assert best.similarity == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("index", [0, 1, 24, 49])
def test_a_record_is_fetched_whole(client: Client, index: int) -> None:
    assert passage_in(client.fetch("handbook-text", index)) == handbook()[index]


def test_a_record_may_be_named_by_an_integer_of_numpy(client: Client) -> None:
    assert client.fetch("raw", np.int64(2)) == client.fetch("raw", 2)
    assert len(client.search("handbook", QUERY, np.int32(3))) == 3


def test_a_client_can_be_shared_by_threads(client: Client) -> None:
    vectors = [[(index + column) % 7 - 3 for column in range(COLUMNS)] for index in range(8)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda vector: client.apply("plain", vector), vectors))
    assert found == [product(vector) for vector in vectors]


def test_the_client_for_asyncio_gives_the_same(server: Server, client: Client) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with AsyncClient(server.url, token=TOKEN, ledger=ledger) as other:
            assert (await other.health()).status == "ok"
            assert await other.params() == client.params()
            assert await other.matrices() == client.matrices()
            assert await other.matrix("plain") == client.matrix("plain")
            vector = [1] * COLUMNS
            applied, found, best, record, outputs = await asyncio.gather(
                other.apply("plain", vector),
                other.search("handbook", QUERY, 3),
                other.classify("routes", ROUTES[2]),
                other.fetch("handbook-text", 7),
                other.linear("plain", vector),
            )
            assert applied == outputs == product(vector)
            assert found.hits == client.search("handbook", QUERY, 3).hits
            assert best.index == 2
            assert passage_in(record) == handbook()[7]
            hinted = await other.search("sharded", QUERY, hint_epsilon=0.5)
            assert hinted.privacy == "randomized;eps=0.5"
            assert ledger.report().queries == 1
            assert (await other.budget()).client == "ann"

    asyncio.run(main())


@pytest.mark.parametrize("token", [None, "another-token"])
def test_who_has_no_token_is_refused(server: Server, token: str | None) -> None:
    with Client(server.url, token=token) as stranger:
        with pytest.raises(ApiError) as caught:
            stranger.matrices()
        assert (caught.value.status, caught.value.code) == (401, "UNAUTHENTICATED")


def test_a_matrix_that_does_not_exist_is_named(client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        client.apply("absent", [1])
    assert (caught.value.status, caught.value.code) == (404, "MATRIX_UNKNOWN")
    assert caught.value.hint


@pytest.mark.parametrize("vector", [[], [1, 2, 3], [725] + [0] * 69, [2**70] * 70])
def test_a_vector_that_does_not_fit_is_an_error_of_the_caller(
    client: Client, vector: list[int]
) -> None:
    with pytest.raises(InvalidVectorError):
        client.apply("plain", vector)


def test_a_matrix_that_changes_is_one_error_and_then_the_new_one(tmp_path: Path) -> None:
    def write(entry: int) -> Path:
        data = matrix_bytes([[entry, 0]], "|i1")
        return write_manifest(tmp_path, Manifest("m", "linear", 1), data)

    with running(tmp_path, [write(1)]) as server:
        client = Client(server.url, token=TOKEN)
        assert client.apply("m", [7, 0]) == [7]
        before = Client(server.url, token=TOKEN).matrix("m").version
        write(2)
        reload(server, before)
        with pytest.raises(MatrixChangedError) as caught:
            client.apply("m", [7, 0])
        assert caught.value.code == "MATRIX_CHANGED"
        assert client.apply("m", [7, 0]) == [14]
    with pytest.raises(TransportError, match="GET /healthz"):
        client.health()


def reload(server: Server, version: str) -> None:
    """Tell the server to load again, and wait until another client sees another version."""
    other = Client(server.url, token=TOKEN)
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 120
    while other.matrix("m").version == version:
        assert time.monotonic() < end, "the server never loaded the matrix again"
        time.sleep(0.05)


def test_a_client_that_asks_too_often_waits_and_then_gets_its_answer(tmp_path: Path) -> None:
    data = matrix_bytes([[1]], "|i1")
    manifest = write_manifest(tmp_path, Manifest("m", "linear", 1), data)
    limits = "[limits]\nrequests_per_minute = 120\nburst = 2\n"
    with (
        running(tmp_path, [manifest], limits) as server,
        Client(server.url, token=TOKEN) as patient,
    ):
        assert [patient.apply("m", [at]) for at in range(4)] == [[0], [1], [2], [3]]


def test_both_clients_speak_tls_with_the_server(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for blob in issued.cert_chain_pems:
        blob.write_to_path(str(certificate), append=True)
    issued.private_key_pem.write_to_path(str(key))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    data = matrix_bytes([[3]], "|i1")
    manifest = write_manifest(tmp_path, Manifest("m", "linear", 1), data)
    secured = f'[server.tls]\ncertificate = "{certificate}"\nkey = "{key}"\n'

    async def other(url: str) -> list[int]:
        transport = AsyncHttpTransport(url, tls=trusting)
        async with AsyncClient(url, token=TOKEN, transport=transport) as client:
            return await client.apply("m", [5])

    with running(tmp_path, [manifest], UNLIMITED + secured) as server:
        transport = HttpTransport(server.url, tls=trusting)
        assert Client(server.url, token=TOKEN, transport=transport).apply("m", [7]) == [21]
        assert asyncio.run(other(server.url)) == [15]
        with pytest.raises(TransportError, match="certificate is not trusted"):
            Client(server.url, token=TOKEN).health()
