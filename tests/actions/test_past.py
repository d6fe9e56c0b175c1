"""A lesson that is still going on counts nowhere; when it ends, or its list is finished, it does, without a save."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many, reopen
from inleer.attendance.models import EnrolmentTotal
from inleer.attendance.rollups import verify
from inleer.attendance.rules import Mark, figures, has_been
from inleer.cohorts.models import Cohort, Session
from inleer.cohorts.sessions import (
    NewSession,
    cancel_session,
    change_session,
    finish_session,
    plan_session,
    reinstate_session,
)
from inleer.db import db, unit_of_work
from inleer.events import attendance_recorded
from inleer.jobs import outbox
from inleer.plugin import meetings_attended
from inleer.policy import Role, system_actor, unscoped
from inleer.reports.cohort_figures import cohort_report
from inleer.reports.marks import by_week, marks_of
from inleer.signals.models import Signal
from tests.world import World, build, one

DAY = timedelta(days=1)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def test_past_is_the_end_or_the_list_that_was_finished() -> None:
    end = moment(date(2026, 11, 16), 15)
    assert not has_been("open", end, end - timedelta(minutes=1))
    assert has_been("open", end, end) and has_been("planned", end, end)
    assert has_been("recorded", end, end - timedelta(hours=4))
    assert has_been("locked", end, end - timedelta(hours=4))


def test_figures_leave_out_what_is_not_past() -> None:
    monday = date(2026, 11, 16)
    done = Mark("a", monday, 60, True, "present")
    ahead = Mark("b", monday, 360, True, "unexcused", 360, ahead=True)
    empty = Mark("c", monday, 360, True, ahead=True)
    found = figures([done, ahead, empty])
    assert (found.sessions, found.planned, found.missed, found.unrecorded) == (1, 60, 0, 0)


@dataclass
class Lesson:
    """A lesson from 9 to 15 on a school day, in which nobody recorded anything yet."""

    world: World
    id: UUID
    on: date

    def record(self, hour: int, status: str = "unexcused", session_id: UUID | None = None) -> None:
        side = self.world.own
        with clock.frozen(moment(self.on, hour, 45)), unit_of_work():
            typed = [MarkInput(i, status, None, 0) for i in side.enrolments]
            session = one(Session, session_id or self.id)
            record_many(side.actors[Role.TEACHER], session, typed, side.enrolments)

    def move(self, hour: int, **times: datetime) -> None:
        """Give the lesson other times, at some hour of its day."""
        with clock.frozen(moment(self.on, hour)), unit_of_work():
            change_session(self.world.own.actors[Role.TEACHER], one(Session, self.id), times)

    def counted(self, hour: int, minute: int = 0) -> int:
        """The judged minutes of the first person after the worker came by; all roll-ups are what they must be."""
        with clock.frozen(moment(self.on, hour, minute)):
            outbox.drain()
            assert verify(self.world.own.candidates) == []
            return self.planned()

    def planned(self) -> int:
        db.session.rollback()
        found = db.session.get(EnrolmentTotal, self.world.own.enrolments[0])
        return found.planned if found else 0

    def no_shows(self) -> list[str]:
        db.session.rollback()
        rows = db.session.execute(unscoped(select(Signal).where(Signal.rule == "core.no_shows"), "test"))
        who = self.world.own.candidates[1]  # the first was away before
        return [s.state for s in rows.scalars() if s.candidate_id == who and s.state != "over"]

    def base(self, hour: int, minute: int = 0) -> tuple[int, int]:
        """(judged minutes, not recorded sessions) of the first person on the candidate's page and in the report."""
        side = self.world.own
        with clock.frozen(moment(self.on, hour, minute)), unit_of_work():
            rows = marks_of(side.actors[Role.COACH], side.candidates[0])
            week = by_week([r for r in rows if r.session_id == self.id], clock.now())
            return week[0].figures.planned, week[0].figures.unrecorded

    def reported(self) -> int:
        """The judged minutes of the whole group in the report of the command line."""
        with unit_of_work():
            report = cohort_report(system_actor(), one(Cohort, self.world.own.cohort), self.on)
            return sum(person.figures.planned for person in report.people)


