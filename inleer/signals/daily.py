"""What only time brings about: once a day the signals of everybody who takes part are looked at again."""

from __future__ import annotations

from datetime import date
from itertools import islice

from sqlalchemy import select

from inleer import clock
from inleer.attendance.rollups import claim_people
from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.policy import Actor, unscoped
from inleer.signals.actions import TAKING_PART, recount
from inleer.signals.unrecorded import sweep_unrecorded

BATCH = 200
_TAKING_PART = unscoped(
    select(Enrolment.candidate_id)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.state.in_(TAKING_PART), Cohort.state.in_(("recruiting", "running")))
    .distinct()
    .order_by(Enrolment.candidate_id),
    "daily sweep",
)


def sweep(actor: Actor, day: date) -> int:
    """Make roll-ups again, and raise and end signals as of today; returns for how many people. A daily job.

    Roll-ups change with time too: a norm that is another from today on, or was set anew for days that have been.

    A day that the worker missed brings nothing that today does not: it is passed over.
    """
    if day != clock.today():
        return 0
    sweep_unrecorded(actor)
    people = iter(ids := db.session.execute(_TAKING_PART).scalars().all())
    while batch := frozenset(islice(people, BATCH)):
        recount(actor, claim_people(batch))
    return len(ids)
