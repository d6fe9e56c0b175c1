"""Promise 25: two teachers in one register. Different cells both win, the same cell is a conflict, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import (
    MarkConflict,
    MarkInput,
    clear_marks,
    fill_empty,
    record_many,
    record_mark,
)
from inleer.attendance.marks import Recorded
from inleer.attendance.models import Attendance
from inleer.attendance.stamps import Stamp, stamp
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import NewSession, plan_session
from inleer.db import db, unit_of_work
from inleer.policy import Actor, Role, system_actor
from tests.world import World, build, one

PEOPLE = 3
Mark = tuple[str, int | None, str]
CELLS = st.integers(0, PEOPLE - 1)
MARKS = st.one_of(
    st.tuples(
        st.sampled_from(["present", "ill", "excused", "unexcused"]), st.none(), st.sampled_from(["", "n"])
    ),
    st.tuples(st.sampled_from(["late", "left_early", "unexcused"]), st.integers(1, 60), st.just("")),
)


@dataclass
class Page:
    """What one teacher has on the screen: per cell the mark that was shown and its stamp."""

    marks: dict[int, Mark | None] = field(default_factory=dict)
    stamps: dict[int, Stamp] = field(default_factory=dict)


def stamp_of(mark: Attendance | Recorded | None) -> Stamp:
    return (
        stamp(0, None, None, None)
        if mark is None
        else stamp(mark.version, mark.status, mark.minutes, mark.note)
    )


class Register(RuleBasedStateMachine):
    """Two pages over one register. The model knows what is stored; each save says what it must answer."""

    app: Flask
    world: World
    teachers = Bundle("teachers")

    def actor(self, who: int) -> Actor:
        """One of the two teachers."""
        found = self.world.own.other_teacher if who else self.world.own.actors[Role.TEACHER]
        assert found is not None
        return found

    @initialize()
    def open_both(self) -> None:
        day = clock.today() - timedelta(days=1)
        with unit_of_work():
            new = NewSession(
                title="Les",
                kind="other",
                starts_at=clock.at(day, time(9)),
                ends_at=clock.at(day, time(10)),
                organisation_id=self.world.own.school,
            )
            self.session_id = plan_session(system_actor(), [self.world.own.cohort], new).id
        self.ids = self.world.own.enrolments[:PEOPLE]
        self.model: dict[int, Mark | None] = dict.fromkeys(range(PEOPLE))
        self.pages = [Page(), Page()]
        self.filled: dict[int, Stamp] = {}
        for who in (0, 1):
            self.look(who)

    def stored(self) -> dict[UUID, Attendance]:
        db.session.rollback()
        rows = db.session.execute(
            select(Attendance).where(Attendance.session_id == self.session_id)
        ).scalars()
        return {mark.enrolment_id: mark for mark in rows}

    @rule(who=st.integers(0, 1))
    def look(self, who: int) -> None:
        """A teacher loads the page."""
        marks = self.stored()
        for cell, enrolment in enumerate(self.ids):
            mark = marks.get(enrolment)
            self.pages[who].stamps[cell] = stamp_of(mark)
            self.pages[who].marks[cell] = (mark.status, mark.minutes, mark.note or "") if mark else None

    def typed(self, who: int, cell: int, mark: Mark) -> MarkInput:
        shown = self.pages[who].stamps[cell]
        return MarkInput(self.ids[cell], mark[0], mark[1], shown.version, mark[2], shown.seen)

    def wins(self, who: int, cell: int, mark: Mark) -> bool:
        """A save wins when the cell is as the page showed it, is empty, or already holds just this."""
        now = self.model[cell]
        return now is None or now == mark or now == self.pages[who].marks[cell]

    @rule(who=st.integers(0, 1), cell=CELLS, mark=MARKS)
    def save_cell(self, who: int, cell: int, mark: Mark) -> None:
        must_win, before = self.wins(who, cell, mark), self.model[cell]
        typed = self.typed(who, cell, mark)
        shown, kept = None, self.pages[who].stamps[cell]
        with unit_of_work():
            try:
                kept = stamp_of(record_mark(self.actor(who), one(Session, self.session_id), typed, self.ids))
            except MarkConflict as conflict:
                shown = conflict.stored
        assert must_win == (shown is None), (before, mark, self.pages[who].marks[cell])
        if shown is not None:
            assert (shown.status, shown.minutes, shown.note or "") == before
            return
        self.model[cell] = mark
        self.pages[who].marks[cell], self.pages[who].stamps[cell] = mark, kept

    @rule(who=st.integers(0, 1), cells=st.dictionaries(CELLS, MARKS, min_size=1))
    def save_whole(self, who: int, cells: dict[int, Mark]) -> None:
        expected = {cell for cell, mark in cells.items() if not self.wins(who, cell, mark)}
        typed = [self.typed(who, cell, mark) for cell, mark in cells.items()]
        with unit_of_work():
            _saved, conflicts = record_many(self.actor(who), one(Session, self.session_id), typed, self.ids)
        assert {c.typed.enrolment_id for c in conflicts} == {self.ids[cell] for cell in expected}
        for cell in cells.keys() - expected:
            self.model[cell] = cells[cell]
        self.look(who)

    @rule(who=st.integers(0, 1))
    def fill(self, who: int) -> None:
        with unit_of_work():
            marks = fill_empty(self.actor(who), one(Session, self.session_id), self.ids)
        assert {m.enrolment_id for m in marks} == {
            self.ids[c] for c, mark in self.model.items() if mark is None
        }
        self.filled = {self.ids.index(m.enrolment_id): stamp_of(m) for m in marks}
        for cell in self.filled:
            self.model[cell] = ("present", None, "")

    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        """Undo the last bulk mark: only what is still as it left it."""
        stamps = {self.ids[cell]: left for cell, left in self.filled.items()}
        with unit_of_work():
            cleared = clear_marks(self.actor(who), one(Session, self.session_id), stamps, self.ids)
        expected = {self.ids[cell] for cell in self.filled if self.model[cell] == ("present", None, "")}
        assert set(cleared) <= expected  # a mark that became something else and back stays as well
        for enrolment in cleared:
            self.model[self.ids.index(enrolment)] = None

    @invariant()
    def stored_is_what_was_acknowledged(self) -> None:
        if not hasattr(self, "session_id"):
            return
        marks = self.stored()
        found = {
            cell: (m.status, m.minutes, m.note or "") if (m := marks.get(enrolment)) else None
            for cell, enrolment in enumerate(self.ids)
        }
        assert found == self.model


@pytest.mark.slow
def test_two_teachers_lose_nothing_of_each_other(app: Flask) -> None:
    Register.app, Register.world = app, build(app, people=PEOPLE, weeks=1)
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_a_changed_mark_is_read_anew_by_whoever_held_the_old_one(app: Flask) -> None:
    """Marks are written past the ORM; an object of before the write may not go on telling the old mark."""
    Register.app, Register.world = app, build(app, people=PEOPLE, weeks=1)
    machine = Register()
    machine.open_both()
    machine.save_cell(0, 0, ("present", None, ""))
    held = list(machine.stored().values())
    machine.save_cell(0, 0, ("ill", None, ""))
    assert [mark.status for mark in held] == ["ill"]


def test_the_model_finds_a_save_over_a_value_that_was_never_shown(app: Flask) -> None:
    """The planted fault: a page that sends the stored version in place of the one it showed."""

    class Careless(Register):
        def typed(self, who: int, cell: int, mark: Mark) -> MarkInput:
            now = stamp_of(self.stored().get(self.ids[cell]))
            return MarkInput(self.ids[cell], mark[0], mark[1], now.version, mark[2], now.seen)

    Register.app, Register.world = app, build(app, people=PEOPLE, weeks=1)
    machine = Careless()
    machine.open_both()
    machine.save_cell(0, 0, ("ill", None, ""))
    with pytest.raises(AssertionError):
        machine.save_cell(1, 0, ("present", None, ""))
