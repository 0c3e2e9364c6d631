"""The command ``hlp`` as a process of its own: its pipes and its signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .raw_server import hang, serving
from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from .server import Server


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


#: A colour, a control character of eight bits, a text that would run from right to left.
CONTROLS = "a\x1b[31mb \x9b2J \u202ec ü🎉"
SHOWN = r"a\x1b[31mb \x9b2J \u202ec ü🎉"


def asked(
    server: Server, ledger: Path, *options: str, stdout: int, encoding: str = "utf-8"
) -> None:
    """Ask the provider to say those characters."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONIOENCODING": encoding,
        "HLP_LEDGER": str(ledger),
        "HLP_URL": server.url,
        "HLP_TOKEN": TOKEN,
    }
    words = ["ask", CONTROLS, "--model", "echo", "--disclose", *options]
    command = [sys.executable, "-m", "homomorphic_llm", *words]
    subprocess.run(command, env=environment, stdout=stdout, check=True, timeout=60)


def through_a_pipe(server: Server, ledger: Path, *options: str, encoding: str = "utf-8") -> str:
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding=encoding, newline="") as answer:
        asked(server, ledger, *options, stdout=writer, encoding=encoding)
        os.close(writer)
        return answer.read()


def through_a_terminal(server: Server, ledger: Path, *options: str) -> str:
    import pty

    reader, writer = pty.openpty()
    asked(server, ledger, *options, stdout=writer)
    os.close(writer)
    said = b""
    # Linux tells the end by an error, others by nothing.
    with os.fdopen(reader, "rb", buffering=0) as answer, suppress(OSError):
        while piece := answer.read(4096):
            said += piece
    return said.decode("utf-8").replace("\r\n", "\n")


def test_a_pipe_gets_the_answer_as_it_is(server: Server, tmp_path: Path) -> None:
    said = through_a_pipe(server, tmp_path / "ledger")
    assert said.startswith(f"You wrote: {CONTROLS}\ndisclosed: ")
    value = json.loads(through_a_pipe(server, tmp_path / "ledger", "--json"))
    assert value["text"] == f"You wrote: {CONTROLS}"


def test_what_the_encoding_of_the_output_lacks_is_an_escape_and_no_error(
    server: Server, tmp_path: Path
) -> None:
    said = through_a_pipe(server, tmp_path / "ledger", encoding="ascii")
    assert said.startswith("You wrote: a\x1b[31mb \\x9b2J \\u202ec \\xfc\\U0001f389")
    value = json.loads(through_a_pipe(server, tmp_path / "ledger", "--json", encoding="ascii"))
    assert value["text"] == f"You wrote: {CONTROLS}"


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_is_shown_control_characters_and_does_not_obey_them(
    server: Server, tmp_path: Path
) -> None:
    said = through_a_terminal(server, tmp_path / "ledger")
    assert said.startswith(f"You wrote: {SHOWN}\ndisclosed: ")
    text = through_a_terminal(server, tmp_path / "ledger", "--json")
    assert not [letter for letter in CONTROLS if letter in text and not letter.isprintable()]
    assert "ü🎉" in text
    assert json.loads(text)["text"] == f"You wrote: {CONTROLS}"
