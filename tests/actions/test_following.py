"""A save reads few marks; what it makes of them is what all marks give: over random histories, and in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inleer import clock
from inleer.attendance import recent
from inleer.attendance.actions import MarkInput, clear_marks, fill_empty, record_many
from inleer.attendance.models import Attendance
from inleer.attendance.queries import EnrolmentMarks, PersonMarks
from inleer.attendance.rollups import claim, counted, total_row, verify, week_rows
from inleer.attendance.rules import STATUSES, Mark, figures, is_judged, sixteen_hours, unexcused_minutes
from inleer.attendance.stamps import stamp
from inleer.attendance.standing import MINUTES, Standing
from inleer.calendars.rules import Period, dutch_calendar, monday, school_weeks
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.parameters import CATALOGUE
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.actions import recount
from inleer.signals.models import Signal
from inleer.signals.rules import Raised, about_person
from tests.world import World, build, one

TODAY = date(2026, 11, 20)
FIRST = TODAY - timedelta(weeks=40)
CALENDAR = dutch_calendar("midden", FIRST - timedelta(weeks=40), TODAY + timedelta(weeks=1))
SETTINGS = {p.key: p.official[-1][1] for p in CATALOGUE}
KEY = UUID(int=7)


def history(seed: int, absent: float, per_week: int) -> list[Mark]:
    """Sessions with marks over forty weeks, in spells: who is away today is often away tomorrow."""
    chance, found, away = Random(seed), [], False
    for number in range((TODAY - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if day.weekday() >= per_week or CALENDAR.is_free(day):
            continue
        away = chance.random() < (0.75 if away else absent)
        status: str | None = "unexcused" if away else chance.choice([*STATUSES, "present", "present", None])
        planned = chance.choice((60, 240, 240, 480))
        whole = status in ("ill", "excused", "unexcused") and chance.random() < 0.85
        part = chance.randint(1, planned) if status in ("late", "left_early") or not whole else planned
        missed = part if status in ("late", "left_early", "ill", "excused", "unexcused") else 0
        counts, cancelled = chance.random() < 0.9, chance.random() < 0.03
        # Two schools, of which one counts lateness, the other from halfway on.
        late = number % 2 == 0 or number > 140
        found.append(Mark(UUID(int=number + 1), day, planned, counts, status, missed, cancelled, late))
    return found


def person(marks: Sequence[Mark], pauses: tuple[Period, ...], joined: date | None) -> PersonMarks:
    one = EnrolmentMarks(KEY, KEY, "active", "midden", None, joined, None, pauses, tuple(marks))
    return PersonMarks(KEY, date(2005, 1, 1), "no", KEY, None, (one,))


def minutes(marks: Sequence[Mark]) -> dict[str, int]:
    found = figures(marks)
    values = (found.planned, found.missed, found.late + found.left_early)
    return dict(zip(MINUTES, (*values, found.ill, found.excused, found.unexcused), strict=True))


def standing(full: PersonMarks, before: PersonMarks, day: date) -> Standing:
    """What the statements read of a person: the roll-ups of before the change, and of the marks those they select."""
    since = school_weeks(CALENDAR, TODAY - timedelta(weeks=30), TODAY)[-SETTINGS["sixteen_hours.weeks"]]
    week = monday(day)
    old = counted(before.enrolments[0])
    weeks = {row["monday"]: row for row in week_rows(KEY, old, CALENDAR)}
    kept = tuple(
        mark
        for mark in full.enrolments[0].marks
        if mark.status is not None
        and (
            mark.on >= since
            or monday(mark.on) == week
            or mark.status == "unexcused"
            or unexcused_minutes(mark)
        )
    )
    return Standing(
        replace(full, enrolments=(replace(full.enrolments[0], marks=kept),)),
        others=False,
        since=since,
        monday=week,
        calendar=CALENDAR,
        settings_on=lambda _day: SETTINGS,
        total={"sessions": figures(old).sessions, **minutes(old)},
        week=weeks.get(week),
        packed_weeks=";".join(f"{m}/{row['planned']}/{row['missed']}" for m, row in weeks.items()),
    )


def findings(full: PersonMarks) -> list[Raised]:
    enrolment = full.enrolments[0]
    times = sixteen_hours(counted(enrolment), CALENDAR)
    marks = counted(enrolment, TODAY)
    return about_person(
        marks, times, CALENDAR, lambda _day: SETTINGS, TODAY, full.birth_date, full.startkwalificatie
    )


CASES = st.tuples(
    st.integers(0, 10_000), st.sampled_from((0.0, 0.05, 0.15, 0.4, 0.8)), st.integers(1, 5), st.floats(0, 1)
)


def compare(always: bool = False) -> list[bool]:
    """Compare both over random histories; of which of them few marks were enough. ``always``: believe that they are."""
    seen: list[bool] = []
    _comparison(seen, always)()
    return seen


def _comparison(seen: list[bool], always: bool) -> Callable[[], None]:
    @settings(max_examples=300, deadline=None, derandomize=True, report_multiple_bugs=False)
    @given(
        case=CASES,
        status=st.sampled_from([None, *STATUSES]),
        pause=st.none() | st.integers(0, 200),
        joined=st.none() | st.integers(0, 270),
    )
    def few_marks_say_what_all_marks_say(
        case: tuple[int, float, int, float], status: str | None, pause: int | None, joined: int | None
    ) -> None:
        seed, absent, per_week, where = case
        old = history(seed, absent, per_week)
        changed = min(int(where * len(old)), len(old) - 1)
        lost = old[changed].planned if status in ("ill", "excused", "unexcused") else 0
        new = [*old[:changed], replace(old[changed], status=status, missed=lost), *old[changed + 1 :]]
        start = None if pause is None else FIRST + timedelta(days=pause)
        pauses = () if start is None else (Period(start, start + timedelta(days=30)),)
        since = None if joined is None else FIRST + timedelta(days=joined)
        before, after = person(old, pauses, since), person(new, pauses, since)
        found = standing(after, before, old[changed].on)
        times = recent.reached_by(found)
        seen.append(always or recent.suffices(found, times, TODAY))
        counts = old[changed] in counted(before.enrolments[0]) and not old[changed].cancelled
        judged = (is_judged(new[changed]) - is_judged(old[changed])) if counts else 0
        marks = counted(after.enrolments[0])
        right = [row for row in week_rows(KEY, marks, CALENDAR) if row["monday"] == found.monday]
        week = recent.week_now(found)
        assert week == (right[0] if right else None)
        if not seen[-1]:
            return
        every = sixteen_hours(marks, CALENDAR)
        assert recent.total_now(found, week, judged, times) == total_row(
            KEY, figures(marks).sessions, minutes(marks), every
        )
        few = about_person(
            [mark for mark in found.marks if mark.on <= TODAY],
            times,
            CALENDAR,
            lambda _day: SETTINGS,
            TODAY,
            after.birth_date,
            after.startkwalificatie,
            shares=recent.shares(found, week, TODAY),
        )
        assert few == findings(after)

    return few_marks_say_what_all_marks_say


def test_few_marks_say_what_all_marks_say() -> None:
    seen = compare()
    # Else the comparison says nothing, and a save is as slow as before.
    assert 0.6 * len(seen) < sum(seen) < len(seen) > 100


def test_who_needs_all_marks_looked_at_would_be_missed() -> None:
    """The planted fault: believe the few marks of everybody."""
    with pytest.raises(AssertionError):
        compare(always=True)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4, weeks=8)


def signals() -> dict[tuple[UUID | None, str, str], tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(unscoped(select(Signal), "test")).scalars()
    return {(s.candidate_id, s.rule, s.cause): (s.state, s.text) for s in rows}


def test_roll_ups_and_signals_equal_a_recount_after_every_save(app: Flask, world: World) -> None:
    teacher, ids = world.own.actors[Role.TEACHER], world.own.enrolments
    chance = Random(5)
    past = [s for s in world.own.sessions if one(Session, s).on <= clock.today()]
    found = signals()
    for _turn in range(30):
        session_id = chance.choice(past)
        db.session.rollback()
        rows = db.session.execute(select(Attendance).where(Attendance.session_id == session_id)).scalars()
        stored = {m.enrolment_id: stamp(m.version, m.status, m.minutes, m.note) for m in rows}
        some = chance.sample(ids, 3)
        with unit_of_work():
            session = one(Session, session_id)
            match chance.randrange(5):
                case 0:
                    clear_marks(teacher, session, {i: stored[i] for i in some if i in stored}, ids)
                case 1:
                    fill_empty(teacher, session, ids)
                case _:
                    status = chance.choice(("present", "unexcused", "unexcused", "ill", "reported"))
                    typed = [
                        MarkInput(i, status, None, stored[i].version if i in stored else 0) for i in some
                    ]
                    record_many(teacher, session, typed, ids)
        assert verify(world.own.candidates) == []
        found = signals()
        with unit_of_work():
            recount(system_actor(), claim(ids))
        assert signals() == found
    assert any(rule == "core.no_shows" for _c, rule, _cause in found)


def test_a_total_that_is_wrong_is_found(world: World) -> None:
    """The control of the one above: what it compares with does see a roll-up that differs."""
    from inleer.attendance.models import EnrolmentTotal

    with unit_of_work() as session:
        total = session.get(EnrolmentTotal, world.own.enrolments[0])
        total.sessions += 1
    assert verify(world.own.candidates) == [world.own.enrolments[0]]
