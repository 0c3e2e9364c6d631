"""What is taken out of a text before it is sent, and put back into the answer."""

from __future__ import annotations

import pytest
from homomorphic_llm import Redaction
from homomorphic_llm._redaction import Restorer
from hypothesis import given
from hypothesis import strategies as st

FOUND = {
    "EMAIL": ["ann@example.org", "a.b+c@sub.example.co.uk", "jörg.müller@exämple.de"],
    "CARD": ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "NO9386011117947"],
    "PHONE": ["+49 30 901820", "(030) 90-18-20", "00 44 20 7946 0958", "555-123-4567"],
    "IP": ["192.168.0.1", "2001:db8::8a2e:370:7334", "::1", "::ffff:10.0.0.1"],
    "SECRET": [
        "sk-proj-abcdefghijklmnop1234",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0123456789_abcdefghij",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "0123456789abcdef0123456789abcdef01234567",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
    ],
}
#: Values as keyboards, office programs and hostile authors write them.
FOUND["EMAIL"] += [
    "Ann.O'Neil+tag@example.org",
    '"ann smith"@example.org',
    '"ann \\"the\\" smith"@example.org',
    "prvs=abc=ann@example.org",
    "ann\uff20example.org",
    "a\u200bnn\u200b@exam\u00adple.org",
    "jo\u0308rg@example.org",
    "ann@[192.168.0.1]",
    "ann@example.xn--p1ai",
]
FOUND["CARD"] += [
    "4111\u00a01111\u202f1111\u20071111",
    "4111\u20111111\u20131111-1111",
    "4111.1111.1111.1111",
    "4111 - 1111 - 1111 - 1111",
    "\uff14\uff11\uff11\uff11 1111 1111 1111",
    "\u0664\u0661\u0661\u0661 1111 1111 1111",
    "4111\u200b111111111111",
]
FOUND["IBAN"] += [
    "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
    "DE89-3704-0044-0532-0130-00",
]
FOUND["PHONE"] += [
    "+49\u00a0170\u00a01234567",
    "+49\u2011170\u20111234567",
    "030\u2013901820",
    "+49 (0) 170 / 123 45 67",
    "\uff0b49 170 1234567",
]
FOUND["IP"] += ["192.168.0\uff0e1"]
KEPT = [
    "authorization: basic and bearer",
    "Authorization: internationalisation-of-all",
    "cookie: a small cake",
    "authorization, basic understanding",
    "2026-11-26 2026-12-01",
    "see @pytest.fixture",
    "3.141592653589793",
    "The year 2026, the 26th of November.",
    "2026-11-26 or 26/11/2026",
    "1234567 people",
    "4111 1111 1111 1112",
    "at 12:30:45",
    "std::vector and x :: y",
    "internationalisation of a quite-long-hyphenated-word-without-a-digit",
    "version 1.2.3",
]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in FOUND.items() for value in values]
)
@pytest.mark.parametrize("frame", ["{}", "See {}.", "a ({}), b", "x: {} and more 12"])
def test_what_has_a_form_is_replaced(name: str, value: str, frame: str) -> None:
    redaction = Redaction()
    text = redaction.redact(frame.format(value))
    assert text == frame.format(f"[{name}_1]")
    assert redaction.originals == {f"[{name}_1]": value}


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_similar_is_kept(text: str) -> None:
    assert Redaction().redact(text) == text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("password: hunter2!", "password: [SECRET_1]"),
        ('{"api_key": "abc-def"}', '{"api_key": "[SECRET_1]"}'),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [SECRET_1]"),
    ],
)
def test_what_is_called_a_secret_is_one(text: str, redacted: str) -> None:
    assert Redaction().redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("**ann@example.org**, 'x@y.org'", "**[EMAIL_1]**, '[EMAIL_2]'"),
        ("ann@example.org1 a@b.org-x", "[EMAIL_1]1 [EMAIL_2]-x"),
        ("2026-11-26 030 901820", "2026-11-26 [PHONE_1]"),
        ("+49 170 1234567 12345678", "[PHONE_1] 12345678"),
        ("ab12 xyz DE89 3704 0044 0532 0130 00 z", "ab12 xyz [IBAN_1] z"),
        ("ZZ33 1234 5678 9012 345", "[IBAN_1]"),
        ("4111 1111 1111 1111 5555 5555 5555 4444", "[CARD_1]"),
        ("a@b.orgc@d.org", "[EMAIL_1][EMAIL_2]"),
    ],
)
def test_what_stands_beside_a_value_does_not_save_it(text: str, redacted: str) -> None:
    assert Redaction().redact(text) == redacted


