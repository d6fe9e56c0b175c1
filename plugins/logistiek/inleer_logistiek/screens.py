"""What the pages show: who has what, what needs somebody, the certificates of one person, and the list as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from inleer.plugin import Actor, Cohort, _, cohort_url, may_ever, shown
from inleer_logistiek import queries
from inleer_logistiek.access import MANAGE
from inleer_logistiek.rows import Holder
from inleer_logistiek.rules import KINDS, STATES

#: What the list can be narrowed to: code → whom it holds.
SHOWS: Final[Mapping[str, Callable[[Holder], bool]]] = {
    "mist": lambda p: p.takes_part and not p.may_drive,
    "verloopt": lambda p: bool(p.in_state("expiring")),
    "verlopen": lambda p: bool(p.in_state("expired")),
}
SORTS: Final[Mapping[str, Callable[[Holder], Any]]] = {
    "name": lambda p: 0,  # the query sorts names, without accents and tussenvoegsel
    "number": lambda p: len(p.valid_kinds),
    "last": lambda p: min((h.last for h in p.best.values()), default=date.max),
}
COLUMNS: Final = ("Naam", "Soort", "Behaald op", "Geldig tot en met", "Stand", "Uitgegeven door", "Nummer")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list. Anything it does not know counts as not asked."""

    show: str
    kind: str
    sort: str
    descending: bool


def asked(args: Mapping[str, str]) -> Asked:
    """Read the filters and the order from the address."""
    return Asked(
        show=_one_of(args.get("toon", ""), SHOWS),
        kind=_one_of(args.get("soort", ""), KINDS),
        sort=_one_of(args.get("sort", ""), SORTS) or "name",
        descending=args.get("dir") == "desc",
    )


def _one_of(value: str, known: Any) -> str:
    return value if value in known else ""


def listing(actor: Actor, cohort: Cohort, want: Asked) -> dict[str, Any]:
    """Everything that the list of a group shows; notes whose names are on it."""
    people = choosable(actor, cohort)
    return {
        **frame(actor, cohort),
        "asked": want,
        "rows": narrowed(people, want),
        "people": people,
        "numbers": {show: sum(map(holds, people)) for show, holds in SHOWS.items()},
        "totals": {kind: sum(kind in p.valid_kinds for p in people if p.takes_part) for kind in KINDS},
        "taking_part": sum(p.takes_part for p in people),
    }


def narrowed(people: Sequence[Holder], want: Asked) -> list[Holder]:
    """The people that the address asks for, in its order."""
    fits = SHOWS.get(want.show)
    rows = [p for p in people if (not fits or fits(p)) and (not want.kind or want.kind in p.valid_kinds)]
    rows.sort(key=SORTS[want.sort])
    return rows[::-1] if want.descending else rows


def frame(actor: Actor, cohort: Cohort, **context: Any) -> dict[str, Any]:
    """What every page of a cohort shows."""
    base = {"cohort": cohort, "board_url": cohort_url(cohort.id), "may_manage": may_ever(actor, MANAGE)}
    return {**base, **context}


def choosable(actor: Actor, cohort: Cohort) -> list[Holder]:
    """Everybody of the group; notes whose names are on the page."""
    people = queries.holders(actor, cohort.id)
    shown(actor, "enrolment", (p.enrolment_id for p in people))
    return people


def person(actor: Actor, cohort: Cohort, enrolment_id: UUID, **context: Any) -> dict[str, Any]:
    """What a page about one participant, loaded in scope, shows; notes whose name is on it."""
    shown(actor, "enrolment", [enrolment_id])
    return frame(actor, cohort, holder=queries.held_by(actor, [enrolment_id])[enrolment_id], **context)


def file_rows(people: Sequence[Holder]) -> list[list[Any]]:
    """The list as rows of a file: one for each certificate, and one for who has none."""
    return [row for one in people for row in _rows_of(one)]


def _rows_of(one: Holder) -> list[list[Any]]:
    rows = [
        [
            one.name,
            _(KINDS[h.kind]),
            h.obtained_on,
            h.valid_until or _("geen einddatum"),
            _(STATES[h.state]),
            h.issuer,
            h.number,
        ]
        for h in one.held
    ]
    return rows or [[one.name, _("geen certificaat"), "", "", "", "", ""]]
