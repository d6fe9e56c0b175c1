"""Reads of signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from inleer.cohorts.models import Session
from inleer.extend import Registry
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Actor, fetch, unscoped
from inleer.signals.models import Signal
from inleer.signals.rules import RULES


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a signal is about; ``candidate_id`` None is a session."""

    name: str
    candidate_id: UUID | None


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
