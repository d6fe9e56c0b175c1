"""What `inleer db check` compares: the models, found by a process that has not started the application."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect

from tests import plugin_logs

FIND = """
import json
from inleer.extend import manifests
from inleer.migrate import all_owners
from inleer.migrate.drift import load_models
print(json.dumps(sorted(load_models(all_owners(manifests())).tables)))
"""


def test_every_table_has_a_model_that_is_found_without_the_application(sqlite_template: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FIND], capture_output=True, check=False, text=True)
    plugin_logs.read_text(done.stderr)
    assert done.returncode == 0, done.stderr
    engine = create_engine(f"sqlite:///{sqlite_template}")
    migrated = [name for name in inspect(engine).get_table_names() if not name.startswith("alembic_version")]
    engine.dispose()
    assert json.loads(done.stdout) == sorted(migrated)
