"""Write an index and be killed: ``python -m tests.killed OLD NEW FOLDER``, from a file of passages.

For each line of the code that writes there is one process that is killed with SIGKILL before that
line, over an index of OLD. What it leaves behind is the folder of that number.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homomorphic_llm import _locked_file, _writing
from homomorphic_llm.index import Index, Passage, build_index, hashed_words, vectors_of, write_index

if TYPE_CHECKING:
    from types import FrameType

WRITING = (_writing.__file__, _locked_file.__file__)


def index_of(file: Path) -> Index:
    """The index ``handbook`` of a file of passages."""
    passages = [Passage(**value) for value in json.loads(file.read_text(encoding="utf-8"))]
    return build_index(
        passages, vectors_of(hashed_words, [one.text for one in passages]), "handbook"
    )


def kill_before(line: int, index: Index, folder: Path) -> bool:
    """Write in a process that is killed before so many lines; False if it came to its end."""
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401
            nonlocal left
            if frame.f_code.co_filename not in WRITING:
                return None
            if event == "line":
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return trace

        sys.settrace(trace)
        write_index(index, folder)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(old: str, new: str, folder: str) -> None:
    """Leave one folder for each line."""
    first, second = index_of(Path(old)), index_of(Path(new))
    line, killed = 0, True
    while killed:
        state = Path(folder) / str(line)
        write_index(first, state)
        killed = kill_before(line, second, state)
        line += 1
    shutil.rmtree(state)


if __name__ == "__main__":
    main(*sys.argv[1:])
