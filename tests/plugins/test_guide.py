"""The guide for authors of plugins is true: its blocks are a plugin that works with nothing but wheels."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import fields
from inspect import isfunction
from pathlib import Path

import pytest

from inleer import plugin
from inleer.plugin import templates
from tests.plugins.guide_blocks import GUIDE, apply, blocks
from tests.wheels import BIN, Wheel, build, environment, run

COHORT = Path(__file__).with_name("guide_cohort.py")
COMPONENTS = Path(__file__).parents[2] / "templates" / "components"


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_plugin_of_the_guide_works_with_wheels_only(wheel: Wheel, tmp_path: Path) -> None:
    """From ``inleer plugin new`` to a cohort over HTTP, in an environment of its own, without the checkout."""
    bin_folder = environment(tmp_path, wheel("core"), "pytest")
    env = {
        "PATH": os.pathsep.join([str(bin_folder), "/usr/bin", "/bin"]),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    run(bin_folder / "inleer", "plugin", "new", "energie", "--title", "Technicus", cwd=tmp_path, env=env)
    folder = tmp_path / "inleer-energie"
    written = apply(folder)
    assert {"inleer_energie/__init__.py", "inleer_energie/routes.py", "tests/test_steps.py"} <= set(written)
    made = build(tmp_path, folder)
    run(
        BIN / "uv",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--python",
        bin_folder / "python",
        made,
        cwd=tmp_path,
    )
    tests = tmp_path / "tests"
    shutil.copytree(folder / "tests", tests)
    shutil.copy(COHORT, tests / "test_cohort.py")
    shutil.rmtree(folder)  # what is imported now comes from the wheel
    said = run(
        bin_folder / "python",
        "-m",
        "pytest",
        "-q",
        "-W",
        "error::DeprecationWarning",
        tests,
        cwd=tests,
        env=env,
    )
    assert re.search(r"^(1[9]|[2-9]\d) passed in", said, re.MULTILINE), said


def test_every_block_of_python_in_the_guide_is_a_file() -> None:
    """A block without a name would not be tried."""
    text = GUIDE.read_text(encoding="utf-8")
    assert len(blocks(text)) == text.count("```{code-block}")
    assert "```python" not in text
    assert all(path.startswith(("inleer_energie/", "tests/")) for path in blocks(text))


def test_the_macros_that_the_guide_names_are_there_with_those_arguments() -> None:
    """What the compatibility page promises of templates, to the letter."""
    named = re.findall(
        r"^\| `components/(\w+\.html)` \| `(\w+\([^`]*\))` \|",
        GUIDE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(named) >= 10
    for file, signature in named:
        assert f"macro {signature} " in (COMPONENTS / file).read_text(encoding="utf-8"), (
            f"{file}: {signature}"
        )


def test_the_guide_names_every_building_block_of_a_route() -> None:
    """Templates, members of the enumerations, and the fields of the records that a route is made of."""
    text = GUIDE.read_text(encoding="utf-8")
    made_here = {
        name
        for name, value in vars(templates).items()
        if isfunction(value) and value.__module__ == templates.__name__ and not name.startswith("_")
    }
    assert len(made_here) >= 14
    assert not {name for name in made_here if not re.search(rf"`{name}\(", text)}
    members = (plugin.PhaseKind, plugin.SessionKind, plugin.Host, plugin.Matching, plugin.CommitmentKind)
    named = {
        member.name for enum in (*members, plugin.ExitKind, plugin.FieldKind, plugin.Tone) for member in enum
    }
    arguments = {field.name for record in (plugin.Strand, plugin.PhaseDef) for field in fields(record)}
    assert not {name for name in named | arguments if not re.search(rf"`{name}[`=]", text)}
