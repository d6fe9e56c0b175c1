"""The base of all forms: Dutch messages, CSRF, and a refusal of fields that the form does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, g, request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from inleer.errors import DomainError, UnknownFields

TECHNICAL = frozenset({"csrf_token", "submit", "nonce"})


class BaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form that refuses unknown fields, so that no column is assigned by accident (mass assignment)."""

    class Meta:
        locales = ("nl_NL", "nl")

    def is_submitted(self) -> bool:
        """Whether the form was sent. Raises UnknownFields when it carries a field that it does not have."""
        sent: bool = super().is_submitted()
        if sent:
            unknown = set(request.form) - {f.name for f in self._all_fields()} - TECHNICAL
            if unknown:
                raise UnknownFields(tuple(sorted(unknown)))
            g.form_labels = {f.name: f.label.text for f in self}  # for the page that compares two versions
        return sent

    def _all_fields(self) -> list[Any]:
        fields: list[Any] = []
        todo = list(self)
        while todo:
            field = todo.pop()
            fields.append(field)
            if hasattr(field, "entries") or hasattr(field, "form"):
                todo.extend(field)
        return fields

    def done(self, action: Callable[[], object]) -> bool:
        """Whether the form was sent, is filled in well, and ``action`` went through.

        A rule's refusal (DomainError) is shown in the form; the page then answers with ``self.status``.
        """
        if not self.validate_on_submit():
            return False
        try:
            action()
        except DomainError as error:
            self.refuse(error)
            return False
        return True

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form: 422 when it has errors, else 200."""
        return 422 if self.errors or self.form_errors else 200

    def refuse(self, error: DomainError) -> None:
        """Show a rule's refusal next to the field it belongs to, or above the form."""
        name = error.field
        if name and name in self._fields:
            field = self._fields[name]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)


class VersionedForm(BaseForm):
    """A form for something that two people may edit: carries the version it was opened with."""

    version = HiddenField()

    @property
    def opened_version(self) -> int:
        """The version the form was opened with. Raises DomainError when it was tampered with."""
        raw = self.version.data or ""
        if not raw.isdecimal():
            raise DomainError("Open deze pagina opnieuw: het formulier is niet compleet.")
        return int(raw)


T = TypeVar("T")


def given(value: T | None) -> T:
    """The value of a field that its validators made required. Raises ValueError when it is missing all the same."""
    if value is None:
        raise ValueError("a required field is empty")
    return value


def posted_version() -> int:
    """The version that a form of one button carries. Raises DomainError when it was tampered with."""
    raw = request.form.get("version", "")
    if not raw.isdecimal():
        raise DomainError("Open deze pagina opnieuw: het formulier is niet compleet.")
    return int(raw)


def tell(text: str, undo_url: str = "", **fields: Any) -> None:
    """Show a message on the next page; with ``undo_url`` the way back, posted with ``fields``."""
    message: Any = text
    if undo_url:
        message = {"text": text, "undo_url": undo_url, "fields": {k: str(v) for k, v in fields.items()}}
    flash(message, "ok")
