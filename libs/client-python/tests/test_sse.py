"""Server-sent events from bytes that are cut anywhere."""

from __future__ import annotations

import pytest
from homomorphic_llm import ProtocolError
from homomorphic_llm._sse import MAX_EVENT_BYTES, EventReader
from hypothesis import given
from hypothesis import strategies as st

STREAM = (
    ": comment\n\ndata: grüße 🎉\n\ndata:two\ndata: lines\r\n\r\n"
    "event: x\rid: 1\rdata: cr\r\rdata\n\nretry: 5\n\ndata: end\n\n"
).encode()
EVENTS = ["grüße 🎉", "two\nlines", "cr", "", "end"]


def read(pieces: list[bytes]) -> list[str]:
    reader = EventReader()
    return [event for piece in pieces for event in reader.feed(piece)] + reader.finish()


@given(st.sets(st.integers(0, len(STREAM))))
def test_events_are_the_same_wherever_the_bytes_are_cut(cuts: set[int]) -> None:
    ends = [0, *sorted(cuts), len(STREAM)]
    assert read([STREAM[start:end] for start, end in zip(ends, ends[1:])]) == EVENTS


def test_every_single_byte_may_come_alone() -> None:
    assert read([STREAM[at : at + 1] for at in range(len(STREAM))]) == EVENTS


def test_a_last_event_without_an_empty_line_counts() -> None:
    assert read([b"data: a\n\ndata: b"]) == ["a", "b"]


@given(
    st.lists(st.text(st.sampled_from("a:\n\r ü🎉"), max_size=20), max_size=20), st.integers(1, 7)
)
def test_no_text_makes_it_fail(texts: list[str], size: int) -> None:
    data = "data:".join(texts).encode()
    read([data[at : at + size] for at in range(0, len(data), size)])


def test_a_line_that_is_not_utf8_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError, match="UTF-8"):
        read([b"data: \xc3\n\n"])


@pytest.mark.parametrize("prefix", [b"data: ", b": "])
def test_an_endless_line_is_refused(prefix: bytes) -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        read([prefix] + [b"x" * 65_536] * (MAX_EVENT_BYTES // 65_536 + 1))


def test_an_event_of_endless_lines_is_refused() -> None:
    with pytest.raises(ProtocolError, match="longer than"):
        read([b"data: " + b"x" * 60_000 + b"\n"] * (MAX_EVENT_BYTES // 60_000 + 1))
