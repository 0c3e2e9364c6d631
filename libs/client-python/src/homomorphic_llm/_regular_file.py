"""Files that are read whole: never a folder, a pipe or a device, which may hang or do anything."""

from __future__ import annotations

import os
import stat
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NotRegularError", "open_regular"]

# A pipe without a writer would hold up whoever opens it; regular files do not know the flag.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BYTES = getattr(os, "O_BINARY", 0)


class NotRegularError(ValueError):
    """The path is a folder, a pipe, a socket or a device."""


def open_regular(path: Path, flags: int = os.O_RDONLY, mode: int = 0o600) -> IO[bytes]:
    """Open a file without waiting; raise :class:`NotRegularError` if it is no regular one."""
    if path.is_dir():  # Windows cannot open it at all
        raise NotRegularError("it is a folder, not a file")
    descriptor = os.open(path, flags | _NO_WAIT | _BYTES, mode)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularError("it is no regular file")
    return os.fdopen(descriptor, "r+b" if flags & os.O_RDWR else "rb")
