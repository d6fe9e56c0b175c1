"""Before anything is timed: product, floor and a recount of the marks themselves give the same figures."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from typing import Any

import psycopg
from flask import Flask

from bench.asking import Ask
from inleer.attendance.rollups import verify
from inleer.attendance.rules import percent
from inleer.i18n import format_percent

RECOUNT = """
SELECT c.first_name || ' ' || c.last_name, sum(s.planned_minutes), sum(least(a.missed, s.planned_minutes))
FROM attendance a JOIN session s ON s.id = a.session_id JOIN enrolment e ON e.id = a.enrolment_id
JOIN candidate c ON c.id = e.candidate_id
WHERE a.status NOT IN ('reported', 'not_applicable') AND s.state <> 'cancelled' AND {where}
GROUP BY c.id
"""
STATUSES = "SELECT status, count(*) FROM attendance WHERE session_id = %s GROUP BY status"
Figures = dict[str, tuple[int, int]]


class Differs(RuntimeError):
    """A page shows another figure than the marks give."""


def get(port: int, ask: Ask, more: str = "") -> str:
    """The text of a page. Raises Differs for another status than 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", ask.path + more, headers=ask.headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8-sig")
    connection.close()
    if answer.status != 200:
        raise Differs(f"{ask.path} gave {answer.status}: {text[:500]}")
    return text


def same(what: str, found: Any, right: Any) -> None:
    """Raises Differs unless both are equal."""
    if found != right:
        raise Differs(f"{what}: {found!r} is not {right!r}")


def lists(ports: Sequence[int], asks: tuple[Ask, Ask], right: Figures) -> None:
    """P1 and P3: percentage and minutes per person, in the product's own export and in the pages of the others."""
    table = list(csv.reader(io.StringIO(get(ports[0], asks[0], "?format=csv")), delimiter=";"))
    head = table[0]
    columns = [head.index(name) for name in ("Naam", "Aanwezig in %", "Aanwezige uren", "Uren met oordeel")]
    found = {_said(row[columns[0]]): [_number(row[c]) for c in columns[1:]] for row in table[1:]}
    same(asks[0].path, found, {name: _hours(*minutes) for name, minutes in right.items()})
    for port in ports[1:]:
        page = get(port, asks[1])
        cells = re.findall(
            r'<th><a[^>]*>([^<]*)</a></th>.*?data-planned="(\d+)" data-missed="(\d+)"', page, re.DOTALL
        )
        shown = {" ".join(name.split()): (int(a), int(b)) for name, a, b in cells}
        same(asks[1].path, shown, right)


def _said(name: str) -> str:
    """A name of a list ("Smit, Daan") as it is said."""
    return " ".join(reversed(name.split(", ")))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _hours(planned: int, missed: int) -> list[float]:
    share = percent(planned - missed, planned)
    return [float(share or 0), round((planned - missed) / 60, 2), round(planned / 60, 2)]


def recount(connection: psycopg.Connection[Any], where: str, key: str) -> Figures:
    """Planned and missed minutes per name, straight from the marks."""
    rows = connection.execute(RECOUNT.format(where=where).encode(), [key]).fetchall()
    return {name: (int(planned), int(missed)) for name, planned, missed in rows}


def register(ports: Sequence[int], asks: tuple[Ask, Ask], connection: psycopg.Connection[Any]) -> None:
    """P2: as many people with each status as there are marks."""
    right = dict(connection.execute(STATUSES, [asks[0].path.rsplit("/", 1)[1]]).fetchall())
    for port, ask in zip(ports, asks, strict=True):
        inputs = re.findall(r"<input[^>]*>", get(port, ask))
        chosen = [re.search(r'value="(\w+)"', i) for i in inputs if 'type="radio"' in i and " checked" in i]
        counted: dict[str, int] = {}
        for value in chosen:
            if value is not None:
                counted[value[1]] = counted.get(value[1], 0) + 1
        same(ask.path, counted, right)


def file(ports: Sequence[int], asks: tuple[Ask, Ask], connection: psycopg.Connection[Any]) -> None:
    """P5: the person's percentage stands on both pages."""
    key = asks[0].path.rsplit("/", 1)[1]
    ((planned, missed),) = recount(connection, "c.id = %s", key).values()
    share = format_percent(100 * (planned - missed) / planned)
    same(f"{asks[0].path} shows {share}", share in get(ports[0], asks[0]), True)
    minutes = f'data-planned="{planned}" data-missed="{missed}"'
    same(f"{asks[1].path} shows {minutes}", minutes in get(ports[1], asks[1]), True)


def rollups(app: Flask, connection: psycopg.Connection[Any], count: int = 40) -> None:
    """The stored roll-ups of a sample equal the product's own recount."""
    statement = "SELECT id FROM candidate ORDER BY id LIMIT %s"
    ids = [row[0] for row in connection.execute(statement, [count])]
    with app.app_context():
        same("roll-ups that differ from a recount", verify(ids), [])


def everything(
    app: Flask,
    ports: tuple[int, int, int],
    asks: Mapping[str, tuple[Sequence[Ask], Sequence[Ask]]],
    connection: psycopg.Connection[Any],
    coach_of: dict[str, str],
) -> None:
    """All pages, each for a few ids. ``ports``: product, floor, peer; ``coach_of``: user ids by the floor's cookie."""
    both = ports[:2]
    for n in (0, -1):
        board = asks["P1"][0][n], asks["P1"][1][n]
        key = board[0].path.rsplit("/", 1)[1]
        lists(ports, board, recount(connection, "e.cohort_id = %s", key))
        people = asks["P3"][0][n], asks["P3"][1][n]
        lists(both, people, recount(connection, "c.coach_id = %s", coach_of[people[1].headers["Cookie"]]))
        register(both, (asks["P2 GET"][0][n], asks["P2 GET"][1][n]), connection)
        file(both, (asks["P5"][0][n], asks["P5"][1][n]), connection)
    rollups(app, connection)
