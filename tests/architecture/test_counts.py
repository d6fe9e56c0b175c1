"""The counting plugin itself: what it counts, and that a missing database fails a complete run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SAMPLE = """
import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    if request.param == "postgresql" and not {postgresql}:
        pytest.skip("no server")
    return request.param

@pytest.mark.parametrize("number", range(3))
def test_stores(database, number):
    assert number >= 0

@pytest.mark.browser
def test_page():
    pass

def test_plain():
    pass


@pytest.mark.browser
@pytest.mark.skipif(True, reason="not today")
def test_skipped():
    pass
"""


def run(folder: Path, *options: str, postgresql: bool) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(SAMPLE.format(postgresql=postgresql), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: in a browser\n", encoding="utf-8")
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "INLEER_", "COV_"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.plugin_counts",
        "-p",
        "no:cacheprovider",
        *options,
    ]
    return subprocess.run(
        command, cwd=folder, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False, text=True
    )


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_tests_are_counted_per_database_and_browser(tmp_path: Path, options: list[str]) -> None:
    done = run(tmp_path, *options, "--all-kinds", postgresql=True)
    assert "inleer-tests: sqlite=3 postgresql=3 browser=1" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_a_complete_run_fails_when_a_database_was_skipped(tmp_path: Path, options: list[str]) -> None:
    done = run(tmp_path, *options, "--all-kinds", postgresql=False)
    assert "inleer-tests: sqlite=3 postgresql=0 browser=1" in done.stdout
    assert "no test ran for postgresql" in done.stdout
    assert done.returncode == 1


def test_a_partial_run_may_leave_kinds_out(tmp_path: Path) -> None:
    done = run(tmp_path, "-k", "plain", postgresql=True)
    assert "inleer-tests: sqlite=0 postgresql=0 browser=0" in done.stdout
    assert done.returncode == 0
