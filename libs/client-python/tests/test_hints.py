"""Hinted searches: what is decided before, and what is never done after."""

from __future__ import annotations

import interlock_he
import pytest
from homomorphic_llm import (
    ApiError,
    Client,
    InvalidRequestError,
    MatrixChangedError,
    MemoryLedger,
    PrivacyBudgetError,
    ProtocolError,
    Request,
    Response,
)

from .canned import Canned, said
from .matrices import VERSION, described

DESCRIBED = said(described())
CHANGED = said({"code": "MATRIX_CHANGED", "title": "changed"}, 412)
ROWS = [[row, 1, 0, -row] for row in range(10)]
SHARDS = said(described(rows=10, shards=[{"rows": 4}, {"rows": 3}, {"rows": 3}]))
CENTROIDS = said({"version": VERSION, "centroids": [[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0]]})


def client_of(transport: Canned) -> Client:
    return Client("http://unused", transport=transport, ledger=MemoryLedger())


def honest(request: Request) -> Response:
    query = request.path.partition("?shards=")[2]
    parts = [ROWS[:4], ROWS[4:7], ROWS[7:]]
    body = b"".join(
        interlock_he.Matrix(parts[int(shard)], group=4).apply(request.body)
        for shard in (query.split(",") if query else "012")
    )
    epsilon = dict(request.headers).get("HLP-Epsilon")
    privacy = "encrypted" if epsilon is None else f"randomized;eps={epsilon}"
    headers = (("ETag", f'"{VERSION}"'), ("HLP-Privacy", privacy))
    return Response(200, body, headers)


def test_only_the_drawn_shards_are_asked_and_the_epsilon_is_declared() -> None:
    transport = Canned(SHARDS, CENTROIDS, honest)
    client = client_of(transport)
    found = client.search("m", [0, 1.0, 0, 0], 10, hint_epsilon=2.5, chosen=2)
    apply = transport.requests[-1]
    shards = [int(shard) for shard in apply.path.partition("?shards=")[2].split(",")]
    rows = [row for shard in shards for row in ([0, 1, 2, 3], [4, 5, 6], [7, 8, 9])[shard]]
    assert sorted(hit.index for hit in found) == rows
    assert ("HLP-Epsilon", "2.5") in apply.headers
    assert found.privacy == "randomized;eps=2.5"
    assert client.ledger.report().basic == 2.5


def test_a_miss_is_never_searched_again() -> None:
    missed = 0
    while not missed:  # each try misses with more than one half
        transport = Canned(SHARDS, honest)
        client = client_of(transport)
        found = client.search("m", [1.0, 0, 0, 0], hint_epsilon=0.1, chosen=1, shard=2)
        missed = all(hit.index < 7 for hit in found)
        assert len(transport.requests) == 2


def test_it_is_paid_before_it_is_sent_and_even_if_it_fails() -> None:
    overloaded = said({"code": "OVERLOADED", "title": "busy"}, 503)
    client = client_of(Canned(SHARDS, overloaded))
    with pytest.raises(ApiError):
        client.search("m", [1.0, 0, 0, 0], hint_epsilon=3, shard=0)
    assert client.ledger.report().queries == 1


def test_a_spent_budget_is_an_error_before_anything_is_sent() -> None:
    transport = Canned(SHARDS)
    with pytest.raises(PrivacyBudgetError):
        client_of(transport).search("m", [1.0, 0, 0, 0], hint_epsilon=12.5, shard=0)
    assert len(transport.requests) == 1


def test_a_spent_budget_makes_a_full_search_if_that_is_wanted() -> None:
    transport = Canned(SHARDS, honest)
    client = client_of(transport)
    found = client.search("m", [1.0, 0, 0, 0], 10, hint_epsilon=12.5, shard=0, when_spent="full")
    assert (len(found), found.privacy) == (10, "encrypted")
    assert transport.requests[-1].path == "/v1/matrices/m/apply"


def test_centroids_are_asked_once_and_again_for_another_version() -> None:
    transport = Canned(SHARDS, CENTROIDS, honest, honest, CHANGED)
    client = client_of(transport)
    for _ in range(2):
        client.search("m", [0, 1.0, 0, 0], hint_epsilon=1)
    with pytest.raises(MatrixChangedError):
        client.search("m", [0, 1.0, 0, 0], hint_epsilon=1)
    transport.answers = [SHARDS, CENTROIDS, honest]
    client.search("m", [0, 1.0, 0, 0], hint_epsilon=1)
    asked = [request.path for request in transport.requests]
    assert asked.count("/v1/matrices/m/centroids") == 2
    # Three rows of four integers, and what stands around them.
    assert max(request.limit for request in transport.requests if "cent" in request.path) < 5_000


def test_a_matrix_without_shards_takes_no_hint() -> None:
    client = client_of(Canned(DESCRIBED))
    with pytest.raises(InvalidRequestError, match="no shards"):
        client.search("m", [0, 0, 0, 0], hint_epsilon=1)
    assert client.ledger.report().queries == 0


@pytest.mark.parametrize(
    "privacy", ["encrypted", "randomized;eps=2", "randomized;eps=x", "randomized;eps=3;eps=3", ""]
)
def test_an_answer_that_states_another_epsilon_is_refused(privacy: str) -> None:
    def other(request: Request) -> Response:
        stated = honest(request)
        return Response(200, stated.body, (*stated.headers[:1], ("HLP-Privacy", privacy)))

    with pytest.raises(ProtocolError, match="how the request was protected"):
        client_of(Canned(SHARDS, other)).search("m", [1.0, 0, 0, 0], hint_epsilon=3, shard=0)
