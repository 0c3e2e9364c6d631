"""The demonstration for people: ``python -m homomorphic_llm.hybrid write FOLDER``, then ``run``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from .._client import Client
from .._exceptions import ClientError
from ..cli._exit_status import status_of
from ._files import write_matrices
from ._generate import MAX_BYTES, generate
from ._linear import over, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the matrices, or generate both ways and compare; 1 if the bytes differ."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.verb == "write":
            for path in write_matrices(chosen.folder):
                sys.stdout.write(f"{path}\n")
            return 0
        return _compare(os.fsencode(chosen.prompt), chosen.count, chosen.url)
    except (ClientError, OSError, ValueError) as error:
        sys.stderr.write(f"hybrid: {error}\n")
        return status_of(error)


def _compare(prompt: bytes, count: int, url: str) -> int:
    expected = generate(prompt, count, plain())
    with Client(url, token=os.environ.get("HLP_TOKEN") or None) as client:
        start = time.perf_counter()
        found = generate(prompt, count, over(client))
        seconds = time.perf_counter() - start
    sys.stdout.write(
        f"plain:           {expected.hex(' ')}\n"
        f"over ciphertext: {found.hex(' ')}\n"
        f"{'equal' if found == expected else 'DIFFERENT'}, {seconds:.1f} s; a demonstration: "
        "nobody trained these weights\n"
    )
    return 0 if found == expected else 1


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser("python -m homomorphic_llm.hybrid", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    write = verbs.add_parser("write", help="write the matrices for the server")
    write.add_argument("folder", metavar="FOLDER")
    run = verbs.add_parser("run", help="generate in the clear and over the server, and compare")
    run.add_argument(
        "prompt",
        metavar="PROMPT",
        nargs="?",
        default="Hello",
        help=f"at most {MAX_BYTES} bytes with those to generate",
    )
    run.add_argument("--count", type=int, default=4, help="bytes to generate (%(default)s)")
    run.add_argument("--url", default=os.environ.get("HLP_URL") or "http://127.0.0.1:8080")
    return top


if __name__ == "__main__":
    sys.exit(main())
