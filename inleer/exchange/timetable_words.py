"""What a row of a timetable does to a session, in a word and a sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inleer.cohorts.models import Session
from inleer.exchange.plan_common import Change
from inleer.i18n import _, format_date, format_period, ngettext

#: What a row does → (word, tone). The order is the order of the summary.
WAYS: Mapping[str, tuple[str, str]] = {
    "created": ("nieuw", "info"),
    "moved": ("verplaatst", "warn"),
    "cancelled": ("vervalt", "bad"),
    "resumed": ("gaat weer door", "ok"),
    "changed": ("verandert", "warn"),
    "kept": ("blijft zoals besloten", "mute"),
    "unchanged": ("blijft gelijk", "mute"),
}


def way_of(changes: Sequence[Change], kept: bool) -> str:
    """The key of WAYS for a session that is there already. ``kept``: people decided otherwise than the file."""
    new = {change.field: change.new for change in changes}
    if "state" in new:
        return "cancelled" if new["state"] == "cancelled" else "resumed"
    if new.keys() & {"starts_at", "ends_at"}:
        return "moved"
    if kept:
        return "kept"
    return "changed" if changes else "unchanged"


def remark_on(session: Session, changes: Sequence[Change], kept: bool, marks: int) -> str:
    """From when to when, what people decided, and what becomes of the marks; empty when there is nothing to add."""
    new = {change.field: change.new for change in changes}
    said = []
    if new.keys() & {"starts_at", "ends_at"}:
        start, end = new.get("starts_at", session.starts_at), new.get("ends_at", session.ends_at)
        old = f"{format_date(session.starts_at, 'dag')} {format_period(session.starts_at, session.ends_at)}"
        said.append(
            _(
                "Van %(old)s naar %(new)s.",
                old=old,
                new=f"{format_date(start, 'dag')} {format_period(start, end)}",
            )
        )
    if kept and session.state == "cancelled":
        said.append(_("Hier geannuleerd, en dat blijft zo."))
    elif kept:
        said.append(_("Gaat hier door, en dat blijft zo."))
    if marks and "state" in new and new["state"] == "cancelled":
        said.append(_("Wat is ingevuld, blijft bewaard en telt niet mee."))
    elif marks and changes:
        said.append(
            ngettext(
                "De registratie van %(n)s persoon blijft staan.",
                "De registraties van %(n)s personen blijven staan.",
                marks,
            )
        )
    return " ".join(said)
