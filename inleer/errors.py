"""Errors that people get to see. Each carries a Dutch sentence that says what is wrong and how to mend it."""

from __future__ import annotations

from typing import Any


class InleerError(Exception):
    """Base of the errors that the web and the command line know how to show."""


class DomainError(InleerError):
    """A rule of the domain refuses what was asked.

    ``message`` is a Dutch sentence; ``field`` names the form field it belongs to, or None for the form as a whole.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class WrongSecret(DomainError):
    """A password or a code was wrong: a try that the limits on logging in count."""


class TooManyTries(InleerError):
    """Logging in was tried too often (429). ``message`` says in Dutch from when it may be tried again, ``seconds`` how
    long that is from now."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.message = message
        self.seconds = seconds


class NotVisible(InleerError):
    """The thing does not exist for this actor: foreign and non-existent are indistinguishable (404)."""


class Forbidden(InleerError):
    """The thing lies in the actor's own tenant, but the role has no right to do this with it (403)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StaleEdit(InleerError):
    """Someone else saved the thing after the form was opened (409). ``subject`` is the row as it is stored now.

    ``happened`` says in a sentence what that was, for a form that adds to the thing instead of changing its fields.
    """

    def __init__(self, subject: Any, submitted_version: int, happened: str = "") -> None:
        super().__init__(f"stale version {submitted_version}")
        self.subject = subject
        self.submitted_version = submitted_version
        self.happened = happened


class UnknownFields(InleerError):
    """A form was sent with fields it does not have (422): nothing is assigned by accident."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class ImportProblem(InleerError):
    """One problem in an import file: a Dutch sentence, and where it is (row 1-based as in the sheet)."""

    def __init__(self, message: str, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.row = row
        self.column = column
