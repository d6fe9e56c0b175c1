"""Holding a register while a file of marks is read into it, so that an import and a teacher never pass each other.

docs/decisions/0050-plan-then-save.md says why in this order.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer.attendance.models import Attendance
from inleer.cohorts.models import Enrolment, Session, SessionCohort
from inleer.db import db
from inleer.policy import unscoped

#: Rows that are read at a time.
CHUNK = 5_000
_WHY = "import into a loaded cohort"


def hold_register(cohort_id: UUID) -> None:
    """Until the end of the transaction nobody else writes marks of a cohort's people in its sessions.

    Waits for who is writing one now; what is read after this is what they left. The cohort was loaded in scope. SQLite
    has one writer at a time, and a unit of work that writes is that one from its beginning.
    """
    if db.engine.dialect.name == "sqlite":
        return
    sessions = select(SessionCohort.session_id).where(SessionCohort.cohort_id == cohort_id)
    # The order of a register's save: marks, then their session. Nobody waits in a circle.
    _hold(
        select(Attendance.session_id, Attendance.enrolment_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Attendance.session_id, Attendance.enrolment_id)
        .with_for_update(of=Attendance)
    )
    # A new mark refers to its session, so it cannot come in while that is held.
    _hold(select(Session.id).where(Session.id.in_(sessions)).order_by(Session.id).with_for_update())


def _hold(statement: Any) -> None:
    for _some in db.session.execute(
        unscoped(statement, _WHY).execution_options(yield_per=CHUNK)
    ).partitions():
        pass
