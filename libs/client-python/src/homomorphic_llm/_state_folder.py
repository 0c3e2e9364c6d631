"""Where a program may keep what must outlive it, on each platform."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["default_ledger_path", "ledger_path"]


def default_ledger_path() -> Path:
    """Return the file of the ledger of this user on this machine."""
    return ledger_path(sys.platform, os.environ, Path.home())


def ledger_path(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Return the file of the ledger; relative folders in the environment do not count."""
    if platform == "win32":
        folder = _absolute(environment.get("LOCALAPPDATA")) or home / "AppData" / "Local"
    elif platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = _absolute(environment.get("XDG_STATE_HOME")) or home / ".local" / "state"
    return folder / "homomorphic-llm" / "ledger.json"


def _absolute(value: str | None) -> Path | None:
    return Path(value) if value and Path(value).is_absolute() else None
