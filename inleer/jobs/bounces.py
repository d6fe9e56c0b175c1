"""Addresses to which mail does not arrive: no mail goes there until somebody says that the address works again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from inleer import audit, clock
from inleer.db import db, new_id
from inleer.errors import NotVisible
from inleer.jobs import stuck
from inleer.jobs.dsn import Returned
from inleer.jobs.models import MailBounce, Outbox
from inleer.jobs.outbox import GiveUp
from inleer.policy import Actor

#: Mail that was held back longer ago is not news any more, and its links have ended.
HELD_BACK = timedelta(days=14)


class AddressShut(GiveUp):
    """Mail to this address came back: nothing goes there until somebody says that it works again."""


def note(actor: Actor, back: Returned) -> bool:
    """Keep that a mail came back; returns whether that was news.

    Not of a mail that we never made, one that was noted before, or one from before the address was mended.
    """
    row = _row(back.email)
    made = _made_at(back)
    if made is None or (row is not None and (row.message_id == back.message_id or _is_old(row, made))):
        return False
    if row is None:
        row = MailBounce(id=new_id(), email=back.email)
        db.session.add(row)
    row.code, row.permanent, row.message_id = back.code, back.permanent, back.message_id
    row.bounced_at, row.mended_at = clock.now(), None
    audit.record(actor, "mail.bounced", row, details={"code": back.code})
    return True


def _made_at(back: Returned) -> datetime | None:
    found = select(Outbox.created_at).where(Outbox.id == back.message_id)
    return db.session.execute(found).scalar_one_or_none()


def _is_old(row: MailBounce, made: datetime) -> bool:
    return row.mended_at is not None and made < row.mended_at


def _row(email: str) -> MailBounce | None:
    return db.session.execute(
        select(MailBounce).where(MailBounce.email == email.lower())
    ).scalar_one_or_none()


def is_shut() -> ColumnElement[bool]:
    """The condition on MailBounce under which no mail goes to the address."""
    return and_(MailBounce.permanent, MailBounce.mended_at.is_(None))


def shut(emails: Iterable[str]) -> dict[str, datetime]:
    """Those of these addresses to which no mail goes, and since when."""
    asked = {email.lower() for email in emails}
    if not asked:
        return {}
    found = select(MailBounce.email, MailBounce.bounced_at).where(MailBounce.email.in_(asked), is_shut())
    return {row.email: row.bounced_at for row in db.session.execute(found)}


def mend(actor: Actor, email: str) -> None:
    """Say that an address works again; what was held back lately leaves. Raises NotVisible when it was not shut.

    The outbox does not know addresses: all that was held back is tried, and what goes to others is held back again.
    """
    row = _row(email)
    if row is None or not row.permanent or row.mended_at is not None:
        raise NotVisible
    row.mended_at = clock.now()
    stuck.revive(Outbox.error == AddressShut.__name__, Outbox.created_at > clock.now() - HELD_BACK)
    audit.record(actor, "mail.address_mended", row)
