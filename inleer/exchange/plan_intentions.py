"""What a list of job intentions would do. Pure.

How a line finds its intention: docs/decisions/0051-matching.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inleer.errors import DomainError
from inleer.exchange.cells import Notice
from inleer.exchange.plan_common import Change, Draft, Step, same_text, verdict_of
from inleer.exchange.rows_common import Parsed
from inleer.exchange.rows_intentions import IntentionRow
from inleer.exchange.values import fold
from inleer.i18n import _
from inleer.intentions.models import JobIntention
from inleer.intentions.rules import STATE_WORDS, check_values

MAX_SECTOR = 100
FIELDS = (
    "contact_name", "contact_email", "function", "positions", "kind", "hours_min", "hours_max", "from_on", "conditions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownIntentions:
    """What is known before. ``employers``: folded name → organisation of the agency; ``intentions`` of this
    cohort by employer; ``places_may_be_unknown``: whether the route allows a commitment without a number."""

    employers: Mapping[str, UUID]
    intentions: Mapping[UUID, Sequence[JobIntention]]
    places_may_be_unknown: bool


@dataclass(frozen=True, slots=True)
class IntentionWork:
    """What to do for one row. ``employer_id`` None: an employer that is not known yet, by ``employer``."""

    row: IntentionRow
    employer_id: UUID | None
    intention: JobIntention | None


def plan(parsed: Parsed[IntentionRow], known: KnownIntentions) -> Draft[IntentionWork]:
    """What each row does, with every problem that only shows beside what is known already."""
    draft: Draft[IntentionWork] = Draft(parsed.columns)
    matches = _match([row for _number, row in parsed.rows], known)
    for place, (number, row) in enumerate(parsed.rows):
        if not _acceptable(draft, number, row, known):
            continue
        employer_id = known.employers.get(fold(row.employer))
        intention = matches.get(place)
        changes = _changes(intention, row) if intention else ()
        if intention and changes and intention.state != "draft":
            _keep_answer(draft, number, intention)
            changes = ()
        verdict = verdict_of(intention is not None, changes)
        label = f"{row.employer}, {row.function}"
        draft.steps.append(Step(number, verdict, label, IntentionWork(row, employer_id, intention), changes))
    _tell_new_employers(draft)
    return draft


def values_of(row: IntentionRow) -> dict[str, Any]:
    """The columns of an intention as the row gives them."""
    return {name: getattr(row, name) for name in FIELDS}


def _acceptable(draft: Draft[IntentionWork], number: int, row: IntentionRow, known: KnownIntentions) -> bool:
    if row.sector is not None and len(row.sector) > MAX_SECTOR:
        draft.refuse(
            number, "sector", _("Deze tekst is te lang: hoogstens %(limit)s tekens.", limit=MAX_SECTOR)
        )
        return False
    guarantee = row.kind == "guarantee" and row.positions is None
    try:
        # A draft may still lack its number; confirming it asks for one.
        check_values("intention" if guarantee else row.kind, row.positions, row.hours_min, row.hours_max)
    except DomainError as error:
        draft.refuse(number, error.field or "kind", error.message)
        return False
    if row.positions is None and not known.places_may_be_unknown:
        draft.refuse(number, "positions", _("Deze route vraagt om een aantal plekken bij elke toezegging."))
        return False
    if guarantee:
        draft.notice(number, "positions", _("Een baangarantie zonder aantal kan nog niet bevestigd worden."))
    return True


def _match(rows: Sequence[IntentionRow], known: KnownIntentions) -> dict[int, JobIntention]:
    """Which intention each row is: same employer and function; of several, the one that is most alike."""
    pairs = []
    for place, row in enumerate(rows):
        employer = known.employers.get(fold(row.employer))
        for intention in known.intentions.get(employer, ()) if employer else ():
            if fold(intention.function) == fold(row.function):
                pairs.append((_alike(intention, row), place, intention))
    found: dict[int, JobIntention] = {}
    taken: set[UUID] = set()
    for _score, place, intention in sorted(pairs, key=lambda p: (-p[0], p[1], str(p[2].id))):
        if place not in found and intention.id not in taken:
            found[place] = intention
            taken.add(intention.id)
    return found


def _alike(intention: JobIntention, row: IntentionRow) -> int:
    return sum(
        getattr(intention, name) == getattr(row, name)
        for name in ("kind", "from_on", "hours_min", "hours_max")
    )


def _changes(intention: JobIntention, row: IntentionRow) -> tuple[Change, ...]:
    """Fields that differ; an empty cell takes nothing away."""
    changes = []
    for name in FIELDS:
        old, new = getattr(intention, name), getattr(row, name)
        alike = same_text(old, new) if isinstance(new, str) else old == new
        if name == "function":
            alike = fold(old) == fold(new)
        if new is not None and not alike:
            changes.append(Change(name, old, new))
    return tuple(changes)


def _keep_answer(draft: Draft[IntentionWork], number: int, intention: JobIntention) -> None:
    message = _(
        "Deze intentie is al “%(state)s”; wat de werkgever heeft gezegd, blijft staan.",
        state=_(STATE_WORDS[intention.state]),
    )
    draft.notice(number, "employer", message)


def _tell_new_employers(draft: Draft[IntentionWork]) -> None:
    new = dict.fromkeys(s.what.row.employer for s in draft.steps if s.what.employer_id is None)
    if new:
        names = ", ".join(new)
        draft.notices.append(Notice(_("Nieuw als werkgever: %(names)s.", names=names)))
