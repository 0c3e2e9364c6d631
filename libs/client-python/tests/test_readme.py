"""The README: its examples run as written, and its tables name what exists."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import homomorphic_llm
from homomorphic_llm import AsyncClient, Client
from homomorphic_llm.cli import main

from .passages import handbook
from .server import TOKEN

if TYPE_CHECKING:
    import pytest

    from .server import Server

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PACKAGE = Path(homomorphic_llm.__file__).parent
LOCAL = "http://127.0.0.1:8080"


def fences(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_examples_in_python_run_one_after_the_other(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = fences("python")
    assert len(examples) == 5
    names = {"token": TOKEN}
    for example in examples:
        assert LOCAL in example
        exec(compile(example.replace(LOCAL, server.url), "README.md", "exec"), names)  # noqa: S102
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("Remembers Lighthouses")
    assert lines[3].endswith(", 1)")
    assert lines[4] == 2 * "You wrote: Write a line to ann@example.org"


def test_the_commands_run_one_after_the_other(
    server: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HLP_URL", server.url)
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    monkeypatch.setenv("HLP_LEDGER", str(tmp_path / "ledger.json"))
    lines = [json.dumps(vars(passage)) for passage in handbook()]
    Path("passages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    commands = [shlex.split(line) for fence in fences("sh") for line in fence.splitlines()]
    verbs = [command[1] for command in commands]
    assert verbs == ["index", "search", "fetch", "ask", "models", "params", "budget"]
    for program, *arguments in commands:
        assert (program, main(arguments)) == ("hlp", 0)
    assert "Remembers Lighthouses" in capsys.readouterr().out
    assert Path("matrices/handbook.json").is_file()


def test_the_tables_name_all_verbs_and_all_errors() -> None:
    rows = "".join(line for line in README.splitlines(True) if line.startswith("|"))
    verbs = set(re.findall(r"`(\w+)\(", rows))
    assert verbs == {name for name in vars(Client) if name[0] != "_"} - {"close"}
    assert verbs == {name for name in vars(AsyncClient) if name[0] != "_"} - {"close"}
    variables = set(re.findall(r"`(HLP_\w+)`", rows))
    sources = "".join(path.read_text("utf-8") for path in (PACKAGE / "cli").glob("*.py"))
    assert variables == set(re.findall(r"\"(HLP_\w+)\"", sources))
    errors = {name for name in homomorphic_llm.__all__ if name.endswith("Error")}
    assert set(re.findall(r"`(\w+Error)`", rows)) == errors
