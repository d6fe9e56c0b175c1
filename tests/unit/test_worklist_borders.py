"""The worklist on the day before, the day itself and the day after each of its limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from inleer.people.alike import Pair
from inleer.reports.candidates import ListRow
from inleer.reports.frame import SessionRow
from inleer.reports.people_rows import PersonRow
from inleer.reports.todo import from_contact, from_employers, from_sessions
from inleer.reports.todo_duplicates import from_duplicates
from inleer.reports.todo_rows import EmployerRow

TODAY = date(2026, 12, 1)
COHORT, ONE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def listed(contact_on: date | None, state: str = "active", limit: int = 30, who: UUID = ONE) -> ListRow:
    person = PersonRow(
        enrolment_id=COHORT,
        candidate_id=who,
        cohort_id=COHORT,
        cohort="Lichting",
        state=state,
        first_name="Fatima",
        tussenvoegsel="El",
        last_name="Amrani",
        sort_name="amrani, fatima",
        coach_id=None,
        coach=None,
        joined_on=None,
        left_on=None,
        planned=0,
        missed=0,
        weeks=(),
        unexcused=(),
        contact_on=contact_on,
        mine=True,
        escalations=0,
        signals=(),
    )
    days = person.days_since_contact(TODAY)
    return ListRow(person, "", 0, 960, 4, days, limit)


@pytest.mark.parametrize(("days", "listed_then"), [(0, False), (29, False), (30, False), (31, True)])
def test_no_contact_for_longer_than_thirty_days(days: int, listed_then: bool) -> None:
    found = from_contact([listed(TODAY - timedelta(days=days))])
    assert [todo.what for todo in found] == ([f"had {days} dagen geen contact."] if listed_then else [])


def test_the_limit_of_contact_is_a_setting() -> None:
    assert from_contact([listed(TODAY - timedelta(days=14), limit=14)]) == []
    (found,) = from_contact([listed(TODAY - timedelta(days=15), limit=14)])
    assert found.rule == "langer dan 14 dagen geen contact"


@pytest.mark.parametrize(
    ("state", "count"), [("active", 1), ("paused", 1), ("selected", 1), ("completed", 0), ("", 0)]
)
def test_never_any_contact_counts_for_who_takes_part(state: str, count: int) -> None:
    assert len(from_contact([listed(None, state)])) == count


def intention(state: str, confirmed_on: date | None, positions: int | None = 3) -> EmployerRow:
    return EmployerRow(
        COHORT, COHORT, "Lichting", "Baken", "Helpende", state, positions, 20, 28, confirmed_on
    )


@pytest.mark.parametrize(("days", "stale"), [(59, False), (60, False), (61, True)])
def test_an_intention_is_stale_when_it_was_not_confirmed_for_sixty_days(days: int, stale: bool) -> None:
    row = intention("confirmed", TODAY - timedelta(days=days))
    found = from_employers([row], TODAY, {COHORT: 60})
    assert [todo.what for todo in found] == (
        [f"heeft de intentie {days} dagen niet bevestigd."] if stale else []
    )


@pytest.mark.parametrize(
    ("state", "positions", "listed_then"),
    [
        ("draft", 3, True),
        ("requested", 3, False),  # the question is with the employer; after 14 days it expires
        ("expired", 3, True),
        ("confirmed", None, True),
        ("declined", None, False),
        ("withdrawn", 3, False),
        ("closed", None, False),
    ],
)
def test_which_intentions_ask_for_something(state: str, positions: int | None, listed_then: bool) -> None:
    row = intention(state, TODAY if state == "confirmed" else None, positions)
    assert bool(from_employers([row], TODAY, {COHORT: 60})) is listed_then


def session(on: date, state: str) -> SessionRow:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return SessionRow(COHORT, ONE, "Les", "lesson", state, None, None, None, on, at, at + timedelta(hours=6))


@pytest.mark.parametrize(
    ("days_ago", "state", "listed_then"),
    [
        (-1, "planned", False),
        (0, "planned", False),
        (1, "planned", True),
        (1, "open", True),
        (1, "recorded", False),
        (1, "locked", False),
        (1, "cancelled", False),
    ],
)
def test_a_session_waits_from_the_day_after_it(days_ago: int, state: str, listed_then: bool) -> None:
    rows = [session(TODAY - timedelta(days=days_ago), state)]
    # half past eleven at night in Amsterdam: still that day, also for who counts in UTC
    found = from_sessions(rows, {COHORT: "Lichting"}, datetime(2026, 12, 1, 22, 30, tzinfo=UTC))
    assert bool(found) is listed_then


def test_midnight_is_that_of_amsterdam() -> None:
    rows = [session(TODAY, "planned")]
    assert from_sessions(rows, {}, datetime(2026, 12, 1, 22, 59, tzinfo=UTC)) == []
    assert len(from_sessions(rows, {}, datetime(2026, 12, 1, 23, 1, tzinfo=UTC))) == 1


def test_a_pair_is_one_line_with_its_reasons_and_names_only_who_is_listed() -> None:
    pair = Pair(ONE, OTHER, ("name_swapped", "phone"))
    (found,) = from_duplicates([pair], [listed(TODAY), listed(TODAY, who=OTHER)])
    assert found.rule == "voor- en achternaam verwisseld, hetzelfde telefoonnummer"
    assert (found.candidate_id, found.id) == (ONE, OTHER)
    (found,) = from_duplicates([pair], [listed(TODAY, who=OTHER)])
    assert (found.candidate_id, found.id) == (OTHER, ONE)
    assert found.what == "is misschien dezelfde als een kandidaat die nu niet meedoet."
    assert from_duplicates([pair], []) == []
