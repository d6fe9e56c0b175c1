"""What a plugin reads of attendance: on how many meetings of a kind people were."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import case, false, func, select

from inleer import clock
from inleer.attendance.models import Attendance
from inleer.attendance.queries import AHEAD
from inleer.attendance.statuses import STATUSES, Judgement
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.policy import unscoped

_JUDGED = tuple(key for key, status in STATUSES.items() if status.judged)
_PRESENT = tuple(
    key for key, status in STATUSES.items() if status.judged and status.judgement is Judgement.PRESENT
)


def meetings_attended(enrolment_ids: Collection[UUID], kind: str) -> dict[UUID, tuple[int, int]]:
    """Per enrolment at how many meetings of a kind (a value of SessionKind) somebody was, and how many were judged.

    Late or gone early is there. Cancelled meetings do not count, nor does one that is not past yet; at its end
    ``inleer_on_attendance_recorded`` is called. Left out is who has no mark. One statement; the ids are those that the
    core chose.
    """
    there = func.sum(case((Attendance.status.in_(_PRESENT), 1), else_=0))
    statement = (
        select(Attendance.enrolment_id, there, func.count())
        .join(Session, Session.id == Attendance.session_id)
        .where(
            Attendance.enrolment_id.in_(list(enrolment_ids)),
            Attendance.status.in_(_JUDGED),
            Session.kind == kind,
            Session.state != "cancelled",
            AHEAD.is_(false()),
        )
        .group_by(Attendance.enrolment_id)
    )
    chosen = unscoped(statement, "attendance of people whom the core chose")
    rows = db.session.execute(chosen, {"now": clock.now()})
    return {enrolment_id: (int(present), int(held)) for enrolment_id, present, held in rows}
