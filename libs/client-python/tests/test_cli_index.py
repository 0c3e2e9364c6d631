"""``hlp index``: nothing of it needs a server."""

from __future__ import annotations

import errno
import functools
import itertools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from homomorphic_llm.cli._progress import Progress

from .passages import handbook

if TYPE_CHECKING:
    from pathlib import Path

    from .command import Command
    from .server import Server

WORDS = "homomorphic_llm.index:hashed_words"


@pytest.fixture
def passages(tmp_path: Path) -> Path:
    file = tmp_path / "passages.jsonl"
    file.write_text("\n".join(json.dumps(vars(one)) for one in handbook()), encoding="utf-8")
    return file


def test_it_writes_what_the_library_writes(
    offline: Command, passages: Path, server: Server, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["index", str(passages), "--out", str(out), "--embed", WORDS]
    value = offline.json(*arguments, "--shards", "5", "--name", "sharded")
    assert value["passages"] == 50
    assert len(value["shards"]) == 5
    data = [path.name for path in server.folder.glob("sharded*@*.npy")]
    assert len(data) == 3
    for name in ("sharded.json", "sharded-text.json", *data):
        assert (out / name).read_bytes() == (server.folder / name).read_bytes()
    status, text, _ = offline(*arguments)
    assert (status, "50 passages, 1 shard," in text) == (0, True)


@pytest.mark.parametrize("kind", ["npy", "json"])
def test_vectors_may_be_given(offline: Command, passages: Path, tmp_path: Path, kind: str) -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 8))
    file = tmp_path / f"vectors.{kind}"
    if kind == "npy":
        np.save(file, vectors)
    else:
        file.write_text(json.dumps(vectors.tolist()))
    arguments = ["index", str(passages), "--out", str(tmp_path), "--vectors", str(file)]
    assert offline.json(*arguments)["passages"] == 50


