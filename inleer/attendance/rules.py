"""The pure attendance rules in one place: import from here, read the file that a name comes from."""

from __future__ import annotations

from inleer.attendance.applies import (
    AGE_LIMITS,
    Applicability,
    Applies,
    Qualification,
    age_limit_on,
    age_on,
    applicability,
)
from inleer.attendance.early import Finding, below_percentage, no_shows_in_a_row, unexcused_in_window
from inleer.attendance.figures import Figures, figures, hours, percent, within
from inleer.attendance.sixteen import ContinuousAbsence, Reached, continuous_absence, sixteen_hours
from inleer.attendance.statuses import (
    IMPORT_CODES,
    NOT_APPLICABLE,
    STATUSES,
    Judgement,
    Mark,
    SessionId,
    Status,
    check_minutes,
    countable,
    is_judged,
    is_no_show,
    missed_minutes,
    session_minutes,
    status_for_code,
    status_of,
    unexcused_minutes,
)

__all__ = [
    "AGE_LIMITS",
    "IMPORT_CODES",
    "NOT_APPLICABLE",
    "STATUSES",
    "Applicability",
    "Applies",
    "ContinuousAbsence",
    "Figures",
    "Finding",
    "Judgement",
    "Mark",
    "Qualification",
    "Reached",
    "SessionId",
    "Status",
    "age_limit_on",
    "age_on",
    "applicability",
    "below_percentage",
    "check_minutes",
    "continuous_absence",
    "countable",
    "figures",
    "hours",
    "is_judged",
    "is_no_show",
    "missed_minutes",
    "no_shows_in_a_row",
    "percent",
    "session_minutes",
    "sixteen_hours",
    "status_for_code",
    "status_of",
    "unexcused_in_window",
    "unexcused_minutes",
    "within",
]
