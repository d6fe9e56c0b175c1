"""Whatever bytes come in, a reader raises ImportProblem or nothing (promise 47): 1,000 examples per parser."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inleer.errors import ImportProblem
from inleer.exchange import (
    choices,
    contacts,
    moments,
    names,
    rows_attendance,
    rows_candidates,
    rows_intentions,
    rows_sessions,
    values,
)
from inleer.exchange.cells import Row, Table
from inleer.exchange.reading import read_attendance, read_candidates, read_sessions
from tests.corpus import workbooks

thorough = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CSV = b"Studentnr;Naam;Datum;Les;Code;Minuten\r\nK1;Zo\xeb;19-10-2020;INTRO;TL;10\r\nK2;x;44123;INTRO;A;\r\n"
ICS = workbooks.ical(
    "UID:a\r\nDTSTART;TZID=Eigen:20201019T090000\r\nDTEND;TZID=Eigen:20201019T120000\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO,TU\r\nEXDATE;TZID=Eigen:20201026T090000",
    "UID:a\r\nRECURRENCE-ID;TZID=Eigen:20201102T090000\r\nDTSTART:20201103T100000Z\r\nDURATION:PT2H",
    "UID:b\r\nDTSTART:20201019T090000\r\nDTEND:20201019T120000\r\nRDATE;VALUE=PERIOD:20201201T090000Z/PT2H",
    head="BEGIN:VTIMEZONE\r\nTZID:Eigen\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
)
PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b'"', b";", b"\r", b"\x00", b"\xff\xfe", b"1E400", b"-1", b"9" * 30, b"=1+1", b"\xe2\x80\xae", b":", b"P",
        b"FREQ=YEARLY", b"INTERVAL=99999999999", b"COUNT=-1", b"UNTIL=99991231T235959Z", b"BYDAY=53MO",
        b"\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\n", b"DTSTART:00010101T000000\r\n", b"RRULE:FREQ=DAILY\r\n",
    ]),
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, original: bytes) -> bytes:
    """The original with some pieces overwritten, inserted or cut out."""
    data = original
    for _change in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        data = data[:start] + draw(PIECES) + data[end:]
    return data


def _parts() -> dict[str, bytes]:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula(3, 4, "=1+1", None, 2)
        sheet.write_number(3, 3, 30000, book.add_format({"num_format": "[h]:mm"}))
        sheet.merge_range("A6:A7", "x")

    header = (*workbooks.CANDIDATE_HEADER, "Kinderen")
    data = workbooks.workbook(
        [header, ("K1", "Jan", "Berg", date(1990, 1, 1), 2), ("K2", "Piet", "Smit", 33000, True)], fill
    )
    with zipfile.ZipFile(BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


PARTS = _parts()
SHEET = "xl/worksheets/sheet1.xml"
WORDS = st.sampled_from([
    "-1", "60", "59.5", "3000000", "1e300", "1E400", "NaN", "INF", "-0", "99999999999999999999", "4294967296", "TRUE",
    "2020-13-01", "#N/A", "A1", "XFD1048576", "A1048577", "ZZZZ1", "1:1", "B2:A1", "s", "str", "inlineStr", "e",
    "b", "d",
])  # fmt: skip


@st.composite
def valid_xml(draw: st.DrawFn, original: bytes) -> bytes:
    """XML that still parses, with other values in some of its attributes and texts."""
    pieces = original.decode().split('"')
    for _change in range(draw(st.integers(1, 5))):
        place = 2 * draw(st.integers(0, (len(pieces) - 2) // 2)) + 1
        if "://" not in pieces[place]:
            pieces[place] = draw(WORDS)
    text = '"'.join(pieces)
    for old in ("<v>0</v>", "<v>33000</v>", "<v>32874</v>"):
        text = text.replace(old, f"<v>{draw(WORDS)}</v>") if draw(st.booleans()) else text
    return text.encode()


@st.composite
def workbook_files(draw: st.DrawFn) -> bytes:
    """A workbook with one of its parts spoilt, as XML or as bytes."""
    name = draw(st.sampled_from([SHEET, SHEET, SHEET, *PARTS]))
    spoilt = draw(st.one_of(valid_xml(PARTS[name]), mangled(PARTS[name])))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for part, content in PARTS.items():
            book.writestr(part, spoilt if part == name else content)
    return stream.getvalue()


def reads_or_refuses(read: Callable[..., Any], *arguments: Any) -> None:
    refusal = None
    try:
        read(*arguments)
    except ImportProblem as problem:
        refusal = problem.message
    assert refusal is None or refusal[-1] in ".?"


@thorough
@given(st.one_of(st.binary(max_size=300), mangled(CSV), st.text(max_size=200).map(str.encode)))
def test_csv(data: bytes) -> None:
    reads_or_refuses(read_attendance, data, "a.csv")


@thorough
@given(st.one_of(mangled(b"".join(PARTS.values())[:2000]), workbook_files()))
def test_xlsx(data: bytes) -> None:
    reads_or_refuses(read_candidates, data, "a.xlsx")


@thorough
@given(st.one_of(st.binary(max_size=300), mangled(ICS)))
def test_ical(data: bytes) -> None:
    reads_or_refuses(read_sessions, data, "a.ics", date(2020, 1, 1), date(2021, 12, 31))


CELLS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789-/.,: uTWeEnNiI½+@=xX%", max_size=14),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
PARSERS: dict[str, Callable[[Any], Any]] = {
    "text": values.parse_text,
    "whole": lambda cell: values.parse_whole(cell, 0, 10),
    "positions": values.parse_positions,
    "minutes": values.parse_minutes,
    "hours": values.parse_hours,
    "week hours": values.parse_week_hours_range,
    "name": lambda cell: names.split_full_name(names.parse_name(cell)),
    "number": names.parse_number,
    "postcode": contacts.parse_postcode,
    "phone": contacts.parse_phone,
    "e-mail": contacts.parse_email,
    "date": moments.parse_date,
    "date 1904": lambda cell: moments.parse_date(cell, date1904=True),
    "birth date": lambda cell: moments.parse_birth_date(cell, date(2026, 1, 1)),
    "time": moments.parse_time,
    "period": moments.parse_time_range,
    "level": choices.parse_language_level,
    "yes or no": choices.parse_yes_no,
    "licence": choices.parse_driving_licence,
    "kind": choices.parse_intention_kind,
    "cancelled": choices.parse_cancelled,
}


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=300, deadline=None)
@given(cell=CELLS)
def test_parser_of_one_cell(name: str, cell: Any) -> None:
    reads_or_refuses(PARSERS[name], cell)


@thorough
@given(rows=st.lists(st.lists(st.one_of(st.none(), CELLS), min_size=6, max_size=6), max_size=3))
def test_rows_of_any_cells(rows: list[list[Any]]) -> None:

    for parse, header in (
        (rows_candidates.parse, ("Klantnr", "Naam", "Geb.datum", "Postcode", "Telefoon", "Instapdatum")),
        (rows_sessions.parse, ("Datum", "Begin", "Einde", "Titel", "Locatie", "Status")),
        (rows_attendance.parse, ("Studentnr", "Naam", "Datum", "Les", "Code", "Minuten")),
        (rows_intentions.parse, ("Werkgever", "Functie", "Soort", "Vanaf", "Uren", "Aantal")),
    ):
        table = Table([Row(1, header), *(Row(n, tuple(row)) for n, row in enumerate(rows, 2))], "xlsx")
        parsed: Any = parse(table)
        refused = {problem.row for problem in parsed.problems}
        assert not refused & {number for number, _row in parsed.rows}
        assert refused | {number for number, _row in parsed.rows} >= set(range(2, 2 + len(rows)))
