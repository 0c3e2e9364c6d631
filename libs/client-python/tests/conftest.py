from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    Rows = list[list[int]]
    Serve = Callable[[Rows], AbstractContextManager[str]]

ROOT = Path(__file__).parents[3]


def proxy_binary() -> Path:
    """The server that is tested; a missing one is an error, never a skipped test."""
    binary = Path(os.environ.get("PROXY_BINARY", ROOT / "dist" / "proxy" / "hlp-proxy"))
    if not binary.is_file():
        raise FileNotFoundError(
            f"{binary} does not exist\n\nhint: build the project proxy, or set PROXY_BINARY"
        )
    return binary


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Start the real server over a matrix; gives its URL."""
    binary = proxy_binary()

    @contextmanager
    def start(rows: Rows) -> Iterator[str]:
        file = tmp_path_factory.mktemp("matrix") / "matrix.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        command = [str(binary), "--listen", "127.0.0.1:0", "--matrix", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield f"http://{json.loads(process.stdout.readline())['listening']}"
            finally:
                process.terminate()
                assert process.wait(timeout=20) == 0

    return start
