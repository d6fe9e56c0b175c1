"""Wheels of the core and of the plugins, built from a clean copy of the checkout, once for all tests that ask."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests import plugin_logs
from tools.environment import plugin_folders

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BUILT_FROM = ("inleer", "templates", "migrations", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", "build", "dist")

Wheel = Callable[[str], Path]


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command and return what it printed; the test fails with all of it when the command fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        check=False,
        text=True,
        timeout=240,
    )
    plugin_logs.read_text(done.stderr)  # what the demo says on the screen holds the addresses of its logins
    assert done.returncode == 0, f"{' '.join(str(part) for part in command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(folder: Path, source: Path) -> Path:
    """Build one wheel with the locked setuptools."""
    out = folder / "wheels" / source.name
    run(BIN / "uv", "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", out, source,
        cwd=folder)  # fmt: skip
    (wheel,) = out.glob("*.whl")
    return wheel


def environment(folder: Path, *packages: str | Path) -> Path:
    """The bin folder of an empty virtual environment with these packages and the locked versions of what they need."""
    venv = folder / "venv"
    run(BIN / "uv", "venv", "--quiet", "--python", sys.executable, venv, cwd=folder)
    run(BIN / "uv", "pip", "install", "--quiet", "--python", venv, "--constraint", ROOT / "requirements.lock",
        *packages, cwd=folder)  # fmt: skip
    return venv / "bin"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """The wheel of the core ("core") or of a plugin (its folder's name), built when it is first asked for."""
    folder = tmp_path_factory.mktemp("wheel")
    plugins = {plugin.name: plugin for plugin in plugin_folders()}

    @cache
    def built(name: str) -> Path:
        source = folder / name
        if name != "core":
            shutil.copytree(plugins[name], source, ignore=JUNK)
            return build(folder, source)
        source.mkdir()
        for part in (ROOT / one for one in BUILT_FROM):
            if part.is_dir():
                shutil.copytree(part, source / part.name, ignore=JUNK)
            else:
                shutil.copy(part, source / part.name)
        return build(folder, source)

    return built
