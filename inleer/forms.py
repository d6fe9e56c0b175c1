"""The base of all forms: Dutch messages, CSRF, and a refusal of fields that nobody asked for.

Whatever reads a sent field says so here: a form by being made, a button by :func:`posted`, a reader of a whole form
by :func:`posted_form`. The policy gate refuses a request with any other field (:func:`refuse_unknown`), so a view
cannot forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import flash, g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectMultipleField
from wtforms import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.widgets import CheckboxInput, ListWidget

from inleer.errors import DomainError, UnknownFields, WrongSecret

TECHNICAL = frozenset({"csrf_token", "submit", "nonce"})
# A version is a 32-bit column in PostgreSQL; a longer number is no version of ours.
HIGHEST_VERSION = 2**31 - 1
_INCOMPLETE = "Open deze pagina opnieuw: het formulier is niet compleet."
_KNOWN = "known_fields"
#: Set on ``g`` when the present request gave a wrong password or code (inleer.policy.limits).
WRONG_SECRET = "wrong_secret"


def normal_email(raw: str) -> str:
    """An e-mail address as it is stored, looked up and counted: without spaces around it, in lower case."""
    return raw.strip().lower()


def know(names: Iterable[str]) -> None:
    """Note that these fields of the present request have a reader."""
    g.setdefault(_KNOWN, set()).update(names)


def names_sent() -> set[str]:
    """The names of all fields and files that the present request carries, but the technical ones."""
    return (set(request.form) | set(request.files)) - TECHNICAL


def refuse_unknown() -> None:
    """Raises UnknownFields when the present request carries a field that nothing has asked for."""
    unknown = names_sent() - g.get(_KNOWN, set())
    if unknown:
        raise UnknownFields(tuple(sorted(unknown)))


def refuse_other_bodies() -> None:
    """Raises UnknownFields for a body that is no form: Flask-WTF would read JSON past every look at its fields."""
    if request.mimetype and request.mimetype not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        raise UnknownFields((request.mimetype,))


def posted(name: str) -> str:
    """A field that a button sends along; empty when it is not there."""
    know([name])
    return request.form.get(name, "")


def posted_form() -> MultiDict[str, str]:
    """All that was sent, for a reader that itself refuses what it does not know (a register of many people)."""
    know(request.form)
    return request.form


def read_version(raw: str | None) -> int:
    """The version in a form. Raises DomainError for anything that is no version of ours."""
    # Checked by length first: Python refuses to read a number of thousands of digits.
    if raw and raw.isascii() and raw.isdecimal() and len(raw) <= 10 and int(raw) <= HIGHEST_VERSION:
        return int(raw)
    raise DomainError(_INCOMPLETE)


class MultiCheckboxField(SelectMultipleField):
    """Several answers from a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class BaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form that refuses unknown fields, so that no column is assigned by accident (mass assignment)."""

    class Meta:
        locales = ("nl_NL", "nl")

    def __init__(self, formdata: Any = _Auto, **kwargs: Any) -> None:
        super().__init__(formdata=formdata, **kwargs)
        if formdata is _Auto:
            know(f.name for f in self._all_fields())

    def is_submitted(self) -> bool:
        """Whether the form was sent. Raises UnknownFields when it carries a field that it does not have."""
        sent: bool = super().is_submitted()
        if sent:
            unknown = names_sent() - {f.name for f in self._all_fields()}
            if unknown:
                raise UnknownFields(tuple(sorted(unknown)))
            g.sent_form = self  # for the page that compares two versions
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

    def done(
        self, action: Callable[[], object], also: Callable[[], Iterable[DomainError]] | None = None
    ) -> bool:
        """Whether the form was sent, is filled in well, and ``action`` went through.

        A rule's refusal (DomainError) is shown in the form; the page then answers with ``self.status``. ``also`` looks
        at the fields that are filled in while others are not: all problems show at once, not in two rounds.
        """
        if not self.is_submitted():
            return False
        right = self.validate()
        problems = list(also()) if also is not None else []
        for problem in problems:
            self.refuse(problem)
        if problems or not right:
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
        if isinstance(error, WrongSecret):
            setattr(g, WRONG_SECRET, True)
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
        return read_version(self.version.data)


T = TypeVar("T")


def given(value: T | None) -> T:
    """The value of a field that its validators made required. Raises ValueError when it is missing all the same."""
    if value is None:
        raise ValueError("a required field is empty")
    return value


def posted_version() -> int:
    """The version that a form of one button carries. Raises DomainError when it was tampered with."""
    return read_version(posted("version"))


def tell(text: str, undo_url: str = "", **fields: Any) -> None:
    """Show a message on the next page; with ``undo_url`` the way back, posted with ``fields``."""
    message: Any = text
    if undo_url:
        message = {"text": text, "undo_url": undo_url, "fields": {k: str(v) for k, v in fields.items()}}
    flash(message, "ok")
