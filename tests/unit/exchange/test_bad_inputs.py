"""Every entry of the bad-input corpus, one test each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from inleer.errors import ImportProblem
from inleer.exchange import contacts, moments, names, values
from inleer.exchange.reading import read_attendance, read_candidates, read_sessions
from tests.corpus import workbooks
from tests.corpus.bad_inputs import CORPUS, NUMBERS, Accept, Bad, Become

TODAY = date(2021, 4, 1)


def _first_problem(parsed: Any) -> Any:
    """The rows of a file; its first problem is raised, so that values and files are told alike."""
    if parsed.problems:
        raise parsed.problems[0]
    return [row for _number, row in parsed.rows]


def _candidates(data: bytes, filename: str) -> list[tuple[str, str, str]]:
    rows = _first_problem(read_candidates(data, filename, TODAY))
    return [(row.client_number, row.first_name, row.last_name) for row in rows]


def _client_number(value: Any) -> str:
    data = workbooks.candidates((value, "Jan", "Berg", "01-02-1990"))
    [row] = _first_problem(read_candidates(data, "a.xlsx", TODAY))
    return str(row.client_number)


def _session(given: tuple[str, str, str]) -> Any:
    data = ("Datum;Begin;Einde;Titel\n" + ";".join(given) + ";Les").encode()
    [row] = _first_problem(read_sessions(data, "a.csv"))
    return row.starts_at, row.ends_at


def _attendance(lines: bytes) -> list[tuple[str, int | None]]:
    rows = _first_problem(read_attendance(b"Studentnr;Datum;Les;Code;Minuten\n" + lines, "a.csv"))
    return [(row.code, row.minutes) for row in rows]


READERS: dict[str, Callable[[Any], Any]] = {
    "name": names.parse_name,
    "last name": lambda text: names.split_last_name(names.parse_name(text)),
    "full name": lambda text: tuple(names.split_full_name(names.parse_name(text))),
    "same person": lambda pair: len({names.person_key("", names.parse_name(name)) for name in pair}) == 1,
    "text": lambda text: values.parse_text(text, 1000),
    "stored text": lambda text: names.no_bsn(values.parse_text(text)),
    "client number": _client_number,
    "postcode": contacts.parse_postcode,
    "phone": contacts.parse_phone,
    "e-mail": contacts.parse_email,
    "date": moments.parse_date,
    "date 1904": lambda value: moments.parse_date(value, date1904=True),
    "birth date": lambda value: moments.parse_birth_date(value, TODAY),
    "session": _session,
    "hours": values.parse_hours,
    "positions": values.parse_positions,
    "attendance": _attendance,
    "candidates.csv": lambda data: _candidates(data, "kandidaten.csv"),
    "candidates.xlsx": lambda data: _candidates(data, "kandidaten.xlsx"),
}


@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.id)
def test_outcome_is_as_written_down(bad: Bad) -> None:
    given, read = bad.value(), READERS[bad.reader]
    if isinstance(bad.outcome, Become):
        assert read(given) == bad.outcome.value
    elif isinstance(bad.outcome, Accept):
        assert read(given) == given
    else:
        with pytest.raises(ImportProblem) as refusal:
            read(given)
        assert bad.outcome.part in refusal.value.message


def test_every_number_of_names_ids_dates_hours_and_files_has_an_entry() -> None:
    assert {bad.number for bad in CORPUS} == NUMBERS


def test_a_hundred_thousand_rows_are_one_file() -> None:
    lines = b"\n".join(b"K%d;%s;INTRO;A;" % (n, _day(n)) for n in range(100_000))
    assert len(_attendance(lines)) == 100_000


def _day(number: int) -> bytes:
    return (date(2020, 10, 19) + timedelta(days=number % 300)).strftime("%d-%m-%Y").encode()
