"""The end of the proxy with that of the process that started all this, in every order of events."""

from __future__ import annotations

import _thread
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from types import FrameType

__all__ = ["Ending"]


class Ending:
    """Ends the proxy once, before it starts, while it does, or after.

    A process cannot see its parent end, but the system then closes the parent's end of a pipe,
    however it ended; on every system, and at once.
    """

    def __init__(self) -> None:
        # A signal may come while this thread holds the lock.
        self._lock = threading.RLock()
        self._prepared = False
        self._over = False
        self._proxy: subprocess.Popen[bytes] | None = None

    def follow(self, descriptor: int) -> None:
        """End when whoever holds the other end of this pipe is gone."""

        def read() -> None:
            while os.read(descriptor, 4_096):
                pass
            self.now()

        threading.Thread(target=read, daemon=True).start()

    def follow_signals(self) -> None:
        """End by SIGTERM and SIGHUP, unless they are ignored, as ``nohup`` lets them be."""

        def end(_number: int, _frame: FrameType | None) -> None:
            self.now()

        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, end)

    def prepare(self) -> None:
        """Say that the proxy starts now; from here on nothing is interrupted."""
        with self._lock:
            if self._over:
                raise KeyboardInterrupt
            self._prepared = True

    def cover(self, proxy: subprocess.Popen[bytes]) -> None:
        """End this proxy when the time comes, or at once if it has come."""
        with self._lock:
            self._proxy = proxy
            if self._over:
                proxy.terminate()

    def now(self) -> None:
        """End what there is: the proxy, or what is done before it starts."""
        with self._lock:
            self._over = True
            if self._proxy is not None:
                self._proxy.terminate()
            elif not self._prepared:
                _thread.interrupt_main()
