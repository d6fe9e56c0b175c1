"""The page on which a mark is corrected after the register closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, url_for

from inleer import audit
from inleer.attendance.actions import MarkConflict, MarkInput, correct_mark
from inleer.attendance.forms import CHOICES, CorrectionForm, whole_number
from inleer.attendance.presenters import person_name, status_word
from inleer.attendance.queries_register import RegisterRow, register_rows
from inleer.cohorts.models import Session
from inleer.errors import NotVisible
from inleer.forms import SelectChoice
from inleer.i18n import _
from inleer.policy import Actor


@dataclass(frozen=True)
class Both:
    """One field of the conflict page: what is stored and what was typed, in words."""

    name: str
    label: str
    stored: str
    typed: str


def form_for(actor: Actor, session: Session, enrolment_id: UUID) -> tuple[CorrectionForm, RegisterRow]:
    """The form with what is stored now. Raises NotVisible for a person who is not in this register."""
    row = next((r for r in register_rows(actor, session) if r.enrolment_id == enrolment_id), None)
    if row is None:
        raise NotVisible
    form = CorrectionForm(data={"mark": row.status, "minutes": row.minutes, "version": row.version})
    form.mark.choices = [SelectChoice(key, status_word(key)) for key in CHOICES]
    return form, row


def correct(actor: Actor, session: Session, row: RegisterRow, form: CorrectionForm) -> None:
    """Save the correction. Raises DomainError, MarkConflict."""
    typed = MarkInput(
        enrolment_id=row.enrolment_id,
        status=form.mark.data or "",
        minutes=whole_number((form.minutes.data or "").strip()),
        version=form.opened_version,
    )
    correct_mark(actor, session, typed, form.reason.data or "", [row.enrolment_id])


def page(actor: Actor, session: Session, row: RegisterRow, form: CorrectionForm) -> dict[str, Any]:
    """What the page shows. The name on it is a read of this person."""
    audit.shown(actor, "candidate", [row.candidate_id])
    return {
        "session": session,
        "form": form,
        "name": person_name(row),
        "now": status_word(row.status),
        "minutes": row.minutes,
        "by": row.recorded_by_name,
        "at": row.recorded_at,
        "cancel_url": url_for("attendance.register", session_id=session.id),
    }


def conflict_page(session: Session, form: CorrectionForm, conflict: MarkConflict) -> dict[str, Any]:
    """Both values, where somebody else corrected the same mark meanwhile."""
    stored = conflict.stored
    return {
        "message": None,
        "reference": g.get("trace_id", ""),
        "fields": [
            Both("mark", _("Wat klopt"), status_word(stored.status), status_word(conflict.typed.status)),
            Both("minutes", _("Gemiste minuten"), _number(stored.minutes), form.minutes.data or ""),
        ],
        "version": stored.version,
        "saved_by": stored.recorded_by_name,
        "saved_at": stored.recorded_at,
        "cancel_url": url_for("attendance.register", session_id=session.id),
    }


def _number(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes)
