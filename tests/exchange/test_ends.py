"""Files about a lesson that is still going on, or that was handled: it counts from its end, it waits again."""

from __future__ import annotations

from datetime import time

from sqlalchemy import update

from inleer import clock
from inleer.attendance.models import EnrolmentTotal
from inleer.attendance.rollups import verify
from inleer.audit import in_bulk
from inleer.cohorts.models import Cohort, Session
from inleer.cohorts.sessions import cancel_session
from inleer.db import db, unit_of_work
from inleer.events import attendance_recorded
from inleer.jobs import outbox
from inleer.people.models import Candidate
from inleer.signals.actions import handle
from inleer.signals.models import Signal
from inleer.signals.unrecorded import sweep_unrecorded
from tests.exchange.editions import LESSONS, every, marks

LAST = LESSONS[3][0]


def at(hour, minute=0):
    return clock.frozen(clock.at(LAST, time(hour, minute)))


def lesson():
    return every(Session, order=Session.starts_at)[-1]


def timetable(begin, end):
    return [*LESSONS[:3], (LAST, begin, end, *LESSONS[3][3:])]


def counted(hour, minute=0):
    """The judged minutes of everybody after the worker came by; all roll-ups are what they must be."""
    with at(hour, minute):
        outbox.drain()
        assert verify([c.id for c in every(Candidate)]) == []
        return sum(t.planned for t in every(EnrolmentTotal))


def test_marks_from_a_file_during_a_lesson_count_from_its_end(filled):
    with at(10):
        filled.take_in("attendance", marks(("K1", 3, "A")))
    assert lesson().state == "open"
    assert counted(14, 59) == 0
    assert counted(15) == 360


def test_a_timetable_that_moves_the_end_of_a_lesson_with_marks_moves_when_it_counts(filled):
    with at(10):
        filled.take_in("attendance", marks(("K1", 3, "A")))
        filled.take_in("sessions", timetable("09:00", "13:00"))
    assert counted(12, 59) == 0
    assert counted(13) == 240
    with at(14):
        filled.take_in("sessions", timetable("09:00", "16:00"))
    assert counted(15, 59) == 0
    assert counted(16) == 420


def test_taking_back_a_timetable_gives_a_lesson_its_former_end_to_wait_for(filled):
    with at(10):
        filled.take_in("attendance", marks(("K1", 3, "A")))
        found = filled.take_in("sessions", timetable("09:00", "16:00"))
        filled.undo(found)
    assert counted(14, 59) == 0
    assert counted(15) == 360


def test_plugins_are_told_when_a_timetable_moves_a_lesson(filled, monkeypatch):
    told = []
    with at(10):
        filled.take_in("attendance", marks(("K1", 3, "A")))
    listeners = [*attendance_recorded._listeners, lambda _actor, ids: told.append(len(ids))]
    monkeypatch.setattr(attendance_recorded, "_listeners", listeners)
    filled.take_in("sessions", timetable("09:00", "13:00"))
    assert told == [3]


def handled(filled):
    with unit_of_work():
        running = update(Cohort).where(Cohort.id == filled.cohort).values(state="running")
        db.session.execute(in_bulk(running, "test"))
        sweep_unrecorded(filled.manager)
    with unit_of_work():
        (signal,) = every(Signal, Signal.session_id == lesson().id)
        handle(filled.manager, signal, "Ging niet door.", signal.version)
    assert lesson().waived_by_name


def signal_of_lesson():
    return every(Signal, Signal.session_id == lesson().id)[0]


def test_a_handled_lesson_that_a_timetable_moves_waits_again_until_that_is_taken_back(filled):
    handled(filled)
    found = filled.take_in("sessions", timetable("09:00", "14:00"))
    assert lesson().waived_by_name is None and lesson().waived_note is None
    assert signal_of_lesson().state == "over"
    filled.undo(found)
    assert lesson().waived_note == "Ging niet door."
    with unit_of_work():
        sweep_unrecorded(filled.manager)
    assert signal_of_lesson().state == "over"  # it does not wait


def test_a_handled_lesson_that_a_timetable_lets_go_on_after_all_waits_again(filled):
    handled(filled)
    cancelled = [*LESSONS[:3], (*LESSONS[3][:7], "vervallen")]
    filled.take_in("sessions", cancelled)
    assert lesson().state == "cancelled" and lesson().waived_by_name
    filled.take_in("sessions", LESSONS)
    assert lesson().state == "planned" and lesson().waived_by_name is None
    assert signal_of_lesson().state == "over"
    with unit_of_work():
        sweep_unrecorded(filled.manager)
    assert signal_of_lesson().state == "open"


def test_a_lesson_with_marks_that_a_timetable_lets_go_on_after_all_counts_from_its_end(filled):
    with at(9, 30):
        filled.take_in("sessions", [*LESSONS[:3], (*LESSONS[3][:7], "vervallen")])
    with at(10):
        filled.take_in("sessions", LESSONS)
        filled.take_in("attendance", marks(("K1", 3, "A")))
        with unit_of_work():
            cancel_session(filled.manager, lesson())
    with at(11):
        filled.take_in("sessions", [*LESSONS[:3], (*LESSONS[3][:7], "vervallen")])
        filled.take_in("sessions", LESSONS)
    assert lesson().state == "planned"
    assert counted(14, 59) == 0
    assert counted(15) == 360
