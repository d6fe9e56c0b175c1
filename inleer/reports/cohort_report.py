"""`inleer report cohort --json`: names and shape are a contract; others script against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inleer.attendance.rules import hours
from inleer.reports.cohort_figures import CohortReport, PersonReport
from inleer.reports.queries import IntentionLine


def as_json(report: CohortReport) -> dict[str, Any]:
    """The report as plain values. Hours have two decimals, percentages one; what is unknown is null, never 0."""
    return {
        "cohort": report.cohort.slug,
        "name": report.cohort.name,
        "at": report.at.isoformat(),
        "candidates": len(report.people),
        "sessions": report.totals.sessions,
        "planned_hours": float(hours(report.totals.planned_minutes)),
        "attendance_rows": report.totals.marks,
        "positions": report.positions,
        "lateness_unexcused": report.late_counts,
        "intentions": [_intention(line) for line in report.intentions],
        "per_candidate": {person.key: _person(person) for person in report.people},
    }


def _intention(line: IntentionLine) -> Mapping[str, Any]:
    return {
        "employer": line.employer,
        "function": line.function,
        "positions": line.positions,
        "kind": line.kind,
        "hours": [line.hours_min, line.hours_max],
        "from": line.from_on.isoformat() if line.from_on else None,
        "state": line.state,
    }


def _person(person: PersonReport) -> Mapping[str, Any]:
    found = person.figures
    return {
        "name": person.name,
        "state": person.state,
        "joined_on": person.joined_on.isoformat() if person.joined_on else None,
        "left_on": person.left_on.isoformat() if person.left_on else None,
        "planned_hours": float(hours(found.planned)),
        "present_pct": float(found.present_pct) if found.present_pct is not None else None,
        "late_hours": float(hours(found.late + found.left_early)),
        "ill_hours": float(hours(found.ill)),
        "excused_hours": float(hours(found.excused)),
        "unexcused_hours": float(hours(found.unexcused)),
        "judged_sessions": found.sessions,
        "unrecorded_sessions": found.unrecorded,
        "sixteen_hours_reached_on": person.reached_on.isoformat() if person.reached_on else None,
        "sixteen_hours_applies": person.applies,
    }
