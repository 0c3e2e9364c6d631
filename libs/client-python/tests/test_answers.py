"""Answers of the server, read strictly."""

from __future__ import annotations

import json
import pickle
from contextlib import suppress
from typing import Any

import interlock_he
import pytest
from homomorphic_llm import ApiError, Budget, MatrixChangedError, ProtocolError, Response, Shard
from homomorphic_llm._answers import (
    budget_of,
    centroids_of,
    health_of,
    matrices_of,
    matrix_of,
    params_of,
)
from hypothesis import given
from hypothesis import strategies as st

from .matrices import VERSION, described, matrix, sharded

PARAMS = {
    "scheme": "bfv-coefficients",
    "wire": ["HLP1"],
    "media_type": "application/vnd.hlp.v1",
    "degree": 2048,
    "modulus": 2199000186881,
    "modulus_bits": 41,
    "variance": 10,
    "max_norm": 724,
    "max_dimension": 4096,
    "max_rows": 1048576,
    "groups": [1, 2, 4, 8, 16, 32],
}
BUDGET = {
    "client": "ann",
    "day": "2026-11-26",
    "queries": 2,
    "epsilon": {"spent": 5.5, "basic": 6, "rho": 9.0, "cap": 12.0, "delta": 1e-6},
    "disclosed": {"requests": 1, "bytes": 42},
    "resets_at": "2026-11-27T00:00:00Z",
}


def response(value: object, status: int = 200) -> Response:
    return Response(status, json.dumps(value).encode())


def test_health_has_status_and_version() -> None:
    health = health_of(response({"status": "ok", "version": "1.2.3"}))
    assert (health.status, health.version) == ("ok", "1.2.3")


def test_params_are_those_of_the_scheme() -> None:
    params = params_of(response(PARAMS))
    assert (params.wire, params.groups, params.modulus) == (
        ("HLP1",),
        (1, 2, 4, 8, 16, 32),
        2199000186881,
    )


def test_a_budget_has_what_was_spent_and_what_was_disclosed() -> None:
    assert budget_of(response(BUDGET)) == Budget(
        client="ann",
        day="2026-11-26",
        queries=2,
        spent=5.5,
        basic=6.0,
        rho=9.0,
        cap=12.0,
        delta=1e-6,
        disclosed_requests=1,
        disclosed_bytes=42,
        resets_at="2026-11-27T00:00:00Z",
    )


def test_a_matrix_without_shards_is_one_part() -> None:
    found = matrix_of(response(described()))
    assert found.parts == (Shard(10, interlock_he.response_bytes(10, 4)),)
    assert (found.content, found.scale, found.records) == ("scores", 100.0, 0)


def test_matrices_are_a_list() -> None:
    value = {"matrices": [described(name="a"), described(name="b")]}
    assert [found.name for found in matrices_of(response(value))] == ["a", "b"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": 1},
        {"kind": "graph"},
        {"rows": 0},
        {"rows": -1},
        {"rows": True},
        {"rows": 1.0},
        {"rows": 2**20 + 1},
        {"columns": 4097},
        {"columns": 0},
        {"group": 3},
        {"scale": 0},
        {"scale": "1"},
        {"scale": float("inf")},
        {"scale": 10**400},
        {"scale": 1e-200},
        {"scale": 1e200},
        {"rows": 4097, "shards": [{"rows": 1}] * 4097},
        {"version": "sha256:abc"},
        {"version": VERSION.upper()},
        {"generation": ""},
        {"generation": "AB" * 32},
        {"generation": "ab" * 33},
        {"generation": 1},
        {"request_bytes": 1},
        {"response_bytes": 10**12},
        {"shards": [{"rows": 9}]},
        {"shards": [{"rows": 10, "response_bytes": 10**12}]},
        {"shards": [10]},
        {"shards": 10},
        {"kind": "records"},
        {"kind": "records", "record_bytes": 5, "records": 9},
        {"kind": "records", "record_bytes": 11, "records": 1},
        {"log2_failure": None},
    ],
)
def test_a_matrix_whose_description_is_wrong_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        matrix_of(response(described(**changes)))


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"null", b"{}", b'{"status":1,"version":"1"}', b"[" * 100_000],
)
def test_an_answer_that_is_no_health_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        health_of(Response(200, body))


def test_centroids_belong_to_the_shards_and_the_version() -> None:
    asked = sharded(4, 6)
    value = {"version": VERSION, "centroids": [[1, 2, 3, 4], [5, 6, 7, 8]]}
    assert centroids_of(response(value), asked) == ((1, 2, 3, 4), (5, 6, 7, 8))


