"""Passages out of real files."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from private_search.corpus import LONGEST, passages_of, tracked_files, write

ROOT = Path(__file__).parents[5]


@pytest.fixture(scope="module")
def passages() -> list[dict[str, str]]:
    return list(passages_of(ROOT, tracked_files(ROOT)))


def test_this_repository_has_enough_to_say(passages: list[dict[str, str]]) -> None:
    assert len(passages) >= 2000
    assert {"md", "rs", "py"} <= {
        passage["id"].rpartition(":")[0].rpartition(".")[2] for passage in passages
    }


def test_every_passage_fits_and_stands_where_it_says(passages: list[dict[str, str]]) -> None:
    assert max(len(passage["text"].encode("utf-8")) for passage in passages) <= LONGEST
    for key in ("id", "text"):
        assert len({passage[key] for passage in passages}) == len(passages)
    for passage in passages[:: len(passages) // 200]:
        path, _, line = passage["id"].rpartition(":")
        source = (ROOT / path).read_text("utf-8").split("\n")[int(line.partition(".")[0]) - 1 :]
        first = re.sub(r"[\[\]]", "", passage["text"].split(" ")[0]).rstrip(":")
        assert first in re.sub(r"[`*\[\]]", "", "\n".join(source)), passage


def test_only_tracked_files_are_read(tmp_path: Path) -> None:
    sentence = "This sentence is long enough to be a passage of its own, even alone."
    (tmp_path / "kept.md").write_text(f"# One\n\n{sentence}\n", "utf-8")
    (tmp_path / "secret.md").write_text(sentence.replace("This", "That"), "utf-8")
    (tmp_path / "gone.md").write_text("x", "utf-8")
    for words in (["init", "-q"], ["add", "kept.md", "gone.md"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)  # noqa: S607
    (tmp_path / "gone.md").unlink()
    found = list(passages_of(tmp_path, tracked_files(tmp_path)))
    assert found == [{"id": "kept.md:3", "title": "One", "text": sentence}]


def test_a_long_text_is_cut_at_sentences_and_a_long_word_at_its_bytes(tmp_path: Path) -> None:
    sentences = " ".join(f"Sentence number {index} says very little indeed." for index in range(20))
    (tmp_path / "long.md").write_text(f"{sentences}\n\n{'ü' * 1000}\n", "utf-8")
    texts = [passage["text"] for passage in passages_of(tmp_path, ["long.md"])]
    *cut, word = texts
    assert " ".join(cut) == sentences
    assert all(text.endswith(".") for text in cut)
    assert word == "ü" * (LONGEST // 2)


def test_pieces_of_one_text_have_names_of_their_own(tmp_path: Path) -> None:
    sentences = " ".join(f"Sentence number {index} says very little indeed." for index in range(20))
    (tmp_path / "long.md").write_text(sentences + "\n", "utf-8")
    names = [passage["id"] for passage in passages_of(tmp_path, ["long.md"])]
    assert names == ["long.md:1", "long.md:1.2", "long.md:1.3"]


def test_passages_are_written_as_lines_of_json(tmp_path: Path) -> None:
    rows = [{"id": "a:1", "title": "A", "text": "Zürich 東京"}]
    file = tmp_path / "deep" / "passages.jsonl"
    assert write(rows, file) == 1
    assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == rows
