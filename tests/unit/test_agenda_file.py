"""The file of an agenda feed, read back by parsers that share no code with what wrote it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import icalendar
import pytest

from inleer import clock
from inleer.agenda.ical import KIND_WORDS, as_ical, etag
from inleer.agenda.queries import AgendaRow
from inleer.cohorts.models import SESSION_KINDS
from tests import agendas

LONG = "Les over “zorg”; rekenen, taal\\schrijven — Ĳsselmeer 🙂 " * 6


def row(
    number: int, day: date, begin: time, end: time, title: str = "Les", cancelled: bool = False
) -> AgendaRow:
    return AgendaRow(
        id=UUID(int=number),
        title=title,
        kind="lesson",
        starts_at=clock.at(day, begin),
        ends_at=clock.at(day, end),
        location="Lokaal 1, eerste; verdieping",
        cancelled=cancelled,
        sequence=number,
        changed_at=datetime(2026, 11, 17, 9, 30, tzinfo=UTC),
        cohorts=("Lichting A", "Lichting B"),
    )


#: In winter, in summer, over both changes of the clock, in another year, cancelled, and with every awkward letter.
ROWS = [
    row(1, date(2026, 11, 17), time(9), time(15)),
    row(2, date(2026, 7, 1), time(9), time(15)),
    row(3, date(2026, 10, 24), time(23), time(23, 59)),
    replace(
        row(4, date(2026, 10, 25), time(1), time(5)),
        starts_at=datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
        ends_at=datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
    ),
    row(5, date(2027, 3, 28), time(4), time(6)),
    row(6, date(2027, 6, 3), time(9), time(10), cancelled=True),
    row(7, date(2026, 12, 1), time(9), time(10), title=LONG),
]


def expected(one: AgendaRow) -> dict[str, object]:
    summary = " · ".join((one.title, *one.cohorts))
    return {
        "uid": f"{one.id}@inleer",
        "summary": f"Vervalt: {summary}" if one.cancelled else summary,
        "start": int(one.starts_at.timestamp()),
        "end": int(one.ends_at.timestamp()),
        "status": "CANCELLED" if one.cancelled else "CONFIRMED",
        "sequence": one.sequence,
    }


def test_ical_js_reads_the_same_sessions(tmp_path: Path) -> None:
    if agendas.node() is None:
        said = "NO NODE: that ical.js reads our agenda feeds is not tested"
        warnings.warn(said, stacklevel=1)
        pytest.skip(said)
    events = agendas.read_with_ical_js(as_ical(ROWS, "inleer: docent"), tmp_path)
    assert {event.pop("zone") for event in events} == {"Europe/Amsterdam"}
    assert events == [expected(one) for one in ROWS]


def test_libical_reads_the_same_sessions() -> None:
    if agendas.libical() is None:
        said = "NO LIBICAL: that libical reads our agenda feeds is not tested (see tools/libical.py)"
        warnings.warn(said, stacklevel=1)
        pytest.skip(said)
    assert agendas.read_with_libical(as_ical(ROWS, "inleer: docent")) == [expected(one) for one in ROWS]


def test_the_parsers_see_a_wrong_time(tmp_path: Path) -> None:
    """The control: without its zone a time is another moment, and both say so."""
    broken = as_ical(ROWS[1:2], "x").replace(
        b"DTSTART;TZID=Europe/Amsterdam:20260701T090000", b"DTSTART:20260701T090000Z"
    )
    readings = []
    if agendas.node() is not None:
        readings.append(agendas.read_with_ical_js(broken, tmp_path))
    if agendas.libical() is not None:
        readings.append(agendas.read_with_libical(broken))
    for events in readings:
        assert events[0]["start"] == expected(ROWS[1])["start"] + 2 * 3600  # type: ignore[operator]


def test_the_file_is_what_rfc_5545_asks() -> None:
    data = as_ical(ROWS, "inleer: docent")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    calendar = icalendar.Calendar.from_ical(data)
    zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
    assert zones == ["Europe/Amsterdam"]
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED", "STATUS"} <= set(event)
        assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"


def test_an_empty_agenda_is_a_calendar_too() -> None:
    assert icalendar.Calendar.from_ical(as_ical([], "leeg")).walk("VEVENT") == []


def test_every_kind_of_session_has_a_word() -> None:
    assert set(KIND_WORDS) == set(SESSION_KINDS)


def test_the_mark_changes_with_whatever_changes() -> None:
    one = ROWS[0]
    others = [
        replace(one, title="Anders"),
        replace(one, location=None),
        replace(one, ends_at=one.ends_at + timedelta(minutes=5)),
        replace(one, cancelled=True),
        replace(one, cohorts=("Lichting A",)),
        replace(one, sequence=9),
    ]
    marks = {etag([each], "x") for each in [one, *others]} | {etag([], "x"), etag([one], "y")}
    assert len(marks) == len(others) + 3
    assert etag([one], "x") == etag([replace(one)], "x")
