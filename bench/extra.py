"""What is measured beside the pages: statements, start, promises 3, 16, 25 and 46."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from flask import Flask
from sqlalchemy import event

from bench.asking import Ask, Jar, refresh
from bench.importing import Prepared, prepare, save_grids
from bench.load import Target
from bench.serving import ROOT
from bench.world import Made
from inleer.db import db

PAIRS = 100
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# The peak is what the kernel says of this program: the one of wait4 is inherited from the bench, which is larger.
_WITH_PEAK = """
import re, sys
from pathlib import Path
from inleer.cli import main
peak = Path(sys.argv.pop(1))
try:
    main()
finally:
    peak.write_text(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
"""
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def statements(app: Flask, targets: Sequence[Target], connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many statements each page of the product sends, the second time that it is asked for."""
    found = {}
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(CONTROL):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    for target in targets:
        if target.name == "product":
            refresh(target.asks, connection)
            for ask in (target.asks[0], target.asks[0]):
                sent.clear()
                request_inside(app, ask)
            found[target.page] = len(sent)
    event.remove(engine, "before_cursor_execute", note)
    with app.app_context():
        db.engine.dispose()
    return found


def request_inside(app: Flask, ask: Ask) -> None:
    """One request without a server."""
    answer = app.test_client(use_cookies=False).open(
        ask.path,
        method=ask.method,
        headers=ask.headers,
        data=ask.body(),
        base_url=app.config["INLEER"].base_url,
    )
    if answer.status_code != ask.expected:
        raise RuntimeError(f"{ask.method} {ask.path} gave {answer.status_code}")


def everything(app: Flask, made: Made, port: int, url: str, rows: int) -> dict[str, Any]:
    """Start of the app, pairs of answers that may not differ in time, and a large import."""
    files = prepare(app, rows)
    return {
        "start": _starts(),
        "login": _pairs(port, _logins(port, made)),
        "foreign": _pairs(port, _boards(app, made)),
        "grid": save_grids(app, files),
        "import": _import(app, url, files),
    }


def _starts(times: int = 3) -> dict[str, float]:
    """Seconds (on the clock, and of CPU) that a process needs to import the app."""
    walls, cpus = [], []
    for _n in range(times):
        before, began = os.times(), time.perf_counter()
        subprocess.run([sys.executable, "-c", "import inleer.app"], cwd=ROOT, check=True)
        walls.append(time.perf_counter() - began)
        after = os.times()
        cpus.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return {"seconds": median(walls), "cpu": median(cpus)}


def _logins(port: int, made: Made) -> Callable[[HTTPConnection, bool, int], tuple[Any, ...]]:
    """A wrong password for an address that is known, or for one that is not."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/inloggen")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    found = _TOKEN.search(answer.read().decode())
    connection.close()
    if found is None:
        raise RuntimeError("no form on /inloggen")
    token = found[1]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def send(connection: HTTPConnection, known: bool, number: int) -> tuple[Any, ...]:
        email = made.emails[number % len(made.emails)] if known else f"niemand.{number}@bench.example"
        body = urlencode({"csrf_token": token, "email": email, "password": "dit is het niet, echt niet"})
        connection.request("POST", "/inloggen", body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode().replace(email, "")
        return answer.status, len(_TOKEN.sub("", text))

    return send


def _boards(app: Flask, made: Made) -> Callable[[HTTPConnection, bool, int], tuple[Any, ...]]:
    """The board of another agency's cohort, or of one that does not exist."""
    token = made.lists[0]
    headers = Jar(app).headers(token)
    # Groups of cohorts belong to agencies in turn; the last one made is another agency's.
    foreign = [key for _token, key in made.boards[-4:]]

    def send(connection: HTTPConnection, known: bool, number: int) -> tuple[Any, ...]:
        key = foreign[number % len(foreign)] if known else uuid4()
        connection.request("GET", f"/lichtingen/{key}", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode().replace(str(key), "")
        return answer.status, len(re.sub(r"[0-9a-f]{16}", "", text))

    return send


def _pairs(port: int, send: Callable[[HTTPConnection, bool, int], tuple[Any, ...]]) -> dict[str, Any]:
    """Medians in milliseconds of both kinds over interleaved pairs, and whether the answers are alike."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    times: dict[bool, list[float]] = {True: [], False: []}
    answers: set[tuple[Any, ...]] = set()
    for number in range(PAIRS):
        for known in (True, False) if number % 2 else (False, True):
            began = time.perf_counter()
            answers.add(send(connection, known, number))
            times[known].append((time.perf_counter() - began) * 1000)
    connection.close()
    first, second = median(times[True]), median(times[False])
    return {
        "known": first,
        "unknown": second,
        "apart": abs(first - second),
        "answers": sorted(map(str, answers)),
    }


def _import(app: Flask, url: str, files: Prepared) -> dict[str, Any]:
    """A file of attendance through the command line, in a process of its own."""
    settings = app.config["INLEER"]
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("INLEER_")},
        "INLEER_DATABASE_URL": url,
        "INLEER_SECRET_KEY": settings.secret_key,
        "INLEER_VAR_DIR": str(settings.var_dir),
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "presentie.csv"
        file.write_text("\n".join(files.lines), encoding="utf-8")
        peak = Path(folder) / "peak"
        command = [
            sys.executable,
            "-c",
            _WITH_PEAK,
            str(peak),
            "import",
            "attendance",
            str(file),
            "--cohort",
            files.slug,
        ]
        before, began = os.times(), time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, check=False)
        took, after = time.perf_counter() - began, os.times()
        memory = int(peak.read_text())
    return {
        "rows": len(files.lines) - 1,
        "failed": done.returncode != 0,
        "seconds": took,
        "cpu": after.children_user + after.children_system - before.children_user - before.children_system,
        "memory_mb": memory * 1024 / 1e6,
    }
