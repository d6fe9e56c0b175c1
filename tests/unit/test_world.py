"""The test world itself: if this breaks, look here first."""

from __future__ import annotations

from flask import Flask

from inleer.cohorts.models import Cohort
from inleer.policy import Role, fetch, visible
from inleer.signals.models import Signal
from tests.world import build


def test_each_side_sees_its_own_edition_and_signals(app: Flask) -> None:
    world = build(app)
    coach = world.own.actors[Role.COACH]
    assert [c.id for c in fetch(coach, visible(coach, Cohort)).scalars()] == [world.own.cohort]
    rules = {s.rule for s in fetch(coach, visible(coach, Signal)).scalars()}
    assert "core.no_shows" in rules
