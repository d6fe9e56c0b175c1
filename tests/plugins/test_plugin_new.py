"""`inleer plugin new` writes a plugin that works: its own tests and the contract pass, unchanged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from inleer.cli import main
from tests import plugin_logs

ROOT = Path(__file__).parents[2]


def installed_beside(folder: Path, name: str) -> dict[str, str]:
    """An environment in which the plugin in this folder counts as installed."""
    info = folder / f"inleer_{name}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: inleer-{name}\nVersion: 0.1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[inleer.plugins]\n{name} = inleer_{name}\n", "utf-8")
    paths = [str(folder), str(ROOT)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def test_a_new_plugin_works_as_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "inleer-proef"
    asked = ["plugin", "new", "proef", "--title", "Proefroute", "--folder", str(folder)]
    made = CliRunner().invoke(main, asked)
    assert made.exit_code == 0, made.output
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests"],
        cwd=folder,
        env=installed_beside(folder, "proef"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    plugin_logs.read_text(run.stdout + run.stderr)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "skipped" not in run.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["Energie", "e", "1a", "core", "zorg", "met-streepje", "x" * 31])
def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["plugin", "new", name, "--folder", str(tmp_path / "nieuw")])
    assert made.exit_code == 2
    assert not (tmp_path / "nieuw").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mijn.txt").write_text("van mij", "utf-8")
    made = CliRunner().invoke(main, ["plugin", "new", "proef", "--folder", str(tmp_path)])
    assert made.exit_code == 2 and "niet leeg" in made.output
    assert [path.name for path in tmp_path.iterdir()] == ["mijn.txt"]
