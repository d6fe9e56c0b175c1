"""The way back from a step of an enrolment: the state, dates and reasons of before return.

The step itself stays in the history, with who took it back and when.
"""

from __future__ import annotations

from inleer import audit
from inleer.cohorts.models import Enrolment, EnrolmentEvent, Pause
from inleer.cohorts.returning import arrival_of, left_for, take_back_arrival
from inleer.cohorts.steps import fresh, last_pause, open_pause, steps_of, take_back
from inleer.db import db
from inleer.errors import DomainError
from inleer.events import enrolment_changed, figures_changed
from inleer.i18n import _
from inleer.policy import Actor


def undo_step(actor: Actor, enrolment: Enrolment, version: int) -> Enrolment:
    """Take back the last step of an enrolment: the state, dates and reasons of before return.

    A move is one step in two editions: it is taken back as a whole, from either. Returns the enrolment that holds
    now. Raises DomainError when there is nothing to take back, or a move after which the other edition went on.
    """
    fresh(enrolment, version)
    steps = steps_of(enrolment.id)
    arrival = arrival_of(steps)
    if arrival is not None and (left := left_for(actor, enrolment, arrival)) is not None:
        enrolment, steps = left, steps_of(left.id)
    last = steps[0] if steps else None
    if last is None or last.from_state is None or last.to_state != enrolment.state:
        raise DomainError(_("Er is niets om terug te draaien."))
    if last.joined_before is None and last.from_state == last.to_state:
        raise DomainError(_("De vorige instapdatum is niet bewaard. Zet die zelf terug bij “later starten”."))
    _undo(actor, enrolment, last)
    return enrolment


def _undo(actor: Actor, enrolment: Enrolment, last: EnrolmentEvent) -> None:
    if enrolment.state == "moved":
        take_back_arrival(actor, enrolment)
    details = {"from": enrolment.state, "to": str(last.from_state)}
    covers: list[Pause] = []
    if last.joined_before is not None:
        details |= {"joined_from": str(enrolment.joined_on), "joined_to": str(last.joined_before)}
        enrolment.joined_on = last.joined_before
    else:
        covers = _back(enrolment, last)
    audit.record(actor, "enrolment.step_undone", enrolment, details=details, covers=covers)
    enrolment.state = str(last.from_state)
    take_back(actor, last)
    db.session.flush()
    figures_changed.fire(actor, [enrolment.id])
    enrolment_changed.fire(actor, [enrolment.id])


def _back(enrolment: Enrolment, last: EnrolmentEvent) -> list[Pause]:
    """What the step filled in is emptied; returns the pauses that change with it."""
    covers = []
    if enrolment.state in ("dropped_out", "completed", "moved"):
        enrolment.left_on = enrolment.dropout_initiator = enrolment.dropout_reason = None
        enrolment.would_return = enrolment.exit_kind = enrolment.moved_to_id = None
    row = open_pause(enrolment.id)
    if enrolment.state == "paused" and row is not None:
        covers.append(row)
        db.session.delete(row)
    if last.from_state == "paused" and (ended := last_pause(enrolment.id)) is not None:
        ended.ended_on = None
        covers.append(ended)
    return covers
