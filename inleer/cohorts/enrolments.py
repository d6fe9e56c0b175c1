"""Writes about enrolments: enrol, start late, pause, resume, complete, drop out, move to another edition."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort, Enrolment, EnrolmentEvent, Pause
from inleer.cohorts.rules import ENROLMENT_STEPS, check_dropout, check_step
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.events import figures_changed
from inleer.i18n import _
from inleer.policy import Actor, unscoped


def enrol(
    actor: Actor, cohort: Cohort, candidate_id: UUID, joined_on: date | None = None, state: str | None = None
) -> Enrolment:
    """Enrol a candidate: active when the start has passed, else selected; joined on the start unless said otherwise.

    Raises DomainError when the candidate is in this cohort already, or joins before it starts.
    """
    if joined_on is not None and joined_on < cohort.starts_on:
        raise DomainError(_("De instapdatum ligt voor de start van de lichting."), "joined_on")
    known = select(Enrolment.id).where(
        Enrolment.cohort_id == cohort.id, Enrolment.candidate_id == candidate_id
    )
    if db.session.execute(unscoped(known, "unique enrolment")).first():
        raise DomainError(_("Deze kandidaat doet al mee aan deze lichting."), "candidate_id")
    joined = joined_on or cohort.starts_on
    state = state or ("active" if joined <= clock.today() else "selected")
    enrolment = Enrolment(cohort_id=cohort.id, candidate_id=candidate_id, state=state, joined_on=joined)
    db.session.add(enrolment)
    db.session.flush()
    _note(actor, enrolment, None, state, joined, "")
    audit.record(
        actor,
        "enrolment.created",
        enrolment,
        details={
            "cohort": str(cohort.id),
            "candidate": str(candidate_id),
            "state": state,
            "joined": str(joined),
        },
    )
    return enrolment


def change_joined(actor: Actor, enrolment: Enrolment, joined_on: date, reason: str, version: int) -> None:
    """The candidate starts on another day. Sessions before it do not count. Raises DomainError, StaleEdit."""
    _fresh(enrolment, version)
    cohort = cohort_of(enrolment)
    if enrolment.state not in ("selected", "active", "paused"):
        raise DomainError(_("Deze deelname is al geëindigd."))
    if joined_on < cohort.starts_on:
        raise DomainError(_("De instapdatum ligt voor de start van de lichting."), "on")
    if enrolment.left_on is not None and joined_on > enrolment.left_on:
        raise DomainError(_("De instapdatum ligt na de laatste dag."), "on")
    audit.record(
        actor,
        "enrolment.joined_changed",
        enrolment,
        details={"from": str(enrolment.joined_on), "to": str(joined_on)},
    )
    state = "active" if joined_on <= clock.today() and enrolment.state == "selected" else enrolment.state
    _note(actor, enrolment, enrolment.state, state, joined_on, reason)
    enrolment.joined_on, enrolment.state = joined_on, state
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])


def pause(
    actor: Actor,
    enrolment: Enrolment,
    from_on: date,
    until_on: date,
    owner_id: UUID,
    reason: str,
    version: int,
) -> Pause:
    """Pause an enrolment, from and until a day (both included), with an owner. Raises DomainError, StaleEdit."""
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "paused")
    if until_on < from_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on")
    if enrolment.joined_on is not None and from_on < enrolment.joined_on:
        raise DomainError(_("De pauze begint voor de instapdatum."), "from_on")
    row = Pause(
        enrolment_id=enrolment.id, from_on=from_on, until_on=until_on, owner_id=owner_id, reason=reason
    )
    db.session.add(row)
    db.session.flush()
    _step(
        actor, enrolment, "paused", from_on, reason, {"until": str(until_on), "owner": str(owner_id)}, [row]
    )
    return row


def resume(actor: Actor, enrolment: Enrolment, on: date, version: int) -> None:
    """The candidate is back from ``on``; the pause ends the day before. Raises DomainError, StaleEdit."""
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "active")
    row = open_pause(enrolment.id)
    covers = []
    if row is not None:
        if on < row.from_on:
            raise DomainError(_("De kandidaat kan niet terug zijn voor de pauze begon."), "on")
        row.ended_on = date.fromordinal(on.toordinal() - 1)
        covers.append(row)
    _step(actor, enrolment, "active", on, "", {}, covers)


def drop_out(
    actor: Actor,
    enrolment: Enrolment,
    left_on: date,
    initiator: str,
    reason: str,
    would_return: str,
    version: int,
    remark: str = "",
) -> None:
    """The candidate stops: last day, who initiated, why, and whether they would return. Never "unknown".

    Raises DomainError for a missing answer or an impossible day, StaleEdit for an older version.
    """
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "dropped_out")
    check_dropout(initiator, reason, would_return)
    _check_last_day(enrolment, left_on)
    enrolment.left_on = left_on
    enrolment.dropout_initiator, enrolment.dropout_reason = initiator, reason
    enrolment.would_return = would_return
    details = {"initiator": initiator, "reason": reason, "would_return": would_return}
    _step(actor, enrolment, "dropped_out", left_on, remark, details, _closed_pause(enrolment, left_on))


def complete(actor: Actor, enrolment: Enrolment, left_on: date, exit_kind: str, version: int) -> None:
    """The candidate finishes with one of the route's exits. Raises DomainError, StaleEdit."""
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "completed")
    _check_last_day(enrolment, left_on)
    enrolment.left_on, enrolment.exit_kind = left_on, exit_kind
    _step(actor, enrolment, "completed", left_on, "", {"exit": exit_kind}, _closed_pause(enrolment, left_on))