@pytest.fixture
def lesson(app: Flask) -> Iterator[Lesson]:
    world = build(app, people=2, weeks=1)
    on = date(2026, 12, 14)  # a school week after every session of the world
    with clock.frozen(moment(on, 8)):
        yield Lesson(world, plan(world, on, 9, 15), on)


def plan(world: World, on: date, start: int, end: int) -> UUID:
    with unit_of_work():
        new = NewSession(
            "Zorg", "lesson", moment(on, start), moment(on, end), organisation_id=world.own.school
        )
        return plan_session(world.own.actors[Role.PROGRAMME_MANAGER], [world.own.cohort], new).id


def test_it_counts_from_its_end_without_a_save(lesson: Lesson) -> None:
    before = lesson.planned()
    lesson.record(10)
    assert lesson.planned() == before and lesson.base(10, 49) == (0, 0)
    with clock.frozen(moment(lesson.on, 14, 59)):
        outbox.drain()
        assert verify(lesson.world.own.candidates) == []
        reported = lesson.reported()
    assert lesson.planned() == before and lesson.base(14, 59) == (0, 0)
    with clock.frozen(moment(lesson.on, 15)):
        outbox.drain()
        assert verify(lesson.world.own.candidates) == []
        assert lesson.reported() == reported + 2 * 360
    assert lesson.planned() == before + 360 and lesson.base(15, 0) == (360, 0)


def test_what_nobody_recorded_is_not_recorded_from_its_end(lesson: Lesson) -> None:
    assert lesson.base(14) == (0, 0)
    assert lesson.base(15) == (0, 1)


def test_a_list_that_is_finished_counts_at_once_and_no_longer_when_it_is_opened_again(lesson: Lesson) -> None:
    before, teacher = lesson.planned(), lesson.world.own.actors[Role.TEACHER]
    lesson.record(14)
    with clock.frozen(moment(lesson.on, 14, 50)):
        with unit_of_work():
            finish_session(teacher, one(Session, lesson.id))
        assert lesson.planned() == before + 360
        with unit_of_work():
            reopen(teacher, one(Session, lesson.id))
        assert lesson.planned() == before
        assert verify(lesson.world.own.candidates) == []


def test_signals_wait_for_the_end(lesson: Lesson) -> None:
    first = plan(lesson.world, lesson.on - 3 * DAY, 9, 15)
    with clock.frozen(moment(lesson.on - 3 * DAY, 16)), unit_of_work():
        side = lesson.world.own
        typed = [MarkInput(i, "unexcused", None, 0) for i in side.enrolments]
        record_many(side.actors[Role.TEACHER], one(Session, first), typed, side.enrolments)
    lesson.record(10)
    assert lesson.no_shows() == []
    with clock.frozen(moment(lesson.on, 15)):
        outbox.drain()
    assert lesson.no_shows() == ["open"]


def test_a_save_counts_an_earlier_lesson_of_that_day_that_ended_meanwhile(lesson: Lesson) -> None:
    """Also when the worker did not come by in between."""
    before = lesson.planned()
    lesson.record(10)
    other = plan(lesson.world, lesson.on, 15, 16)
    lesson.record(16, "present", other)
    assert lesson.planned() == before + 360 + 60
    with clock.frozen(moment(lesson.on, 17)):
        assert verify(lesson.world.own.candidates) == []


def test_a_lesson_that_is_moved_waits_for_its_new_end(lesson: Lesson) -> None:
    before = lesson.planned()
    lesson.record(10)
    with clock.frozen(moment(lesson.on, 11)), unit_of_work():
        session = one(Session, lesson.id)
        change_session(lesson.world.own.actors[Role.TEACHER], session, {"ends_at": moment(lesson.on, 17)})
    with clock.frozen(moment(lesson.on, 15)):
        outbox.drain()
    assert lesson.planned() == before
    with clock.frozen(moment(lesson.on, 17)):
        outbox.drain()
    assert lesson.planned() == before + 480


