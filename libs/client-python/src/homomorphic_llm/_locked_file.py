"""A small text file that several processes change: locked while it is, replaced as a whole."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ._regular_file import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HardLinkedError", "locked", "read", "replace", "sync_folder", "target_of"]

#: A ledger of the largest size is shorter than this, in bytes.
MAX_BYTES = 1_048_576
_WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.02
# Windows has no such flag, and hardly any links.
_LOCK_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    import msvcrt

    def _try_lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

else:

    def _try_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, patience: float | None = None, *, parents: bool = True) -> Iterator[None]:
    """Hold the lock beside ``path``; raise :class:`OSError` if another holds it for too long.

    ``patience`` is in seconds, 30 if it is not given. A lock that is no regular file is a
    :class:`ValueError`. The folder is made if it is not there, and those around it if ``parents``
    says so.
    """
    path.parent.mkdir(parents=parents, exist_ok=True, mode=0o700)
    lock = path.with_name(path.name + ".lock")
    with open_regular(lock, _LOCK_FLAGS) as file:
        seconds = _WAIT_SECONDS if patience is None else patience
        end = time.monotonic() + seconds
        while True:
            try:
                _try_lock(file)
                break
            except OSError:
                if time.monotonic() > end:
                    raise TimeoutError(
                        f"another process holds {lock}, after {seconds:g} s still\n\n"
                        "hint: try again when it is done"
                    ) from None
                time.sleep(_PAUSE_SECONDS)
        yield  # closing the file lets the lock go


def target_of(path: Path) -> Path:
    """Return the file that a path leads to over all links, whether it is there or not.

    What is there but no regular file is a :class:`ValueError`: no lock is put beside a device.
    """
    file = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        open_regular(file).close()
    return file


class HardLinkedError(ValueError):
    """The file has another name, which would keep what it is now when this one is replaced."""


def read(path: Path) -> str | None:
    """Return the text, or ``None`` if there is no file.

    One that is longer, or no regular file, or has a second hard link, is a :class:`ValueError`.
    """
    try:
        with open_regular(path) as file:
            links = os.fstat(file.fileno()).st_nlink
            if links > 1:
                raise HardLinkedError(f"it has {links} names (hard links)")
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > MAX_BYTES:
        raise ValueError(f"longer than {MAX_BYTES} bytes")
    return data.decode("utf-8")


def replace(path: Path, text: str) -> None:
    """Write the text: who reads sees the old one or the new one, also after a crash."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """See to it that what was renamed in a folder stays so after a crash of the system."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
