"""What must hold around a plan in the database: who takes part, which phases there are, where the person is already."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from inleer import clock
from inleer.cohorts.completion import verdicts_on_agreeing
from inleer.cohorts.completion_rules import FULFILLED
from inleer.cohorts.models import CohortPhase, Enrolment, Partner
from inleer.db import db
from inleer.errors import DomainError
from inleer.i18n import _, format_date
from inleer.people.models import Candidate
from inleer.placements.models import Placement, PlacementEvent
from inleer.placements.rules import Placed, first_overlap, weekdays_text
from inleer.policy import unscoped


def check_partner(enrolment: Enrolment, plan: Placed, organisation_id: UUID, field: str) -> None:
    """Refuse an organisation that is no partner of the cohort, or no longer when the placement begins."""
    statement = select(Partner.id).where(
        Partner.cohort_id == enrolment.cohort_id,
        Partner.organisation_id == organisation_id,
        or_(Partner.ended_on.is_(None), Partner.ended_on >= plan.from_on),
    )
    if db.session.execute(statement.limit(1)).first() is None:
        raise DomainError(_("Kies een organisatie die meedoet aan deze lichting."), field)


def check_phase(enrolment: Enrolment, phase_key: str) -> None:
    """Refuse a phase that the cohort does not have."""
    statement = select(CohortPhase.id).where(
        CohortPhase.cohort_id == enrolment.cohort_id, CohortPhase.key == phase_key
    )
    if db.session.execute(statement).first() is None:
        raise DomainError(_("Kies een fase van deze lichting."), "phase_key")


def check_free(candidate_id: UUID, plan: Placed, but: UUID | None) -> None:
    """Refuse days on which the person is placed already; ``but`` is the placement that changes itself.

    The lock lets two plans for one person wait for each other, so that the second gets this sentence. The database
    would refuse it too.
    """
    lock = select(Candidate.id).where(Candidate.id == candidate_id).with_for_update(key_share=True)
    db.session.execute(unscoped(lock, "the person of a loaded enrolment")).one()
    statement = select(Placement).where(Placement.candidate_id == candidate_id)
    if but is not None:
        statement = statement.where(Placement.id != but)
    others = db.session.execute(unscoped(statement, "the person's placements in all cohorts")).scalars()
    found = first_overlap(plan, others)
    if found is not None:
        known = {"first": format_date(found.from_on), "last": format_date(found.last_on)}
        days = weekdays_text(found.weekdays & plan.weekdays)
        text = _("Van %(first)s t/m %(last)s is deze kandidaat op %(days)s al geplaatst.", days=days, **known)
        raise DomainError(text, "from_on")


def check_agreed(enrolment: Enrolment) -> None:
    """Refuse what a rule of the route's plugin keeps from being agreed; the placement is saved as it would stand.

    A rule that gives no answer refuses too: what it guards is not looked at by anybody else.
    """
    for one in verdicts_on_agreeing(enrolment.cohort_id, [enrolment.id], clock.today())[enrolment.id]:
        if one.state != FULFILLED:
            text = _("Dit kan nog niet worden afgesproken. %(rule)s: %(why)s", rule=one.name, why=one.text)
            raise DomainError(text, "agreed")


def enrolment_of(placement: Placement) -> Enrolment:
    """The enrolment of a placement that was loaded in scope."""
    statement = select(Enrolment).where(Enrolment.id == placement.enrolment_id)
    return db.session.execute(unscoped(statement, "enrolment of a loaded placement")).scalar_one()


def last_event(placement_id: UUID) -> PlacementEvent:
    """The latest step of a placement."""
    statement = select(PlacementEvent).where(PlacementEvent.placement_id == placement_id)
    return db.session.execute(statement.order_by(PlacementEvent.number.desc()).limit(1)).scalar_one()
