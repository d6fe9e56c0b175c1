"""Writes of casework: notes with an audience, and escalations that the coach must acknowledge."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inleer import audit, clock
from inleer.casework.models import AUDIENCES, ESCALATION_CATEGORIES, Escalation, Note
from inleer.db import db
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.policy import Actor

CHANNELS = ("talk", "telephone", "mail", "visit", "other")
URGENCIES = ("today", "this_week", "normal")


def write_note(actor: Actor, candidate: Candidate, text: str, audience: str, channel: str, on: date) -> Note:
    """Write down a contact moment. Raises DomainError for an empty text, a future day or an unknown audience."""
    if not text.strip():
        raise DomainError(_("Schrijf op wat er besproken is."), "text")
    if len(text) > 10_000:
        raise DomainError(_("Een notitie heeft hoogstens 10.000 tekens."), "text")
    if audience not in AUDIENCES:
        raise DomainError(_("Kies wie dit mag lezen."), "audience")
    if on > clock.today():
        raise DomainError(_("De dag van het contact ligt in de toekomst."), "on")
    note = Note(
        candidate_id=candidate.id,
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        author_name=actor.name,
        on=on,
        written_at=clock.now(),
        channel=channel,
        audience=audience,
        text=text.strip(),
    )
    db.session.add(note)
    audit.record(
        actor,
        "note.written",
        note,
        details={"candidate": str(candidate.id), "audience": audience, "on": str(on)},
    )
    return note


def remove_note(actor: Actor, note: Note, version: int) -> None:
    """The author takes a note back; undo brings it back. Raises Forbidden for anyone else."""
    _own(actor, note, version)
    audit.record(actor, "note.removed", note)
    note.removed_at = clock.now()


def restore_note(actor: Actor, note: Note, version: int) -> None:
    """Undo the removal of an own note."""
    _own(actor, note, version)
    audit.record(actor, "note.restored", note)
    note.removed_at = None


def _own(actor: Actor, note: Note, version: int) -> None:
    if note.author_id != actor.user_id:
        raise Forbidden("note of someone else")
    if note.version != version:
        raise StaleEdit(note, version)


def escalate(
    actor: Actor, candidate: Candidate, cohort_id: UUID, category: str, urgency: str, text: str
) -> Escalation:
    """The leerhome asks the coach to act. Raises DomainError for a missing category, urgency or text, and for somebody
    without a coach: the message would reach nobody."""
    if category not in ESCALATION_CATEGORIES:
        raise DomainError(_("Kies waar het over gaat."), "category")
    if urgency not in URGENCIES:
        raise DomainError(_("Kies hoe dringend het is."), "urgency")
    if not text.strip():
        raise DomainError(_("Schrijf op wat er aan de hand is."), "text")
    if candidate.coach_id is None:
        raise DomainError(
            _(
                "Deze kandidaat heeft nog geen werkcoach: de melding zou bij niemand aankomen. Vraag de"
                " programmamanager om een werkcoach aan te wijzen, en bel als het haast heeft."
            )
        )
    row = Escalation(
        candidate_id=candidate.id,
        cohort_id=cohort_id,
        category=category,
        urgency=urgency,
        text=text.strip(),
        raised_by_id=actor.user_id,
        raised_by_name=actor.name,
        raised_at=clock.now(),
    )
    db.session.add(row)
    audit.record(
        actor,
        "escalation.raised",
        row,
        details={"candidate": str(candidate.id), "category": category, "urgency": urgency},
    )
    return row


def acknowledge(actor: Actor, escalation: Escalation, version: int) -> None:
    """The coach has seen it. Raises DomainError when it was acknowledged already, StaleEdit."""
    _fresh(escalation, version)
    if escalation.state != "open":
        raise DomainError(_("Deze melding is al gezien."))
    audit.record(actor, "escalation.acknowledged", escalation)
    escalation.state, escalation.acknowledged_at = "acknowledged", clock.now()
    escalation.acknowledged_by_name = actor.name


def resolve(actor: Actor, escalation: Escalation, resolution: str, version: int) -> None:
    """The coach dealt with it. Raises DomainError without an explanation or before it was acknowledged."""
    _fresh(escalation, version)
    if escalation.state != "acknowledged":
        raise DomainError(_("Bevestig eerst dat de melding gezien is."))
    if not resolution.strip():
        raise DomainError(_("Schrijf op wat er is gedaan."), "resolution")
    audit.record(actor, "escalation.resolved", escalation)
    escalation.state, escalation.resolution = "resolved", resolution.strip()
    escalation.resolved_at = clock.now()


def _fresh(escalation: Escalation, version: int) -> None:
    if escalation.version != version:
        raise StaleEdit(escalation, version)
