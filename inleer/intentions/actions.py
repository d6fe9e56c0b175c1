"""Writes of job intentions: drafts from imports or by hand, and an answer given by telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.errors import DomainError, StaleEdit
from inleer.i18n import _
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.rules import check_step, check_values
from inleer.leerroutes.queries import definition_by_id
from inleer.policy import Actor

EDITABLE = (
    "contact_name",
    "contact_email",
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
    _check_route(cohort, values.get("positions"))
    intention = JobIntention(cohort_id=cohort.id, employer_id=employer_id, state="draft", **_known(values))
    db.session.add(intention)
    db.session.flush()
    _note(actor, intention, None, "draft", clock.today(), "staff", None, None)
    audit.record(
        actor, "intention.drafted", intention, details={"cohort": str(cohort.id), "kind": intention.kind}
    )
    return intention


def change(
    actor: Actor, intention: JobIntention, values: Mapping[str, Any], version: int | None = None
) -> list[str]:
    """Change what was written down; returns the changed fields. Raises DomainError, StaleEdit."""
    if version is not None and version != intention.version:
        raise StaleEdit(intention, version)
    merged = {k: values.get(k, getattr(intention, k)) for k in EDITABLE}
    check_values(merged["kind"], merged["positions"], merged["hours_min"], merged["hours_max"])
    changed = [k for k, v in _known(values).items() if getattr(intention, k) != v]
    if changed:
        old = intention.positions
        for key in changed:
            setattr(intention, key, values[key])
        if "positions" in changed:
            _note(actor, intention, intention.state, intention.state, clock.today(), "staff", None, old)
        audit.record(actor, "intention.changed", intention, fields=changed)
    return changed


def confirm_by_telephone(actor: Actor, intention: JobIntention, answer: Answer, version: int) -> None:
    """The employer said yes by telephone, perhaps with other numbers: request and answer in one.

    Raises DomainError for a day in the future, a missing name or impossible numbers; StaleEdit.
    """
    _check_answer(intention, answer, version)
    check_step(intention.state, "confirmed")
    check_values(intention.kind, answer.positions, answer.hours_min, answer.hours_max)
    old_state, old_positions = intention.state, intention.positions
    intention.positions = answer.positions
    intention.hours_min, intention.hours_max = answer.hours_min, answer.hours_max
    intention.state, intention.confirmed_on = "confirmed", answer.on
    _note(
        actor,
        intention,
        old_state,
        "confirmed",
        answer.on,
        "telephone",
        answer.answered_by,
        old_positions,
        answer.remark,
    )
    audit.record(
        actor,
        "intention.confirmed",
        intention,
        details={"channel": "telephone", "on": str(answer.on), "from": old_positions, "to": answer.positions},
    )


def decline_by_telephone(actor: Actor, intention: JobIntention, answer: Answer, version: int) -> None:
    """The employer said no by telephone, or takes a confirmed intention back. Raises DomainError, StaleEdit."""
    _check_answer(intention, answer, version)
    state = "withdrawn" if intention.state == "confirmed" else "declined"
    check_step(intention.state, state)
    old_state = intention.state
    intention.state = state
    _note(
        actor,
        intention,
        old_state,
        state,
        answer.on,
        "telephone",
        answer.answered_by,
        intention.positions,
        answer.remark,
    )
    audit.record(
        actor, f"intention.{state}", intention, details={"channel": "telephone", "on": str(answer.on)}
    )


def _check_answer(intention: JobIntention, answer: Answer, version: int) -> None:
    if version != intention.version:
        raise StaleEdit(intention, version)
    if not answer.answered_by.strip():
        raise DomainError(_("Vul in met wie er is gesproken."), "answered_by")
    if answer.on > clock.today():
        raise DomainError(_("De dag van het gesprek ligt in de toekomst."), "on")


def _check_route(cohort: Cohort, positions: int | None) -> None:
    commitment = definition_by_id(cohort.route_version_id).commitment
    if positions is None and commitment is not None and not commitment.places_may_be_unknown:
        raise DomainError(_("Deze route vraagt om een aantal plekken bij elke toezegging."), "positions")


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not fields of an intention: {sorted(unknown)}")
    return dict(values)


def _note(
    actor: Actor,
    intention: JobIntention,
    old: str | None,
    new: str,
    on: date,
    channel: str,
    answered_by: str | None,
    old_positions: int | None,
    remark: str = "",
) -> None:
    db.session.add(
        IntentionEvent(
            intention_id=intention.id,
            at=clock.now(),
            on=on,
            from_state=old,
            to_state=new,
            channel=channel,
            answered_by=answered_by,
            old_positions=old_positions,
            new_positions=intention.positions,
            remark=remark,
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )
