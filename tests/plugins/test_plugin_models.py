"""Promise 41: a model of a plugin without a declared scope stops the start, and the message says whose it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import plugin_logs

ROOT = Path(__file__).parents[2]
START = """
import sys
from pathlib import Path
from inleer.app import create_app
from inleer.config import Settings
from inleer.extend import PluginError
from tests.fixtures import SECRET

extra = ()
if sys.argv[2] == "with":
    from tests.plugins.rogues import models
    extra = (models,)
folder = Path(sys.argv[1])
settings = Settings(
    database_url=f"sqlite:///{folder}/none.db", secret_key=SECRET, var_dir=folder, testing=True, extra_plugins=extra
)
try:
    create_app(settings)
except PluginError as error:
    print(error)
    raise SystemExit(3) from None
print("started")
"""


def start(folder: Path, declares: str = "", rogue: str = "with") -> tuple[int, str]:
    """Start the app in a process of its own; its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", START, str(folder), rogue],
        cwd=ROOT,
        env={**os.environ, "ROGUE_DECLARES": declares},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    plugin_logs.read_text(done.stdout + done.stderr)
    return done.returncode, done.stdout.strip() or done.stderr


@pytest.mark.parametrize(
    ("declares", "model", "table"),
    [("", "Thing", "rogue_thing"), ("Stray", "Thing", "rogue_thing"), ("Thing", "Stray", "stray")],
)
def test_a_model_without_a_scope_stops_the_start(
    tmp_path: Path, declares: str, model: str, table: str
) -> None:
    code, said = start(tmp_path, declares)
    assert (code, said) == (
        3,
        f"Plugin 'rogue' houdt de start tegen: van model {model} (tabel {table}) is niet gezegd wie de rijen mag zien."
        f" Roep bij het importeren van de plugin scoped_model({model}, recht) en"
        f" relation({model}, naam, voorwaarde) aan."
        " Zonder deze plugin starten: haal 'rogue' uit INLEER_PLUGINS.",
    )


@pytest.mark.parametrize(("declares", "rogue"), [("Thing Stray", "with"), ("", "without")])
def test_with_its_scopes_declared_or_the_plugin_out_the_app_starts(
    tmp_path: Path, declares: str, rogue: str
) -> None:
    """The control, with the plugins that are installed on: every model of theirs has a scope."""
    assert start(tmp_path, declares, rogue) == (0, "started")
