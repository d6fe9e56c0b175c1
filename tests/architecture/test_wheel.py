"""The wheels hold all that the checkout holds, and the demo runs from them in an empty environment."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.architecture.test_packaging import plugin_name
from tests.wheels import ROOT, Wheel, environment, run
from tools.environment import plugin_folders
from tools.imports import plugin_packages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheels(wheel: Wheel) -> dict[str, Path]:
    """The wheels of the core ("core") and of each plugin."""
    return {name: wheel(name) for name in ("core", *(plugin.name for plugin in plugin_folders()))}


@pytest.fixture(scope="module")
def installed(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an empty virtual environment with all wheels."""
    return environment(tmp_path_factory.mktemp("installed"), *wheels.values())


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


def test_the_wheel_of_the_core_holds_every_file(wheels: dict[str, Path]) -> None:
    held = members(wheels["core"])
    for folder, prefix in [("inleer", ""), ("templates", "inleer/"), ("migrations", "inleer/")]:
        wanted = {f"{prefix}{folder}/{name}" for name in data_files(ROOT / folder)}
        assert wanted
        assert sorted(wanted - held) == []
    assert "inleer/static/vendor/htmx/htmx.min.js" in held
    top = {name.split("/")[0] for name in held}
    assert {name for name in top if not name.endswith(".dist-info")} == {"inleer"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


@pytest.mark.parametrize("package", plugin_packages(), ids=lambda path: path.name)
def test_the_wheel_of_a_plugin_holds_every_file(wheels: dict[str, Path], package: Path) -> None:
    held = members(wheels[package.parent.name])
    wanted = {f"{package.name}/{name}" for name in data_files(package)}
    assert {f"{package.name}/__init__.py"} < wanted
    assert sorted(wanted - held) == []
    assert {name.split("/")[0] for name in held if ".dist-info" not in name} == {package.name}


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
    assert all(plugin_name(folder) in plugins for folder in plugin_folders())
