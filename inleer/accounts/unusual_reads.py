"""Who opened unusually many dossiers on a day: told to the administrators, the morning after, by a daily job.

Every page notes which people it showed (the read log). Unusual is more different people on one day than the setting
``reads.most``, and more than three times what was usual for this person: the median of the days with reads in the
four weeks before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import Select, select

from inleer import audit, clock
from inleer.accounts.models import Membership, Organisation, User
from inleer.audit import ReadLog
from inleer.db import db
from inleer.jobs.outbox import enqueue
from inleer.parameters import parameter
from inleer.policy import Actor, Role, unscoped

ACTION = "reads.unusual"
MAIL = "account.unusual_reads"
SETTING = "reads.most"
DAYS_BEFORE = 28
TIMES_USUAL = 3
_DAY = timedelta(days=1)
_AT_A_TIME = 1000
_Reader = tuple[UUID, UUID]  # a user, and the work agency that keeps the organisation of the role


def look_back(actor: Actor, day: date) -> int:
    """Tell the administrators who opened unusually many dossiers on the day before ``day``; returns how many people.

    A daily job, in an open unit of work: an event in the audit trail of the work agency per person, and one mail to
    each of its administrators.
    """
    yesterday = day - _DAY
    agencies = _agencies()
    most = {agency: parameter(SETTING, yesterday, agency) for agency in set(agencies.values())}
    found: dict[UUID, int] = defaultdict(int)
    for (user_id, agency), number in sorted(_people_per_reader(yesterday, agencies).items()):
        if number <= most[agency]:
            continue
        usual = _usual(user_id, agency, yesterday, agencies)
        if number > TIMES_USUAL * usual:
            told = {"day": yesterday.isoformat(), "people": number, "usual": usual, "most": most[agency]}
            here = replace(actor, organisation_id=agency)
            audit.record(here, ACTION, ("user_account", user_id), details=told, outcome="alert")
            found[agency] += 1
    for agency in found:
        for administrator in administrators(agency):
            enqueue(MAIL, {"user_id": str(administrator)})
    return sum(found.values())


def _agencies() -> dict[UUID, UUID]:
    """The work agency of each organisation; an organisation that none keeps is its own."""
    rows = db.session.execute(
        unscoped(select(Organisation.id, Organisation.managed_by_id), "daily job over all organisations")
    )
    return {row.id: row.managed_by_id or row.id for row in rows}


def _reads(first: date, until: date) -> Select[UUID, UUID, list[str], datetime]:
    """What was shown from one day up to another, which is left out."""
    rows = select(ReadLog.user_id, ReadLog.organisation_id, ReadLog.subject_ids, ReadLog.at)
    return rows.where(
        ReadLog.subject_kind == "candidate",
        ReadLog.at >= clock.at(first, time.min),
        ReadLog.at < clock.at(until, time.min),
    ).execution_options(yield_per=_AT_A_TIME)


def _people_per_reader(day: date, agencies: Mapping[UUID, UUID]) -> dict[_Reader, int]:
    seen: dict[_Reader, set[str]] = defaultdict(set)
    for row in db.session.execute(_reads(day, day + _DAY)):
        if row.organisation_id in agencies:
            seen[row.user_id, agencies[row.organisation_id]].update(row.subject_ids)
    return {reader: len(people) for reader, people in seen.items()}


def _usual(user_id: UUID, agency: UUID, day: date, agencies: Mapping[UUID, UUID]) -> int:
    """How many different people this person saw on the middle one of the days with reads before ``day``; 0 without."""
    per_day: dict[date, set[str]] = defaultdict(set)
    before = _reads(day - DAYS_BEFORE * _DAY, day).where(ReadLog.user_id == user_id)
    for row in db.session.execute(before):
        if agencies.get(row.organisation_id) == agency:
            per_day[clock.local(row.at).date()].update(row.subject_ids)
    return round(median(map(len, per_day.values()))) if per_day else 0


def administrators(agency: UUID) -> Iterator[UUID]:
    """The administrators of a work agency who are at work there."""
    at_work = (Membership.ended_at.is_(None), Membership.invited_as.is_(None), User.active)
    members = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == agency, Membership.role == Role.ADMINISTRATOR.value, *at_work)
        .order_by(Membership.user_id)
    )
    return iter(db.session.scalars(unscoped(members, "who is told by mail")).all())
