"""Credentials, cookies and keys are taken out of a text however they are written."""

from __future__ import annotations

import pytest
from homomorphic_llm import Redaction

BEGIN, END = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"
HEADERS = [
    "{}: Basic dXNlcjpwYXNz",
    "{}:Basic dXNlcjpwYXNz",
    "{}: basic  dXNlcjpwYXNz",
    "{}:\tBEARER abcd:ef",
    "{}: token abcd1234",
    "{}: 2f9d-11aa-x7-yyyyyyyyyyyyy",
    '"{}": "Basic dXNlcjpwYXNz"',
    "'{}' => 'Bearer abcd'",
    '("{}", "Bearer abcd")',
    '{{\\"{}\\":\\"Basic dXNlcjpwYXNz\\"}}',
    "> [HTTP/2] [1] [{}: Basic dXNlcjpwYXNz]",
    "curl -H '{}: Bearer abcd' http://h",
]
NAMES = ["Authorization", "authorization", "AUTHORIZATION", "Proxy-Authorization"]
COOKIES = [
    "{}: [SECRET_1]\nnext: 1",
    "{}:[SECRET_1]",
    '"{}": "[SECRET_1]", "x": 1',
    '[\\"{}\\", \\"[SECRET_1]\\"]',
    "[{}: [SECRET_1]]",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("header", HEADERS)
def test_credentials_of_a_header_are_secret_however_it_is_written(header: str, name: str) -> None:
    redaction = Redaction()
    text = header.format(name)
    redacted = redaction.redact(text)
    [secret] = redaction.originals.values()
    assert redacted == text.replace(secret, "[SECRET_1]")
    assert secret in ("dXNlcjpwYXNz", "abcd", "abcd:ef", "abcd1234", HEADERS[5][4:])


@pytest.mark.parametrize("name", ["Cookie", "cookie", "Set-Cookie"])
@pytest.mark.parametrize("value", ["a=b", "a=b; sid=a1%2F=; _c=sk-abcdefghijklmnop1234;d=e"])
@pytest.mark.parametrize("header", COOKIES)
def test_all_cookies_of_a_header_are_one_secret(header: str, name: str, value: str) -> None:
    redaction = Redaction()
    redacted = header.format(name)
    assert redaction.redact(redacted.replace("[SECRET_1]", value)) == redacted
    assert redaction.originals == {"[SECRET_1]": value}


@pytest.mark.parametrize("name", ["X-Api-Key", "x-api-key", "Private-Token"])
@pytest.mark.parametrize("header", COOKIES)
def test_a_key_of_a_header_is_secret_however_it_is_written(header: str, name: str) -> None:
    redacted = header.format(name)
    assert Redaction().redact(redacted.replace("[SECRET_1]", "ab\\cd")) == redacted


def test_a_key_behind_a_name_is_secret_to_its_end() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----"
    assert Redaction().redact(f"secret: {key}") == "secret: [SECRET_1]"
    assert Redaction().redact(f'"Private-Token": "{key}"') == '"Private-Token": "[SECRET_1]"'


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"{BEGIN}\nMIIE", "[SECRET_1]"),
        (f"{BEGIN}MIIE{BEGIN}MIIF{END}", "[SECRET_1][SECRET_2]"),
        (BEGIN * 3, "[SECRET_1][SECRET_1][SECRET_1]"),
        (f"{BEGIN}\n-----\nMIIE\n{END} x", "[SECRET_1] x"),
        (f"{BEGIN}MIIE-----BEGIN CERTIFICATE-----", "[SECRET_1]-----BEGIN CERTIFICATE-----"),
        (f"{BEGIN}{'ab ' * 7000}", f"{BEGIN}{'ab ' * 7000}"),
    ],
)
def test_a_key_ends_at_the_next_marker_so_that_none_is_read_for_another(
    text: str, redacted: str
) -> None:
    assert Redaction().redact(text) == redacted
