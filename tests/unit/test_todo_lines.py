"""The worklist: what stands alone and what shares a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from inleer.reports.todo import Todo, in_lines

COHORT, OTHER = UUID(int=1), UUID(int=2)


def unrecorded(number: int, cohort: UUID = COHORT, teacher: str = "Docent: Sanne") -> list[Todo]:
    one = Todo(
        "session",
        "warn",
        "Les",
        "is nog niet geregistreerd.",
        f"geweest · {teacher}",
        date(2026, 11, 2),
        uuid4(),
    )
    return [replace(one, id=uuid4(), cohort_id=cohort) for _n in range(number)]


def test_sessions_that_nobody_recorded_share_a_line_per_cohort_and_teacher() -> None:
    own, others, elsewhere = unrecorded(4), unrecorded(5, teacher="Docent: Piet"), unrecorded(6, OTHER)
    assert [len(line) for line in in_lines([*own, *others, *elsewhere])] == [4, 5, 6]
    assert in_lines([own[0], others[0], own[1], own[2], own[3]])[0] == own


def test_a_few_stand_apart_and_so_does_what_is_urgent() -> None:
    assert [len(line) for line in in_lines(unrecorded(3))] == [1, 1, 1]
    urgent = [replace(one, tone="bad") for one in unrecorded(6)]
    assert [len(line) for line in in_lines(urgent)] == [1] * 6