def test_a_lesson_that_is_moved_after_it_was_counted_waits_again(lesson: Lesson) -> None:
    before = lesson.planned()
    lesson.record(10)
    assert lesson.counted(15) == before + 360
    lesson.move(16, ends_at=moment(lesson.on, 17))
    assert lesson.counted(16, 1) == before
    assert lesson.counted(17) == before + 480


def test_a_lesson_that_ends_earlier_counts_from_then(lesson: Lesson) -> None:
    before = lesson.planned()
    lesson.record(10)
    lesson.move(11, ends_at=moment(lesson.on, 13))
    assert lesson.counted(12, 59) == before
    assert lesson.counted(13) == before + 240
    assert lesson.counted(15) == before + 240


def test_a_lesson_with_marks_that_goes_on_after_all_counts_from_its_end(lesson: Lesson) -> None:
    """Also when it was cancelled at its end, and moved as one that is only planned."""
    before, teacher = lesson.planned(), lesson.world.own.actors[Role.TEACHER]
    lesson.record(10)
    with clock.frozen(moment(lesson.on, 11)), unit_of_work():
        cancel_session(teacher, one(Session, lesson.id))
        reinstate_session(teacher, one(Session, lesson.id))
    assert one(Session, lesson.id).state == "planned" and lesson.counted(14, 59) == before
    assert lesson.counted(15) == before + 360
    lesson.move(16, ends_at=moment(lesson.on, 18))
    with clock.frozen(moment(lesson.on, 17)), unit_of_work():
        cancel_session(teacher, one(Session, lesson.id))
    assert lesson.counted(18) == before
    with clock.frozen(moment(lesson.on, 19)), unit_of_work():
        reinstate_session(teacher, one(Session, lesson.id))
    assert lesson.counted(19) == before + 540


def test_a_lesson_that_goes_on_after_its_message_left_counts_from_its_end(lesson: Lesson) -> None:
    before, teacher = lesson.planned(), lesson.world.own.actors[Role.TEACHER]
    lesson.record(10)
    assert lesson.counted(15) == before + 360
    with clock.frozen(moment(lesson.on, 16)), unit_of_work():
        session = one(Session, lesson.id)
        cancel_session(teacher, session)
        change_session(teacher, session, {"ends_at": moment(lesson.on, 17)})
        reinstate_session(teacher, session)
    assert lesson.counted(16, 59) == before
    assert lesson.counted(17) == before + 480


def test_a_list_that_was_finished_empty_and_opened_again_counts_from_its_end(lesson: Lesson) -> None:
    before, teacher = lesson.planned(), lesson.world.own.actors[Role.TEACHER]
    with clock.frozen(moment(lesson.on, 9)), unit_of_work():
        finish_session(teacher, one(Session, lesson.id))
        reopen(teacher, one(Session, lesson.id))
    lesson.record(10)
    assert lesson.counted(14, 59) == before
    assert lesson.counted(15) == before + 360


def test_what_a_plugin_reads_leaves_out_what_is_ahead_and_it_is_told_of_the_end(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, told = lesson.world.own, []
    teacher, who = side.actors[Role.TEACHER], side.enrolments[0]

    def attended(hour: int) -> tuple[int, int]:
        db.session.rollback()
        with clock.frozen(moment(lesson.on, hour, 50)):
            return meetings_attended([who], "lesson")[who]

    with clock.frozen(moment(lesson.on - DAY, 12)):
        present, held = meetings_attended([who], "lesson").get(who, (0, 0))
    lesson.record(10, "present")
    listeners = [*attendance_recorded._listeners, lambda _actor, ids: told.append(who in ids)]
    monkeypatch.setattr(attendance_recorded, "_listeners", listeners)
    assert attended(10) == (present, held)
    with clock.frozen(moment(lesson.on, 11)), unit_of_work():
        finish_session(teacher, one(Session, lesson.id))
    assert attended(11) == (present + 1, held + 1) and told == [True]
    with clock.frozen(moment(lesson.on, 12)), unit_of_work():
        reopen(teacher, one(Session, lesson.id))
    assert attended(12) == (present, held) and told == [True] * 2
    lesson.counted(15)
    assert attended(15) == (present + 1, held + 1) and len(told) > 2 and all(told)
