"""Numbers beside numbers, over tabs and lines, and joined by whatever people type."""

from __future__ import annotations

import time

import pytest
from homomorphic_llm import Redaction

FOUND = {
    "CARD": [
        "4111\t1111\t1111\t1111",
        "4111 1111\n1111 1111",
        "4111 1111 1111\r\n    1111",
        "3782 822463\n10005",
        "4111_1111_1111_1111",
        "4111,1111,1111,1111",
        "4111\u00b71111\u00b71111\u00b71111",
        "4111 \u2014 1111 \u2014 1111 \u2014 1111",
        "3782.822463.10005",
        "4111, 1111, 1111, 1111",
        "3782, 822463, 10005",
        "4111 \u2022 1111 \u2022 1111 \u2022 1111",
        "4111 | 1111 | 1111 | 1111",
        "4111\u28001111\u31641111\u28001111",
        "4111&nbsp;1111&#160;1111&#xA0;1111",
    ],
    "IBAN": [
        "DE89\t3704\t0044\t0532\t0130\t00",
        "DE89 3704 0044\n0532 0130 00",
        "DE89  3704  0044  0532  0130  00",
        "DE89/3704/0044/0532/0130/00",
        "DE89,3704,0044,0532,0130,00",
        "DE89, 3704, 0044, 0532, 0130, 00",
        "DE89\u20143704\u20140044\u20140532\u20140130\u201400",
        "DE89 \u2022 3704 \u2022 0044 \u2022 0532 \u2022 0130 \u2022 00",
        "DE89\u00b73704\u00b70044\u00b70532\u00b70130\u00b700",
        "DE89_3704_0044_0532_0130_00",
        "DE89&nbsp;3704&nbsp;0044&nbsp;0532&nbsp;0130&nbsp;00",
    ],
    "PHONE": [
        "+49\t170\t1234567",
        "+41\t79\t123\t45\t67",
        "+41\n79\n123\n45\n67",
        "079\t123\t45\t67",
        "+1\t555\t123\t4567",
        "030\t901820",
        "+49 170\n1234567",
        "+49 170\u20281234567",
        "(+49) 170 1234567",
        "(030)901820",
        "+1(555)123-4567",
        "030  901820",
        "+49\u00b7170\u00b71234567",
        "030 \u2014 901820",
        "03\u30fc1234\u30fc5678",
        "+49&nbsp;170&nbsp;1234567",
    ],
    "EMAIL": ["ann%40example.org"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in FOUND.items() for value in values]
)
@pytest.mark.parametrize("frame", ["{}", "See {}.", "a ({}), b", "x\t{}\ty", "x: {}\n12 y"])
def test_what_has_a_form_is_replaced(name: str, value: str, frame: str) -> None:
    redaction = Redaction()
    assert redaction.redact(frame.format(value)) == frame.format(f"[{name}_1]")
    assert redaction.originals == {f"[{name}_1]": value}


BESIDE = {
    "12345678 030 901820": "12345678 [PHONE_1]",
    "030 901820 12345678901": "[PHONE_1] 12345678901",
    "order 1234567890123456 030 901820": "order 1234567890123456 [PHONE_1]",
    "12345678 555-123-4567": "12345678 [PHONE_1]",
    "555-123-4567 555-123-4569 555-123-4570": "[PHONE_1] [PHONE_2] [PHONE_3]",
    "q=ann%40example.org&x=%2Fbob%40example.org": "q=[EMAIL_1]&x=%2F[EMAIL_2]",
    "555-123-4567   1234567   12": "[PHONE_1]   1234567   12",
    "030 901820 / 030 901821": "[PHONE_1]",
    "086338270  247  67520 11646769": "[PHONE_1]  [PHONE_2]",
    "12 34 56 78 90 12 (030) 901820": "[PHONE_1] [PHONE_2]",
    "030 901820 030 901821 030 901822": "[PHONE_1]",
    "10 20 30 40 50 60 70 90 (030) 901820": "10 20 30 40 50 60 70 90 [PHONE_1]",
    "4111 1111 1111 1111 030 901820": "[CARD_1] [PHONE_1]",
    "030 901820 2026-11-26": "[PHONE_1] 2026-11-26",
    "2026-11-26\t030 901820\t2026-11-27": "2026-11-26\t[PHONE_1]\t2026-11-27",
    "12345\t030 901820\t12345": "12345\t[PHONE_1]\t12345",
    "030 901820\n030 901821\n12 apples": "[PHONE_1]\n[PHONE_2]\n12 apples",
    "+49 170 1234567\n12 apples": "[PHONE_1]\n12 apples",
    "Tel. 030\n901820": "Tel. [PHONE_1]",
    "+49\n170 1234567": "[PHONE_1]",
    "+41791234567\t45\t67": "[PHONE_1]\t45\t67",
    "100\t079\t123\t45\t67\t12": "100\t[PHONE_1]\t12",
    "+41 79 123\t45\t67": "[PHONE_1]\t45\t67",
    "+41\t79\t1234567\t2026\t12": "[PHONE_1]\t2026\t12",
    "Tel.030/901820": "Tel.[PHONE_1]",
    "Tel+49 170 1234567": "Tel[PHONE_1]",
    "030-901820x12": "[PHONE_1]x12",
    "030-901820ext12": "[PHONE_1]ext12",
    "Nr.4111111111111111": "Nr.[CARD_1]",
    "ann\t+49 170 1234567\t4111 1111 1111 1111": "ann\t[PHONE_1]\t[CARD_1]",
    "postgres://ann:p4ss@db:5432/x": "postgres://ann:[SECRET_1]@db:5432/x",
    "Authorization: Basic dXNlcjpwYXNz": "Authorization: Basic [SECRET_1]",
    "4111, 1111, 1111, 1111, 123": "[CARD_1], 123",
    "authorization: bearer abcdefghijklmnop": "authorization: bearer [SECRET_1]",
}


