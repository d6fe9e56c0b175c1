"""Writes of job intentions: drafts from imports or by hand, an answer given by telephone and its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.events import intention_changed
from inleer.i18n import _
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.queries import events_of, is_undoable, last_event
from inleer.intentions.rules import check_changeable, check_step, check_values
from inleer.intentions.settling import hold, reopen, settle
from inleer.leerroutes.queries import definition_by_id
from inleer.policy import Actor, unscoped

#: What an employer who confirmed did not say: the rest changes with another answer.
OURS = ("contact_name", "contact_email")
EDITABLE = (
    *OURS,
    "function",
    "kind",
    "positions",
    "hours_min",
    "hours_max",
    "from_on",
    "conditions",
)


@dataclass(frozen=True)
class Answer:
    """An employer's answer given by telephone: by whom, on which day, and with which numbers."""

    on: date
    answered_by: str
    positions: int | None
    hours_min: int | None
    hours_max: int | None
    remark: str = ""


def draft(actor: Actor, cohort: Cohort, employer_id: UUID, values: Mapping[str, Any]) -> JobIntention:
    """Write down an employer's intention; it counts only once it is confirmed. Raises DomainError."""
    check_values(values["kind"], values.get("positions"), values.get("hours_min"), values.get("hours_max"))
    _check_route(cohort.route_version_id, values.get("positions"))
    intention = JobIntention(cohort_id=cohort.id, employer_id=employer_id, state="draft", **_known(values))
    db.session.add(intention)
    db.session.flush()
    note(actor, intention, None, "draft", clock.today(), "staff", None, None)
    audit.record(
        actor, "intention.drafted", intention, details={"cohort": str(cohort.id), "kind": intention.kind}
    )
    intention_changed.fire(actor, [intention.id])
    return intention


def change(
    actor: Actor, intention: JobIntention, values: Mapping[str, Any], version: int | None = None
) -> list[str]:
    """Change what was written down; returns the changed fields. Raises DomainError, StaleEdit.

    What an employer confirmed changes only with an answer of the employer; what ended does not change.
    """
    if version is not None and version != intention.version:
        raise StaleEdit(intention, version)
    merged = {k: values.get(k, getattr(intention, k)) for k in EDITABLE}
    check_values(merged["kind"], merged["positions"], merged["hours_min"], merged["hours_max"])
    changed = [k for k, v in _known(values).items() if getattr(intention, k) != v]
    if not changed:
        return []
    check_changeable(intention.state, [k for k in changed if k not in OURS])
    if "positions" in changed:
        check_places(intention, merged["positions"])
    old = intention.positions
    for key in changed:
        setattr(intention, key, values[key])
    if "positions" in changed:
        note(actor, intention, intention.state, intention.state, clock.today(), "staff", None, old)
    audit.record(actor, "intention.changed", intention, fields=changed)
    intention_changed.fire(actor, [intention.id])
    return changed


def confirm_by_telephone(actor: Actor, intention: JobIntention, answer: Answer, version: int) -> None:
    """The employer said yes by telephone, perhaps with other numbers: request and answer in one.

    Raises DomainError for a day in the future, a missing name or impossible numbers; StaleEdit.
    """
    _check_answer(intention, answer, version)
    at = clock.now()
    since = ask_again(actor, intention, answer.on, "telephone", answer.answered_by, at)
    check_step(intention.state, "confirmed")
    check_values(intention.kind, answer.positions, answer.hours_min, answer.hours_max)
    check_places(intention, answer.positions)
    old_state, old_positions = intention.state, intention.positions
    before = before_of(intention)
    intention.positions = answer.positions
    intention.hours_min, intention.hours_max = answer.hours_min, answer.hours_max
    intention.state, intention.confirmed_on = "confirmed", answer.on
    note(
        actor,
        intention,
        old_state,
        "confirmed",
        answer.on,
        "telephone",
        answer.answered_by,
        old_positions,
        answer.remark,
        before,
        at,
    )
    audit.record(
        actor,
        "intention.confirmed",
        intention,
        details={"channel": "telephone", "on": str(answer.on), "from": old_positions, "to": answer.positions},
        covers=settle(intention.id, "telephone", answer.answered_by, answer.on, since),
    )
    intention_changed.fire(actor, [intention.id])


def decline_by_telephone(actor: Actor, intention: JobIntention, answer: Answer, version: int) -> None:
    """The employer said no by telephone, or takes a confirmed intention back. Raises DomainError, StaleEdit."""
    _check_answer(intention, answer, version)
    at = clock.now()
    since = ask_again(actor, intention, answer.on, "telephone", answer.answered_by, at)
    state = "withdrawn" if intention.state == "confirmed" else "declined"
    check_step(intention.state, state)
    old_state = intention.state
    intention.state = state
    note(
        actor,
        intention,
        old_state,
        state,
        answer.on,
        "telephone",
        answer.answered_by,
        intention.positions,
        answer.remark,
        before_of(intention),
        at,
    )
    audit.record(
        actor,
        f"intention.{state}",
        intention,
        details={"channel": "telephone", "on": str(answer.on)},
        covers=settle(intention.id, "telephone", answer.answered_by, answer.on, since),
    )
    intention_changed.fire(actor, [intention.id])