@pytest.mark.parametrize(
    "changes",
    [
        {"centroids": [[1, 2, 3, 4]]},
        {"centroids": [[1, 2, 3, 4], [1, 2, 3]]},
        {"centroids": [[1, 2, 3, 4], [1, 2, 3, 0.5]]},
        {"centroids": [[1, 2, 3, 4], "5678"]},
        {"centroids": None},
    ],
)
def test_other_centroids_are_refused(changes: dict[str, Any]) -> None:
    value = {"version": VERSION, "centroids": [[1, 2, 3, 4], [5, 6, 7, 8]], **changes}
    with pytest.raises(ProtocolError):
        centroids_of(response(value), sharded(4, 6))


def test_centroids_of_another_version_mean_that_the_matrix_has_changed() -> None:
    value = {"version": "sha256:" + "cd" * 32, "centroids": [[1, 2, 3, 4], [5, 6, 7, 8]]}
    with pytest.raises(MatrixChangedError, match="another version"):
        centroids_of(response(value), sharded(4, 6))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted(described())), JSON)
def test_no_value_of_a_description_makes_the_client_fail(key: str, value: object) -> None:
    with suppress(ProtocolError):
        found = matrix_of(response({**described(), key: value}))
        assert sum(part.response_bytes for part in found.parts) == found.response_bytes


@given(st.sampled_from(sorted({**PARAMS, **BUDGET})), JSON)
def test_no_value_of_another_answer_makes_the_client_fail(key: str, value: object) -> None:
    for read, honest in ((params_of, PARAMS), (budget_of, BUDGET), (health_of, BUDGET)):
        with suppress(ProtocolError):
            assert read(response({**honest, key: value})) is not None


@given(JSON, st.sampled_from([400, 403, 412, 429, 500, 503]))
def test_no_refusal_makes_the_client_fail(value: object, status: int) -> None:
    with pytest.raises((ApiError, ProtocolError)):
        health_of(response(value, status))


PROBLEM = {
    "type": "urn:hlp:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "no such matrix",
    "code": "MATRIX_UNKNOWN",
    "hint": "see /v1/matrices",
}


def test_a_problem_document_keeps_its_parts() -> None:
    with pytest.raises(ApiError) as caught:
        health_of(response(PROBLEM, 404))
    error = caught.value
    assert str(error) == "404 MATRIX_UNKNOWN: no such matrix\n\nhint: see /v1/matrices"
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert vars(copy) == vars(error)


@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        ({"error": {"message": "slower"}}, 429, "429 too_many_requests: slower"),
        ({"error": {"message": "slower", "code": 429}}, 429, "429 too_many_requests: slower"),
        ({"error": {"message": "oops", "type": None}}, 500, "500 internal_server_error: oops"),
        ({"error": "no such model"}, 404, "404 not_found: no such model"),
        ({"error": {"message": "?"}}, 599, "599 refused: ?"),
        ({}, 429, "429 too_many_requests: the answer says no more"),
        ([], 503, "503 service_unavailable: the answer says no more"),
    ],
)
def test_a_refusal_without_a_code_has_that_of_its_status(
    value: object, status: int, text: str
) -> None:
    with pytest.raises(ApiError) as caught:
        health_of(response(value, status))
    assert (str(caught.value), caught.value.status) == (text, status)


def test_a_problem_without_detail_or_hint_says_its_title() -> None:
    with pytest.raises(ApiError, match=r"^404 MATRIX_UNKNOWN: Not found$"):
        health_of(response({"title": "Not found", "code": "MATRIX_UNKNOWN"}, 404))


def test_a_changed_matrix_has_an_error_of_its_own() -> None:
    with pytest.raises(MatrixChangedError) as caught:
        health_of(response({**PROBLEM, "code": "MATRIX_CHANGED"}, 412))
    assert type(pickle.loads(pickle.dumps(caught.value))) is MatrixChangedError  # noqa: S301


@pytest.mark.parametrize(
    "value",
    [
        {"error": {"message": "no", "type": "t", "param": None, "code": "disclosure_required"}},
        {"type": "error", "error": {"type": "disclosure_required", "message": "no"}},
    ],
)
def test_the_errors_of_chats_are_refusals_too(value: object) -> None:
    with pytest.raises(ApiError, match=r"^403 disclosure_required: no$"):
        health_of(response(value, 403))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[]", b'{"error":[]}', b'{"error":{"code":"X"}}', b'{"code":"X"}'],
)
def test_a_refusal_of_something_else_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="status 502"):
        health_of(Response(502, body))


def test_a_description_has_all_it_was_made_of() -> None:
    assert matrix(max_norm=None).max_norm is None
