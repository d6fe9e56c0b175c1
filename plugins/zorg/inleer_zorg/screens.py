"""What the pages show: the list as the address asks for it, what needs somebody, the hours per person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from inleer.plugin import Actor, Cohort, _, clock, cohort_url, may_ever, shown
from inleer_zorg import checks, queries
from inleer_zorg.access import MANAGE
from inleer_zorg.models import HelpRequest
from inleer_zorg.rows import Person, RequestRow
from inleer_zorg.rules import STATES, STEPS, TASKS

PER_PAGE: Final = 50
#: A request that nobody took up in a week is called out.
PATIENCE: Final = timedelta(days=7)
#: States that the list shows when the address does not say otherwise.
RUNNING: Final = ("open", "assigned")

_FAR: Final = date.max
_ORDER: Final = {state: place for place, state in enumerate(STATES)}
SORTS: Final[Mapping[str, Callable[[RequestRow], Any]]] = {
    "state": lambda r: (_ORDER[r.state], r.asked_on, r.requester.casefold()),  # what is open stands first
    "asked": lambda r: (r.asked_on, r.requester.casefold()),
    "requester": lambda r: r.requester.casefold(),
    "task": lambda r: TASKS[r.task],
    "area": lambda r: r.area.casefold(),
    "person": lambda r: ((r.person or "").casefold(), r.asked_on),
    "agreed": lambda r: (7 if r.weekday is None else r.weekday, str(r.starts or "")),
    "minutes": lambda r: r.minutes,
    "last": lambda r: r.last_on or _FAR,
}
PEOPLE_SORTS: Final[Mapping[str, Callable[[Person], Any]]] = {
    "name": lambda p: 0,  # the query sorts names, without accents and tussenvoegsel
    "minutes": lambda p: p.minutes,
    "month": lambda p: p.month_minutes,
    "visits": lambda p: p.visits,
    "last": lambda p: p.last_on or date.min,
    "requests": lambda p: p.requests,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list of help requests. Anything it does not know counts as not asked."""

    state: str
    task: str
    area: str
    person: str
    sort: str
    descending: bool
    page: int


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that needs somebody: what, which rule says so, and the help request it is about, if it is."""

    kind: str
    request: RequestRow | None = None
    people: tuple[Person, ...] = ()


def asked(args: Mapping[str, str]) -> Asked:
    """Read the filters, the order and the page from the address."""
    page = args.get("page", "1")
    return Asked(
        state=_one_of(args.get("state", ""), (*STATES, "alle")),
        task=_one_of(args.get("task", ""), TASKS),
        area=args.get("area", ""),
        person=args.get("person", ""),
        sort=_one_of(args.get("sort", ""), SORTS) or "state",
        descending=args.get("dir") == "desc",
        page=int(page) if page.isdecimal() and 0 < len(page) < 5 else 1,
    )


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


def listing(actor: Actor, cohort: Cohort, args: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the list of help requests shows; notes whose names are on it."""
    want = asked(args)
    rows = queries.requests(actor, cohort.id)
    people = choosable(actor, cohort.id)
    narrowed = [r for r in rows if _fits(r, want)]
    states = (want.state,) if want.state in STATES else tuple(STATES) if want.state else RUNNING
    found = [r for r in narrowed if r.state in states]
    found.sort(key=SORTS[want.sort], reverse=want.descending)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(want.page, 1), pages)
    part = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        **_frame(actor, cohort),
        "asked": want,
        "rows": part,
        "all_rows": found,
        "found": len(found),
        "total": len(rows),
        "page": page,
        "pages": pages,
        "per_page": PER_PAGE,
        "totals": {state: sum(r.state == state for r in rows) for state in STATES},
        "numbers": {state: sum(r.state == state for r in narrowed) for state in STATES},
        "area_options": _area_options(rows),
        "person_options": _person_options(people),
        "todo": todo(rows, people),
        "today": clock.today(),
    }


