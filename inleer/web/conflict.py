"""Someone else saved first: both versions are shown and the user's input is kept (409)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from types import NoneType
from typing import Any

from flask import Response, g, make_response, render_template, request
from sqlalchemy import select

from inleer.accounts.models import User
from inleer.audit import AuditEvent
from inleer.audit.chain import identity
from inleer.db import db
from inleer.errors import StaleEdit
from inleer.forms import TECHNICAL
from inleer.i18n import _, format_date

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
    form = g.get("sent_form") or {}
    names = [name for name in request.form if name not in HIDDEN]
    if error.happened:  # nothing to compare: what was left empty says nothing
        names = [name for name in names if request.form[name]]
    fields = [_field(error.subject, name, form) for name in names]
    body = render_template(
        "errors/409.html",
        message=None,
        reference=g.get("trace_id", ""),
        fields=fields,
        version=error.subject.version,
        saved_at=last.at if last else None,
        saved_by=last.name if last else None,
        happened=error.happened,
        action=request.full_path,
    )
    return make_response(body, 409)


def _stored(subject: Any, name: str) -> Any:
    """What is stored under a form field's name: a column, or an answer to a field group."""
    answers = getattr(subject, "answers", None)
    return answers.get(name) if isinstance(answers, dict) else getattr(subject, name, "")


def _field(subject: Any, name: str, form: Any) -> ConflictField:
    """A field with both values in words, as a page shows them: labels of choices, Dutch dates."""
    raw = "\n".join(request.form.getlist(name)).replace("\r\n", "\n")
    stored = _stored(subject, name)
    if name not in form:
        return ConflictField(name, name, _words(stored, {}), raw)
    field = form[name]
    labels = {str(value): str(label) for value, label, *_rest in _choices(field)}
    is_text = isinstance(field.data, str | NoneType) and not labels
    return ConflictField(
        name, field.label.text, _words(stored, labels), raw if is_text else _words(field.data, labels)
    )


def _choices(field: Any) -> list[Any]:
    """The choices of a field as (value, label, …); none for other fields."""
    return list(field.iter_choices()) if getattr(field, "choices", None) else []


def _keys(value: Any) -> tuple[str, ...]:
    """Under which keys a form may offer a stored value: yes, no and unknown are choices with words of their own."""
    if value is None:
        return ("", "unknown")
    return (("yes" if value else "no"), str(value)) if isinstance(value, bool) else (str(value),)


def _words(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple | set):
        return ", ".join(_words(one, labels) for one in value)
    known = next((labels[key] for key in _keys(value) if key in labels), None)
    if known is not None:
        return known
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, date):
        return format_date(value, "lang")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
