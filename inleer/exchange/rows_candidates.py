"""Candidates as a work agency sends them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date

from inleer.clock import today as clock_today
from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell, Notice, Table
from inleer.exchange.choices import parse_driving_licence, parse_language_level, parse_startkwalificatie
from inleer.exchange.columns import CANDIDATES
from inleer.exchange.contacts import parse_email, parse_phone, parse_postcode
from inleer.exchange.headers import find_header
from inleer.exchange.moments import parse_birth_date, parse_planned_date
from inleer.exchange.names import (
    PersonName,
    is_bsn,
    no_bsn,
    parse_name,
    parse_number,
    parse_tussenvoegsel,
    person_key,
    split_full_name,
    split_last_name,
)
from inleer.exchange.rows_common import Parsed, RowReader, parse_rows
from inleer.exchange.values import parse_text, parse_whole
from inleer.i18n import _

MAX_BENEFIT = 60
MAX_COACH = 254  # a name or an e-mail address


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One candidate. ``startkwalificatie`` is yes, no or unknown; None elsewhere: not in the file or left empty.

    ``language_level``: see LANGUAGE_LEVELS; ``phone`` in E.164; ``postcode`` as "1234 AB"; ``coach``: a name or an
    e-mail address, as it stands in the file.
    """

    client_number: str
    first_name: str
    tussenvoegsel: str
    last_name: str
    birth_date: date
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None
    language_level: str | None = None
    benefit: str | None = None
    children: int | None = None
    driving_licence: bool | None = None
    startkwalificatie: str = "unknown"
    joined_on: date | None = None
    student_number: str | None = None
    coach: str | None = None


def parse(table: Table, today: date | None = None) -> Parsed[CandidateRow]:
    """All candidates of a table with every problem. ``today`` (default: the clock) judges dates of birth.

    Refused besides bad cells: a client or student number that an earlier row has. Two rows that look like one
    person, and one e-mail address for two people, are warnings.
    """
    day = today or clock_today()
    bsn_column = _is_bsn_column(table)
    parsed = parse_rows(table, CANDIDATES, lambda reader: _candidate(reader, day, bsn_column), _once)
    alike = tuple(_alike(parsed))
    return Parsed(parsed.rows, parsed.problems, parsed.warnings + alike, parsed.columns)


def _once(row: CandidateRow) -> Iterator[tuple[str, Hashable]]:
    yield "client_number", row.client_number
    if row.student_number:
        yield "student_number", row.student_number


def _candidate(reader: RowReader, today: date, bsn_column: bool) -> CandidateRow | None:
    number = reader.required("client_number", lambda cell: _client_number(cell, bsn_column))
    name = _name(reader)
    born = reader.required("birth_date", lambda cell: parse_birth_date(cell, today, reader.date1904))
    postcode = reader.optional("postcode", parse_postcode)
    mobile, phone = reader.optional("mobile", parse_phone), reader.optional("phone", parse_phone)
    email = reader.optional("email", parse_email)
    level = reader.optional("language_level", parse_language_level)
    benefit = reader.optional("benefit", lambda cell: no_bsn(parse_text(cell, MAX_BENEFIT)))
    children = reader.optional("children", lambda cell: parse_whole(cell, 0, 20))
    licence = reader.optional("driving_licence", parse_driving_licence)
    qualification = reader.optional("startkwalificatie", parse_startkwalificatie)
    joined = reader.optional("joined_on", lambda cell: parse_planned_date(cell, reader.date1904))
    student = reader.optional("student_number", lambda cell: _client_number(cell, bsn_column=False))
    coach = reader.optional("coach", lambda cell: parse_text(cell, MAX_COACH))
    if reader.failed or number is None or name is None or born is None:
        return None
    return CandidateRow(
        number, *name, born, postcode, mobile or phone, email, level, benefit, children, licence,
        qualification or "unknown", joined, student, coach,
    )  # fmt: skip


def _name(reader: RowReader) -> PersonName | None:
    """The name from its own columns or from one; "Naam" beside "Voornaam" is the last name."""
    first = reader.optional("first_name", parse_name)
    between = reader.optional("tussenvoegsel", parse_tussenvoegsel)
    if reader.has("last_name"):
        last = reader.required("last_name", parse_name)
    elif reader.has("first_name"):
        last = reader.required("full_name", parse_name)
    else:
        whole = reader.required("full_name", parse_name)
        return split_full_name(whole) if whole else None
    return PersonName(first or "", *split_last_name(last, between or "")) if last else None


def _client_number(cell: Cell, bsn_column: bool) -> str:
    number = parse_number(cell)
    if bsn_column and is_bsn(number):
        raise ImportProblem(_("Dit is een BSN. Een BSN mag niet in inleer; gebruik een eigen klantnummer."))
    return number


def _is_bsn_column(table: Table) -> bool:
    """Whether the column of client numbers holds BSNs: at least half of its numbers of nine digits pass the elfproef.

    One in eleven passes by chance, so refusing each of those would make honest numbers of nine digits unusable.
    """
    header, _problems = find_header(table, CANDIDATES)
    if header is None:
        return False
    place = header.places["client_number"]
    nine = set()
    for row in table.rows:
        cell = row.cells[place] if row.number > header.row and place < len(row.cells) else None
        text = f"{cell:.0f}" if isinstance(cell, float) else cell
        digits = "".join(letter for letter in text if letter not in " .-") if isinstance(text, str) else ""
        if len(digits) == 9 and digits.isascii() and digits.isdigit():
            nine.add(digits)
    return 2 * sum(is_bsn(digits) for digits in nine) >= len(nine) > 0


def _alike(parsed: Parsed[CandidateRow]) -> Iterator[Notice]:
    """Rows that may be one person under two numbers, and e-mail addresses that two people share."""
    people: dict[tuple[str, date], int] = {}
    addresses: dict[str, int] = {}
    for number, row in parsed.rows:
        earlier = people.setdefault((person_key(row.first_name, row.last_name), row.birth_date), number)
        if earlier != number:
            message = _(
                "Naam en geboortedatum zijn gelijk aan rij %(row)s. Is dit dezelfde persoon?", row=earlier
            )
            yield Notice(message, number, parsed.columns["client_number"])
        owner = addresses.setdefault(row.email, number) if row.email else number
        if owner != number:
            yield Notice(
                _("Dit e-mailadres staat ook op rij %(row)s.", row=owner), number, parsed.columns["email"]
            )