def _frame(actor: Actor, cohort: Cohort) -> dict[str, Any]:
    """What every page of a cohort shows."""
    return {"cohort": cohort, "board_url": cohort_url(cohort.id), "may_manage": may_ever(actor, MANAGE)}


def form_page(actor: Actor, cohort: Cohort, **context: Any) -> dict[str, Any]:
    """Everything that a page with a form shows."""
    return {**_frame(actor, cohort), **context}


def _area_options(rows: Sequence[RequestRow]) -> list[tuple[str, str]]:
    areas = sorted({r.area for r in rows}, key=str.casefold)
    return [("", _("Alle wijken")), *((area, area) for area in areas)]


def _person_options(people: Sequence[Person]) -> list[tuple[str, str]]:
    named = [(str(p.enrolment_id), p.name) for p in people]
    return [("", _("Iedereen")), ("niemand", _("niemand")), *named]


def details(actor: Actor, cohort: Cohort, help_request: HelpRequest) -> dict[str, Any]:
    """Everything that the page of one help request shows; notes whose names are on it."""
    visits = queries.visits_to(actor, help_request)
    there = [v for v in visits if not v.removed]
    person = queries.assigned_to(help_request)
    shown(actor, "enrolment", {v.enrolment_id for v in visits} | ({person.enrolment_id} if person else set()))
    return {
        **_frame(actor, cohort),
        "help_request": help_request,
        "person": person,
        "visits": there,
        "removed": [v for v in visits if v.removed],
        "minutes": sum(v.minutes for v in there),
        "next_states": [s for s in STATES if s in STEPS[help_request.state] and s != help_request.state],
    }


def choosable(actor: Actor, cohort_id: UUID) -> list[Person]:
    """Who can be chosen in a form about a help request; notes whose names are on it."""
    people = queries.people(actor, cohort_id)
    shown(actor, "enrolment", (p.enrolment_id for p in people))
    return people


def visit_days(actor: Actor, help_request: HelpRequest) -> set[date]:
    """The days on which whoever does this help request now has a visit to it."""
    visits = queries.visits_to(actor, help_request)
    return {v.on for v in visits if not v.removed and v.enrolment_id == help_request.enrolment_id}


def _fits(row: RequestRow, want: Asked) -> bool:
    return (
        want.task in ("", row.task)
        and want.area in ("", row.area)
        and want.person in ("", str(row.enrolment_id or "niemand"))
    )


def todo(rows: Sequence[RequestRow], people: Sequence[Person]) -> list[Todo]:
    """What needs somebody, the most urgent first."""
    today = clock.today()
    found = [Todo("left_alone", r) for r in rows if r.is_left_alone]
    found += [Todo("waiting", r) for r in rows if r.state == "open" and r.asked_on <= today - PATIENCE]
    quiet = quiet_people(people)
    if quiet:
        found.append(Todo("quiet", people=quiet))
    idle = tuple(p for p in people if p.is_idle(today))
    if idle:
        found.append(Todo("idle", people=idle))
    return found


def quiet_people(people: Sequence[Person]) -> tuple[Person, ...]:
    """Those for whom the signal holds now."""
    active = [p.enrolment_id for p in people if p.state == "active"]
    found = {f.enrolment_id for f in checks.no_visits(active, clock.today())} if active else set()
    return tuple(p for p in people if p.enrolment_id in found)


def hours(actor: Actor, cohort: Cohort, args: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the page with hours per person shows; notes whose names are on it."""
    people = choosable(actor, cohort.id)
    sort = _one_of(args.get("sort", ""), PEOPLE_SORTS) or "name"
    descending = args.get("dir") == "desc"
    rows = sorted(people, key=PEOPLE_SORTS[sort])
    if descending:
        rows.reverse()
    quiet: frozenset[UUID] = frozenset(p.enrolment_id for p in quiet_people(people))
    return {
        **_frame(actor, cohort),
        "rows": rows,
        "sort": sort,
        "descending": descending,
        "quiet": quiet,
        "today": clock.today(),
        "minutes": sum(p.minutes for p in people),
        "month_minutes": sum(p.month_minutes for p in people),
    }
