"""The demonstration: greedy bytes of a tiny transformer, in the clear and over the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from homomorphic_llm._npy import read_matrix
from homomorphic_llm.hybrid import MATRICES, generate, over, plain, weights_of, write_matrices
from homomorphic_llm.hybrid.__main__ import main
from homomorphic_llm.hybrid._arithmetic import attended, normalised, rectified
from hypothesis import given
from hypothesis import strategies as st

from .server import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from homomorphic_llm import Client

    from .server import Server

PROMPT = b"Hello"
# What the weights of the fixed seed say: it must never change, on any machine.
KNOWN = bytes.fromhex("df1e6e1faec4a000")


def test_the_plain_run_is_the_same_everywhere() -> None:
    assert generate(PROMPT, 8, plain()) == KNOWN


def test_over_the_server_every_byte_is_the_same(client: Client) -> None:
    assert generate(PROMPT, 3, over(client)) == KNOWN[:3]


def test_over_the_server_every_integer_is_the_same(client: Client) -> None:
    vector = normalised([(7 * at) % 23 - 11 for at in range(64)])
    for name, (_, columns) in MATRICES.items():
        padded = (vector + vector)[:columns]
        scaled = normalised(padded)
        assert over(client)(name, scaled) == plain()(name, scaled)


def test_no_vector_of_the_model_is_beyond_the_cap_of_the_server() -> None:
    norms = []

    def watched(name: str, vector: list[int]) -> list[int]:
        norms.append(sum(entry * entry for entry in vector))
        return plain()(name, vector)

    generate(b"The quick brown fox", 4, watched)
    # Four products of each layer for all bytes but the last, and one of the head for each new one.
    assert len(norms) == 2 * 4 * (19 + 3) + 4
    assert max(norms) <= 724**2


def test_matrices_are_written_with_their_manifests(tmp_path: Path) -> None:
    manifests = write_matrices(tmp_path)
    assert [path.stem for path in manifests] == list(MATRICES)
    for path in manifests:
        manifest = json.loads(path.read_text())
        assert (manifest["kind"], manifest["name"]) == ("linear", path.stem)
        rows = read_matrix((tmp_path / manifest["data"]).read_bytes())
        assert rows == [list(row) for row in weights_of(path.stem)]


def test_a_prompt_has_at_least_one_byte() -> None:
    with pytest.raises(ValueError, match="at least one byte"):
        generate(b"", 1, plain())


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=130))
def test_a_normalised_vector_is_within_the_cap(vector: list[int]) -> None:
    squares = sum(entry * entry for entry in normalised(vector))
    assert squares <= 600**2
    assert any(vector) or squares == 0


def test_attention_is_a_weighted_mean() -> None:
    keys, values = [[100], [-100]], [[10], [30]]
    assert attended([0], keys, values) == [20]
    assert attended([10**6], keys, values) == [10]
    assert rectified([-1, 0, 1]) == [0, 0, 1]


def test_the_demonstration_compares_both_ways(
    server: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HLP_TOKEN", TOKEN)
    assert main(["run", "Hi", "--count", "1", "--url", server.url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-1] == lines[1].split()[-1]
    assert lines[2].startswith("equal, ")
    assert main(["write", str(tmp_path / "new")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(MATRICES)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["run", ""], "at least one byte"),
        (["run", "x" * 257], "256 together is the most"),
        (["run", "Hi", "--count", "255"], "256 together is the most"),
        (["run", "Hi", "--count", "-1"], "256 together is the most"),
    ],
)
def test_a_prompt_that_does_not_fit_is_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert main([*arguments, "--url", "http://127.0.0.1:9"]) == 2
    assert reason in capsys.readouterr().err
