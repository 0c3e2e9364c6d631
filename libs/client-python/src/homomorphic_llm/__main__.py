"""The command ``hlp``, as ``python -m homomorphic_llm``."""

from __future__ import annotations

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
