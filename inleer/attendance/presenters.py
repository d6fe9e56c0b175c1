"""What the register shows: cells and words, from rows. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import url_for

from inleer import clock
from inleer.attendance.forms import CHOICES, Typed
from inleer.attendance.marks import Kept
from inleer.attendance.models import AttendanceCorrection
from inleer.attendance.queries_register import RegisterRow
from inleer.attendance.rules import STATUSES
from inleer.attendance.stamps import REPORTED, stamp
from inleer.cohorts.models import Session
from inleer.i18n import _, format_date, format_time, ngettext

# One dot for a session; a status that is not here is shown as not recorded.
DOTS = {
    "present": "present",
    "late": "partial",
    "left_early": "partial",
    "ill": "ill",
    "excused": "excused",
    "unexcused": "absent",
    "not_applicable": "none",
    "": "none",
}

ANYBODY = UUID(int=0)
Choice = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """What is stored now, where somebody else was first."""

    by: str
    moment: datetime
    status: str
    minutes: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in the register as ``components/register.html`` shows it.

    ``kept``: what stays stored when what was typed is refused. ``time``: of the server, when it just saved this.
    """

    enrolment_id: UUID
    name: str
    url: str
    version: str
    status: str
    minutes: int | str | None
    note: str
    recent: tuple[str, ...]
    statuses: tuple[Choice, ...]
    saved: str = ""
    reported: str = ""
    judged: bool = True
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Clash | None = None
    locked: bool = False
    correct_url: str = ""
    kept: str = ""
    corrected: bool = False
    clearable: bool = False
    time: str = ""


def choices(status: str | None = None) -> tuple[Choice, ...]:
    """What a person can choose: (value, letter, word, short word, minutes). ``minutes`` is "must", "may" or "".

    A mark with another status than those of the register keeps its own as an extra choice.
    """
    keys = [*CHOICES, *([status] if status in STATUSES and status not in (*CHOICES, REPORTED) else [])]
    return tuple(_choice(str(key)) for key in keys)


def _choice(key: str) -> Choice:
    status = STATUSES[key]
    short = {"excused": _("geoorl."), "unexcused": _("ongeoorl."), "not_applicable": _("n.v.t.")}
    word = status.label_nl.lower()
    minutes = {"some": "must", "all": "may", "none": ""}[status.minutes]
    return key, status.letter, word, short.get(key, word), minutes


def status_word(status: str | None) -> str:
    """A status in words; "leeg" without one."""
    return STATUSES[status].label_nl.lower() if status else _("leeg")


def person_name(row: RegisterRow) -> str:
    """A name as it stands in a list: "Berg, Rachid van den"."""
    rest = " ".join(part for part in (row.first_name, row.tussenvoegsel) if part)
    return f"{row.last_name}, {rest}" if row.last_name and rest else row.last_name or rest


def is_empty(row: RegisterRow) -> bool:
    """Whether somebody still has to say something about this person; what was only reported is not judged yet."""
    return row.status in (None, REPORTED)


def address(endpoint: str, session: Session) -> str:
    """The address of a cell's page with a place for the enrolment: looking up sixty addresses costs a page."""
    return url_for(endpoint, session_id=session.id, enrolment_id=ANYBODY)


def cell(
    row: RegisterRow,
    url: str,
    mode: str = "record",
    typed: Typed | None = None,
    *,
    owner: UUID | None = None,
    corrected: bool = False,
) -> Cell:
    """A cell as it is stored, or as somebody just typed it. ``mode``: record, read or correct.

    ``url``: the :func:`address` to which it is saved, or where it is corrected. ``owner``: who looks, and can empty
    what they filled in themselves. ``corrected``: whether it was corrected after the register closed.
    """
    refused = typed is not None and bool(typed.errors)
    own_url = url.replace(str(ANYBODY), str(row.enrolment_id))
    shown = "" if row.status in (None, REPORTED) else str(row.status)
    return Cell(
        enrolment_id=row.enrolment_id,
        name=person_name(row),
        url=own_url if mode == "record" else "",
        version=str(stamp(row.version, row.status, row.minutes, row.note)),
        status=typed.status if typed else shown,
        minutes=typed.minutes if typed else row.minutes,
        note=typed.note if typed else row.note or "",
        recent=tuple(DOTS.get("open" if s is None else s, "open") for s in row.recent),
        statuses=choices(row.status),
        saved="" if refused else _saved(row),
        reported=_("afwezig") if row.status == REPORTED else "",
        judged=row.status != REPORTED,
        errors=dict(typed.errors) if typed else {},
        locked=mode != "record",
        correct_url=own_url if mode == "correct" else "",
        kept=_kept(row) if refused else "",
        corrected=corrected,
        clearable=mode == "record" and owner is not None and row.recorded_by_id == owner,
    )


def _saved(row: RegisterRow) -> str:
    """When and by whom; the day too, unless that is today."""
    if row.recorded_at is None:
        return ""
    local = clock.local(row.recorded_at)
    day = "" if local.date() == clock.today() else f"{format_date(local.date(), 'dag_maand')} "
    return f"{day}{format_time(row.recorded_at)} · {row.recorded_by_name}"


def _kept(row: RegisterRow) -> str:
    """What is stored, where something else was typed that cannot be."""
    if row.status is None:
        return _("Niet opgeslagen: er staat nog niets.")
    return _(
        "Niet opgeslagen. Er blijft staan: %(what)s (%(saved)s).",
        what=_was(row.status, row.missed),
        saved=_saved(row),
    )


def clash(stored: Kept) -> Clash:
    """What somebody else stored first."""
    return Clash(
        stored.recorded_by_name, stored.recorded_at, stored.status, stored.minutes, stored.note or ""
    )


def correction_lines(
    corrections: Sequence[AttendanceCorrection], rows: Sequence[RegisterRow]
) -> list[tuple[AttendanceCorrection, str, str]]:
    """Corrections with the person's name and what changed, in words; only of people who are in the register."""
    names = {row.enrolment_id: person_name(row) for row in rows}
    return [
        (c, names[c.enrolment_id], f"{_was(c.old_status, c.old_missed)} → {_was(c.new_status, c.new_missed)}")
        for c in corrections
        if c.enrolment_id in names
    ]


def _was(status: str | None, missed: int | None) -> str:
    word = status_word(status)
    if not missed or status is None or STATUSES[status].minutes != "some":
        return word
    return f"{word} ({ngettext('%(n)s minuut', '%(n)s minuten', missed)})"
