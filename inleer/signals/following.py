"""Roll-ups and signals after a save in one register, from what there was and the few marks that the rules ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from inleer import clock
from inleer.attendance.recent import follows, reached_by, shares, suffices, total_now, week_now
from inleer.attendance.rollups import hold, write_rollups
from inleer.attendance.rules import Reached
from inleer.attendance.standing import Standing, people_with, standings
from inleer.events import MarkChange
from inleer.people.models import Candidate
from inleer.policy import Actor
from inleer.signals.actions import recount, settle, that_hold
from inleer.signals.rules import Raised, about_person
from inleer.signals.writing import known_in, signals_of

#: Where people stand, with their signals.
_PEOPLE = people_with(signals_of(Candidate.id))


def follow_marks(actor: Actor, changes: frozenset[MarkChange]) -> None:
    """Listener: marks of one session changed. Who needs all marks looked at (few do) gets that."""
    judged = {change.enrolment_id: change.judged for change in changes}
    planned = {change.enrolment_id: change.planned for change in changes}
    hold(judged)
    today = clock.today()
    known, whole = [], []
    for standing in standings(_PEOPLE, judged, next(iter(changes)).on):
        times, more = reached_by(standing), planned[standing.enrolment.enrolment_id]
        if suffices(standing, times, today) and follows(standing, week_now(standing), more):
            known.append((standing, times))
        else:
            whole.append(standing.person.candidate_id)
    if known:
        _advance(actor, known, judged)
    if whole:
        recount(actor, whole)


def _advance(
    actor: Actor, known: Sequence[tuple[Standing, tuple[Reached, ...]]], judged: Mapping[UUID, int]
) -> None:
    """Write the roll-ups that changed and bring the signals up to date."""
    weeks: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    core: dict[UUID, list[Raised]] = {}
    for standing, times in known:
        enrolment_id = standing.enrolment.enrolment_id
        week = week_now(standing)
        if week is not None:
            weeks.append(week)
        elif standing.week is not None:
            gone.append({"enrolment_id": enrolment_id, "monday": standing.monday})
        totals.append(total_now(standing, week, judged[enrolment_id], times))
        core[standing.person.candidate_id] = _findings(standing, times, week)
    write_rollups(weeks, totals, gone)
    signals = {s.person.candidate_id: known_in(s.beside) for s, _times in known}
    settle(actor, [standing.person for standing, _times in known], core, signals)


def _findings(standing: Standing, times: Sequence[Reached], week: Mapping[str, Any] | None) -> list[Raised]:
    today = clock.today()
    found = about_person(
        [mark for mark in standing.marks if mark.on <= today],
        times,
        standing.calendar,
        standing.settings_on,
        today,
        standing.person.birth_date,
        standing.person.startkwalificatie,
        shares=shares(standing, week, today),
    )
    return that_hold(standing.person, found)
