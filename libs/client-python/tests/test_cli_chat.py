"""``hlp ask``: a chat, which is disclosed on consent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm._manifest import Manifest
from homomorphic_llm._npy import matrix_bytes
from homomorphic_llm._writing import write_manifest

from .server import TOKEN, running

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command
    from .provider import Provider


def test_a_chat_that_is_cut_is_an_error_on_a_line_of_its_own(hlp: Command) -> None:
    status, out, err = hlp("ask", "half", "--model", "cut", "--disclose")
    assert (status, out) == (6, "You wrote: half\n")
    assert err.startswith("hlp: ")


@pytest.mark.parametrize("model", ["full", "full-whole"])
def test_an_answer_that_is_cut_at_its_length_says_so(hlp: Command, model: str) -> None:
    arguments = ["ask", "hello", "--model", model, "--disclose"]
    status, out, err = hlp(*arguments)
    assert (status, out.splitlines()[0]) == (0, "You wrote: hello")
    assert out.splitlines()[1].startswith("disclosed: ")
    assert err.startswith("hlp: warning: the answer is cut")
    assert "\n\nhint: ask for a shorter answer" in err
    status, out, err = hlp(*arguments, "--json")
    assert (status, json.loads(out)["finish_reason"]) == (0, "length")
    assert err.startswith("hlp: warning: the answer is cut")


def test_a_provider_that_is_busy_without_a_code_is_to_be_asked_later(hlp: Command) -> None:
    status, _, err = hlp("ask", "hello", "--model", "slow", "--disclose")
    assert (status, "429 too_many_requests: slower" in err) == (3, True)


def test_the_models_of_chats_are_shown_and_no_provider_is_asked(
    hlp: Command, provider: Provider
) -> None:
    before = len(provider.bodies)
    globs = "* (fake, any name of this form)\nclaude-* (other, any name of this form)\n"
    assert hlp("models") == (0, f"echo (fake)\n{globs}", "")
    assert hlp.json("models")["models"] == [
        {"name": "echo", "provider": "fake", "is_glob": False},
        {"name": "*", "provider": "fake", "is_glob": True},
        {"name": "claude-*", "provider": "other", "is_glob": True},
    ]
    assert len(provider.bodies) == before


def test_a_server_without_providers_says_so(
    offline: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    manifest = write_manifest(tmp_path, Manifest("m", "linear", 1), matrix_bytes([[1]], "|i1"))
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    with running(tmp_path, [manifest]) as server:
        assert offline("models", "--url", server.url) == (
            0,
            "the server has no provider of models\n",
            "",
        )


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


MESSAGES = ["--api", "messages", "--disclose"]


def test_a_chat_of_the_api_of_messages_is_redacted_and_restored(
    hlp: Command, provider: Provider
) -> None:
    words = ["ask", "mail ann@example.org", "--model", "claude-echo", *MESSAGES]
    status, out, err = hlp(*words)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "You wrote: mail ann@example.org"
    assert out.splitlines()[1].endswith("redacted: [EMAIL_1]")
    assert provider.bodies[-1]["messages"] == [{"role": "user", "content": "mail [EMAIL_1]"}]
    assert hlp.json(*words)["finish_reason"] == "end_turn"


@pytest.mark.parametrize("model", ["claude-echo", "claude-whole"])
def test_a_message_that_is_cut_at_its_length_says_so(
    hlp: Command, provider: Provider, model: str
) -> None:
    words = ["ask", "one two three", "--model", model, *MESSAGES, "--max-tokens", "3"]
    status, out, err = hlp(*words)
    assert (status, out.splitlines()[0]) == (0, "You wrote: one")
    assert err.startswith("hlp: warning: the answer is cut: it reached the length")
    assert "--max-tokens" in err
    assert provider.bodies[-1]["max_tokens"] == 3


def test_a_model_of_the_other_api_says_where_it_is(hlp: Command, provider: Provider) -> None:
    before = len(provider.bodies)
    status, _, err = hlp("ask", "hello", "--model", "echo", *MESSAGES)
    assert (status, "served at /v1/chat/completions" in err) == (2, True)
    assert err.endswith('\n\nhint: pass api="completions" (hlp ask: --api completions)\n')
    assert len(provider.bodies) == before
    assert hlp("ask", "x", "--model", "echo", "--api", "mail", "--disclose")[0] == 2
