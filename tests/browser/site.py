"""The demo, served by the real command line, with a database that goes back to its first state in a moment."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from inleer.accounts import second_factor
from inleer.accounts.models import User
from inleer.accounts.secrets import decrypt
from inleer.accounts.signing_in import TOTP
from inleer.config import SECRET_FILE, Settings
from inleer.db import db
from inleer.demo import LOGINS
from tests import plugin_logs
from tests.browser import clocked

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
#: A Tuesday in a school term, on which the ROC has a lesson: the demo looks the same on every real day.
MORNING = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
START_SECONDS = 120
_NOTES = "site.json"


@dataclass(frozen=True)
class Template:
    """A seeded demo that servers start from.

    ``shift`` is how far its clock is from the real one, ``secrets`` the second factors by login, ``states`` where
    the browser's cookies of who is logged in are kept.
    """

    folder: Path
    shift: timedelta
    secrets: dict[str, str]

    @property
    def database(self) -> Path:
        return self.folder / "demo.db"

    def state_of(self, key: str) -> Path:
        """The cookies of a login."""
        return self.folder / f"cookies-{key}.json"

    def save(self) -> None:
        """Keep what cannot be derived, for the other test processes."""
        notes = {"shift": self.shift.total_seconds(), "secrets": self.secrets}
        (self.folder / _NOTES).write_text(json.dumps(notes))


def load_template(folder: Path) -> Template | None:
    """The template in this folder, None when it was not made (completely)."""
    path = folder / _NOTES
    if not path.exists():
        return None
    notes = json.loads(path.read_text())
    return Template(folder, timedelta(seconds=notes["shift"]), notes["secrets"])


def seed_template(folder: Path, start: datetime = MORNING) -> Template:
    """Fill a new demo as `inleer demo` does, on the morning ``start``."""
    folder.mkdir(parents=True, exist_ok=True)
    shift = start - datetime.now(UTC)
    run(folder, shift, "demo", "--no-serve")
    return Template(folder, shift, _secrets(folder))


def run(folder: Path, shift: timedelta, *arguments: str) -> str:
    """Run the command line on the demo in ``folder``; returns what it says. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.clocked", *arguments],
        env=_environment(folder, shift),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"inleer {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
    plugin_logs.read_text(done.stderr)
    return done.stdout


def _environment(folder: Path, shift: timedelta, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INLEER_")}
    own = {"INLEER_VAR_DIR": str(folder), clocked.SHIFT: str(shift.total_seconds())}
    return {**kept, **own, "PYTHONWARNINGS": "default", "PYTHONUNBUFFERED": "1", **more}


def app_of(folder: Path) -> Flask:
    """The application of the demo in ``folder``, in this process: to read its rules and its secrets."""
    from inleer.app import create_app

    return create_app(
        Settings(
            database_url=f"sqlite:///{folder / 'demo.db'}",
            secret_key=(folder / SECRET_FILE).read_text().strip(),
            var_dir=folder,
            demo=True,
        )
    )


def _secrets(folder: Path) -> dict[str, str]:
    """The second factors of the demo logins, in clear."""
    with app_of(folder).app_context():
        sealed = {row.email: row.totp_secret for row in db.session.execute(select(User)).scalars()}
        found = {login.key: decrypt(TOTP, sealed[login.email] or "") for login in LOGINS}
        db.session.remove()
        db.engine.dispose()
    return found


class Site:
    """A running demo. Use as a context manager; ``url`` is its address."""

    def __init__(self, template: Template, folder: Path, host: str = HOST) -> None:
        """Copy the template to ``folder``; ``host`` is this machine, by a name or an address."""
        self.template, self.folder, self.host = template, folder, host
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(template.folder / SECRET_FILE, folder / SECRET_FILE)
        _copy(template.database, self.database)
        self.port = _free_port()
        self.log, self._said = folder / "server.log", folder / "server.out"
        self._read = 0

    @property
    def database(self) -> Path:
        return self.folder / "demo.db"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def now(self) -> datetime:
        """The time on the site's clock."""
        return datetime.now(UTC) + self.template.shift

    def __enter__(self) -> Site:
        with self.log.open("ab") as log, self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.clocked", "demo"],
                env=_environment(self.folder, self.template.shift, INLEER_BIND=f"{self.host}:{self.port}"),
                cwd=ROOT,
                stdout=said,
                stderr=log,
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=40)
        self.read_log()
        told = [f"inleer demo totp {login.key}" for login in LOGINS]  # the list of logins on the screen
        lines = [line for line in self._said.read_text().splitlines() if not line.endswith(tuple(told))]
        plugin_logs.read_text("\n".join(lines), self._people())

    def read_log(self) -> None:
        """Look whether what the server logged since the last time holds something personal."""
        self._read = plugin_logs.read_file(self.log, self._read, self._people())

    def _people(self) -> set[str]:
        """What names the people of the demo; short names stand in ordinary words too."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)) as database:
            rows = database.execute(
                "SELECT first_name, last_name, email, phone FROM candidate"
                " UNION SELECT name, email, '', '' FROM user_account"
            ).fetchall()
        return {value for row in rows for value in row if value and len(value) >= plugin_logs.SHORTEST}

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urlopen(f"{self.url}/inloggen", timeout=20):
                    return
            except (HTTPError, URLError, ConnectionError, TimeoutError):
                time.sleep(0.3)
        raise RuntimeError(f"the demo does not answer:\n{self.log.read_text()[-4000:]}")

    def restore(self) -> None:
        """Everything as it was in the template, without mail; who logged in there was active just now."""
        for mail in (self.folder / "mail").glob("*.eml"):
            mail.unlink()
        _copy(self.template.database, self.database)
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            seen = self.now().strftime("%Y-%m-%d %H:%M:%S.%f")
            database.execute("UPDATE user_session SET last_seen_at = ?", (seen,))

    def copy_to(self, path: Path) -> None:
        """Keep the database as it is now."""
        _copy(self.database, path)

    def code(self, key: str) -> str:
        """A code of this login's second factor that was not used before."""
        email = next(login.email for login in LOGINS if login.key == key)
        step = int(self.now().timestamp()) // second_factor.STEP_SECONDS
        last = self.value("SELECT totp_last_step FROM user_account WHERE email = ?", email)
        if last is not None and step <= last:
            step = last + 1
        moment = datetime.fromtimestamp(step * second_factor.STEP_SECONDS, UTC)
        return second_factor.current_code(self.template.secrets[key], moment)

    def value(self, statement: str, *parameters: object) -> int | None:
        """One number from the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)) as database:
            row = database.execute(statement, parameters).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def ids(self, table: str) -> list[str]:
        """The ids of all rows of a table, in their order of making."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)) as database:
            rows = database.execute(f'SELECT id FROM "{table}" ORDER BY id').fetchall()
        return [str(UUID(row[0])) for row in rows]

    def execute(self, statement: str, *parameters: object) -> None:
        """Change the database behind the application's back, as time or another device would."""
        with closing(sqlite3.connect(self.database, timeout=20)) as database, database:
            database.execute(statement, parameters)


def _copy(source: Path, target: Path) -> None:
    """Copy a database that may be in use, over one that may be in use."""
    with (
        closing(sqlite3.connect(source, timeout=20)) as old,
        closing(sqlite3.connect(target, timeout=20)) as new,
    ):
        old.backup(new)


def _free_port() -> int:
    with socket.socket() as made:
        made.bind((HOST, 0))
        port: int = made.getsockname()[1]
        return port
