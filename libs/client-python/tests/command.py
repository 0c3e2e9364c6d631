"""The command ``hlp`` for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from homomorphic_llm.cli import main

if TYPE_CHECKING:
    import pytest


class Command:
    """Runs ``hlp`` in this process, with an environment and a ledger of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def json(self, *arguments: str) -> dict[str, Any]:
        status, out, err = self(*arguments, "--json")
        assert (status, err) == (0, "")
        value: dict[str, Any] = json.loads(out)
        return value
