"""The wheels hold all that the checkout holds, and the demo runs from them in an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
BUILT_FROM = ("inleer", "templates", "migrations", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", "build", "dist")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


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
    assert done.returncode == 0, f"{' '.join(str(part) for part in command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(folder: Path, source: Path) -> Path:
    """Build one wheel with the locked setuptools."""
    out = folder / "wheels" / source.name
    run(BIN / "uv", "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", out, source,
        cwd=folder)  # fmt: skip
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheels of the core and of the zorg plugin, built from a clean copy of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    core = folder / "core"
    core.mkdir()
    for name in BUILT_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, core / name, ignore=JUNK)
        else:
            shutil.copy(source, core / name)
    plugin = folder / "zorg"
    shutil.copytree(ROOT / "plugins" / "zorg", plugin, ignore=JUNK)
    return build(folder, core), build(folder, plugin)


@pytest.fixture(scope="module")
def installed(wheels: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an empty virtual environment with both wheels and the locked versions of what they need."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(BIN / "uv", "venv", "--quiet", "--python", sys.executable, venv, cwd=venv.parent)
    run(BIN / "uv", "pip", "install", "--quiet", "--python", venv, "--constraint", ROOT / "requirements.lock", *wheels,
        cwd=venv.parent)  # fmt: skip
    return venv / "bin"


def data_files(folder: Path) -> set[str]:
    """The files of a folder as they should be in a wheel, relative to it."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_of_the_core_holds_every_file(wheels: tuple[Path, Path]) -> None:
    held = members(wheels[0])
    for folder, prefix in [("inleer", ""), ("templates", "inleer/"), ("migrations", "inleer/")]:
        wanted = {f"{prefix}{folder}/{name}" for name in data_files(ROOT / folder)}
        assert wanted
        assert sorted(wanted - held) == []
    assert "inleer/static/vendor/htmx/htmx.min.js" in held
    top = {name.split("/")[0] for name in held}
    assert {name for name in top if not name.endswith(".dist-info")} == {"inleer"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


def test_the_wheel_of_the_plugin_holds_every_file(wheels: tuple[Path, Path]) -> None:
    held = members(wheels[1])
    wanted = {f"inleer_zorg/{name}" for name in data_files(ROOT / "plugins" / "zorg" / "inleer_zorg")}
    assert {"inleer_zorg/__init__.py"} < wanted
    assert sorted(wanted - held) == []
    assert {name.split("/")[0] for name in held if ".dist-info" not in name} == {"inleer_zorg"}


def test_resources_are_found_in_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "from inleer.resources import NAMES, resource\n"
        "for name in NAMES:\n"
        "    assert 'site-packages/inleer' in str(resource(name)), resource(name)\n"
        "    print(name, sum(1 for path in resource(name).rglob('*') if path.is_file()))\n"
    )
    counted = dict(
        line.split() for line in run(installed / "python", "-I", "-c", code, cwd=tmp_path).splitlines()
    )
    assert counted.keys() == {"templates", "migrations", "static"}
    assert all(int(number) > 0 for number in counted.values())


def test_the_demo_runs_from_the_wheels_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    # None of the checkout's settings, and not its virtual environment.
    env = {
        "PATH": os.pathsep.join([str(installed), "/usr/bin", "/bin"]),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    printed = run(installed / "inleer", "demo", "--no-serve", cwd=tmp_path, env=env)
    assert "coach" in printed
    assert any((tmp_path / "var").rglob("*.sqlite3")) or any((tmp_path / "var").rglob("*.db"))
    plugins = run(installed / "inleer", "plugins", cwd=tmp_path, env=env)
    assert "zorg" in plugins
