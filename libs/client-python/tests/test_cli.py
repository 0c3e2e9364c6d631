"""The command ``hlp`` as a person and a script see it."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING

import homomorphic_llm
import pytest
from homomorphic_llm.cli._output import amount, counted, printable

from .conftest import handbook
from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command
    from .provider import Provider
    from .server import Server


def test_a_search_shows_passages_what_the_server_saw_and_the_time(hlp: Command) -> None:
    status, out, err = hlp(
        "search", "who remembers the lighthouses?", "--matrix", "handbook", "-k", "2"
    )
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith("Remembers Lighthouses [lighthouses-remembers]")
    assert lines[1].startswith("   This page remembers lighthouses")
    assert "ciphertext only (encrypted)" in lines[-2]
    assert lines[-1].startswith("time: embed ")


def test_a_search_as_json_has_the_same(hlp: Command, server: Server) -> None:
    found = hlp.json("search", "who remembers the lighthouses?", "--matrix", "handbook", "-k", "3")
    assert found["hits"][0]["passage"]["id"] == "lighthouses-remembers"
    assert len(found["hits"]) == 3
    client = homomorphic_llm.Client(server.url, token=TOKEN)
    scores, text = client.matrix("handbook"), client.matrix("handbook-text")
    assert found["server_saw"] == {
        "bytes_up": scores.request_bytes + 3 * text.request_bytes,
        "bytes_down": scores.response_bytes + 3 * text.response_bytes,
        "requests": 4,
        "privacy": "encrypted",
        "content": "ciphertext only",
        "shards": None,
    }
    assert set(found["seconds"]) == {"embed", "search", "fetch"}


def test_a_search_without_text_fetches_nothing(hlp: Command) -> None:
    found = hlp.json("search", "comets", "--matrix", "handbook", "--no-text", "-k", "1")
    assert found["hits"][0]["passage"] is None
    assert found["server_saw"]["requests"] == 1
    status, out, _ = hlp("search", "comets", "--matrix", "handbook", "--no-text", "-k", "1")
    assert (status, "row " in out) == (0, True)


def test_a_query_may_come_from_standard_input(
    hlp: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query = tmp_path / "query"
    query.write_text("who remembers the lighthouses?", encoding="utf-8")
    with query.open(encoding="utf-8") as opened:
        monkeypatch.setattr(sys, "stdin", opened)
        found = hlp.json("search", "-", "--matrix", "handbook", "-k", "1")
    assert found["hits"][0]["passage"]["id"] == "lighthouses-remembers"


def test_a_hinted_search_is_counted_in_the_ledger(hlp: Command) -> None:
    found = hlp.json("search", "comets", "--matrix", "sharded", "--hint-epsilon", "0.25")
    assert found["server_saw"]["privacy"] == "randomized;eps=0.25"
    assert found["server_saw"]["content"] == "ciphertext and shards"
    assert len(found["server_saw"]["shards"]) == 2
    counted = hlp.json("budget")
    assert counted["client"]["basic"] == 0.25
    assert counted["server"]["client"] == "ann"
    assert counted["server"]["basic"] >= 0.25


def test_a_hinted_search_says_which_shards_the_server_saw(hlp: Command) -> None:
    arguments = ["search", "comets", "--matrix", "sharded", "--hint-epsilon", "0.25"]
    status, out, _ = hlp(*arguments, "--chosen", "1")
    assert status == 0
    assert re.search(r"ciphertext and shards \(randomized;eps=0\.25, shards \d asked\)", out)


def test_a_hint_beyond_the_budget_is_refused(hlp: Command) -> None:
    arguments = ["search", "comets", "--matrix", "sharded", "--hint-epsilon", "1"]
    status, out, err = hlp(*arguments, "--epsilon-per-day", "0.5")
    assert (status, out) == (5, "")
    assert "hint: search in full" in err


def test_which_matrix_is_asked_when_there_are_several(hlp: Command) -> None:
    status, _, err = hlp("search", "comets")
    assert status == 2
    assert "the server has: handbook, routes, sharded" in err
    status, _, err = hlp("search", "comets", "--matrix", "handbook", "--text", "plain")
    assert (status, "no matrix of records plain" in err) == (2, True)
    status, _, err = hlp("search", "comets", "--matrix", "handbook", "--text", "absent")
    assert status == 2
    status, _, err = hlp("search", "comets", "--matrix", "routes", "--text", "handbook-text")
    assert (status, "has 50 records, routes has 3 rows" in err) == (2, True)


def test_a_matrix_that_does_not_exist_is_named_with_those_that_do(hlp: Command) -> None:
    status, _, err = hlp("search", "comets", "--matrix", "nope")
    assert status == 2
    assert "no matrix of scores is called nope: the server has: handbook, routes, sharded" in err


def test_a_chat_that_is_cut_is_an_error_on_a_line_of_its_own(hlp: Command) -> None:
    status, out, err = hlp("ask", "half", "--model", "cut", "--disclose")
    assert (status, out) == (6, "You wrote: half\n")
    assert err.startswith("hlp: ")


def test_a_provider_that_is_busy_without_a_code_is_to_be_asked_later(hlp: Command) -> None:
    status, _, err = hlp("ask", "hello", "--model", "slow", "--disclose")
    assert (status, "429 too_many_requests: slower" in err) == (3, True)


def test_a_query_without_end_is_refused(hlp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x" * (2**20 + 1)))
    status, _, err = hlp("search", "-")
    assert (status, "longer than" in err) == (2, True)


def test_a_query_of_another_embedding_is_refused(hlp: Command) -> None:
    status, _, err = hlp("search", "comets", "--matrix", "routes")
    assert (status, "takes 3" in err) == (2, True)


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


def test_a_chat_needs_consent(hlp: Command, provider: Provider) -> None:
    before = len(provider.bodies)
    status, out, err = hlp("ask", "hello", "--model", "echo")
    assert (status, out) == (5, "")
    assert "not encrypted" in err
    assert len(provider.bodies) == before


def test_a_chat_shows_the_answer_and_what_was_disclosed(hlp: Command) -> None:
    status, out, err = hlp("ask", "mail ann@example.org", "--model", "echo", "--disclose")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "You wrote: mail ann@example.org"
    assert "redacted: [EMAIL_1]" in out
    value = hlp.json("ask", "mail ann@example.org", "--model", "echo", "--disclose")
    assert value["text"] == "You wrote: mail ann@example.org"
    assert value["redacted"] == ["[EMAIL_1]"]


def test_without_redaction_nothing_is_hidden(hlp: Command, provider: Provider) -> None:
    arguments = ["ask", "mail ann@example.org", "--model", "echo", "--disclose", "--no-redact"]
    assert hlp.json(*arguments)["redacted"] == []
    assert provider.bodies[-1]["messages"][0]["content"] == "mail ann@example.org"


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


def test_a_search_without_an_embedding_says_what_to_name(offline: Command) -> None:
    status, _, err = offline("search", "comets")
    assert (status, "hint: name the function" in err) == (2, True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise RuntimeError('no weights')", "failed: RuntimeError: no weights"),
        ("return None", "made NoneType, not one vector for each text"),
        ("return [[1.0]] * 3", "made 3 vectors of 1 texts"),
        ("return ['ab']", "the vector of text 0 is no row of numbers but str"),
    ],
)
def test_an_embedding_that_fails_is_named_and_is_usage(
    offline: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, reason: str
) -> None:
    module = f"own_{abs(hash(body))}"
    (tmp_path / f"{module}.py").write_text(f"def made(texts):\n    {body}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    status, out, err = offline("search", "comets", "--embed", f"{module}:made")
    assert (status, out) == (2, "")
    assert f"{module}:made" in err
    assert reason in err
    assert "Traceback" not in err


@pytest.mark.parametrize("query", ["%", "&", "&&", "\u00a7 \u20ac", "\U0001f389"])
def test_a_query_of_signs_alone_is_searched(hlp: Command, query: str) -> None:
    found = hlp.json("search", query, "--matrix", "handbook", "-k", "1")
    assert len(found["hits"]) == 1


@pytest.mark.parametrize("query", ["", " ", "\u200b ?!…", "...", "-- ()"])
def test_a_query_without_content_is_usage_before_anything_is_asked(
    offline: Command, query: str
) -> None:
    status, out, err = offline("search", query, "--embed", "homomorphic_llm.index:hashed_words")
    assert (status, out) == (2, "")
    assert err == (
        "hlp: nothing to search for: the query is blank, or only punctuation\n\n"
        "hint: a query has a word, a number or a sign such as %\n"
    )


def test_bytes_that_are_no_text_are_usage(
    offline: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = ["--embed", "homomorphic_llm.index:hashed_words"]
    expected = (2, "", "hlp: the text is not UTF-8\n")
    assert offline("search", "comets \udcff", *embed) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), "utf-8"))
    assert offline("search", "-", *embed) == expected
    monkeypatch.setattr(sys, "stdin", None)
    assert offline("search", "-", *embed)[0] == 2


def test_a_query_that_shares_nothing_with_any_passage_says_so(hlp: Command) -> None:
    status, out, _ = hlp("search", "z", "--matrix", "handbook")
    assert status == 0
    assert "none of these passages has anything in common with the query" in out


@pytest.mark.parametrize(
    "arguments",
    [
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
    ],
)
def test_arguments_that_are_wrong_are_usage(offline: Command, arguments: list[str]) -> None:
    assert offline(*arguments)[0] == 2


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
