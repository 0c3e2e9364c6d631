"""The real server, started for tests over matrices that tests write."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[3]
#: The token of the client "ann"; the file of the server holds its digest.
TOKEN = "-".join(["a", "token", "of", "these", "tests"])
#: What the server shows a provider.
PROVIDER_KEY = "-".join(["key", "of", "tests"])
#: Without limits where a test is not about them: tests ask more often than a person.
UNLIMITED = "[limits]\nrequests_per_minute = 0\n"


@dataclass(frozen=True)
class Server:
    """Where it listens, and the folder of its configuration."""

    url: str
    folder: Path
    process: subprocess.Popen[str]


def proxy_binary() -> Path:
    """The server that is tested; a missing one is an error, never a skipped test."""
    binary = Path(os.environ.get("PROXY_BINARY", ROOT / "dist" / "proxy" / "hlp-proxy"))
    if not binary.is_file():
        raise FileNotFoundError(
            f"{binary} does not exist\n\nhint: build the project proxy, or set PROXY_BINARY"
        )
    return binary


@contextmanager
def running(folder: Path, manifests: Sequence[Path], settings: str = UNLIMITED) -> Iterator[Server]:
    """Start the server, give it, and stop it; it must end well."""
    tokens = folder / "tokens.toml"
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    tokens.write_text(f'[clients.ann]\nsha256 = "{digest}"\n')
    tokens.chmod(0o600)
    names = json.dumps([str(path) for path in manifests])
    config = folder / "hlp-proxy.toml"
    config.write_text(
        '[server]\nlisten = "127.0.0.1:0"\nthreads = 2\n'
        f'[auth]\ntokens = "tokens.toml"\n[matrices]\nmanifests = {names}\nreload_seconds = 0\n'
        + settings
    )
    command = [str(proxy_binary()), "serve", "--config", str(config)]
    environment = {**os.environ, "FAKE_PROVIDER_KEY": PROVIDER_KEY}
    log = folder / "log.jsonl"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        ) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, log.read_text(encoding="utf-8")
            scheme = "https" if "[server.tls]" in settings else "http"
            yield Server(f"{scheme}://{json.loads(line)['listening']}", folder, process)
        finally:
            process.terminate()
            try:
                assert process.wait(timeout=30) == 0
            finally:
                process.kill()
