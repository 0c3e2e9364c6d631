"""The benchmarks run, and their names and figures are told as ``he-bench benches`` reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1]


def pytest_says(*words: str) -> str:
    """Run some of the benchmarks as ``he-bench`` does and return what pytest prints."""
    command = [sys.executable, "-m", "pytest", "benches", "-q", "-k", "test_encrypt", *words]
    finished = subprocess.run(
        command,
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


def test_a_benchmark_gives_a_figure_under_the_name_that_is_listed(tmp_path: Path) -> None:
    listed = pytest_says("--collect-only").split("\n\n")[0].splitlines()
    file = tmp_path / "figures.json"
    short = ["--benchmark-max-time=0.01", "--benchmark-min-rounds=2"]
    pytest_says(f"--benchmark-json={file}", *short)
    report = json.loads(file.read_text(encoding="utf-8"))
    assert [benchmark["fullname"] for benchmark in report["benchmarks"]] == listed
    assert listed == ["benches/test_client_bench.py::test_encrypt"]
    stats = report["benchmarks"][0]["stats"]
    assert 0 < stats["min"] <= stats["median"]
    assert stats["rounds"] >= 2
    assert stats["iterations"] >= 1
    assert report["version"]
    machine = report["machine_info"]
    assert (machine["python_implementation"], machine["python_version"]) != ("", "")
