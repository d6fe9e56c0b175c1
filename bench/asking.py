"""What is asked of both servers: the same pages, as the same people, with the cookies of each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from bench.world import Made
from inleer.attendance.stamps import stamp

PAGES = ("P1", "P2 GET", "P2 POST", "P3", "P5")
#: The pages that the peer has, at the addresses of the floor.
OF_PEER = ("P1",)
MOST = 200


@dataclass
class Ask:
    """One address asked as one person. ``marks`` (of a register that is saved) follow what was sent."""

    method: str
    path: str
    headers: dict[str, str]
    expected: int = 200
    csrf: str = ""
    marks: dict[UUID, tuple[int, str, int | None, str | None]] = field(default_factory=dict)

    def body(self) -> bytes | None:
        """The next body: every mark gets another status. The stamps are those that a page would have had."""
        if self.method == "GET":
            return None
        fields = {"csrf_token": self.csrf}
        for enrolment, (version, status, minutes, note) in self.marks.items():
            now = "excused" if status == "present" else "present"
            fields[f"version-{enrolment}"] = str(stamp(version, status, minutes, note))
            fields[f"status-{enrolment}"] = now
            self.marks[enrolment] = (version + 1, now, None, note)
        return urlencode(fields).encode()


@dataclass(frozen=True)
class Jar:
    """Cookies of the product, made with its own secret key; one CSRF token serves for all."""

    app: Flask
    raw: str = field(default_factory=lambda: secrets.token_hex(20))

    def headers(self, token: str) -> dict[str, str]:
        """The cookie of somebody whose session has this token."""
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        name = self.app.config["SESSION_COOKIE_NAME"]
        value = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": self.raw})
        return {"Cookie": f"{name}={value}"}

    def csrf(self) -> str:
        """The token that a form carries."""
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(self.raw))  # type: ignore[arg-type]


def product(page: str, made: Made, jar: Jar) -> list[Ask]:
    """The requests for one page of the product."""
    paths = {
        "P1": "/lichtingen",
        "P2 GET": "/lessen",
        "P2 POST": "/lessen",
        "P3": "/kandidaten",
        "P5": "/kandidaten",
    }
    found = []
    for token, key in _keys(page, made):
        path = f"{paths[page]}/{key}" if key else paths[page]
        found.append(_ask(page, path, jar.headers(token), jar.csrf()))
    return found


def floor(page: str, made: Made) -> list[Ask]:
    """The requests for the same page of the floor."""
    name = f"/p{page[1]}"
    return [
        _ask(page, f"{name}/{key}" if key else name, {"Cookie": f"floor={token}"}, "")
        for token, key in _keys(page, made)
    ]


def _ask(page: str, path: str, headers: dict[str, str], csrf: str) -> Ask:
    if page == "P2 POST":
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return Ask("POST", path, {**headers, **form}, expected=303, csrf=csrf)
    return Ask("GET", path, headers)


def _keys(page: str, made: Made) -> Sequence[tuple[str, UUID | None]]:
    known: dict[str, Sequence[tuple[str, UUID | None]]] = {
        "P1": made.boards,
        "P2 GET": made.registers,
        # One lesson of each cohort: two saves about the same people wait for each other.
        "P2 POST": made.saves,
        "P3": [(token, None) for token in made.lists],
        "P5": made.files,
    }
    found = known[page]
    step = max(1, len(found) // MOST)
    return found[::step][:MOST]


def refresh(asks: Sequence[Ask], connection: psycopg.Connection[Any]) -> None:
    """Read the marks as they are, before a round that saves."""
    posting = {ask.path.rsplit("/", 1)[1]: ask for ask in asks if ask.method == "POST"}
    if not posting:
        return
    statement = """SELECT session_id, enrolment_id, version, status, minutes, note FROM attendance
        WHERE session_id = ANY(%s::uuid[]) ORDER BY enrolment_id"""
    for ask in posting.values():
        ask.marks.clear()
    for session, enrolment, *mark in connection.execute(statement, [list(posting)]):
        posting[str(session)].marks[enrolment] = (mark[0], mark[1], mark[2], mark[3])
