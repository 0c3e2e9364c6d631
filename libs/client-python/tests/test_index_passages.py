"""Passages: lines of a file, and records of a matrix."""

from __future__ import annotations

import json

import pytest
from homomorphic_llm.index import IndexInputError, Passage, passage_in, passages_in


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "title": "t", "text": "x", **fields})


def test_passages_are_read_line_by_line() -> None:
    text = line() + "\n\n" + line(id="b", text="two\nlines") + "\r\n"
    assert passages_in(text, "f") == [Passage("a", "t", "x"), Passage("b", "t", "two\nlines")]


def test_a_byte_order_mark_at_the_beginning_does_not_count() -> None:
    assert passages_in("\ufeff" + line(), "f") == [Passage("a", "t", "x")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "f: no passages"),
        (line() + "\nno json", "f:2: "),
        ("[]", "f:1: not an object"),
        (line(x=1), "f:1: not an object"),
        ('{"id":"a","title":"t"}', "f:1: not an object"),
        (line(text=1), "f:1: id, title and text are strings"),
        (line() + "\n" + line(), "f:2: the id 'a' is that of line 1 too"),
        (line(text="\ud800"), "f:1: a lone half"),
        (
            line() + "\n" + line(id="b")[:-1] + ', "text": "y"}',
            "f:2: the key 'text' stands there more",
        ),
        (line() + "\n\ufeff" + line(id="b"), "f:2: a byte order mark inside(.|\n)*hint: remove"),
        ('\ufeff{"id": }', "f:1: no JSON at column 8: Expecting value"),
        ("\ufeff", "f: no passages"),
        ("[" * 100_000, "f:1: "),
    ],
)
def test_a_line_that_is_no_passage_is_named(text: str, reason: str) -> None:
    with pytest.raises(IndexInputError, match=reason):
        passages_in(text, "f")


TWINS = b'{"id":"a","title":"","text":"b","text":"c"}'


@pytest.mark.parametrize(
    "record", [b"", b"\0\0", b"{}", b"\xff", TWINS, b'{"id":1,"title":"","text":""}']
)
def test_a_record_that_holds_no_passage_is_refused(record: bytes) -> None:
    with pytest.raises(IndexInputError, match="no passage"):
        passage_in(record)
