"""Signals follow the law and the norm of the day itself, and stay when nobody can say whether they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.models import EnrolmentTotal
from inleer.attendance.rollups import verify
from inleer.attendance.rules import Mark, sixteen_hours
from inleer.calendars.rules import dutch_calendar
from inleer.db import db, unit_of_work
from inleer.events import figures_changed
from inleer.extend import Registry
from inleer.extend.registry import Owned
from inleer.extend.types import SignalDef, SignalFinding
from inleer.parameters import CATALOGUE, set_parameter
from inleer.policy import Role, system_actor, unscoped
from inleer.signals.daily import sweep
from inleer.signals.models import Signal
from inleer.signals.rules import about_person
from tests.world import World, build

CALENDAR = dutch_calendar("midden", date(2025, 9, 1), date(2026, 7, 1))
BORN = date(2001, 5, 5)  # 24 in both winters


def settings_of(day: date) -> dict[str, int]:
    return {p.key: max(value for value in p.official if value[0] <= day)[1] for p in CATALOGUE}


def missed(first: date, minutes: int, days: int) -> list[Mark]:
    marks = [first + timedelta(weeks=week) for week in range(days)]
    return [Mark(str(on), on, minutes, True, "unexcused", minutes) for on in marks]


@pytest.mark.parametrize(
    ("first", "applies", "tone"),
    [(date(2025, 11, 4), "not_applicable", "info"), (date(2026, 1, 6), "local", "bad")],
)
def test_the_law_is_that_of_the_day_it_was_reached(first: date, applies: str, tone: str) -> None:
    marks = missed(first, 480, 2)
    times = sixteen_hours(marks, CALENDAR)
    today = date(2026, 3, 3)
    found = about_person(marks, times, CALENDAR, settings_of, today, BORN, "no")
    (signal,) = [raised for raised in found if raised.rule == "core.sixteen_hours"]
    assert (signal.facts["applies"], signal.tone) == (applies, tone)


def test_a_day_of_birth_in_the_future_is_unknown_and_no_fault() -> None:
    marks = missed(date(2026, 1, 6), 480, 2)
    times = sixteen_hours(marks, CALENDAR)
    found = about_person(marks, times, CALENDAR, settings_of, date(2026, 3, 3), date(2027, 1, 1), "no")
    assert found[0].facts["applies"] == "unknown"


def test_a_norm_that_changes_judges_the_days_from_then_on() -> None:
    marks = missed(date(2025, 11, 4), 360, 2) + missed(date(2026, 1, 20), 360, 2)

    def norm(day: date) -> int:
        return 720 if day >= date(2026, 1, 15) else 960

    assert [time.on for time in sixteen_hours(marks, CALENDAR, threshold_minutes=norm)] == [date(2026, 1, 27)]
    assert [time.on for time in sixteen_hours(marks, CALENDAR, threshold_minutes=720)] == [
        date(2025, 11, 11),
        date(2026, 1, 27),
    ]


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=3)


def test_another_norm_reaches_the_figures_with_the_next_morning(world: World) -> None:
    enrolment_id = world.own.enrolments[0]  # missed one whole day of six hours
    with unit_of_work():
        start = clock.today() - timedelta(weeks=4)
        set_parameter(world.own.actors[Role.ADMINISTRATOR], "sixteen_hours.threshold_minutes", start, 360)
    assert set(verify(world.own.candidates)) == {enrolment_id}
    with unit_of_work():
        sweep(system_actor("worker"), clock.today())
    assert verify(world.own.candidates) == []
    total = select(EnrolmentTotal.reached_on).where(EnrolmentTotal.enrolment_id == enrolment_id)
    assert db.session.scalars(unscoped(total, "test")).one() is not None


def test_signals_of_a_plugin_that_fails_or_is_off_stay(app: Flask, world: World) -> None:
    registry: Registry = app.extensions["inleer"]
    answers: list[Any] = []

    def evaluate(ids: Sequence[UUID], today: date) -> Any:
        return answers[0] if answers else 1 / 0

    made = SignalDef(key="zorg.proef", name="Proef", explain="Proef.", evaluate=evaluate)
    app.extensions["inleer"] = replace(registry, signals=(Owned("zorg", made),))
    coach, enrolment_id = world.own.actors[Role.COACH], world.own.enrolments[0]

    def look_again() -> list[str]:
        with unit_of_work():
            figures_changed.fire(coach, [enrolment_id])
        states = select(Signal.state).where(Signal.rule == "zorg.proef")
        return list(db.session.scalars(unscoped(states, "test")))

    answers.append([SignalFinding(enrolment_id=enrolment_id, cause="x", on=clock.today(), text="Bel.")])
    assert look_again() == ["open"]
    answers.clear()
    assert look_again() == ["open"], "the plugin failed: nobody knows"
    app.extensions["inleer"] = replace(registry, signals=(), plugins=())
    assert look_again() == ["open"], "the plugin is off"
    app.extensions["inleer"] = replace(registry, signals=(Owned("zorg", made),))
    answers.append([])
    assert look_again() == ["over"]
