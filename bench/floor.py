"""The floor: the same pages as hand-written SQL through the driver and plain Jinja, with login and permission.

A WSGI application without a framework; nothing that inleer promises beside the figures is in it: no read log, no audit
trail, no roll-ups, no components, no plugins.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from jinja2 import Environment, FileSystemLoader
from psycopg.rows import namedtuple_row

from bench import floor_sql as sql

_local = threading.local()
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
Start = Callable[[str, list[tuple[str, str]]], Any]
WINDOW = timedelta(weeks=16)


def today_here() -> date:
    """Today in Amsterdam, as the product has it."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


class Refused(Exception):
    """Not logged in, or not theirs."""


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """WSGI: ``/hello``, ``/p1/ID``, ``/p2/ID`` (GET and POST), ``/p3``, ``/p5/ID``."""
    _slash, name, *rest = environ["PATH_INFO"].split("/")
    if name == "hello":
        return _answer(start_response, "200 OK", "hello")
    try:
        who = _who(environ.get("HTTP_COOKIE", ""))
        if environ["REQUEST_METHOD"] == "POST":
            _save(who, UUID(rest[0]), environ)
            start_response("303 See Other", [("Location", f"/p2/{rest[0]}"), ("Content-Length", "0")])
            return [b""]
        context = PAGES[name](who, *(UUID(part) for part in rest))
        return _answer(
            start_response, "200 OK", _pages.get_template(f"{name}.html").render(who=who, **context)
        )
    except Refused:
        return _answer(start_response, "404 Not Found", "")


def _answer(start_response: Start, status: str, text: str) -> list[bytes]:
    body = text.encode()
    start_response(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def _connection() -> psycopg.Connection[Any]:
    """This thread's connection. Reads commit by themselves, so prepared statements stay."""
    if not hasattr(_local, "connection"):
        url = os.environ["BENCH_FLOOR_URL"]
        _local.connection = psycopg.connect(url, autocommit=True, row_factory=namedtuple_row)
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def rows(statement: str, **params: Any) -> list[Any]:
    """The rows of a statement."""
    return _connection().execute(statement.encode(), params).fetchall()


def _who(cookie: str) -> Any:
    token = cookie.removeprefix("floor=")
    found = rows(sql.WHO, token_hash=hashlib.sha256(token.encode()).hexdigest())
    if not found:
        raise Refused
    return found[0]


def board(who: Any, cohort_id: UUID) -> dict[str, Any]:
    """P1: a cohort of the user's own agency."""
    today = today_here()
    monday = today - timedelta(days=today.weekday())
    cohort = rows(sql.COHORT, id=cohort_id, agency=who.organisation_id)
    if not cohort:
        raise Refused
    weeks = {(w.enrolment_id, w.monday): w for w in rows(sql.WEEKS, id=cohort_id, reach=today - WINDOW)}
    return {
        "cohort": cohort[0],
        "people": rows(sql.PEOPLE, id=cohort_id, agency=who.organisation_id),
        "weeks": weeks,
        "mondays": [monday - timedelta(weeks=n) for n in range(8, -1, -1)],
        "signals": _by(rows(sql.SIGNALS, id=cohort_id), "candidate_id"),
        "phases": rows(sql.PHASES, id=cohort_id),
        "sessions": rows(
            sql.SESSIONS, id=cohort_id, first=monday, last=monday + timedelta(days=6), today=today
        ),
        "intentions": rows(sql.INTENTIONS, id=cohort_id),
        "today": today,
    }


def register(who: Any, session_id: UUID) -> dict[str, Any]:
    """P2: the register of a lesson of the teacher."""
    session = rows(sql.SESSION, id=session_id, user=who.user_id)
    if not session:
        raise Refused
    return {
        "session": session[0],
        "marks": rows(sql.REGISTER, id=session_id),
        "recent": _by(rows(sql.RECENT, id=session_id, before=session[0].starts_at), "enrolment_id"),
        "statuses": ("present", "late", "left_early", "ill", "excused", "unexcused"),
    }


def _save(who: Any, session_id: UUID, environ: dict[str, Any]) -> None:
    """P2: one upsert for all marks that were sent."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    session = rows(sql.SESSION, id=session_id, user=who.user_id)
    if not session:
        raise Refused
    marks = [
        (name.partition("-")[2], status) for name, status in parse_qsl(body) if name.startswith("status-")
    ]
    _connection().execute(
        sql.SAVE.encode(),
        {
            "session": session_id,
            "enrolments": [UUID(e) for e, _s in marks],
            "statuses": [s for _e, s in marks],
            "planned": session[0].planned_minutes,
            "by": who.user_id,
            "name": who.name,
        },
    )


def people(who: Any) -> dict[str, Any]:
    """P3: the coach's own candidates."""
    today = today_here()
    return {
        "people": rows(sql.CASELOAD, coach=who.user_id, agency=who.organisation_id),
        "unexcused": {
            w.candidate_id: w.minutes for w in rows(sql.UNEXCUSED, coach=who.user_id, reach=today - WINDOW)
        },
        "signals": _by(rows(sql.CASELOAD_SIGNALS, coach=who.user_id), "candidate_id"),
        "today": today,
    }


def file(who: Any, candidate_id: UUID) -> dict[str, Any]:
    """P5: one candidate of the coach."""
    today = today_here()
    found = rows(sql.CANDIDATE, id=candidate_id, coach=who.user_id, agency=who.organisation_id)
    if not found:
        raise Refused
    return {
        "candidate": found[0],
        "phases": rows(sql.PHASES, id=found[0].cohort_id),
        "weeks": rows(sql.OWN_WEEKS, id=found[0].enrolment_id, reach=today - WINDOW),
        "partners": rows(sql.PARTNERS, id=found[0].cohort_id),
        "next": rows(sql.NEXT, id=found[0].cohort_id),
        "moments": rows(sql.MOMENTS, id=candidate_id),
        "signals": rows(sql.OWN_SIGNALS, id=candidate_id),
        "visits": rows(sql.VISITS, id=found[0].enrolment_id),
        "today": today,
    }


def _by(found: list[Any], column: str) -> dict[Any, list[Any]]:
    grouped: dict[Any, list[Any]] = {}
    for row in found:
        grouped.setdefault(getattr(row, column), []).append(row)
    return grouped


PAGES: dict[str, Callable[..., dict[str, Any]]] = {"p1": board, "p2": register, "p3": people, "p5": file}
