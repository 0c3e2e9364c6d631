"""The files that ``hlp`` is told to read: which it takes, and what it says of the others."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm import _locked_file
from homomorphic_llm._locked_file import locked
from homomorphic_llm.cli._connect import token_for
from homomorphic_llm.cli._output import complain, print_warning

from .raw_server import answer, serving

if TYPE_CHECKING:
    from .command import Command

POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")


@pytest.mark.parametrize("path", ["/", "."])
def test_a_folder_is_no_token_and_no_mode_is_recommended_for_it(
    offline: Command, path: str
) -> None:
    status, out, err = offline("params", "--token-file", path)
    assert (status, out, err) == (
        2,
        "",
        f"hlp: {path} holds no token: it is a folder, not a file\n",
    )


def test_a_byte_order_mark_before_a_token_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xef\xbb\xbfabc\r\n")
    file.chmod(0o600)
    assert token_for(str(file), {}) == "abc"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_token_in_utf_16_is_an_error_that_says_so(
    offline: Command, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "token"
    file.write_bytes("\ufeffabc".encode(encoding))
    file.chmod(0o600)
    assert offline("params", "--token-file", str(file)) == (
        2,
        "",
        f"hlp: {file} holds no token: it begins with a byte order mark of UTF-16\n\n"
        "hint: save it as UTF-8 or ASCII\n",
    )


@POSIX
@pytest.mark.parametrize("option", ["--token-file", "--ca"])
def test_a_pipe_is_refused_and_nothing_waits_for_it(
    offline: Command, tmp_path: Path, option: str
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    status, _, err = offline("params", option, str(pipe))
    assert (status, f"{pipe} holds no" in err, "chmod" in err) == (2, True, False)


@POSIX
@pytest.mark.parametrize("arguments", [["budget", "--local"], ["budget", "--local", "--json"]])
def test_a_device_is_no_ledger(offline: Command, tmp_path: Path, arguments: list[str]) -> None:
    link = tmp_path / "ledger"
    link.symlink_to(os.devnull)
    status, _, err = offline(*arguments, "--ledger", str(link))
    assert status == 6
    assert "cannot be used: it is no regular file" in err


@pytest.mark.parametrize("wait", [["--timeout", "0.1"], ["--max-time", "0.1"]])
def test_a_lock_of_the_ledger_is_waited_for_as_long_as_the_verb_waits(
    offline: Command, tmp_path: Path, wait: list[str]
) -> None:
    file = tmp_path / "ledger"
    start = time.monotonic()
    with locked(file):
        status, out, err = offline("budget", "--local", "--ledger", str(file), *wait)
    assert time.monotonic() - start < 20
    assert (status, out) == (6, "")
    said = f"another process holds {file}.lock, after 0.1 s still\n\nhint: try again"
    assert f"the ledger {file} cannot be used: {said}" in err


def test_a_lock_of_an_index_is_waited_for_no_longer_than_any_answer(
    offline: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _locked_file._WAIT_SECONDS == 30
    monkeypatch.setattr(_locked_file, "_WAIT_SECONDS", 0.1)
    file = tmp_path / "passages.jsonl"
    file.write_text('{"id": "1", "title": "t", "text": "a text"}\n', encoding="utf-8")
    embed = ["--embed", "homomorphic_llm.index:hashed_words"]
    with locked(tmp_path / "out" / ".hlp-index"):
        status, out, err = offline("index", str(file), "--out", str(tmp_path / "out"), *embed)
    assert (status, out) == (6, "")
    lock = tmp_path / "out" / ".hlp-index.lock"
    assert err.startswith(f"hlp: another process holds {lock}, after 0.1 s still\n\nhint: try")


@pytest.mark.parametrize("name", ["HLP_TOKEN_FILE", "HLP_LEDGER", "HLP_EMBED", "HLP_TOKEN"])
def test_a_variable_that_is_empty_is_not_set(
    offline: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(name, "")
    assert offline("budget", "--local")[0] == 0
    status, _, err = offline("search", "comets")
    assert (status, "no embedding" in err) == (2, True)


def test_a_file_of_certificates_that_is_not_there_is_named(
    offline: Command, tmp_path: Path
) -> None:
    file = tmp_path / "nope.pem"
    assert offline("params", "--ca", str(file)) == (
        6,
        "",
        f"hlp: {file}: No such file or directory\n",
    )
    file.write_text("no certificate")
    status, _, err = offline("params", "--ca", str(file))
    assert (status, f"{file} holds no certificates\n\nhint: --ca" in err) == (2, True)


PEM = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n"
SECRETS = {
    "of the server": "hlp_" + "0f" * 32,
    "short": "hlp_test",
    "with a line break": "secret\n",
    "longer than a name of a file": "s" * 5000,
    "words": "this is no path but " * 6,
    "JSON web token": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl",
    "base 64": "q83vASNFZ4mrze/BI0VniavN7wEjRWeJq83vASNFZ4k=",
    "no text of C": "secret\0secret",
    "certificates": PEM,
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("option", ["HLP_TOKEN_FILE", "--token-file", "--ca"])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_secret_in_the_place_of_its_file_is_not_shown(
    offline: Command, monkeypatch: pytest.MonkeyPatch, secret: str, option: str, as_json: bool
) -> None:
    arguments = ["models", *(["--json"] if as_json else [])]
    if option.startswith("--"):
        arguments += [option, secret]
    elif "\0" not in secret:  # no system has such an environment
        monkeypatch.setenv(option, secret)
    else:
        arguments += ["--token-file", secret]
    status, out, err = offline(*arguments)
    assert (status, out) == (2, "")
    assert not [
        word for word in secret.replace("\0", "\n").split() if len(word) > 4 and word in err
    ]
    assert secret.strip() not in err
    assert "the value is not shown" in err
    hint = "--ca takes" if option == "--ca" else "--token-file and HLP_TOKEN_FILE name a file"
    assert hint in err


@pytest.mark.parametrize("path", ["token", "/run/secrets/hlp", "conf/Token-1.txt", "~/.hlp_token"])
def test_a_path_that_leads_nowhere_is_shown(
    offline: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = offline("models", "--token-file", path)
    assert (status, err) == (6, f"hlp: {path}: No such file or directory\n")


def run(arguments: list[str], url: str, ledger: Path, redirection: str) -> tuple[int, str]:
    """Run the command below a shell; return its status and what it wrote to standard error."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HLP_LEDGER": str(ledger),
        "HLP_URL": url,
    }
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m"]
    finished = subprocess.run(
        [*command, "homomorphic_llm", *arguments],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    return finished.returncode, finished.stderr


@POSIX
def test_without_a_standard_output_nothing_is_asked(tmp_path: Path) -> None:
    with serving(answer(b"{}")) as server:
        found = run(["params"], server.url, tmp_path / "ledger", ">&-")
    assert found == (6, "hlp: standard output: it is closed\n")
    assert server.requests in ([], [b""])


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_output_that_is_full_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    found = run(["budget", "--local"], "http://unused", tmp_path / "ledger", ">/dev/full")
    assert found == (6, "hlp: No space left on device\n")


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["search", "--help"]])
def test_help_that_nobody_sees_is_an_error(tmp_path: Path, arguments: list[str]) -> None:
    ledger = tmp_path / "ledger"
    full = run(arguments, "http://unused", ledger, ">/dev/full")
    assert full == (6, "hlp: No space left on device\n")
    assert run(arguments, "http://unused", ledger, ">/dev/null") == (0, "")
    assert run(arguments, "http://unused", ledger, "| true")[1] == ""


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_answer_that_cannot_be_written_was_disclosed_all_the_same(
    tmp_path: Path, options: list[str]
) -> None:
    told = "HLP-Privacy: disclosed;bytes=42\r\nContent-Type: application/json\r\n"
    said = b'{"choices": [{"message": {"content": "hi"}}]}'
    words = ["ask", "hello", "--model", "m", "--disclose", *options]
    with serving(answer(said, headers=told)) as server:
        status, err = run(words, server.url, tmp_path / "ledger", ">/dev/full")
    assert (status, "No space left on device" in err) == (6, True)
    assert ('"disclosed_bytes": 42' if options else "disclosed: 42 bytes\n") in err


@POSIX
def test_without_a_standard_error_the_status_says_it(tmp_path: Path) -> None:
    found = run(["params", "--token-file", "/"], "http://unused", tmp_path / "ledger", "2>&-")
    assert found == (2, "")


@POSIX
def test_without_a_standard_error_an_index_is_made(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text('{"id": "1", "title": "t", "text": "a text"}\n', encoding="utf-8")
    words = ["index", str(file), "--out", str(tmp_path / "made"), "--name", "n"]
    embed = ["--embed", "homomorphic_llm.index:hashed_words"]
    assert run([*words, *embed], "http://unused", tmp_path / "ledger", "2>&-") == (0, "")
    assert (tmp_path / "made" / "n.json").is_file()


def test_a_line_that_nobody_hears_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    complain("1 of 2")
    print_warning("this\n\nhint: that")
