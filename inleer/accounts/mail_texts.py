"""How a work agency words its mails: an own text for a mail, the text of inleer when there is none.

Features register their mails (``register``); an administrator words them anew with the places that each has.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from inleer import audit
from inleer.accounts.models import Organisation, OwnMailText
from inleer.db import db, new_id
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.i18n import _
from inleer.jobs.texts import Filled, MailText, Value, check, fill
from inleer.policy import Actor, unscoped

_known: dict[str, MailText] = {}


def register(text: MailText) -> None:
    """Let a mail be worded anew by an agency; called once by create_app."""
    _known[text.key] = text


def texts() -> list[MailText]:
    """The mails that can be worded anew, by name."""
    return sorted(_known.values(), key=lambda text: _(text.name))


def text_of(key: str) -> MailText:
    """The mail with this key. Raises NotVisible."""
    if key not in _known:
        raise NotVisible
    return _known[key]


def own_text(agency_id: UUID, key: str) -> OwnMailText | None:
    """The own text of an agency; None when the mail has the text of inleer."""
    statement = select(OwnMailText).where(OwnMailText.organisation_id == agency_id, OwnMailText.key == key)
    return db.session.execute(statement).scalar_one_or_none()


def own_keys(agency_id: UUID) -> set[str]:
    """The keys of the mails that an agency words itself."""
    return set(
        db.session.execute(select(OwnMailText.key).where(OwnMailText.organisation_id == agency_id)).scalars()
    )


def agency_of(organisation_id: UUID) -> UUID:
    """The work agency whose words count for an organisation: the one that keeps it, or itself."""
    kept = select(func.coalesce(Organisation.managed_by_id, Organisation.id)).where(
        Organisation.id == organisation_id
    )
    return db.session.execute(unscoped(kept, "whose words a mail has")).scalar_one()


def written(agency_id: UUID, key: str, values: Mapping[str, Value]) -> Filled:
    """A mail in the words of this agency."""
    own, known = own_text(agency_id, key), _known[key]
    return fill(own.subject, own.body, values) if own else fill(_(known.subject), _(known.body), values)


def save(actor: Actor, key: str, subject: str, body: str, version: int) -> OwnMailText:
    """Word a mail anew for the actor's agency. ``version``: of the own text that was shown, 0 when there was none.

    Raises NotVisible for an unknown mail, DomainError, StaleEdit.
    """
    check(text_of(key), subject, body)
    row = own_text(actor.organisation_id, key)
    if row is None and version:
        raise DomainError(
            _("Iemand anders zette intussen de tekst van inleer terug. Kijk, en sla dan nog eens op.")
        )
    if row is not None and row.version != version:
        raise StaleEdit(row, version)
    if row is None:
        row = OwnMailText(id=new_id(), organisation_id=actor.organisation_id, key=key)
        db.session.add(row)
    row.subject, row.body = subject, body
    audit.record(actor, "mail_text.changed", row, fields=["subject", "body"], details={"mail": key})
    return row


def reset(actor: Actor, key: str, version: int) -> OwnMailText:
    """Give a mail the text of inleer again; returns what it was. Raises NotVisible without an own text, StaleEdit."""
    row = own_text(actor.organisation_id, key)
    if row is None:
        raise NotVisible
    if row.version != version:
        raise StaleEdit(row, version)
    audit.record(actor, "mail_text.reset", row, details={"mail": key})
    db.session.delete(row)
    return row
