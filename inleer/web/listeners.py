"""The core's own listeners: minutes, roll-ups and signals follow each save, in the same transaction."""

from __future__ import annotations

from inleer.attendance.actions import remeasure
from inleer.attendance.ends import wait_for_end
from inleer.cohorts.ends import PAST_JOB
from inleer.cohorts.past import count_past
from inleer.events import (
    coach_changed,
    figures_changed,
    marks_changed,
    person_changed,
    session_resumed,
    session_retimed,
    session_settled,
)
from inleer.jobs import outbox
from inleer.reports import digest
from inleer.signals.actions import follow_attendance, follow_person
from inleer.signals.following import follow_marks
from inleer.signals.owners import hand_over
from inleer.signals.unrecorded import sessions_awaited, sessions_settled


def install() -> None:
    """Connect the features that must follow one another; called once by create_app."""
    coach_changed.connect(hand_over)
    figures_changed.connect(follow_attendance)
    marks_changed.connect(follow_marks)
    person_changed.connect(follow_person)
    session_retimed.connect(remeasure)
    for moved in (session_retimed, session_resumed):
        moved.connect(wait_for_end)
        moved.connect(sessions_awaited)
    session_settled.connect(sessions_settled)
    outbox.register(PAST_JOB, count_past)
    digest.register()
