"""The four kinds of files: how each is read, planned and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from inleer.cohorts.models import Cohort
from inleer.errors import ImportProblem
from inleer.exchange import (
    apply_attendance,
    apply_candidates,
    apply_intentions,
    apply_sessions,
    plan_attendance,
    plan_candidates,
    plan_intentions,
    plan_sessions,
    queries_known,
    rows_attendance,
    rows_candidates,
    rows_intentions,
    rows_sessions,
)
from inleer.exchange.columns import ATTENDANCE, CANDIDATES, INTENTIONS, SESSIONS, Column
from inleer.exchange.ledger import Ledger
from inleer.exchange.memory import bounded_memory
from inleer.exchange.plan_common import Draft, Options, Plan, by_row
from inleer.exchange.rows_common import Parsed
from inleer.exchange.tables import extension_of, read_table
from inleer.i18n import _
from inleer.policy import Actor


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read (``parsed``), what is known beside it, and what it would do (``draft``)."""

    parsed: Parsed[Any]
    known: Any
    draft: Draft[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``name`` and ``one`` are Dutch: what the file holds, and what one row is.

    ``marks``: whether it writes in registers.
    """

    key: str
    name: str
    one: str
    sender: str
    columns: Sequence[Column]
    extensions: tuple[str, ...]
    read: Callable[[Cohort, bytes, str, Options], Reading]
    apply: Callable[[Ledger, Actor, Cohort, Plan[Any]], None]
    marks: bool = False


def make_plan(
    cohort: Cohort, kind: Kind, data: bytes, filename: str, options: Options | None = None
) -> Plan[Any]:
    """What importing this file would do to a cohort that was loaded in scope. Saves nothing, raises nothing."""
    try:
        with bounded_memory():
            reading = kind.read(cohort, data, filename, options or Options())
    except ImportProblem as problem:
        return Plan(kind.key, (), (problem,), (), readable=False)
    except MemoryError:
        too_large = ImportProblem(_("Dit bestand vraagt te veel geheugen. Splits het en lees de delen in."))
        return Plan(kind.key, (), (too_large,), (), readable=False)
    parsed, draft = reading.parsed, reading.draft
    return Plan(
        kind=kind.key,
        steps=draft.steps,
        problems=by_row([*parsed.problems, *draft.problems]),
        notices=(*parsed.warnings, *draft.notices),
        readable=bool(parsed.columns) and not _nothing_below(parsed),
        known=reading.known,
    )


def _nothing_below(parsed: Parsed[Any]) -> bool:
    """A header and nothing else: skipping rows would hide that the file is empty."""
    return not parsed.rows and len(parsed.problems) == 1 and parsed.problems[0].column is None


def _read_candidates(cohort: Cohort, data: bytes, filename: str, options: Options) -> Reading:
    parsed = rows_candidates.parse(read_table(data, filename))
    known = queries_known.known_candidates(cohort, parsed)
    return Reading(parsed, known, plan_candidates.plan(parsed, known, options))


def _read_sessions(cohort: Cohort, data: bytes, filename: str, _options: Options) -> Reading:
    if extension_of(filename) in ("ics", "ical"):
        from inleer.exchange.calendar_files import read_calendar  # here: icalendar is slow to import

        parsed = read_calendar(data, filename)
    else:
        parsed = rows_sessions.parse(read_table(data, filename))
    known = queries_known.known_sessions(cohort)
    return Reading(parsed, known, plan_sessions.plan(parsed, known))


def _read_attendance(cohort: Cohort, data: bytes, filename: str, _options: Options) -> Reading:
    table = read_table(data, filename)
    parsed = rows_attendance.parse(table, tuple(queries_known.attendance_codes(cohort)))
    known = queries_known.known_attendance(cohort, parsed)
    return Reading(parsed, known, plan_attendance.plan(parsed, known))


def _read_intentions(cohort: Cohort, data: bytes, filename: str, _options: Options) -> Reading:
    parsed = rows_intentions.parse(read_table(data, filename))
    known = queries_known.known_intentions(cohort)
    return Reading(parsed, known, plan_intentions.plan(parsed, known))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            Kind(
                "candidates", "Kandidaten", "kandidaat", "het werkbedrijf", CANDIDATES, ("xlsx", "csv"),
                _read_candidates, apply_candidates.apply,
            ),
            Kind(
                "sessions", "Rooster", "bijeenkomst", "de school of de leerhome", SESSIONS, ("ics", "xlsx", "csv"),
                _read_sessions, apply_sessions.apply,
            ),
            Kind(
                "attendance", "Presentie", "aanwezigheid", "de school", ATTENDANCE, ("csv", "xlsx"),
                _read_attendance, apply_attendance.apply, marks=True,
            ),
            Kind(
                "intentions", "Intenties van werkgevers", "intentie", "het werkbedrijf", INTENTIONS, ("xlsx", "csv"),
                _read_intentions, apply_intentions.apply,
            ),
        )
    }
)  # fmt: skip


def kind_named(key: str) -> Kind:
    """The kind with this key. Raises ImportProblem that lists the kinds."""
    if key not in KINDS:
        raise ImportProblem(_("Kies uit: %(kinds)s.", kinds=", ".join(KINDS)))
    return KINDS[key]
