"""What an employer with an account does with its own commitments: confirm anew, change, withdraw, name a contact."""

from __future__ import annotations

from inleer import audit, clock
from inleer.errors import DomainError, StaleEdit
from inleer.events import intention_changed
from inleer.i18n import _
from inleer.intentions.actions import check_places
from inleer.intentions.answering import commit, keep_statement, receipt_to, text_of
from inleer.intentions.asking import checked_email
from inleer.intentions.models import JobIntention
from inleer.intentions.queries_requests import names_around
from inleer.intentions.rules import check_values
from inleer.intentions.settling import hold, settle
from inleer.intentions.statements import Terms, in_one_line, terms_of
from inleer.policy import Actor

OUTCOMES = {"confirm": "confirmed", "change": "changed", "decline": "declined"}


def renew(actor: Actor, row: JobIntention, choice: str, terms: Terms, version: int) -> None:
    """Confirm anew, change or withdraw what was confirmed; what was stated is kept. Raises DomainError, StaleEdit."""
    hold([row.id])
    if row.version != version:
        raise StaleEdit(row, version)
    if row.state != "confirmed":
        raise DomainError(_("U kunt alleen veranderen wat u hebt bevestigd."))
    now = terms_of(row)
    new = terms if choice == "change" else now
    if choice == "change":
        if new == now:
            raise DomainError(
                _("Verander het aantal, de uren of de datum, of bevestig opnieuw."), "positions"
            )
        check_values(new.kind, new.positions, new.hours_min, new.hours_max)
        check_places(row, new.positions)
    words = {
        "confirm": _("ja, dit klopt nog steeds"),
        "change": _("ja, met een wijziging (eerst: %(before)s)", before=in_one_line(now)),
        "decline": _("nee, dit kan niet meer"),
    }[choice]
    state = "withdrawn" if choice == "decline" else "confirmed"
    commit(actor, row, state, new, "account", actor.name)
    text = text_of(new, names_around(row.employer_id, row.cohort_id))
    kept = keep_statement(row, text, words, actor.name, None)
    covered = settle(row.id, OUTCOMES[choice], actor.name, clock.today())
    audit.record(actor, f"intention.{state}", row, details={"channel": "account"}, covers=covered)
    receipt_to(actor, "account", statement_id=kept)
    intention_changed.fire(actor, [row.id])


def name_contact(actor: Actor, row: JobIntention, name: str, email: str, version: int) -> None:
    """Say whom to ask about a commitment. Raises DomainError, StaleEdit."""
    if row.version != version:
        raise StaleEdit(row, version)
    if row.state in ("declined", "withdrawn", "closed"):
        raise DomainError(_("Deze toezegging is voorbij; er is niemand meer te vragen."))
    row.contact_name, row.contact_email = name.strip(), checked_email(email, "contact_email")
    audit.record(actor, "intention.changed", row, fields=["contact_email", "contact_name"])
