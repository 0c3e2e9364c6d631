"""The command ``hlp`` as a process of its own: its pipes and its signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from .raw_server import hang, serving

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_a_module_too() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "homomorphic_llm", "--version"]
    finished = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert (finished.returncode, finished.stdout[:4]) == (0, "hlp ")


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
def test_who_reads_only_the_first_line_is_no_error(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HLP_LEDGER": str(tmp_path / "ledger.json"),
    }
    command = [sys.executable, "-m", "homomorphic_llm", "budget", "--local"]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        finished = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, env=environment, check=False, timeout=60
        )
    assert (finished.returncode, finished.stderr) == (0, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    with serving(hang()) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HLP_LEDGER": str(tmp_path / "ledger.json"),
        }
        # A shell that runs the tests in the background lets its children ignore the signal.
        code = (
            "import signal, sys\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from homomorphic_llm.cli import main\n"
            "sys.exit(main(['params', '--url', sys.argv[1]]))\n"
        )
        command = [sys.executable, "-c", code, server.url]
        with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
            while not server.requests:
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"")
