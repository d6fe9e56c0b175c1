"""What an import would do, row by row, before anything is saved. Pure: what the file says and what is known go in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from inleer.errors import ImportProblem
from inleer.exchange.cells import Notice
from inleer.exchange.grid import Mend
from inleer.i18n import _, format_date, format_datetime

Verdict = Literal["created", "updated", "unchanged"]
VERDICTS: Sequence[Verdict] = ("created", "updated", "unchanged")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that will change. ``field`` is the name of the column in our tables."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """What one good row of the file does. ``label`` says about whom or what; ``what`` is for the one who applies.

    ``way``: the verdict in more detail where a kind has that (see ``plan_sessions.WAYS``), and ``remark`` a sentence
    with it.
    """

    row: int
    verdict: Verdict
    label: str
    what: S
    changes: tuple[Change, ...] = ()
    way: str = ""
    remark: str = ""


@dataclass(slots=True)
class Draft(Generic[S]):
    """What is gathered while a plan is made. ``columns``: our key of a column → what the sender calls it;
    ``untouched``: what is planned already, is still to come, and is not in the file."""

    columns: Mapping[str, str]
    steps: list[Step[S]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    untouched: tuple[str, ...] = ()

    def refuse(self, row: int, key: str, message: str) -> None:
        """Refuse a row because of one column (``key`` itself when the file has no such column)."""
        self.problems.append(ImportProblem(message, row, self.columns.get(key, LABELS.get(key, key))))

    def notice(self, row: int | None, key: str, message: str) -> None:
        """Tell the sender something that refuses nothing."""
        self.notices.append(Notice(message, row, self.columns.get(key, LABELS.get(key, key))))


@dataclass(frozen=True, slots=True)
class Plan(Generic[S]):
    """All that an import would do. ``problems`` are in the order of the sheet; ``readable`` is False when the file
    could not be read as a table at all: then skipping rows makes no sense. ``known``: what it was compared with;
    ``untouched``: see ``Draft``; ``grid``: the columns of the file and its rows with a problem, as plain values."""

    kind: str
    steps: Sequence[Step[S]]
    problems: Sequence[ImportProblem]
    notices: Sequence[Notice]
    readable: bool = True
    known: Any = None
    untouched: tuple[str, ...] = ()
    grid: Mapping[str, Any] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many rows of each verdict, and how many rows are refused."""
        found: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        for step in self.steps:
            found[step.verdict] += 1
        return {**found, "rejected": len({p.row for p in self.problems})}


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports chose. ``coach_id``: the coach of who has none (None: nobody); ``sender_id``: the
    organisation that the file is from (None: the usual one); ``mapping``: what its headers mean (None: as remembered
    of that sender); ``mends``: rows as people mended them."""

    coach_id: UUID | None = None
    sender_id: UUID | None = None
    mapping: Mapping[str, str] | None = None
    mends: Mapping[int, Mend] = field(default_factory=dict)


LABELS: Mapping[str, str] = {
    "client_number": "Klantnummer",
    "number": "Nummer",
    "first_name": "Voornaam",
    "tussenvoegsel": "Tussenvoegsel",
    "last_name": "Achternaam",
    "birth_date": "Geboortedatum",
    "postcode": "Postcode",
    "phone": "Telefoon",
    "email": "E-mail",
    "language_level": "Taalniveau",
    "benefit": "Uitkering",
    "children": "Kinderen",
    "driving_licence": "Rijbewijs",
    "startkwalificatie": "Startkwalificatie",
    "joined_on": "Startdatum deelname",
    "student_number": "Studentnummer",
    "coach": "Werkcoach",
    "coach_id": "Werkcoach",
    "enrolment": "Deelname",
    "title": "Titel",
    "code": "Lescode",
    "kind": "Soort",
    "starts_at": "Begin",
    "ends_at": "Einde",
    "start": "Begin",
    "end": "Einde",
    "location": "Locatie",
    "organisation_id": "Organisator",
    "teacher_id": "Docent",
    "teacher": "Docent",
    "state": "Status",
    "file_cancelled": "Geannuleerd volgens het rooster",
    "external_uid": "Les-id",
    "on": "Datum",
    "lesson": "Lescode",
    "status": "Aanwezigheid",
    "minutes": "Minuten",
    "missed": "Gemiste minuten",
    "employer": "Werkgever",
    "sector": "Branche",
    "contact_name": "Contactpersoon",
    "contact_email": "E-mail",
    "function": "Functie",
    "positions": "Aantal",
    "hours_min": "Uren min",
    "hours_max": "Uren max",
    "from_on": "Vanaf",
    "conditions": "Voorwaarden",
}


def verdict_of(exists: bool, changes: Sequence[Change]) -> Verdict:
    """The verdict on a row: is what it describes there already, and does anything about it change."""
    if not exists:
        return "created"
    return "updated" if changes else "unchanged"


def field_label(name: str) -> str:
    """The Dutch name of a field."""
    return _(LABELS.get(name, name))


def in_words(value: Any, words: Mapping[str, str] | None = None) -> str:
    """A value as a person reads it in the list of changes; nothing known is "leeg"."""
    if value is None or value == "":
        return _("leeg")
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return format_date(value)
    text = str(value)
    return _(words[text]) if words and text in words else text


def same_text(stored: str | None, sent: str | None) -> bool:
    """Whether two spellings are one text: é in one or two characters; nothing stored and nothing sent."""
    return _nfc(stored) == _nfc(sent)


def same_name(stored: str, sent: str) -> bool:
    """Whether two spellings are one name. A sender's capitals (JANSEN) never replace what is stored (Jansen)."""
    one, other = _nfc(stored), _nfc(sent)
    return one == other or (other.isupper() and len(other) > 1 and one.casefold() == other.casefold())


def _nfc(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "")


def by_row(problems: Iterable[ImportProblem]) -> tuple[ImportProblem, ...]:
    """Problems in the order of the sheet; those of the file as a whole come first."""
    return tuple(sorted(problems, key=lambda problem: problem.row or 0))
