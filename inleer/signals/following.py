"""Roll-ups and signals after a save in one register, from what there was and the few marks that the rules ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table

from inleer import clock
from inleer.attendance.models import EnrolmentTotal, EnrolmentWeek
from inleer.attendance.recent import reached_by, shares, suffices, total_now, week_now
from inleer.attendance.rollups import hold, write_rows
from inleer.attendance.rules import Reached
from inleer.attendance.standing import Standing, standings
from inleer.events import MarkChange
from inleer.policy import Actor
from inleer.signals.actions import recount, settle, that_hold
from inleer.signals.rules import Raised, about_person

_WEEKS, _TOTALS = cast(Table, EnrolmentWeek.__table__), cast(Table, EnrolmentTotal.__table__)


def follow_marks(actor: Actor, changes: frozenset[MarkChange]) -> None:
    """Listener: marks of one session changed. Who needs all marks looked at (few do) gets that."""
    judged = {change.enrolment_id: change.judged for change in changes}
    hold(judged)
    today = clock.today()
    known, whole = [], []
    for standing in standings(judged, next(iter(changes)).on):
        times = reached_by(standing)
        if suffices(standing, times, today):
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
    write_rows(_WEEKS, weeks, gone)
    write_rows(_TOTALS, totals, ())
    settle(actor, [standing.person for standing, _times in known], core)


def _findings(standing: Standing, times: Sequence[Reached], week: Mapping[str, Any] | None) -> list[Raised]:
    today = clock.today()
    found = about_person(
        [mark for mark in standing.marks if mark.on <= today],
        times,
        standing.calendar,
        standing.settings,
        today,
        standing.person.birth_date,
        standing.person.startkwalificatie,
        shares=shares(standing, week, today),
    )
    return that_hold(standing.person, found)
