"""Whether being late or leaving early is unexcused: a rule of the school that gives the lesson, from a day on.

Off unless a school says otherwise (domain.md, "Attendance and absence"). The day of the session decides, so a rule
that changes leaves what was before it. docs/decisions/0066-lateness-by-school.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, false, select, true
from sqlalchemy import cast as sql_cast

from inleer import audit, clock
from inleer.attendance.models import Attendance
from inleer.attendance.rules import STATUSES, Judgement
from inleer.cohorts.models import Enrolment, Session
from inleer.db import db
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.events import figures_changed
from inleer.i18n import _
from inleer.parameters import Setting, version_of
from inleer.policy import Actor, unscoped

#: Its key among the dated settings, there with the school as the organisation; the value is 1 or 0.
KEY = "attendance.lateness_unexcused"
#: Who is marked so was there, for a part.
PARTLY = tuple(key for key, s in STATUSES.items() if s.judgement is Judgement.PRESENT and s.minutes == "some")
#: So many people's figures are made again at a time.
BATCH = 200
_COUNTS = "1"


def rule_on(organisation_id: Any, day: Any, *tables: Any) -> ColumnElement[bool]:
    """Whether lateness is unexcused at an organisation on a day, inside a statement over ``tables``."""
    latest = (
        select(sql_cast(Setting.value, String()))
        .where(Setting.organisation_id == organisation_id, Setting.key == KEY, Setting.valid_from <= day)
        .order_by(Setting.valid_from.desc())
        .limit(1)
        .correlate(*tables)
        .scalar_subquery()
    )
    return case((latest == _COUNTS, true()), else_=false())


#: Whether a mark of a session was late or left early where that is unexcused; looked up for those marks only.
LATE_COUNTS: ColumnElement[bool] = case(
    (Attendance.status.in_(PARTLY), rule_on(Session.organisation_id, Session.on, Session)), else_=false()
)


def rules_of(organisation_id: UUID) -> Sequence[Setting]:
    """The rules of a school that was loaded in scope, by the day on which they begin; before the first it is off."""
    statement = select(Setting).where(Setting.organisation_id == organisation_id, Setting.key == KEY)
    return db.session.execute(statement.order_by(Setting.valid_from)).scalars().all()


def version_of_rules(organisation_id: UUID) -> int:
    """What a page about the rules of a school was opened with."""
    return version_of(KEY, organisation_id)


def counts_on(rules: Sequence[Setting], day: date) -> bool:
    """Whether lateness is unexcused on a day, by the rules of one school."""
    return next((bool(rule.value) for rule in reversed(rules) if rule.valid_from <= day), False)


def set_rule(actor: Actor, organisation_id: UUID, valid_from: date, counts: bool, version: int) -> Setting:
    """Say what holds at a school from a day on, until the day of its next rule; figures and signals follow.

    The caller loaded the school with the right to manage it. ``version``: of :func:`version_of_rules`. Raises
    DomainError for a day outside 2000 to 2100, StaleEdit when somebody else set a rule of this school since.
    """
    if version != version_of_rules(organisation_id):
        raise StaleEdit(("setting", KEY), version)
    if valid_from.year not in range(2000, 2101):
        raise DomainError(_("Kies een dag tussen 2000 en 2100."), "valid_from")
    rules = rules_of(organisation_id)
    rule = next((one for one in rules if one.valid_from == valid_from), None)
    if rule is None:
        rule = Setting(organisation_id=organisation_id, key=KEY, valid_from=valid_from, value=int(counts))
        db.session.add(rule)
    rule.value = int(counts)
    _note(actor, "lateness_rule.set", rule)
    _follow(actor, organisation_id, valid_from, rules)
    return rule


def remove_rule(actor: Actor, organisation_id: UUID, rule_id: UUID, version: int) -> Setting:
    """Take a rule away that has yet to begin.

    Raises NotVisible for another school's, StaleEdit, DomainError for one that counts already.
    """
    rule = next((one for one in rules_of(organisation_id) if one.id == rule_id), None)
    if rule is None:
        raise NotVisible
    if version != rule.version:
        raise StaleEdit(rule, version)
    if rule.valid_from <= clock.today():
        raise DomainError(_("Deze regel telt al. Stel een nieuwe in, vanaf een andere dag."))
    _note(actor, "lateness_rule.removed", rule)
    db.session.delete(rule)
    _follow(actor, organisation_id, rule.valid_from, rules_of(organisation_id))
    return rule


def _note(actor: Actor, action: str, rule: Setting) -> None:
    details = {
        "organisation": str(rule.organisation_id),
        "from": rule.valid_from.isoformat(),
        "value": rule.value,
    }
    audit.record(actor, action, rule, details=details)


def _follow(actor: Actor, organisation_id: UUID, first: date, rules: Sequence[Setting]) -> None:
    """The figures of who was late or left early at this school while the rule holds are made again."""
    db.session.flush()
    end = next((rule.valid_from for rule in rules if rule.valid_from > first), date.max)
    touched = (
        select(Enrolment.id)
        .where(
            select(Attendance.enrolment_id)
            .join(Session, Session.id == Attendance.session_id)
            .where(
                Attendance.enrolment_id == Enrolment.id,
                Attendance.status.in_(PARTLY),
                and_(Session.organisation_id == organisation_id, Session.on >= first, Session.on < end),
            )
            .exists()
        )
        # People are held in the order of their ids, also from one batch to the next.
        .order_by(Enrolment.candidate_id)
    )
    ids = list(db.session.execute(unscoped(touched, "figures of a school loaded in scope")).scalars())
    for n in range(0, len(ids), BATCH):
        figures_changed.fire(actor, ids[n : n + BATCH])