@pytest.mark.parametrize(
    ("name", "content"),
    [("v.json", "{}"), ("v.json", "[[1]]"), ("v.json", "["), ("v.npy", "no array")],
)
def test_vectors_that_do_not_fit_are_named(
    offline: Command, passages: Path, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    status, _, err = offline("index", str(passages), "--out", str(tmp_path), "--vectors", str(file))
    assert (status, str(file) in err) == (2, True)


@pytest.mark.parametrize("shards", ["1", "5"])
def test_a_scale_that_leaves_nothing_of_a_vector_replaces_nothing(
    offline: Command, passages: Path, tmp_path: Path, shards: str
) -> None:
    out = tmp_path / "out"
    words = ["index", str(passages), "--out", str(out), "--embed", WORDS, "--shards", shards]
    offline.json(*words)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    status, text, err = offline(*words, "--scale", "1e-30")
    assert (status, text) == (2, "")
    assert err.startswith(f"hlp: {passages}: ")
    assert "rounded at scale 1e-30, the vector is all zeros and would never be found" in err
    assert err.endswith("\n\nhint: take a larger scale, such as 700\n")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_one_vector_that_a_scale_makes_zero_is_named(
    offline: Command, passages: Path, tmp_path: Path
) -> None:
    vectors = np.eye(50, 64)
    vectors[7] = 1.0  # each entry of the unit vector is 1/8
    file = tmp_path / "vectors.npy"
    np.save(file, vectors)
    words = ["index", str(passages), "--out", str(tmp_path / "out"), "--vectors", str(file)]
    status, _, err = offline(*words, "--scale", "2")
    assert (status, f"{passages}: {handbook()[7].id}: rounded at scale 2" in err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_it_needs_vectors_from_somewhere(offline: Command, passages: Path) -> None:
    status, _, err = offline("index", str(passages), "--out", "x")
    assert (status, "hint: --embed" in err) == (2, True)


@pytest.mark.parametrize("name", ["own-text", "own-centroids", "-text", "a-text-text"])
def test_an_index_has_no_name_of_a_part_of_another_one(
    offline: Command, passages: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    arguments = ["index", str(passages), "--out", str(out)]
    assert offline(*arguments, "--embed", WORDS, "--name", "own")[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    # What embeds is not asked either.
    status, _, err = offline(*arguments, "--embed", "no.module:f", f"--name={name}")
    assert (status, f"hlp: '{name}' is no name of" in err) == (2, True)
    assert name == "-text" or "\n\nhint: take a name with another end" in err
    status, _, _ = offline(*arguments, "--embed", WORDS, f"--name={name}")
    assert status == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize("vectors", [False, True])
def test_what_is_no_regular_file_is_not_read(
    passages: Path, tmp_path: Path, kind: str, vectors: bool
) -> None:
    odd = tmp_path / "odd.npy"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "device":
        odd.symlink_to("/dev/zero")
    else:
        odd.mkdir()
    given = [str(passages), "--vectors", str(odd)] if vectors else [str(odd), "--embed", WORDS]
    # Where it is read, it ends by the limit of time or memory, not with this status.
    code = (
        "import resource, sys; from homomorphic_llm.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, "index", *given, "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    reason = "it is a folder, not a file" if kind == "folder" else "it is no regular file"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"hlp: {odd}: {reason}\n\nhint: write")


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_an_index_that_does_not_fit_says_where_and_what_to_do(
    passages: Path, tmp_path: Path
) -> None:
    code = (
        "import resource, sys; from homomorphic_llm.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    out = tmp_path / "out"
    words = ["index", str(passages), "--out", str(out), "--embed", WORDS, "--name", "own"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 6
    assert done.stderr.startswith(f"hlp: {out / 'own@'}")
    assert f".npy.part: {os.strerror(errno.EFBIG)}\n\nhint: make room" in done.stderr
    assert [path.name for path in out.iterdir()] == [".hlp-index.lock"]


def test_passages_that_cannot_be_read_are_named(offline: Command, tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    arguments = ["index", str(file), "--out", str(tmp_path), "--embed", WORDS]
    assert offline(*arguments)[0] == 6
    file.write_text('{"id": 1}')
    status, _, err = offline(*arguments)
    assert (status, f"{file}:1:" in err) == (2, True)
    file.write_bytes(b"\xff")
    status, _, err = offline(*arguments)
    assert (status, f"{file}: not UTF-8: byte 0" in err) == (2, True)


def test_a_file_with_a_byte_order_mark_makes_the_same_index(
    offline: Command, passages: Path, tmp_path: Path
) -> None:
    words = ["--embed", WORDS, "--out"]
    offline.json("index", str(passages), *words, str(tmp_path / "first"))
    passages.write_bytes(b"\xef\xbb\xbf" + passages.read_bytes())
    offline.json("index", str(passages), *words, str(tmp_path / "second"))
    first, second = (
        sorted((path.name, path.read_bytes()) for path in (tmp_path / name).iterdir())
        for name in ("first", "second")
    )
    assert first == second


def test_how_long_the_longest_passage_makes_all_records_is_said_and_may_be_limited(
    offline: Command, passages: Path, tmp_path: Path
) -> None:
    long = {"id": "long one", "title": "t", "text": "x" * 4_000}
    size = len(json.dumps(long))
    passages.write_text(passages.read_text("utf-8") + "\n" + json.dumps(long), "utf-8")
    words = ["index", str(passages), "--embed", WORDS, "--out", str(tmp_path / "out")]
    _, text, _ = offline(*words)
    said = f"each record takes {size / 1024:.1f} KiB, as the longest passage does, 'long one'; half"
    assert text.splitlines()[1].startswith(said)
    value = offline.json(*words, "--longest-passage", str(size))
    manifest = json.loads((tmp_path / "out" / "handbook-text.json").read_bytes())
    assert value["record_bytes"] == manifest["record_bytes"] == size
    assert value["longest_passage"] == "long one"
    assert value["half_of_records_bytes"] < 250
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    # What embeds is not asked.
    status, _, err = offline(*words, "--embed", "no.module:f", "--longest-passage", str(size - 1))
    assert status == 2
    assert f"hlp: 1 of 51 passages need records of more than {size - 1} bytes" in err
    assert f"'long one', {size}; half of them need at most" in err
    assert "\n\nhint: cut long passages" in err
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_why_old_data_stay_is_a_warning(offline: Command, passages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["index", str(passages), "--out", str(out), "--embed", WORDS]
    for scale in ("700", "600"):
        offline.json(*words, "--scale", scale)
        (out / "handbook.json.gz").write_bytes(b"\x1f\x8b")
    status, text, err = offline(*words, "--scale", "600")
    assert (status, "wrote " in text) == (0, True)
    assert err.startswith(f"hlp: warning: {out / 'handbook.json.gz'}: what it names cannot be read")
    assert f"\n\nhint: move it out of {out}" in err


def test_progress_is_said_every_few_seconds_until_the_end() -> None:
    seconds = iter([0.0, 2.0, 4.0, 5.0, 8.0, 10.0])
    lines: list[str] = []
    progress = Progress(1000, lines.append, lambda: next(seconds))
    for done in (256, 512, 700, 800, 1000):
        progress(done)
    assert lines == [
        "512 of 1000 passages embedded (4 s, 4 s to go)",
        "800 of 1000 passages embedded (8 s, 2 s to go)",
    ]


def test_a_slow_embedding_shows_how_far_it_is_unless_json_is_asked_for(
    offline: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.count(0.0, 3.5)
    slow = functools.partial(Progress, clock=lambda: next(seconds))
    monkeypatch.setattr("homomorphic_llm.cli._index.Progress", slow)
    file = tmp_path / "passages.jsonl"
    lines = [json.dumps({"id": str(at), "title": "t", "text": "x"}) for at in range(300)]
    file.write_text("\n".join(lines), encoding="utf-8")
    words = ["index", str(file), "--out", str(tmp_path), "--embed", WORDS]
    status, out, err = offline(*words)
    assert status == 0
    assert out.startswith("300 passages, ")
    assert err.splitlines() == [
        "128 of 300 passages embedded (4 s, 5 s to go)",
        "256 of 300 passages embedded (7 s, 1 s to go)",
    ]
    assert offline.json(*words)["passages"] == 300
