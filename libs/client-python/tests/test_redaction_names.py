"""Secrets by the names before them: where a value ends, and what is code and stays."""

from __future__ import annotations

import pytest
from homomorphic_llm import Redaction
from homomorphic_llm._redaction import Restorer

FOUND = {
    '{"password": "correct horse battery"}': '{"password": "[SECRET_1]"}',
    '{"password": "a \\"b\\" c d", "x": 1}': '{"password": "[SECRET_1]", "x": 1}',
    r'"{\"password\": \"correct horse\", \"x\": 1}"': (
        r'"{\"password\": \"[SECRET_1]\", \"x\": 1}"'
    ),
    "password = 'my secret phrase'": "password = '[SECRET_1]'",
    "password = b'my [old] phrase'": "password = b'[SECRET_1]'",
    'password: str = "my phrase"': 'password: str = "[SECRET_1]"',
    "password: str = hunter22": "password: str = [SECRET_1]",
    'password = "open end': 'password = "[SECRET_1] end',
    "SECRET_KEY=abcd1": "SECRET_KEY=[SECRET_1]",
    "SECRET_KEY_BASE: abcd1": "SECRET_KEY_BASE: [SECRET_1]",
    '"private_key": "ab cd"': '"private_key": "[SECRET_1]"',
    "{secretKey: 'ab cd'}": "{secretKey: '[SECRET_1]'}",
    "aws_secret_access_key = abcd1": "aws_secret_access_key = [SECRET_1]",
    "DB_PASS=abcd1": "DB_PASS=[SECRET_1]",
    "run --pass=abcd1": "run --pass=[SECRET_1]",
    "MYSQL_PWD=abcd1": "MYSQL_PWD=[SECRET_1]",
    "pwd: abcd1": "pwd: [SECRET_1]",
    "Passwort: abcd1": "Passwort: [SECRET_1]",
    "Kennwort: abcd1": "Kennwort: [SECRET_1]",
    "passphrase: correct horse battery staple": "passphrase: [SECRET_1]",
    "Seed phrase: legal winner thank year\nnext": "Seed phrase: [SECRET_1]\nnext",
    '{"a": "passphrase: correct horse\\nnext"}': '{"a": "passphrase: [SECRET_1]\\nnext"}',
    '{"a": "passphrase: correct horse"}': '{"a": "passphrase: [SECRET_1]"}',
    "<password>my secret phrase</password>": "<password>[SECRET_1]</password>",
    '<db:Password type="x">\n  ab cd\n</db:Password>': (
        '<db:Password type="x">\n  [SECRET_1]\n</db:Password>'
    ),
    "**Password**: abcd1": "**Password**: [SECRET_1]",
    "**Password:** abcd1": "**Password:** [SECRET_1]",
    ':password => "my phrase"': ':password => "[SECRET_1]"',
    "`password`: `my phrase`": "`password`: `[SECRET_1]`",
    "connect(password=hunter22)": "connect(password=[SECRET_1])",
    "password: 1(b)cd(e)": "password: [SECRET_1]",
    "postgres://user:pa/ss@db/x": "postgres://user:[SECRET_1]@db/x",
    "postgres://user:pa@ss@db": "postgres://user:[SECRET_1]@db",
    "postgres://user:pa/s@s@db/x@y": "postgres://user:[SECRET_1]@db/x@y",
    "redis://:pass@db and c@d.org": "redis://:[SECRET_1]@db and [EMAIL_1]",
    "https://h/x?key=ab12cd34&q=1": "https://h/x?key=[SECRET_1]&q=1",
    "https://h/x?a=1&api_key=abcd&q=1": "https://h/x?a=1&api_key=[SECRET_1]&q=1",
    "https://h/x?access_token=abcd#y": "https://h/x?access_token=[SECRET_1]#y",
    "Cookie: csrf-token=abcd; sid=efgh": "Cookie: [SECRET_1]",
}
KEPT = [
    "def f(password: str, token: bytes)",
    "def f(password: string, token: Optional[str] = None) -> str:",
    "fn f(password: &str, token: String)",
    "token = get_token()",
    "token = await get_token(name)",
    "secret = os.environ.get('NAME')",
    "token = next_token(\n    text,\n)",
    "let key = SecretKey::generate();",
    "use crate::secret::Secret;",
    "const token = randomBytes(32).toString('hex')",
    "const privateKey = createPrivateKey({ key })",
    "const token = (await get(name)).token",
    'let token = format!("{name}");',
    "passphrase: str, token: bytes",
    "interface A { password: string; token?: string }",
    "PWD=/srv/ann and OLDPWD=/srv/bob",
    "pwd: ~/work",
    "bypass: twenty",
    "if password == other:",
    '<span class="token keyword">import</span>',
    "https://h/x?key=name&token",
    "http://h:8080/users/ann@home",
    "The password is asked twice.",
    "primary key: user_id",
]


@pytest.mark.parametrize(("text", "redacted"), FOUND.items())
@pytest.mark.parametrize("frame", ["{}", "see\n{}", "{}\nmore"])
def test_a_named_secret_is_found_to_its_end(text: str, redacted: str, frame: str) -> None:
    redaction = Redaction()
    assert redaction.redact(frame.format(text)) == frame.format(redacted)
    restorer = Restorer(redaction.originals)
    restored = restorer.feed(frame.format(redacted)) + restorer.finish()
    assert restored == frame.format(text)


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("frame", ["{}", "see {}", "{}\nmore"])
def test_code_and_what_only_sounds_alike_is_kept(text: str, frame: str) -> None:
    assert Redaction().redact(frame.format(text)) == frame.format(text)


@pytest.mark.parametrize("text", FOUND.values())
def test_a_placeholder_is_not_redacted_again(text: str) -> None:
    assert Redaction([text]).redact(text) == text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f'password = "{"abcd " * 800}"', 'password = "[SECRET_1] "'),
        (f'password = "{"abcd " * 900}"', f'password = "[SECRET_1] {"abcd " * 899}"'),
    ],
)
def test_a_quoted_value_has_a_bound(text: str, redacted: str) -> None:
    assert Redaction().redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("ISBN 978-3-16-148410-0", "ISBN [PHONE_1]"),
        ("CVE-2024-12345", "CVE-[PHONE_1]"),
        ("10 20 30 40 50", "[PHONE_1]"),
        ("123e4567-e89b-12d3-a456-426614174000", "[SECRET_1]"),
        ("9fceb02d0ae598e95dc970b74767f19372d61af8", "[SECRET_1]"),
        ("src/main/java/com/example/project2/Main.java", "[SECRET_1].java"),
        ("the token: tokenizer", "the token: [SECRET_1]"),
    ],
)
def test_what_the_documentation_says_is_taken_by_mistake_is_taken(text: str, redacted: str) -> None:
    """A rule that leaves one of these is welcome, and the documentation follows."""
    assert Redaction().redact(text) == redacted


@pytest.mark.parametrize("text", ["password: Horse(battery)", "?key=secretword", "password: abc"])
def test_what_the_documentation_says_is_missed_is_missed(text: str) -> None:
    """A rule that finds one of these is welcome, and the documentation follows."""
    assert Redaction().redact(text) == text
