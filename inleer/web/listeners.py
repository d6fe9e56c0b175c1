"""The core's own listeners: minutes, roll-ups and signals follow each save, in the same transaction."""

from __future__ import annotations

from inleer.attendance.actions import remeasure
from inleer.events import figures_changed, marks_changed, person_changed, session_retimed, session_settled
from inleer.signals.actions import follow_attendance, follow_person, sessions_settled
from inleer.signals.following import follow_marks


def install() -> None:
    """Connect the features that must follow one another; called once by create_app."""
    figures_changed.connect(follow_attendance)
    marks_changed.connect(follow_marks)
    person_changed.connect(follow_person)
    session_retimed.connect(remeasure)
    session_settled.connect(sessions_settled)