def undo_answer(actor: Actor, intention: JobIntention, version: int) -> None:
    """Take the last answer by telephone back: state, places, hours and day of confirmation of before return.

    Raises DomainError when the last step is no such answer, or when something changed since; StaleEdit.
    """
    hold([intention.id])
    if version != intention.version:
        raise StaleEdit(intention, version)
    last = last_event(intention.id)
    if last is None or not is_undoable(last, intention):
        raise DomainError(_("Het laatste antwoord kan niet meer terug. Leg een nieuw antwoord vast."))
    assert last.from_state is not None and last.before is not None  # is_undoable
    day, to = last.before["confirmed_on"], last.from_state
    since, late = last.at, _late_step(intention.id)
    if late is not None:
        to, since = "expired", late.at
        db.session.delete(late)
    audit.record(
        actor,
        "intention.answer_undone",
        intention,
        details={"from": intention.state, "to": to, "on": str(last.on)},
        covers=reopen(intention.id, "telephone", clock.today(), since),
    )
    intention.state, intention.positions = to, last.old_positions
    intention.hours_min, intention.hours_max = last.before["hours_min"], last.before["hours_max"]
    intention.confirmed_on = date.fromisoformat(day) if day else None
    db.session.delete(last)
    db.session.flush()
    intention_changed.fire(actor, [intention.id])


def ask_again(
    actor: Actor, intention: JobIntention, on: date, channel: str, answered_by: str, at: datetime
) -> datetime:
    """Write down the step that an answer skips when it comes after the last day. Returns the first moment of the act.

    That step stands a microsecond before the answer, so that the history keeps them in order.
    """
    if intention.state != "expired":
        return at
    check_step("expired", "requested")
    intention.state, first = "requested", at - timedelta.resolution
    places = intention.positions
    note(actor, intention, "expired", "requested", on, channel, answered_by, places, at=first)
    return first


def _late_step(intention_id: UUID) -> IntentionEvent | None:
    """The step before the last, when the last answer came late: both were taken at once (ask_again)."""
    late = ("telephone", "expired", "requested")
    return next(
        (e for e in events_of(intention_id)[1:2] if (e.channel, e.from_state, e.to_state) == late), None
    )


def _check_answer(intention: JobIntention, answer: Answer, version: int) -> None:
    hold([intention.id])
    if version != intention.version:
        raise StaleEdit(intention, version)
    if not answer.answered_by.strip():
        raise DomainError(_("Vul in met wie er is gesproken."), "answered_by")
    if answer.on > clock.today():
        raise DomainError(_("De dag van het gesprek ligt in de toekomst."), "on")


def before_of(intention: JobIntention) -> dict[str, Any]:
    """What an answer may replace and no column of its step holds."""
    day = intention.confirmed_on
    return {
        "hours_min": intention.hours_min,
        "hours_max": intention.hours_max,
        "confirmed_on": day.isoformat() if day else None,
    }


def check_places(intention: JobIntention, positions: int | None) -> None:
    """Refuse an unknown number of places where the route asks for one. Raises DomainError."""
    _check_route(_route_of(intention), positions)


def _route_of(intention: JobIntention) -> UUID:
    statement = select(Cohort.route_version_id).where(Cohort.id == intention.cohort_id)
    return db.session.execute(unscoped(statement, "around a loaded intention")).scalar_one()


def _check_route(route_version_id: UUID, positions: int | None) -> None:
    commitment = definition_by_id(route_version_id).commitment
    if positions is None and commitment is not None and not commitment.places_may_be_unknown:
        raise DomainError(_("Deze route vraagt om een aantal plekken bij elke toezegging."), "positions")


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not fields of an intention: {sorted(unknown)}")
    return dict(values)


def note(
    actor: Actor,
    intention: JobIntention,
    old: str | None,
    new: str,
    on: date,
    channel: str,
    answered_by: str | None,
    old_positions: int | None,
    remark: str = "",
    before: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write down a step of an intention."""
    db.session.add(
        IntentionEvent(
            intention_id=intention.id,
            at=at or clock.now(),
            on=on,
            from_state=old,
            to_state=new,
            channel=channel,
            answered_by=answered_by,
            old_positions=old_positions,
            new_positions=intention.positions,
            remark=remark,
            before=before,
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )
