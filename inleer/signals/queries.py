"""Reads of signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy import select

from inleer import clock
from inleer.accounts.models import User
from inleer.cohorts.models import Enrolment, Session
from inleer.db import db
from inleer.extend import Registry
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, allowed_relations, fetch, may_ever, scope, scoped_select, unscoped
from inleer.policy.startup import policy_of
from inleer.signals.models import Signal
from inleer.signals.rules import RULES


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a signal is about; ``candidate_id`` None is a session."""

    name: str
    candidate_id: UUID | None


def handles_people(actor: Actor) -> bool:
    """Whether the actor's role handles signals about people; others handle those about sessions only."""
    return "caseload" in allowed_relations(actor.role, Perm.SIGNAL_HANDLE)


def subject_of(actor: Actor, signal: Signal) -> Subject:
    """The person or session of a signal that was loaded in scope."""
    if signal.candidate_id is not None:
        statement = unscoped(
            select(Candidate).where(Candidate.id == signal.candidate_id), "a signal's person"
        )
        return Subject(fetch(actor, statement).scalar_one().name, signal.candidate_id)
    about = unscoped(select(Session.title).where(Session.id == signal.session_id), "a signal's session")
    return Subject(fetch(actor, about).scalar_one_or_none() or "", None)


def rule_names() -> Mapping[str, str]:
    """The Dutch name of every rule, of the core and of the plugins that are on."""
    registry: Registry = current_app.extensions["inleer"]
    return {
        **{key: _(name) for key, name in RULES.items()},
        **{s.key: s.value.name for s in registry.signals},
    }


def pages(actor: Actor) -> Mapping[str, str]:
    """The page of a plugin where something can be done about a signal, by rule: those that the actor's role may see."""
    registry: Registry = current_app.extensions["inleer"]
    found = {}
    for owned in registry.signals:
        policy = policy_of(current_app, owned.value.endpoint) if owned.value.endpoint else None
        if policy is not None and policy.perm is not None and may_ever(actor, policy.perm):
            found[owned.key] = owned.value.endpoint
    return found


def page_of(actor: Actor, signal: Signal) -> str:
    """The address of that page for a signal that was loaded in scope; empty when there is none."""
    endpoint = pages(actor).get(signal.rule)
    if endpoint is None or signal.candidate_id is None:
        return ""
    statement = select(Enrolment.id).where(
        Enrolment.candidate_id == signal.candidate_id, Enrolment.cohort_id == signal.cohort_id
    )
    about = db.session.execute(unscoped(statement, "a signal's person")).scalars().first()
    named: dict[str, Any] = {"enrolment_id": about, "cohort_id": signal.cohort_id}
    asked = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    return url_for(endpoint, **{name: value for name, value in named.items() if name in asked})


def owner_of(signal: Signal) -> str:
    """Who owns a signal that was loaded in scope, with the address to reach them; empty without an owner."""
    if signal.owner_id is None:
        return ""
    statement = unscoped(select(User.name, User.email).where(User.id == signal.owner_id), "a signal's owner")
    found = db.session.execute(statement).one_or_none()
    return f"{found.name}, {found.email}" if found else ""


def done_about(actor: Actor, signal: Signal) -> list[tuple[date, str, str, str]]:
    """What was done about this person's signals, oldest first: (day, rule, note, by)."""
    statement = select(Signal.handled_at, Signal.rule, Signal.handled_note, Signal.handled_by_name).where(
        Signal.candidate_id == signal.candidate_id,
        Signal.handled_note.is_not(None),
        scope(actor, Signal, Perm.SIGNAL_VIEW),
    )
    names = rule_names()
    return [
        (clock.local(r.handled_at).date(), names.get(r.rule, r.rule), r.handled_note, r.handled_by_name or "")
        for r in fetch(actor, scoped_select(statement.order_by(Signal.handled_at)))
    ]


def report_facts(signal: Signal) -> list[tuple[str, Any]]:
    """What the school's own report needs, of a signal of 16 hours: begin, end, minutes and minutes per week."""
    facts = signal.facts
    if "begin" not in facts:
        return []
    return [
        ("begin", date.fromisoformat(facts["begin"])),
        ("end", date.fromisoformat(facts["end"])),
        ("minutes", int(facts["minutes"])),
        ("by_week", [(date.fromisoformat(week), int(minutes)) for week, minutes in facts["by_week"]]),
    ]
