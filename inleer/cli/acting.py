"""What commands that read or write data share: one unit of work as the system user, and errors people can mend.

Refused input is exit status 2 with a Dutch sentence; what nobody expected is a reference number and exit status 1.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import click
import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from inleer.cli.base import Cli
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, ImportProblem, InleerError, NotVisible
from inleer.extend import manifests
from inleer.i18n import _
from inleer.migrate import all_owners, check_schema
from inleer.policy import Actor, system_actor

log = structlog.get_logger("inleer.cli")


class Day(click.ParamType[date]):
    """A day as 2026-10-19 or 19-10-2026."""

    name = "dag"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; any other text is a usage error (exit status 2)."""
        if isinstance(value, date):
            return value
        text = str(value)
        dutch = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", text)
        try:
            return date(*map(int, dutch.groups()[::-1])) if dutch else date.fromisoformat(text)
        except ValueError:
            return self.fail(
                _("%(day)s is geen dag. Schrijf 2026-10-19 of 19-10-2026.", day=text), param, ctx
            )


DAY = Day()


class Refused(click.ClickException):
    """The input is refused: nothing was saved, the message says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """The sentence alone, on standard error."""
        click.echo(self.message, err=True)


class Unexpected(Refused):
    """Something nobody foresaw; the log has the details under the same reference."""

    exit_code = 1


@contextmanager
def acting(cli: Cli, write: bool = True) -> Iterator[Actor]:
    """The app's context, one unit of work, and the system user that what happens is audited under."""
    actor = system_actor()
    with cli.app.app_context():
        try:
            with unit_of_work(write=write):
                yield actor
        except (click.ClickException, click.Abort, SystemExit, KeyboardInterrupt):
            raise
        except Exception as error:
            raise _told(cli, error, actor.trace_id) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def for_agency(actor: Actor, agency_id: UUID) -> Actor:
    """The same system user, whose audit rows name the work agency it acts for."""
    return replace(actor, organisation_id=agency_id)


def _told(cli: Cli, error: Exception, trace_id: str) -> click.ClickException:
    if isinstance(error, (DomainError, ImportProblem)):
        return Refused(error.message)
    if isinstance(error, NotVisible):
        return Refused(_("Dit bestaat niet."))
    if isinstance(error, Forbidden):
        return Refused(_("Dit mag niet vanaf de opdrachtregel."))
    if isinstance(error, InleerError):
        return Refused(str(error))
    if isinstance(error, (StaleDataError, IntegrityError)):
        return Refused(
            _("Iemand anders was met dezelfde gegevens bezig. Er is niets opgeslagen; probeer het opnieuw.")
        )
    if isinstance(error, DBAPIError):
        db.session.rollback()
        # Raises SchemaError, which says to run `inleer db upgrade`, when that is what is wrong.
        check_schema(db.engine, all_owners(manifests(cli.settings.plugins)))
    return _unexpected(error, trace_id)


def _unexpected(error: Exception, trace_id: str) -> Unexpected:
    reference = trace_id[:16] or uuid4().hex[:16]
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    # The message of an error can hold personal data; its type and place cannot.
    log.error("unexpected", reference=reference, kind=type(error).__name__, where=where)
    return Unexpected(
        _("Er ging iets mis. Er is niets opgeslagen. Meld dit nummer: %(number)s", number=reference)
    )
