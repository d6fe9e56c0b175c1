"""Promise 25: a month of a whole group in one save. The product has no page of 60 × 31 cells: a file is that grid."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

from inleer.attendance.models import Attendance, EnrolmentTotal
from inleer.db import db
from tests.exchange.editions import START, Edition, count

PEOPLE, DAYS = 60, 31
CELLS = PEOPLE * DAYS  # 1,860
# A second is measured in the benchmarks; here only that nothing in it grows with the square of the cells.
MOST_SECONDS = 20


def days() -> list[date]:
    """31 weekdays before the day of these tests."""
    found = [START + timedelta(days=n) for n in range(60)]
    return [day for day in found if day.weekday() < 5][:DAYS]


def test_1860_cells_are_one_save(edition: Edition) -> None:
    numbers = [f"G{n}" for n in range(PEOPLE)]
    people = [(number, "Voor", "", "Achternaam", date(2004, 2, 1)) for number in numbers]
    assert edition.take_in("candidates", people).created == PEOPLE
    lessons = [(day, "09:00", "12:00", f"L{n}", f"Les {n}", "A1", "", "") for n, day in enumerate(days())]
    assert edition.take_in("sessions", lessons).created == DAYS
    marks = [
        (number, day, f"L{n}", "A" if (n + which) % 7 else "O")
        for which, number in enumerate(numbers)
        for n, day in enumerate(days())
    ]
    assert len(marks) == CELLS
    began = perf_counter()
    found = edition.take_in("attendance", marks)
    took = perf_counter() - began
    assert not found.rejected
    assert count(Attendance) == CELLS
    assert count(EnrolmentTotal, EnrolmentTotal.planned == DAYS * 180) == PEOPLE
    assert took < MOST_SECONDS, f"{CELLS} cells in {took:.2f} s on {db.engine.dialect.name}"
