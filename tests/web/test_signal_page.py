"""The page of a 16-hour signal: who owns it, and a line for each thing that the school's own report needs."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.attendance.actions import MarkInput, record_many
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.people.actions import arrange_cover
from inleer.policy import Role, unscoped
from inleer.signals.actions import handle
from inleer.signals.models import Signal
from tests.world import World, browse, build, one


def sixteen(world: World) -> Signal:
    statement = select(Signal).where(
        Signal.candidate_id == world.own.candidates[0], Signal.rule == "core.sixteen_hours"
    )
    return db.session.execute(unscoped(statement, "test")).scalar_one()


def test_the_lines_of_the_report_and_the_owner(app: Flask) -> None:
    world = build(app, people=2, weeks=4)
    side = world.own
    coach = side.actors[Role.COACH]
    for session_id in side.sessions[1:3]:
        with unit_of_work():
            typed = [MarkInput(side.enrolments[0], "unexcused", None, 0)]
            record_many(side.actors[Role.TEACHER], one(Session, session_id), typed, side.enrolments)
    where = f"/signalen/{sixteen(world).id}/afhandelen"
    page = browse(app, coach).get(where).text
    for line in ("Soort", "Begin", "Einde (bereikt op)", "Uren per week", "Contact", "Ondernomen acties"):
        assert line in page, line
    assert f"Eigenaar: {coach.name}" in page and "Nog niets vastgelegd" in page
    with unit_of_work():
        signal = sixteen(world)
        handle(coach, signal, "Gebeld; komt maandag weer.", signal.version)
    page = browse(app, coach).get(where).text
    assert page.count("Gebeld; komt maandag weer.") >= 2 and "Nog niets vastgelegd" not in page
    worklist = browse(app, coach).get("/vandaag").text
    assert f"eigenaar: {coach.name}" in worklist or "Regel:" not in worklist


def test_who_covers_sees_which_candidates_are_covered(app: Flask) -> None:
    world = build(app, people=3, weeks=1)
    side = world.own
    coach, other = side.actors[Role.COACH], side.other_coach
    assert other is not None
    assert "waarneming voor" not in browse(app, coach).get("/kandidaten").text
    with unit_of_work():
        today = clock.today()
        arrange_cover(coach, other.user_id, coach.user_id, today, today)
    page = browse(app, coach).get("/kandidaten").text
    assert page.count(f"waarneming voor {other.name}") == 1
