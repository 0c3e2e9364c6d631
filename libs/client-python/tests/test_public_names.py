"""The public names are pinned: adding or removing one is a decision."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import homomorphic_llm
import homomorphic_llm.hybrid
import homomorphic_llm.index
import interlock_he
import pytest

ERRORS = [
    "AnswerTooLargeError",
    "ApiError",
    "ClientError",
    "DecryptionError",
    "DisclosureRequiredError",
    "IndexReplacedError",
    "InvalidRequestError",
    "InvalidVectorError",
    "LedgerError",
    "LedgerFileError",
    "MatrixChangedError",
    "PrivacyBudgetError",
    "ProtocolError",
    "TimeoutExpiredError",
    "TransportError",
    "WireVersionError",
]
OTHERS = [
    "Account",
    "AsyncChat",
    "AsyncClient",
    "AsyncHttpTransport",
    "AsyncStream",
    "AsyncTransport",
    "Budget",
    "Chat",
    "Client",
    "FileLedger",
    "Health",
    "Hit",
    "HttpTransport",
    "Ledger",
    "MatrixInfo",
    "MemoryLedger",
    "Model",
    "Params",
    "Redaction",
    "Request",
    "Response",
    "Retrieval",
    "Retry",
    "SearchResult",
    "Shard",
    "Stream",
    "Transport",
]


def test_the_public_names_of_the_package() -> None:
    assert homomorphic_llm.__all__ == sorted(ERRORS + OTHERS)
    assert all(hasattr(homomorphic_llm, name) for name in homomorphic_llm.__all__)


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_a_client_error(name: str) -> None:
    assert issubclass(getattr(homomorphic_llm, name), homomorphic_llm.ClientError)


def test_the_tree_of_errors_in_the_documentation_is_the_real_one() -> None:
    documented = homomorphic_llm._exceptions.__doc__ or ""
    assert [name for name in ERRORS if name not in documented] == []


def test_everything_public_has_a_docstring() -> None:
    command = [sys.executable, "-m", "interrogate", "src"]
    finished = subprocess.run(
        command,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (finished.returncode, "actual: 100.0%" in finished.stdout) == (0, True), finished.stdout


def test_nothing_but_the_wheel_is_needed() -> None:
    folders = [Path(module.__file__ or "").parents[1] for module in (homomorphic_llm, interlock_he)]
    code = (
        "import homomorphic_llm.cli, homomorphic_llm.hybrid as h, homomorphic_llm.index as i\n"
        "i.build_index([i.Passage('a', 't', 'x')], i.vectors_of(i.hashed_words, ['x']), 'n')\n"
        "h.generate(b'a', 1, h.plain())\n"
    )
    finished = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("module", [homomorphic_llm.hybrid, homomorphic_llm.index])
def test_the_names_of_the_subpackages_exist(module: object) -> None:
    assert all(hasattr(module, name) for name in vars(module)["__all__"])
