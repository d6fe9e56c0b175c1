"""What stands in the way of joining two people: where both are, only one can be."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inleer.attendance.models import Attendance
from inleer.cohorts.models import Cohort, Enrolment, Session
from inleer.db import db
from inleer.exchange.ledger import table_of
from inleer.exchange.queries_undo import references
from inleer.i18n import _, format_date
from inleer.merging import rows
from inleer.people.models import Candidate, FieldValue
from inleer.placements.models import Placement
from inleer.placements.rules import first_overlap, weekdays_text
from inleer.policy import unscoped

#: What an enrolment has without anybody recording something in it.
_ALWAYS = frozenset({"enrolment_event", "enrolment_week", "enrolment_total"})


def obstacles(kept: Candidate, gone: Candidate) -> list[str]:
    """Dutch sentences about what stands in the way; empty when the two can be joined."""
    if kept.id == gone.id:
        return [_("Dit is één kandidaat.")]
    if kept.agency_id != gone.agency_id:
        return [
            _("Deze kandidaten zijn van twee organisaties. Samenvoegen kan alleen binnen één organisatie.")
        ]
    if kept.merged_into_id or gone.merged_into_id:
        return [_("Een van beide is al samengevoegd.")]
    return [*_cohorts(kept, gone), *_marks(kept, gone), *_placements(kept, gone), *_others(kept, gone)]


def _both(kept_id: UUID, gone_id: UUID) -> list[tuple[Enrolment, Enrolment, str]]:
    """The enrolments of both in the same cohorts: (of kept, of gone, name of the cohort)."""
    one, other = aliased(Enrolment), aliased(Enrolment)
    statement = (
        select(one, other, Cohort.name)
        .join(other, other.cohort_id == one.cohort_id)
        .join(Cohort, Cohort.id == one.cohort_id)
        .where(one.candidate_id == kept_id, other.candidate_id == gone_id)
    )
    return [(r[0], r[1], r[2]) for r in db.session.execute(unscoped(statement, rows.WHY))]


def _is_empty(enrolment_id: UUID) -> bool:
    return all(table_of(model) in _ALWAYS for model, _keys in references("enrolment", [enrolment_id]))


def empty_twice(kept_id: UUID, gone_id: UUID) -> list[Enrolment]:
    """Enrolments of ``gone`` in which nothing was recorded, in cohorts where ``kept`` takes part."""
    return [mine for _theirs, mine, _name in _both(kept_id, gone_id) if _is_empty(mine.id)]


def _cohorts(kept: Candidate, gone: Candidate) -> Iterator[str]:
    for theirs, mine, cohort in _both(kept.id, gone.id):
        if _is_empty(mine.id):
            continue
        if _is_empty(theirs.id):
            yield _(
                "Beide staan in %(cohort)s, en alleen bij %(name)s is daar iets vastgelegd."
                " Kies die om te blijven.",
                cohort=cohort,
                name=gone.name,
            )
        else:
            yield _(
                "Beide staan in %(cohort)s en bij beide is daar iets vastgelegd. Eén persoon kan daar maar één keer"
                " in staan: haal eerst bij een van beide de aanwezigheid en de plaatsingen weg.",
                cohort=cohort,
            )


def _marks(kept: Candidate, gone: Candidate) -> Iterator[str]:
    """Sessions of several cohorts in which both have a mark."""
    one, other, mine, theirs = (
        aliased(Attendance),
        aliased(Attendance),
        aliased(Enrolment),
        aliased(Enrolment),
    )
    statement = (
        select(Session.title, Session.on)
        .join(one, one.session_id == Session.id)
        .join(theirs, theirs.id == one.enrolment_id)
        .join(other, other.session_id == Session.id)
        .join(mine, mine.id == other.enrolment_id)
        .where(
            theirs.candidate_id == kept.id,
            mine.candidate_id == gone.id,
            theirs.cohort_id != mine.cohort_id,
        )
        .order_by(Session.on)
        .limit(1)
    )
    for row in db.session.execute(unscoped(statement, rows.WHY)):
        yield _(
            "Bij “%(title)s” van %(on)s is voor beide aanwezigheid vastgelegd. Maak een van beide eerst leeg.",
            title=row.title,
            on=format_date(row.on),
        )


def _placements(kept: Candidate, gone: Candidate) -> Iterator[str]:
    theirs, mine = _placed(kept.id), _placed(gone.id)
    for placement in mine:
        found = first_overlap(placement, theirs)
        if found is not None:
            yield _(
                "Van %(first)s t/m %(last)s zijn beide op %(days)s geplaatst. Verander eerst een van die plaatsingen.",
                first=format_date(found.from_on),
                last=format_date(found.last_on),
                days=weekdays_text(found.weekdays & placement.weekdays),
            )


def _placed(candidate_id: UUID) -> list[Placement]:
    statement = select(Placement).where(Placement.candidate_id == candidate_id)
    return list(db.session.execute(unscoped(statement, rows.WHY)).scalars())


def _others(kept: Candidate, gone: Candidate) -> Iterator[str]:
    """A plugin's table that holds one row for a person, and both have one."""
    for model, keys in rows.hanging(gone.id):
        if model not in (Enrolment, FieldValue) and rows.twice(model, keys, kept.id):
            yield _(
                "Beide hebben gegevens in %(table)s, en daar kan er maar één zijn.", table=table_of(model)
            )