SPACES = st.sampled_from([" ", "\u00a0", "\u2007", "\u2009", "\u202f", "\u3000"])
DIGITS = st.sampled_from([0x30, 0x660, 0x966, 0xFF10, 0x1D7CE])
UNSEEN = st.sampled_from(["", "", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0301"])


@given(
    st.sampled_from([(name, value) for name in ("CARD", "IBAN", "PHONE") for value in FOUND[name]]),
    st.data(),
)
def test_no_way_of_writing_a_number_hides_it(named: tuple[str, str], data: st.DataObject) -> None:
    name, value = named
    written = ""
    for at, letter in enumerate(value):
        if letter in "0123456789":
            letter = chr(data.draw(DIGITS) + int(letter))
        elif letter == " ":
            letter = data.draw(SPACES)
        written += letter + (data.draw(UNSEEN) if at < len(value) - 1 else "")
    redaction = Redaction()
    assert redaction.redact(f"call {written}, now") == f"call [{name}_1], now"
    assert redaction.originals == {f"[{name}_1]": written}


def test_the_same_value_has_the_same_placeholder_in_all_texts() -> None:
    redaction = Redaction()
    assert redaction.redact("a@b.org, c@d.org, a@b.org") == "[EMAIL_1], [EMAIL_2], [EMAIL_1]"
    assert redaction.redact("c@d.org") == "[EMAIL_2]"


def test_a_placeholder_that_a_text_holds_already_is_not_used() -> None:
    redaction = Redaction(["reply to [EMAIL_1]"])
    assert redaction.redact("a@b.org") == "[EMAIL_2]"


def test_a_placeholder_inside_a_secret_does_not_save_it() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIE [EMAIL_1] abc\n-----END PRIVATE KEY-----"
    redaction = Redaction([key])
    assert redaction.redact(key) == "[SECRET_1]"
    restorer = Restorer(redaction.originals)
    assert restorer.feed("[SECRET_1]") + restorer.finish() == key


def test_a_placeholder_is_not_redacted_again() -> None:
    redaction = Redaction()
    once = redaction.redact("secret: a@b.org +49 30 901820")
    assert redaction.redact(once) == once


@given(
    st.text(
        st.sampled_from("a1B2 @.-[]:_+()/=\"'EMAILü🎉\n\t&;nbsp\u2028\u200b\u00a0\uff20\u0308"),
        max_size=200,
    )
)
def test_restoring_undoes_redacting(text: str) -> None:
    redaction = Redaction([text])
    restorer = Restorer(redaction.originals)
    redacted = redaction.redact(text)
    restorer = Restorer(redaction.originals)
    assert restorer.feed(redacted) + restorer.finish() == text


ANSWER = "Dear [EMAIL_1], [x] [[EMAIL_1] [EMAIL_2] [EMAIL_] [NAME_1][IP_1"
RESTORED = "Dear a@b.org, [x] [a@b.org [EMAIL_2] [EMAIL_] [NAME_1][IP_1"


@given(st.sets(st.integers(0, len(ANSWER))))
def test_an_answer_is_restored_wherever_it_is_cut(cuts: set[int]) -> None:
    restorer = Restorer({"[EMAIL_1]": "a@b.org"})
    ends = [0, *sorted(cuts), len(ANSWER)]
    pieces = [restorer.feed(ANSWER[start:end]) for start, end in zip(ends, ends[1:])]
    assert "".join(pieces) + restorer.finish() == RESTORED


def test_text_without_a_placeholder_is_not_held_back() -> None:
    restorer = Restorer({})
    assert restorer.feed("plain ") == "plain "
    assert restorer.feed("[a very long bracket, longer than any placeholder") != ""


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "1 ",
            "0 ",
            "a@",
            "a1",
            ":",
            "1:",
            "DE12 ",
            "ab12 ",
            "ZZ11 1 ",
            "(1)",
            "1",
            "1" * 46 + " ",
            "a@b.cc",
        ),
        *(
            "-----BEGIN PRIVATE KEY-----",
            "token: ",
            '"',
            '"a@b.cc',
            '"\\',
            "\u0661\u00a0",
            "a\u200b",
        ),
        *("4111.", "4111 ", "12-12-2012 "),
    ],
)
def test_a_long_hostile_text_is_redacted_and_restored(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    redaction = Redaction()
    restorer_input = redaction.redact(text)
    restorer = Restorer(redaction.originals)
    assert restorer.feed(restorer_input) + restorer.finish() == text
