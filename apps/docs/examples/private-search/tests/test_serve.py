"""When the index is made anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import pytest
from private_search import serve
from private_search.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SENTENCE = "This sentence is long enough to be a passage of its own, number {}."


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of one page, with an embedding that needs no model."""
    monkeypatch.setattr(serve, "EMBED", "homomorphic_llm.index:hashed_words")
    page = "\n\n".join(SENTENCE.format(number) for number in range(9))
    (tmp_path / "page.md").write_text(page, "utf-8")
    for words in (["init", "-q"], ["add", "page.md"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)  # noqa: S607
    serve.index(tmp_path)
    return tmp_path


def data_of(root: Path, name: str) -> Path:
    manifest = root / "dist" / "private-search" / f"{name}.json"
    return manifest.parent / str(json.loads(manifest.read_bytes())["data"])


def test_an_index_of_the_same_words_is_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    before = data_of(root, "handbook").stat().st_mtime_ns
    manifests = serve.index(root)
    assert serve.whole(manifests)
    assert data_of(root, "handbook").stat().st_mtime_ns == before
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["handbook", "handbook-text"])
@pytest.mark.parametrize("fault", ["cut", "changed", "gone", "manifest", "generation"])
def test_a_damaged_index_is_made_anew(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, fault: str
) -> None:
    data = data_of(root, name)
    content, manifest = data.read_bytes(), data.parent / f"{name}.json"
    text = manifest.read_bytes()
    if fault == "cut":
        data.write_bytes(content[:100])
    elif fault == "changed":
        data.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif fault == "gone":
        data.unlink()
    elif fault == "manifest":
        manifest.write_bytes(b"")
    else:
        other = {**json.loads(text), "generation": "0" * 64}
        manifest.write_text(json.dumps(other), "utf-8")
    capsys.readouterr()
    assert serve.whole(serve.index(root))
    assert (manifest.read_bytes(), data.read_bytes()) == (text, content)
    assert capsys.readouterr().err.startswith("the index is damaged\nembedding 9 passages")


def test_other_words_make_another_index(root: Path) -> None:
    before = data_of(root, "handbook")
    (root / "page.md").write_text(SENTENCE.format("and last"), "utf-8")
    assert serve.whole(serve.index(root))
    assert data_of(root, "handbook") != before
    (root / "page.md").write_text(SENTENCE.format("and after that"), "utf-8")
    assert serve.whole(serve.index(root))
    assert not before.exists()


class Proxy:
    """Takes note of its end."""

    def __init__(self) -> None:
        self.ended = 0

    def terminate(self) -> None:
        self.ended += 1


def interrupted(ending: Ending) -> None:
    """End before there is a proxy, in the middle of something long."""
    ending.now()
    time.sleep(60)


def test_the_end_may_come_before_the_proxy_starts_or_while_it_does() -> None:
    early = Ending()
    # A shell that runs the tests in the background lets its children ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted(early)
    finally:
        signal.signal(signal.SIGINT, before)
    with pytest.raises(KeyboardInterrupt):
        early.prepare()
    meanwhile, proxy = Ending(), Proxy()
    meanwhile.prepare()
    meanwhile.now()
    meanwhile.cover(cast("subprocess.Popen[bytes]", proxy))
    assert proxy.ended == 1
    meanwhile.now()
    assert proxy.ended == 2


#: In the place of the proxy: says who it is, and serves for ever.
STAND_IN = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n"


@contextmanager
def serving(root: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Serve by a stand-in; its output ends when both processes did."""
    (root / "serve").write_text(STAND_IN, "utf-8")
    words = [sys.executable, "-m", "private_search.serve", *options, str(root), sys.executable]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        words,
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        stand_in = int(process.stdout.readline())
        try:
            yield process
        except BaseException:
            os.kill(stand_in, signal.SIGTERM)
            raise
        finally:
            process.kill()


def test_the_proxy_ends_when_whoever_holds_the_pipe_is_gone(root: Path) -> None:
    with serving(root, "--until-stdin-closes") as process:
        # Closes the pipe, and waits until nobody can write any more.
        assert process.communicate(timeout=60)[0] == ""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_proxy_ends_by_the_signals_that_end_this_process(root: Path, name: str) -> None:
    with serving(root) as process:
        process.send_signal(getattr(signal, name))
        assert process.communicate(timeout=60)[0] == ""