@pytest.mark.parametrize(("text", "redacted"), BESIDE.items())
def test_what_stands_beside_a_number_does_not_save_it(text: str, redacted: str) -> None:
    assert Redaction().redact(text) == redacted


KEPT = [
    "1990-1995 and 2020/2021",
    "2026-11-26 2026-12-01 2026-12-02",
    "26.11.26 27.11.26 28.11.26",
    "11/26/26 11/27/26",
    "2026-11-26-1234",
    "3.13.0 3.12.11 3.11.9 3.10.14",
    "3.13.0\n3.12.11\n3.11.9",
    "0.1234567",
    "0.5 -0.25 0.125 12.5",
    "0.5\t0.25\t0.125\t12.5",
    "12.345.678 90.123.456 1.234.567",
    "1024\t2048\t4096",
    "1024\n2048\n4096",
    "00012\n00013\n00014",
    "2019\t2020\t2021\t2022\t2023",
    "12345\t67890\t13579",
    "044\n668\n181\n002\n013",
    "0 1 1 2 3 5 8 13 21 34 55 89",
    "0x1234567 and 1920x1080",
    "100 Main Street\n12345 City",
    "Basic understanding of it",
    "the token bearer of that time",
    "http://h:80/a and http://h/@b",
    "100%40",
    "text=by%20%40ann.example",
    "1757, 1807, 6158, 8204",
    "4111, 1111, 1111, 1111, 2222",
    "2222, 4111, 1111, 1111, 1111",
    "2048\u00b7724\u00b2 and 2048 \u00b7 7242",
    "1   127   1270",
    "37.857713 -122.544543",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_similar_is_kept(text: str) -> None:
    assert Redaction().redact(text) == text


@pytest.mark.parametrize("text", ["044\n668\n18\n00", "phone:\n079\n123\n45\n67", "079\n1234567"])
def test_what_the_documentation_says_is_missed_is_missed(text: str) -> None:
    """A column of numbers looks alike. A rule that finds one is welcome, and the text follows."""
    assert Redaction().redact(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        *("1\t", "0\n", "+1\n", "1\r\n", "1 \n ", "030 ", "0170\n", "0.5 ", "1.1.1 ", "01."),
        *("(0)", "(+1)", "(1", "+(", "a+1", "1x1 ", "1\u30fc", "1 - ", "12-12-12 ", "1990-1995 "),
        *("555-123-4567 ", "0" * 15 + " ", "1" * 16 + " ", "4111\n", "4111\t", "4111_", "DE12\t1"),
        *("://", "://a:", "%40", "&nbsp;1", "1, ", "+1, ", "DE12, ", "DE12\u2014", "4111, "),
        *("authorization:", "authorization: basic ", 'authorization"', "authorization: 1"),
        *("a1.", "card4111 ", "tel_0", "Tel+1", "ab_", "DE12a", "IBANDE12", "_0", r"\n1", "1Fax"),
        *("%2B1", r"\u00a01", "a" * 40 + "1 ", "card" + "4111" * 5 + "x", "(1)a(1)"),
        *("-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----a"),
        *("-----BEGIN PRIVATE KEY-----\n-----", "-----BEGIN "),
        *("cookie:", "cookie: a", "cookie: a=b; ", "bearer ", "x-api-key: ", "token:\\"),
        *('token: "', "token: '", "token:`", 'token="\\', "token: str=", "token: a(", "token: a("),
        *("<token>", "<token", "<token ", "passphrase: ", "passphrase:a ", "secret_key_", "pwd"),
        *("?token=a", "?key=", "&key=1", "://a:b", "://a:/", "://a:b@", "://a:@", "@"),
        *("token: a.", "token: await ", "token: a::a", "token: (", "token: aaaaa)"),
    ],
)
def test_the_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def taken(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        Redaction().redact(text)
        return time.process_time() - start

    # A square would be sixty-four times as long; a clock that is coarse counts as a hundredth.
    limit = 24 * max(0.01, min(taken(5_000) for _ in range(3)))
    assert any(taken(40_000) < limit for _ in range(3))
