"""When a refused request is sent again."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from homomorphic_llm import Request, Response, Retry

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=timezone.utc)
GET = Request("GET", "/")


def pause(
    value: str | None, *, status: int = 503, request: Request = GET, done: int = 0
) -> float | None:
    headers = () if value is None else (("retry-after", value),)
    return Retry(attempts=2, longest=20).pause(request, Response(status, b"", headers), done, NOW)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_a_time_is_asked_again(status: int) -> None:
    assert pause("7", status=status) == 7


@pytest.mark.parametrize("status", [200, 400, 412, 500, 502, 504])
def test_no_other_status_is_asked_again(status: int) -> None:
    assert pause("1", status=status) is None


def test_without_a_time_it_is_not_asked_again() -> None:
    assert pause(None) is None


@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "²", "Thu, 99 Nov 2026", "\x00"])
def test_what_is_no_time_is_no_time(value: str) -> None:
    assert pause(value) is None


def test_a_date_is_a_time() -> None:
    assert pause("Thu, 26 Nov 2026 12:00:05 GMT") == 5
    assert pause("Thu, 26 Nov 2026 11:00:00 GMT") == 0


@pytest.mark.parametrize("value", ["21", "9" * 400, "Thu, 26 Nov 2026 13:00:00 GMT"])
def test_a_longer_time_than_the_caller_wants_is_an_error_at_once(value: str) -> None:
    assert pause(value) is None


def test_the_number_of_attempts_is_capped() -> None:
    assert pause("1", done=1) == 1
    assert pause("1", done=2) is None


def test_what_does_harm_twice_is_never_sent_twice() -> None:
    assert pause("1", request=Request("POST", "/", idempotent=False)) is None
