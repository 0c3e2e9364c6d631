"""Make the index if the words have changed or it is damaged, then start the proxy over it.

python -m private_search.serve [--until-stdin-closes] ROOT BINARY [OPTIONS OF hlp-proxy serve]
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from homomorphic_llm.cli import main as hlp

from .corpus import passages_of, tracked_files, write
from .ending import Ending

__all__ = ["index", "main", "whole"]

NAME = "handbook"
EMBED = "private_search.model:embed"
FOLLOW = "--until-stdin-closes"
#: What a shell says of a program that was interrupted.
INTERRUPTED = 130


def index(root: Path) -> list[Path]:
    """Return the manifests of the index of this repository; make it anew if it is out of date."""
    folder = root / "dist" / "private-search"
    passages = folder / "passages.jsonl"
    count = write(passages_of(root, tracked_files(root)), passages)
    digest = hashlib.sha256(passages.read_bytes()).hexdigest()
    made = folder / "made-from"
    manifests = [folder / f"{NAME}.json", folder / f"{NAME}-text.json"]
    same = made.is_file() and made.read_text() == digest
    if same and not whole(manifests):
        _say("the index is damaged")
        same = False
    if not same:
        _say(f"embedding {count} passages on this machine, once for these words")
        started = time.monotonic()
        made.unlink(missing_ok=True)
        words = ["index", str(passages), "--out", str(folder), "--name", NAME, "--embed", EMBED]
        status = hlp(words)
        if status != 0:
            raise SystemExit(status)
        made.write_text(digest)
        _say(f"the index is made ({time.monotonic() - started:.0f} s)")
    return manifests


def whole(manifests: list[Path]) -> bool:
    """Whether the data of all manifests are those that they name, and of one generation."""
    generations = set()
    for manifest in manifests:
        try:
            named = json.loads(manifest.read_bytes())
            data = (manifest.parent / named["data"]).read_bytes()
            generations.add(named["generation"])
            intact = hashlib.sha256(data).hexdigest() == named["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if not intact:
            return False
    return len(generations) == 1


def main(arguments: list[str]) -> int:
    """Serve until the proxy ends, or until this process is told to end."""
    ending = Ending()
    ending.follow_signals()
    if arguments[0] == FOLLOW:
        ending.follow(sys.stdin.fileno())
        arguments = arguments[1:]
    root, binary, *options = arguments
    try:
        chosen = [word for manifest in index(Path(root)) for word in ("--matrix", str(manifest))]
        ending.prepare()
    except KeyboardInterrupt:
        return INTERRUPTED
    # The terminal sends Ctrl-C to the proxy too, which then drains.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    command = [binary, "serve", *chosen, *options]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as proxy:  # noqa: S603
        ending.cover(proxy)
        return proxy.wait()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