def move(
    actor: Actor,
    enrolment: Enrolment,
    target: Cohort,
    last_day: date,
    first_day: date,
    reason: str,
    version: int,
) -> Enrolment:
    """Move the candidate to another edition of the same agency; not a dropout. Returns the new enrolment.

    Raises DomainError when the editions are the same, of different agencies, or the days overlap; StaleEdit.
    """
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, "moved")
    source = cohort_of(enrolment)
    if target.id == source.id or target.agency_id != source.agency_id:
        raise DomainError(_("Kies een andere lichting."), "cohort_id")
    if target.state not in ("draft", "recruiting", "running"):
        raise DomainError(_("Die lichting neemt niemand meer op."), "cohort_id")
    if first_day <= last_day:
        raise DomainError(
            _("De eerste dag in de nieuwe lichting ligt na de laatste dag in de oude."), "first_day"
        )
    _check_last_day(enrolment, last_day)
    enrolment.left_on, enrolment.moved_to_id = last_day, target.id
    details = {"to_cohort": str(target.id)}
    _step(actor, enrolment, "moved", last_day, reason, details, _closed_pause(enrolment, last_day))
    arrived = enrol(actor, target, enrolment.candidate_id, max(first_day, target.starts_on))
    figures_changed.fire(actor, [arrived.id])
    return arrived


def step(actor: Actor, enrolment: Enrolment, state: str, on: date, reason: str, version: int) -> None:
    """A step before the start (invite, intake, select, wait, reject, withdraw, activate). Raises DomainError."""
    _fresh(enrolment, version)
    check_step(ENROLMENT_STEPS, enrolment.state, state)
    _step(actor, enrolment, state, on, reason, {}, [])


def undo_step(actor: Actor, enrolment: Enrolment, version: int) -> None:
    """Take back the last step of an enrolment: the state, dates and reasons of before return.

    Raises DomainError when there is nothing to take back or a new enrolment was built on it.
    """
    _fresh(enrolment, version)
    last = last_event(enrolment.id)
    if last is None or last.from_state is None or last.to_state != enrolment.state:
        raise DomainError(_("Er is niets om terug te draaien."))
    if last.from_state == last.to_state:
        raise DomainError(
            _("De instapdatum is het laatst veranderd. Zet die zelf terug bij “later starten”.")
        )
    if enrolment.state == "moved":
        raise DomainError(
            _("Zet de kandidaat terug vanuit de nieuwe lichting: kies daar “naar andere lichting”.")
        )
    covers = []
    if enrolment.state in ("dropped_out", "completed"):
        enrolment.left_on = enrolment.dropout_initiator = enrolment.dropout_reason = None
        enrolment.would_return = enrolment.exit_kind = None
    row = open_pause(enrolment.id)
    if enrolment.state == "paused" and row is not None:
        covers.append(row)
        db.session.delete(row)
    if last.from_state == "paused" and (ended := last_pause(enrolment.id)) is not None:
        ended.ended_on = None
        covers.append(ended)
    audit.record(
        actor,
        "enrolment.step_undone",
        enrolment,
        details={"from": enrolment.state, "to": last.from_state},
        covers=covers,
    )
    enrolment.state = last.from_state
    db.session.delete(last)
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])


def cohort_of(enrolment: Enrolment) -> Cohort:
    """The cohort of an enrolment that was loaded in scope."""
    statement = unscoped(
        select(Cohort).where(Cohort.id == enrolment.cohort_id), "cohort of a loaded enrolment"
    )
    return db.session.execute(statement).scalar_one()


def open_pause(enrolment_id: UUID) -> Pause | None:
    """The pause that has not ended, if any."""
    statement = select(Pause).where(Pause.enrolment_id == enrolment_id, Pause.ended_on.is_(None))
    return db.session.execute(statement.order_by(Pause.from_on.desc()).limit(1)).scalar_one_or_none()


def last_pause(enrolment_id: UUID) -> Pause | None:
    """The latest pause, ended or not."""
    statement = (
        select(Pause).where(Pause.enrolment_id == enrolment_id).order_by(Pause.from_on.desc()).limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def last_event(enrolment_id: UUID) -> EnrolmentEvent | None:
    """The latest step of an enrolment."""
    statement = (
        select(EnrolmentEvent)
        .where(EnrolmentEvent.enrolment_id == enrolment_id)
        .order_by(EnrolmentEvent.at.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def _fresh(enrolment: Enrolment, version: int) -> None:
    if version != enrolment.version:
        raise StaleEdit(enrolment, version)


def _check_last_day(enrolment: Enrolment, left_on: date) -> None:
    if enrolment.joined_on is not None and left_on < enrolment.joined_on:
        raise DomainError(_("De laatste dag ligt voor de instapdatum."), "left_on")
    if left_on > clock.today():
        raise DomainError(_("De laatste dag ligt in de toekomst. Leg dit vast op of na die dag."), "left_on")


def _closed_pause(enrolment: Enrolment, left_on: date) -> list[Pause]:
    row = open_pause(enrolment.id)
    if row is None:
        return []
    row.ended_on = max(min(left_on, row.until_on), row.from_on)
    return [row]


def _step(
    actor: Actor,
    enrolment: Enrolment,
    state: str,
    on: date,
    reason: str,
    details: dict[str, str],
    covers: list[Pause],
) -> None:
    _note(actor, enrolment, enrolment.state, state, on, reason)
    audit.record(
        actor,
        "enrolment.state_changed",
        enrolment,
        details={"from": enrolment.state, "to": state, "on": str(on), **details},
        covers=covers,
    )
    enrolment.state = state
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])


def _note(actor: Actor, enrolment: Enrolment, old: str | None, new: str, on: date, reason: str) -> None:
    db.session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id,
            at=clock.now(),
            on=on,
            from_state=old,
            to_state=new,
            reason=reason,
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )
