"""Sentences about steps of an enrolment: what happened last, and why a step cannot be taken now."""

from __future__ import annotations

from collections.abc import Mapping

from inleer.cohorts.models import EnrolmentEvent
from inleer.cohorts.rules import STATE_WORDS
from inleer.i18n import _, format_date, format_datetime

_NOW: Mapping[str, str] = {
    "lead": "%(name)s is in beeld en nog niet begonnen.",
    "invited": "%(name)s is uitgenodigd en nog niet begonnen.",
    "intake": "%(name)s is in de intake en nog niet begonnen.",
    "selected": "%(name)s is geselecteerd en nog niet begonnen.",
    "waitlisted": "%(name)s staat op de wachtlijst en is nog niet begonnen.",
    "rejected": "%(name)s is afgewezen.",
    "withdrawn": "%(name)s heeft zich teruggetrokken.",
    "active": "%(name)s doet mee.",
    "paused": "%(name)s is nu gepauzeerd.",
    "completed": "%(name)s heeft de route al afgerond.",
    "dropped_out": "%(name)s is al gestopt.",
    "moved": "%(name)s is al naar een andere lichting.",
}
_ALREADY: Mapping[str, str] = {"active": "%(name)s doet al weer mee.", "paused": "%(name)s is al gepauzeerd."}


def stands(name: str, state: str, wanted: str) -> str:
    """Where somebody stands, for who wants a step to ``wanted`` that cannot be taken from ``state``."""
    known = _ALREADY if state == wanted and state in _ALREADY else _NOW
    return _(known[state], name=name)


def happened(step: EnrolmentEvent | None) -> str:
    """The latest step, or the latest that was taken back, in a sentence with who and when; empty without steps."""
    if step is None:
        return ""
    if step.undone_at is not None:
        return _(
            "De stap naar “%(state)s” is teruggedraaid door %(by)s op %(moment)s.",
            state=_(STATE_WORDS[step.to_state]),
            by=step.undone_by_name or "",
            moment=format_datetime(step.undone_at),
        )
    known = {"by": step.by_name, "moment": format_datetime(step.at), "on": format_date(step.on)}
    if step.from_state == step.to_state:
        return _("De eerste dag werd %(on)s, vastgelegd door %(by)s op %(moment)s.", **known)
    return _(
        "De stand werd “%(state)s” per %(on)s, vastgelegd door %(by)s op %(moment)s.",
        state=_(STATE_WORDS[step.to_state]),
        **known,
    )
