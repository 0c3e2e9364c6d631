"""When the index is made anew."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from private_search import serve

if TYPE_CHECKING:
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
