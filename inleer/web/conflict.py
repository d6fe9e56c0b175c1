"""Someone else saved first: both versions are shown and the user's input is kept (409)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, render_template, request
from sqlalchemy import select

from inleer.accounts.models import User
from inleer.audit import AuditEvent
from inleer.audit.chain import identity
from inleer.db import db
from inleer.errors import StaleEdit
from inleer.forms import TECHNICAL

HIDDEN = TECHNICAL | {"version"}


@dataclass(frozen=True)
class ConflictField:
    """One field: what is stored now and what the user typed."""

    name: str
    label: str
    stored: str
    typed: str


def conflict_response(error: StaleEdit) -> Response:
    """The page that shows both versions. The button saves the user's input over the version shown here."""
    db.session.rollback()
    kind, subject_id = identity(error.subject)
    last = db.session.execute(
        select(AuditEvent.at, User.name)
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(AuditEvent.subject_kind == kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).one_or_none()
    labels = g.get("form_labels", {})
    fields = [
        ConflictField(
            name,
            labels.get(name, name),
            _plain(_stored(error.subject, name)),
            "\n".join(request.form.getlist(name)),
        )
        for name in request.form
        if name not in HIDDEN
    ]
    body = render_template(
        "errors/409.html",
        message=None,
        reference=g.get("trace_id", ""),
        fields=fields,
        version=error.subject.version,
        saved_at=last.at if last else None,
        saved_by=last.name if last else None,
        action=request.full_path,
    )
    return make_response(body, 409)


def _stored(subject: Any, name: str) -> Any:
    """What is stored under a form field's name: a column, or an answer to a field group."""
    answers = getattr(subject, "answers", None)
    return answers.get(name) if isinstance(answers, dict) else getattr(subject, name, "")


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
