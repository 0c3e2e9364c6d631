"""Numbers that touch letters: which are found, and which identifiers stay as they are."""

from __future__ import annotations

import pytest
from homomorphic_llm import Redaction
from homomorphic_llm._redaction import Restorer
from hypothesis import given
from hypothesis import strategies as st

FOUND = {
    "Tel0791234567": "Tel[PHONE_1]",
    "tel_0791234567": "tel_[PHONE_1]",
    "TEL079 123 45 67 Bern": "TEL[PHONE_1] Bern",
    "Tel(030)901820": "Tel[PHONE_1]",
    "fax030/901820": "fax[PHONE_1]",
    "T\u00e9l0791234567": "T\u00e9l[PHONE_1]",
    "userPhone0791234567": "userPhone[PHONE_1]",
    "phone_number_0791234567": "phone_number_[PHONE_1]",
    "PHONE_NR0791234567": "PHONE_NR[PHONE_1]",
    "Mobile555-123-4567": "Mobile[PHONE_1]",
    "Tel0041791234567": "Tel[PHONE_1]",
    "x_+41791234567": "x_[PHONE_1]",
    "Tel0791234567Anna": "Tel[PHONE_1]Anna",
    "Tel.: 0791234567Anna": "Tel.: [PHONE_1]Anna",
    "079 123 45 67E-Mail: ann@example.org": "[PHONE_1]E-Mail: [EMAIL_1]",
    "0791234567Fax 0791234568": "[PHONE_1]Fax [PHONE_2]",
    "+41 79 123 45 67Anna": "[PHONE_1]Anna",
    "+41791234567_home": "[PHONE_1]_home",
    r"a\n0791234567\nb": r"a\n[PHONE_1]\nb",
    r'{"t": "a\t+41 79 123 45 67\r\n030 901820"}': r'{"t": "a\t[PHONE_1]\r\n[PHONE_2]"}',
    r"030\u00a0901\u2011820": "[PHONE_1]",
    "tel=%2B41791234567&x": "tel=[PHONE_1]&x",
    "card4111111111111111": "card[CARD_1]",
    "card_4111 1111 1111 1111": "card_[CARD_1]",
    "Visa4111-1111-1111-1111": "Visa[CARD_1]",
    "card4111.1111.1111.1111": "card[CARD_1]",
    "card4111\t1111\t1111\t1111": "card[CARD_1]",
    "amex378282246310005": "amex[CARD_1]",
    "order_id_4111111111111111": "order_id_[CARD_1]",
    "4111111111111111exp 12/27": "[CARD_1]exp 12/27",
    "card4111 1111 1111 1111 12": "card[CARD_1] 12",
    r"a\n4111111111111111\n": r"a\n[CARD_1]\n",
    r"\n4111, 1111, 1111, 1111": r"\n[CARD_1]",
    "IBANCH9300762011623852957": "IBAN[IBAN_1]",
    "IBAN_DE89370400440532013000": "IBAN_[IBAN_1]",
    "iban_de89370400440532013000": "iban_[IBAN_1]",
    "KontoDE89 3704 0044 0532 0130 00": "Konto[IBAN_1]",
    "DE89370400440532013000BIC": "[IBAN_1]BIC",
    "IBANGB29NWBK60161331926819": "IBAN[IBAN_1]",
    r"a\nDE89370400440532013000": r"a\n[IBAN_1]",
    "ip192.168.0.1": "ip[IP_1]",
    "IP_10.0.0.1": "IP_[IP_1]",
    r"a\n10.0.0.1\n": r"a\n[IP_1]\n",
    r"a\n2001:db8::8a2e:370:7334": r"a\n[IP_1]",
    r"a\nAKIAIOSFODNN7EXAMPLE\n": r"a\n[SECRET_1]\n",
}
KEPT = [
    *("int64_1234567890", "uint64_4111111111111111", "x1234567", "0x0791234567", "1e0791234567"),
    *("user_1234567890123456", "task_4111111111111112", "1234567890123452L", "4111111111111112px"),
    *("hotel0791234567", "T0791234567", "ticket0791234567", "a0791234567b", "0791234567abc"),
    *("img_0001234567.jpg", "IMG_20261126_101112", "DSC_0012345", "frame000012345"),
    *("fax_0001234567", "cell_0012345", "mobile_2026-11-26", "+1000000USD", "+1234567px"),
    *("4f2a9c1d7e0791234567", "deadbeef0791234567", "commit 9fceb02d0ae598e95dc970b7"),
    *("v20261126", "v1.0123456789", "v1.2.3.4", "1.2.3.4rc1", "tel1.0123456789", "ab12cd34"),
    *("ISBN9783161484100", "EAN4006381333931", "GTIN04006381333931", "id_00000000012345"),
    *("dGVsMDc5MTIzNDU2Nw==", "QUJD4111111111111112ZGVm", "Zm9v+12345678abc"),
    *("0123456789abcdefghij", "sha256_0791234", "node18_0791234567", "x_1_0791234567"),
    *("PARTDE89370400440532013001", "xde89370400440532013000", "LOTAB12345678901234567890"),
    *(r"C:\new1\temp2", r"\d{3}\n12", "3.13.0rc2 3.12.11", "std::array<int32_t, 1234567>"),
    *("f1234567(12345)", "%2B and 100%2Bx"),
]


@pytest.mark.parametrize(("text", "redacted"), FOUND.items())
@pytest.mark.parametrize("frame", ["{}", "see {}", "({})", "{}\nmore"])
def test_a_number_that_touches_a_word_is_found(text: str, redacted: str, frame: str) -> None:
    redaction = Redaction()
    assert redaction.redact(frame.format(text)) == frame.format(redacted)
    restorer = Restorer(redaction.originals)
    restored = restorer.feed(frame.format(redacted)) + restorer.finish()
    assert restored == frame.format(text)


PARTS = [
    *("Tel", "tel_", "E-Mail", "card", "IBAN", "ip", "x", "_", "1", "-", ".", "(", ")", " ", "\n"),
    *(r"\n", r"\u00a0", r"\u2011", "%2B", "&nbsp;", "+41", "0791234567", "4111111111111111"),
    *("DE89370400440532013000", "10.0.0.1", "-----BEGIN PRIVATE KEY-----", "a@b.org", "[PHONE_1]"),
]


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_restoring_undoes_redacting_whatever_touches_what(text: str) -> None:
    redaction = Redaction([text])
    redacted = redaction.redact(text)
    restorer = Restorer(redaction.originals)
    assert restorer.feed(redacted) + restorer.finish() == text


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("frame", ["{}", "see {}", "`{}`", "{}\nmore"])
def test_what_is_part_of_an_identifier_a_digest_or_a_version_is_kept(text: str, frame: str) -> None:
    assert Redaction().redact(frame.format(text)) == frame.format(text)


@pytest.mark.parametrize(
    "text",
    [
        "123e4567-e89b-12d3-a456-426614174000",
        "0123456789abcdef0791234567890791234567ff",
        "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    ],
)
def test_a_long_digest_is_one_secret_and_never_cut_into_numbers(text: str) -> None:
    assert Redaction().redact(text) == "[SECRET_1]"


@pytest.mark.parametrize(
    "text",
    [
        *("hotel0791234567", "0791234567abc", "Tel791234567", "node1_4111111111111111"),
        *("ibanXX00 not one", "konto_de89370400440532013000", "v10.0.0.1", "10.0.0.1abc"),
    ],
)
def test_what_the_documentation_says_is_missed_is_missed(text: str) -> None:
    """A rule that finds one of these is welcome, and the documentation follows."""
    assert Redaction().redact(text) == text
