"""The frame of `inleer doctor`: checks by name, what each needs, and what it found, in one Dutch sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import Connection

from inleer.config import Settings
from inleer.extend import Registry, load, manifests
from inleer.i18n import _
from inleer.migrate import Owner, all_owners, reading, schema_problems

OK, WARN, FAIL, SKIP = "ok", "warn", "fail", "skip"
SIGNS = {OK: "[goed]", WARN: "[let op]", FAIL: "[FOUT]", SKIP: "[niet nagekeken]"}


@dataclass(frozen=True)
class Finding:
    """What one check found: state ok, warn, fail or skip (what it needs is not there), and a Dutch sentence."""

    check: str
    state: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)

    def line(self) -> str:
        """For people."""
        return f"{SIGNS[self.state]:8} {self.sentence}"


Outcome = tuple[str, str]


def ok(sentence: str) -> Outcome:
    """All is well."""
    return OK, sentence


def warn(sentence: str) -> Outcome:
    """Works, and somebody should look at it; does not change the exit status."""
    return WARN, sentence


def fail(sentence: str) -> Outcome:
    """Wrong or unsafe."""
    return FAIL, sentence


class Patient:
    """What the checks look at; each part is made when a check first asks for it."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """``settings`` reads them; it may raise."""
        self._read = settings
        self._open = ExitStack()

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises ConfigError."""
        return self._read()

    @cached_property
    def registry(self) -> Registry:
        """What the plugins bring. Raises PluginError."""
        return load(self.settings.plugins, extra=self.settings.extra_plugins)

    @cached_property
    def owners(self) -> tuple[Owner, ...]:
        """Who has tables: the core, and the plugins that are on."""
        return all_owners(manifests(self.settings.plugins))

    @cached_property
    def connection(self) -> Connection:
        """A connection that only looks. Raises MigrationError or OperationalError without a database."""
        return self._open.enter_context(reading(self.settings.database_url))

    @cached_property
    def app(self) -> Flask:
        """The database as the app uses it, without pages or plugins."""
        from inleer.db import db
        from inleer.ops.noting import database_app

        app = database_app(self.settings)
        self._open.enter_context(app.app_context())
        self._open.callback(lambda: db.engine.dispose())
        self._open.callback(db.session.remove)
        return app

    @cached_property
    def schema(self) -> None:
        """That the tables are those of this version. Raises LookupError."""
        if problems := schema_problems(self.connection, self.owners):
            raise LookupError(problems[0])

    def close(self) -> None:
        """Give connections back."""
        self._open.close()


@dataclass(frozen=True)
class Check:
    """One check: its name, what it needs (attributes of Patient), and the function."""

    name: str
    needs: tuple[str, ...]
    run: Callable[[Any], Outcome]


CHECKS: dict[str, Check] = {}


def check(*needs: str) -> Callable[[Callable[[Any], Outcome]], Callable[[Any], Outcome]]:
    """Register a check under the name of its function; when a need cannot be met it is skipped, never green."""

    def register(run: Callable[[Any], Outcome]) -> Callable[[Any], Outcome]:
        CHECKS[run.__name__] = Check(run.__name__, needs, run)
        return run

    return register


def perform(one: Check, patient: Patient) -> Finding:
    """Run one check. An error in it is a failure with the kind of error: unknown is not well."""
    for need in one.needs:
        try:
            getattr(patient, need)
        except Exception as error:
            why = _(
                "%(check)s: %(need)s ontbreekt (%(error)s)",
                check=one.name,
                need=need,
                error=type(error).__name__,
            )
            return Finding(one.name, SKIP, why)
    try:
        state, sentence = one.run(patient)
    except Exception as error:
        return Finding(
            one.name,
            FAIL,
            _("%(check)s: nakijken mislukt (%(error)s).", check=one.name, error=type(error).__name__),
        )
    return Finding(one.name, state, sentence)
