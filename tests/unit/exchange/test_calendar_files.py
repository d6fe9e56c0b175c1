"""iCal: zones, recurrence, exceptions, what is no session, and files made to keep us busy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from inleer.errors import ImportProblem
from inleer.exchange import calendar_files, calendar_text
from inleer.exchange.calendar_series import Stopwatch
from inleer.exchange.reading import read_sessions
from tests.corpus.workbooks import ical


def zone(name: str, winter: str = "+0100", summer: str = "+0200") -> str:
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n"
        f"BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
        f"TZOFFSETFROM:{summer}\r\nTZOFFSETTO:{winter}\r\nEND:STANDARD\r\n"
        f"BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
        f"TZOFFSETFROM:{winter}\r\nTZOFFSETTO:{summer}\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )


def read(*events: str, head: str = "", first: date | None = None, last: date | None = None) -> Any:
    return read_sessions(ical(*events, head=head), "rooster.ics", first, last)


def starts(parsed: Any) -> list[str]:
    return [f"{row.starts_at:%Y-%m-%d %H:%M}" for _number, row in parsed.rows]


def nine(start: str, zone_part: str = "") -> str:
    return f"DTSTART{zone_part}:{start}T090000\r\nDTEND{zone_part}:{start}T120000"


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        ("DTSTART:20201019T090000Z", "2020-10-19 09:00"),
        ("DTSTART:20201019T090000", "2020-10-19 07:00"),
        ("DTSTART;TZID=Europe/Amsterdam:20201026T090000", "2020-10-26 08:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20201019T090000", "2020-10-19 07:00"),
        ("DTSTART;TZID=Eigen zone:20201019T090000", "2020-10-19 04:00"),
        ("DTSTART;TZID=Eigen zone:20201026T090000", "2020-10-26 05:00"),
    ],
)
def test_time_zones(start: str, utc: str) -> None:
    parsed = read(f"{start}\r\nDURATION:PT3H", head=zone("Eigen zone", "+0400", "+0500"))
    assert starts(parsed) == [utc] and not parsed.problems


def test_a_zone_of_one_file_is_not_known_in_the_next() -> None:
    event = nine("20201019", ";TZID=Customized")
    assert starts(read(event, head=zone("Customized", "+0400", "+0500"))) == ["2020-10-19 04:00"]
    assert starts(read(event, head=zone("Customized"))) == ["2020-10-19 07:00"]
    assert "Customized" in read(event).problems[0].message


def test_a_zone_that_changes_every_second_is_refused() -> None:
    fast = zone("Snel").replace("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=SECONDLY")
    assert [p.column for p in read(nine("20201019", ";TZID=Snel"), head=fast).problems] == ["DTSTART"]


def test_a_series_with_free_days_an_extra_day_and_a_moved_and_a_cancelled_lesson() -> None:
    zoned = ";TZID=Eigen"
    parsed = read(
        f"UID:a\r\n{nine('20201019', zoned)}\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE{zoned}:20201026T090000\r\n"
        f"RDATE{zoned}:20201224T090000",
        f"UID:a\r\nRECURRENCE-ID{zoned}:20201102T090000\r\n{nine('20201103', zoned)}",
        f"UID:a\r\nRECURRENCE-ID{zoned}:20201109T090000\r\n{nine('20201109', zoned)}\r\nSTATUS:CANCELLED",
        head=zone("Eigen"),
    )
    found = [(number, row.uid, f"{row.starts_at:%m-%d %H}", row.cancelled) for number, row in parsed.rows]
    assert found == [
        (1, "a#20201019T070000Z", "10-19 07", False),
        (2, "a#20201102T080000Z", "11-03 08", False),
        (3, "a#20201109T080000Z", "11-09 08", True),
        (1, "a#20201116T080000Z", "11-16 08", False),
        (1, "a#20201224T080000Z", "12-24 08", False),
    ]


def test_from_here_on_each_lesson_keeps_a_key_of_its_own() -> None:
    parsed = read(
        f"UID:a\r\n{nine('20201005')}\r\nRRULE:FREQ=WEEKLY;COUNT=4",
        f"UID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20201012T090000\r\n{nine('20201013')}",
    )
    assert starts(parsed) == ["2020-10-05 07:00", "2020-10-13 07:00", "2020-10-20 07:00", "2020-10-27 08:00"]
    assert len({row.uid for _number, row in parsed.rows}) == 4


def test_the_period_bounds_single_lessons_and_endless_series() -> None:
    weekly, single = f"UID:a\r\n{nine('20201019')}\r\nRRULE:FREQ=WEEKLY", f"UID:b\r\n{nine('20201207')}"
    parsed = read(weekly, single, first=date(2020, 11, 1), last=date(2020, 11, 30))
    assert starts(parsed) == [f"2020-11-{day:02d} 08:00" for day in (2, 9, 16, 23, 30)]
    assert "buiten de periode" in parsed.warnings[0].message


def test_an_endless_series_without_a_period_is_cut_off_and_said() -> None:
    parsed = read(f"{nine('20201019')}\r\nRRULE:FREQ=WEEKLY")
    assert 150 < len(parsed.rows) < 160 and "geen einde" in parsed.warnings[0].message


def test_whole_days_are_named_and_left_out() -> None:
    parsed = read("DTSTART;VALUE=DATE:20201019", nine("20201020"))
    assert [number for number, _row in parsed.rows] == [2]
    assert [(notice.row, "hele dag" in notice.message) for notice in parsed.warnings] == [(1, True)]


@pytest.mark.parametrize(
    ("event", "column", "part"),
    [
        ("DTSTART:20201019T090000", "DTEND", "geen einde"),
        ("DTSTART:20201019T090000\r\nDTEND:20201019T090000", "DTEND", "niet na het begin"),
        ("DTSTART:20201019T090000\r\nDTEND:20201019T080000", "DTEND", "niet na het begin"),
        ("DTSTART:20201019T090000\r\nDTEND:20201021T080000", "DTEND", "24 uur"),
        ("DTSTART:20201019T090000\r\nDTEND;VALUE=DATE:20201019", "DTEND", "geen tijd"),
        ("DTEND:20201019T090000", "DTSTART", "geen begin"),
        ("DTSTART:morgen\r\nDTEND:20201019T090000", "DTSTART", "morgen"),
        ("DTSTART:00010101T090000\r\nDURATION:PT1H", "DTSTART", "jaar 1"),
        (f"{nine('20201019')}\r\nRRULE:FREQ=SECONDLY", "RRULE", "te vaak"),
        (f"{nine('20201019')}\r\nRRULE:FREQ=HOURLY;COUNT=3", "RRULE", "te vaak"),
        (f"{nine('20201019')}\r\nRRULE:FREQ=DAILY;INTERVAL=0", "RRULE", "niet te lezen"),
        (f"{nine('20201019')}\r\nRRULE:FREQ=DAILY;BYMINUTE=1,2,3", "RRULE", "niet te lezen"),
        (f"{nine('20201019')}\r\nRRULE:FREQ=SOMS", "RRULE", "niet te lezen"),
        (f"{nine('20201019')}\r\nEXRULE:FREQ=WEEKLY\r\nRRULE:FREQ=DAILY", "RRULE", "niet te lezen"),
        (f"{nine('20201019')}\r\nLOCATION:=cmd", "LOCATION", "formule"),
    ],
)
def test_problems_name_the_event_and_its_property(event: str, column: str, part: str) -> None:
    parsed = read(event, nine("20201020"))
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(1, column)]
    assert part in parsed.problems[0].message and [number for number, _row in parsed.rows] == [2]


def test_the_same_event_twice() -> None:
    parsed = read(*[f"UID:a\r\n{nine('20201019')}"] * 2)
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(2, "UID")]


def test_a_missing_title() -> None:
    data = ical(nine("20201019")).replace(b"SUMMARY:Les", b"SUMMARY:")
    assert [problem.column for problem in read_sessions(data, "a.ics").problems] == ["SUMMARY"]


def test_a_line_folded_in_the_middle_of_a_letter() -> None:
    data = ical(nine("20201019")).replace(b"SUMMARY:Les", b"SUMMARY:Caf\xc3\r\n \xa9 overleg")
    row = read_sessions(data, "a.ics").rows[0][1]
    assert (row.title, row.kind) == ("Café overleg", "other")


def test_a_calendar_sent_to_cancel_cancels_all() -> None:
    assert read(nine("20201019"), head="METHOD:CANCEL\r\n").rows[0][1].cancelled


def test_teacher_and_place() -> None:
    event = f"{nine('20201019')}\r\nLOCATION:Leerhome\\, zaal 1\r\nDESCRIPTION:Let op\\nDocent: J. Smit"
    row = read(event).rows[0][1]
    assert (row.location, row.teacher) == ("Leerhome, zaal 1", "J. Smit")


def test_the_repeated_hour_of_october_is_three_hours_long() -> None:
    amsterdam = ";TZID=Europe/Amsterdam"
    row = read(f"DTSTART{amsterdam}:20261025T013000\r\nDTEND{amsterdam}:20261025T033000").rows[0][1]
    assert row.ends_at - row.starts_at == datetime(2026, 1, 1, 3, tzinfo=UTC) - datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_a_key_that_is_too_long_becomes_its_fingerprint() -> None:
    row = read(f"UID:{'a' * 300}\r\n{nine('20201019')}").rows[0][1]
    assert row.uid is not None and row.uid.startswith("sha256:") and len(row.uid) == 71


@pytest.mark.parametrize(
    "data",
    [
        b"hallo",
        b"BEGIN:VCALENDAR\r\n",
        ical(nine("20201019"))[:-30],
        ical(nine("20201019")).replace(b"END:VEVENT", b"END:VTODO"),
        ical(nine("20201019"), head="BEGIN:VTIMEZONE\r\nTZID:x\r\n"),
        ical(nine("20201019")).replace(b"VERSION:2.0", b"zomaar een regel"),
    ],
)
def test_what_is_no_calendar(data: bytes) -> None:
    with pytest.raises(ImportProblem, match=r"agendabestand"):
        read_sessions(data, "a.ics")


def test_an_empty_calendar_is_a_problem() -> None:
    assert "geen lessen" in read().problems[0].message


def test_rules_that_never_fit_may_not_keep_us_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_files, "Stopwatch", lambda: Stopwatch(0.0))
    never = f"{nine('20201019')}\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(ImportProblem, match="te ingewikkeld"):
        read(f"UID:a\r\n{never}", f"UID:b\r\n{never}")


def test_too_many_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_text, "MAX_EVENTS", 1)
    with pytest.raises(ImportProblem, match="te groot"):
        read(nine("20201019"), nine("20201020"))


def test_too_many_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_files, "MAX_RECURRING", 1)
    with pytest.raises(ImportProblem, match="te groot"):
        read(*[f"UID:{name}\r\n{nine('20201019')}\r\nRRULE:FREQ=WEEKLY;COUNT=2" for name in "ab"])
