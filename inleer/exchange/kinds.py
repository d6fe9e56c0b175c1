"""The four kinds of files: how each is read, planned and saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from inleer.exchange.cells import Table
from inleer.exchange.columns import ATTENDANCE, CANDIDATES, INTENTIONS, SESSIONS, Column
from inleer.exchange.grid import Mend, mended, texts_of
from inleer.exchange.header_look import Look, look
from inleer.exchange.ledger import Ledger
from inleer.exchange.memory import bounded_memory
from inleer.exchange.plan_common import Draft, Options, Plan, by_row
from inleer.exchange.rows_common import Parsed
from inleer.exchange.tables import extension_of, read_table
from inleer.i18n import _
from inleer.policy import Actor

#: Rows with a problem that are kept to be mended; the download names all problems.
ROWS_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known beside a file, and what it would do (``draft``)."""

    known: Any
    draft: Draft[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``name`` and ``one`` are Dutch: what the file holds, and what one row is.

    ``parse`` reads a table, ``compare`` puts that beside what is known. ``senders``: the kinds of organisations that
    send such files, the usual one first. ``marks``: whether it writes in registers.
    """

    key: str
    name: str
    one: str
    sender: str
    senders: tuple[str, ...]
    columns: tuple[Column, ...]
    extensions: tuple[str, ...]
    parse: Callable[[Cohort, Table], Parsed[Any]]
    compare: Callable[[Cohort, Parsed[Any], Options], Reading]
    apply: Callable[[Ledger, Actor, Cohort, Plan[Any]], None]
    marks: bool = False


def make_plan(
    cohort: Cohort, kind: Kind, data: bytes, filename: str, options: Options | None = None
) -> Plan[Any]:
    """What importing this file would do to a cohort that was loaded in scope. Saves nothing, raises nothing."""
    chosen = options or Options()
    grid: dict[str, Any] = {}
    try:
        with bounded_memory():
            if is_calendar(filename):
                parsed: Parsed[Any] = _without(_calendar(data, filename), chosen.mends)
                return _plan(cohort, kind, parsed, chosen, lambda _problems: {})
            table = replace(read_table(data, filename), mapping=chosen.mapping or {})
            seen = look(table, kind.columns)
            grid = {"look": seen.as_json(), "rows": {}} if seen else {}
            parsed = kind.parse(cohort, mended(table, chosen.mends))
            return _plan(cohort, kind, parsed, chosen, lambda found: _grid(table, seen, found, chosen.mends))
    except ImportProblem as problem:
        return Plan(kind.key, (), (problem,), (), readable=False, grid=grid)
    except MemoryError:
        too_large = ImportProblem(_("Dit bestand vraagt te veel geheugen. Splits het en lees de delen in."))
        return Plan(kind.key, (), (too_large,), (), readable=False)


def plan_table(cohort: Cohort, kind: Kind, table: Table, options: Options) -> Plan[Any]:
    """What these rows of a file alone would do; rows of the same file are not compared with them."""
    return _plan(cohort, kind, kind.parse(cohort, table), options, lambda _problems: {})


def is_calendar(filename: str) -> bool:
    """Whether a file is an agenda: its events have no columns and no cells."""
    return extension_of(filename) in ("ics", "ical")


def _plan(
    cohort: Cohort,
    kind: Kind,
    parsed: Parsed[Any],
    options: Options,
    grid: Callable[[Sequence[ImportProblem]], Mapping[str, Any]],
) -> Plan[Any]:
    reading = kind.compare(cohort, parsed, options)
    draft = reading.draft
    problems = by_row([*parsed.problems, *draft.problems])
    return Plan(
        kind=kind.key,
        steps=draft.steps,
        problems=problems,
        notices=(*parsed.warnings, *draft.notices),
        readable=bool(parsed.columns) and not _nothing_below(parsed),
        known=reading.known,
        untouched=draft.untouched,
        grid=grid(problems),
    )


def _grid(
    table: Table, seen: Look | None, problems: Sequence[ImportProblem], mends: Mapping[int, Mend]
) -> dict[str, Any]:
    """The columns, and as they came the rows with a problem and those that people changed."""
    if seen is None:
        return {}
    wanted = [*mends, *dict.fromkeys(p.row for p in problems if p.row is not None and p.row > seen.row)]
    return {"look": seen.as_json(), "rows": rows_as_texts(table, seen, wanted[:ROWS_KEPT])}


def rows_as_texts(table: Table, seen: Look, numbers: Iterable[int]) -> dict[str, dict[str, str]]:
    """These rows of a file as texts by row and place, as JSON keeps them."""
    places = {column.place for column in seen.columns if column.key}
    found = texts_of(table, places, seen.width, numbers)
    return {str(n): {str(place): text for place, text in cells.items()} for n, cells in found.items()}


def _nothing_below(parsed: Parsed[Any]) -> bool:
    """A header and nothing else: skipping rows would hide that the file is empty."""
    return not parsed.rows and len(parsed.problems) == 1 and parsed.problems[0].column is None


def _calendar(data: bytes, filename: str) -> Parsed[Any]:
    from inleer.exchange.calendar_files import read_calendar  # here: icalendar is slow to import

    return read_calendar(data, filename)


def _without(parsed: Parsed[Any], mends: Mapping[int, Mend]) -> Parsed[Any]:
    """An agenda without the events that somebody left out."""
    out = {number for number, mend in mends.items() if mend.left_out}
    if not out:
        return parsed
    rows = tuple(row for row in parsed.rows if row[0] not in out)
    problems = tuple(problem for problem in parsed.problems if problem.row not in out)
    return replace(parsed, rows=rows, problems=problems)


def _parse_attendance(cohort: Cohort, table: Table) -> Parsed[Any]:
    return rows_attendance.parse(table, tuple(queries_known.attendance_codes(cohort)))


def _compare_candidates(cohort: Cohort, parsed: Parsed[Any], options: Options) -> Reading:
    known = queries_known.known_candidates(cohort, parsed)
    return Reading(known, plan_candidates.plan(parsed, known, options))


def _compare_sessions(cohort: Cohort, parsed: Parsed[Any], _options: Options) -> Reading:
    known = queries_known.known_sessions(cohort)
    return Reading(known, plan_sessions.plan(parsed, known))


def _compare_attendance(cohort: Cohort, parsed: Parsed[Any], _options: Options) -> Reading:
    known = queries_known.known_attendance(cohort, parsed)
    return Reading(known, plan_attendance.plan(parsed, known))


def _compare_intentions(cohort: Cohort, parsed: Parsed[Any], _options: Options) -> Reading:
    known = queries_known.known_intentions(cohort)
    return Reading(known, plan_intentions.plan(parsed, known))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            Kind(
                "candidates", "Kandidaten", "kandidaat", "het werkbedrijf", ("work_agency", "school", "leerhome"),
                CANDIDATES, ("xlsx", "csv"), lambda _cohort, table: rows_candidates.parse(table), _compare_candidates,
                apply_candidates.apply,
            ),
            Kind(
                "sessions", "Rooster", "bijeenkomst", "de school of de leerhome", ("school", "leerhome", "work_agency"),
                SESSIONS, ("ics", "xlsx", "csv"), lambda _cohort, table: rows_sessions.parse(table), _compare_sessions,
                apply_sessions.apply,
            ),
            Kind(
                "attendance", "Presentie", "aanwezigheid", "de school", ("school", "leerhome", "work_agency"),
                ATTENDANCE, ("csv", "xlsx"), _parse_attendance, _compare_attendance, apply_attendance.apply, marks=True,
            ),
            Kind(
                "intentions", "Intenties van werkgevers", "intentie", "het werkbedrijf", ("work_agency", "employer"),
                INTENTIONS, ("xlsx", "csv"), lambda _cohort, table: rows_intentions.parse(table), _compare_intentions,
                apply_intentions.apply,
            ),
        )
    }
)  # fmt: skip


def kind_named(key: str) -> Kind:
    """The kind with this key. Raises ImportProblem that lists the kinds."""
    if key not in KINDS:
        raise ImportProblem(_("Kies uit: %(kinds)s.", kinds=", ".join(KINDS)))
    return KINDS[key]
