"""A job afterwards is guaranteed: what employers answer is counted, and a shortage is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from gemeente_world import TODAY, Traineeship
from inleer_gemeente import rules
from inleer_gemeente.models import Guarantee

from inleer import clock
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.intentions.actions import (
    Answer,
    confirm_by_telephone,
    decline_by_telephone,
    draft,
)
from inleer.intentions.models import JobIntention
from inleer.policy import Role, unscoped
from tests.world import one

LATER = TODAY + timedelta(days=5)


def promised(gemeente: Traineeship, places: int, kind: str = "guarantee") -> JobIntention:
    """What an employer has in mind; nothing is confirmed yet."""
    values: dict[str, Any] = {"function": "Medewerker", "kind": kind, "positions": places}
    with unit_of_work():
        cohort = one(Cohort, gemeente.cohort)
        return draft(gemeente.actor(), cohort, gemeente.own.employer, values)


def confirm(gemeente: Traineeship, row: JobIntention, places: int) -> JobIntention:
    """The employer says yes by telephone."""
    with unit_of_work():
        found = one(JobIntention, row.id)
        answer = Answer(clock.today(), "Afdeling personeel", places, None, None)
        confirm_by_telephone(gemeente.actor(), found, answer, found.version)
        return found


def kept() -> tuple[int, date] | None:
    """What is kept about the guarantees of the only cohort of which there are any."""
    db.session.rollback()
    db.session.expire_all()
    row = db.session.execute(unscoped(db.select(Guarantee), "test")).scalar_one_or_none()
    return None if row is None else (row.places, row.since_on)


@pytest.mark.parametrize(
    ("guaranteed", "people", "words"),
    [
        ((14, TODAY), 14, None),
        ((15, TODAY), 14, None),
        (None, 14, "Er is nog geen baangarantie bevestigd, voor 14 trainees."),
        ((0, TODAY), 14, "Er is sinds 20 nov 2026 geen baangarantie bevestigd, voor 14 trainees."),
        ((10, TODAY), 14, "Baangarantie voor 10 van 14 trainees, sinds 20 nov 2026: 4 te weinig."),
    ],
)
def test_a_shortage_in_words(guaranteed: tuple[int, date] | None, people: int, words: str | None) -> None:
    found = rules.guarantee_problem(guaranteed, people)
    assert (found and found.text) == words
    assert found is None or not found.blocks


def test_what_employers_answer_is_counted_with_the_day(gemeente: Traineeship) -> None:
    assert kept() is None
    row = promised(gemeente, 4)
    assert kept() == (0, TODAY)
    confirm(gemeente, row, 3)
    assert kept() == (3, TODAY)
    with clock.frozen(clock.at(LATER, clock.local(clock.now()).time())):
        confirm(gemeente, promised(gemeente, 9, kind="intention"), 9)
        assert kept() == (3, TODAY), "an intention guarantees nothing"
        second = confirm(gemeente, promised(gemeente, 2), 2)
        assert kept() == (5, LATER)
        for taken_back, left in ((second, 3), (row, 0)):
            with unit_of_work():
                found = one(JobIntention, taken_back.id)
                answer = Answer(clock.today(), "Afdeling personeel", None, None, None)
                decline_by_telephone(gemeente.actor(), found, answer, found.version)
            assert kept() == (left, LATER)


def test_a_shortage_stands_on_the_page_and_the_board_until_it_is_gone(gemeente: Traineeship) -> None:
    row = confirm(gemeente, promised(gemeente, 4), 3)
    manager, coach = gemeente.browser(Role.PROGRAMME_MANAGER), gemeente.browser()
    said = "Baangarantie voor 3 van 4 trainees, sinds 20 nov 2026: 1 te weinig."
    for who in (manager, coach):
        assert said in who.get(gemeente.url("werkplekken")).text
    board = f"/lichtingen/{gemeente.cohort}"
    before = manager.get(board).text
    confirm(gemeente, row, 4)
    assert kept() == (4, TODAY)
    assert "aangarantie" not in manager.get(gemeente.url("werkplekken")).text
    assert before.count("let op") and before != manager.get(board).text


def test_the_office_does_not_see_what_employers_promise(gemeente: Traineeship) -> None:
    confirm(gemeente, promised(gemeente, 4), 3)
    office = gemeente.browser(Role.LEERHOME_COORDINATOR)
    page = office.get(gemeente.url("werkplekken"))
    assert page.status_code == 200 and "aangarantie" not in page.text


def test_the_foreign_cohort_is_not_counted(gemeente: Traineeship) -> None:
    confirm(gemeente, promised(gemeente, 4), 3)
    rows = db.session.execute(unscoped(db.select(Guarantee), "test")).scalars().all()
    assert [row.cohort_id for row in rows] == [gemeente.cohort]
