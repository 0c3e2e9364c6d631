"""The command ``hlp`` as a person and a script see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm.cli._output import amount, counted, printable

from .passages import handbook
from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command


def test_a_record_is_fetched(hlp: Command) -> None:
    status, out, _ = hlp("fetch", "handbook-text", "7")
    assert status == 0
    assert handbook()[7].text in out
    assert hlp.json("fetch", "handbook-text", "7")["passage"] == vars(handbook()[7])
    status, _, err = hlp("fetch", "handbook-text", "50")
    assert (status, "records 0 to 49" in err) == (2, True)


def test_a_record_that_is_no_passage_is_shown_as_base64(hlp: Command) -> None:
    assert hlp("fetch", "raw", "2") == (0, "/wD+\n", "")
    assert hlp.json("fetch", "raw", "2") == {"matrix": "raw", "index": 2, "base64": "/wD+"}


def test_parameters_and_matrices_are_shown(hlp: Command) -> None:
    status, out, _ = hlp("params")
    assert status == 0
    assert "scheme: bfv-coefficients\nwire: HLP1\n" in out
    assert "matrix sharded: scores, 50 x 384, 5 shards" in out
    assert len(hlp.json("params")["matrices"]) >= 10


def test_a_token_may_be_in_a_file_that_only_its_owner_reads(
    hlp: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HLP_TOKEN")
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    assert hlp("params", "--token-file", str(file))[0] == 0
    file.chmod(0o644)
    status, _, err = hlp("params", "--token-file", str(file))
    assert status == 0
    assert f"others may read {file}" in err
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    assert hlp("params", "--token-file", str(file))[0] == 2
    monkeypatch.delenv("HLP_TOKEN")
    file.write_text("x" * 10_000)
    assert hlp("params", "--token-file", str(file))[0] == 2
    assert hlp("params", "--token-file", str(tmp_path / "absent"))[0] == 6


def test_a_wrong_token_is_refused_and_not_shown(
    hlp: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HLP_TOKEN", "wrong-one")
    status, out, err = hlp("params", "--json")
    assert (status, out) == (5, "")
    assert json.loads(err)["error"]["code"] == "UNAUTHENTICATED"
    assert "wrong-one" not in err


def test_a_server_that_is_not_there_is_an_error_of_the_environment(offline: Command) -> None:
    status, out, err = offline("params", "--url", "http://127.0.0.1:9", "--timeout", "5")
    assert (status, out) == (6, "")
    assert err.startswith("hlp: GET /v1/params: ")


WRONG = [
    [],
    ["find"],
    ["search"],
    ["search", "x", "-k", "0"],
    ["search", "x", "-k", "two"],
    ["search", "x", "--hint-epsilon", "nan"],
    ["search", "x", "--token", "secret"],
    ["fetch", "m", "one"],
    ["ask", "x"],
    ["params", "--url", "ftp://x"],
    ["params", "--js"],
    ["params", "--timeout", "1e300"],
    ["params", "--max-time", "0"],
    ["search", ""],
    ["search", "  "],
    ["search", "\u200b ?!…"],
    ["search", "comets \udcff"],
    ["ask", "\udcff", "--model", "echo", "--disclose"],
]


@pytest.mark.parametrize("arguments", WRONG)
def test_arguments_that_are_wrong_are_usage(offline: Command, arguments: list[str]) -> None:
    assert offline(*arguments)[0] == 2


@pytest.mark.parametrize("arguments", WRONG)
def test_arguments_that_are_wrong_are_json_where_that_is_asked_for(
    offline: Command, arguments: list[str]
) -> None:
    status, out, err = offline(*arguments[:1], "--json", *arguments[1:])
    assert (status, out) == (2, "")
    error = json.loads(err)["error"]
    assert set(error) == {"code", "message", "hint"}
    assert error["message"]


def test_what_is_wrong_with_arguments_is_said_in_either_form(offline: Command) -> None:
    status, _, err = offline("search", "x", "-k", "two")
    assert (status, err.startswith("usage: hlp search ")) == (2, True)
    assert err.endswith("\nhlp search: error: argument -k: not a count: two\n")
    assert json.loads(offline("search", "x", "-k", "two", "--json")[2])["error"] == {
        "code": "UsageError",
        "message": "argument -k: not a count: two",
        "hint": "hlp search --help shows what it takes",
    }
    # Behind -- it is a text, not an option.
    assert offline("fetch", "m", "--", "--json")[2].startswith("usage: hlp fetch ")


def test_what_the_ledger_says_needs_no_server(offline: Command, tmp_path: Path) -> None:
    status, out, _ = offline("budget", "--local")
    assert status == 0
    assert "epsilon 0 of 12 spent on 0 hinted searches" in out
    assert "after the day of the clock" not in out
    file = tmp_path / "state" / "ledger.json"
    file.write_text('{"format": 1, "day": 99999, "epsilons": [1]}')
    _, out, _ = offline("budget", "--local")
    assert "spent on 1 hinted search (" in out
    assert "the ledger is of 2243-10-16, after the day of the clock" in out
    file.write_text("{")
    status, _, err = offline("budget", "--local")
    assert (status, "cannot be read" in err) == (6, True)


def test_control_characters_of_others_are_not_sent_to_the_terminal() -> None:
    assert printable("a\x1b[31mb\nü🎉\x9b\t") == "a\\x1b[31mb\nü🎉\\x9b\t"
    assert printable("\u202e\udcff\U000e0001") == "\\u202e\\udcff\\U000e0001"
    assert printable("1\u00a0000 👩\u200d💻") == "1\u00a0000 👩\u200d💻"


def test_amounts_are_for_people() -> None:
    assert [amount(count) for count in (0, 1023, 2048, 3 << 20)] == [
        "0 B",
        "1023 B",
        "2.0 KiB",
        "3.0 MiB",
    ]


def test_counts_have_their_plural() -> None:
    assert counted(1, "shard") == "1 shard"
    assert [counted(count, "search", "searches") for count in (0, 1)] == ["0 searches", "1 search"]
