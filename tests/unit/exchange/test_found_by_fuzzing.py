"""Files with which a reader once raised something else than ImportProblem (promise 47), found by a fuzzer."""

from __future__ import annotations

from datetime import date

import pytest

from inleer.errors import ImportProblem
from inleer.exchange.reading import read_sessions
from tests.corpus import workbooks

PERIOD = (date(2020, 1, 1), date(2021, 12, 31))
MOMENTS = "DTSTART:20201019T090000\r\nDTEND:20201019T120000\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        MOMENTS + "RECURRENCE-ID:20201019T090000\r\nRECURRENCE-ID:20201026T090000",
        MOMENTS + "RECURRENCE-ID:20201026",
        MOMENTS + "RECURRENCE-ID;VALUE=DATE:20201026",
        MOMENTS + "RDATE;VALUE=DATE:20201026",
    ],
)
def test_an_event_that_cannot_be_is_a_problem_of_its_row(lines: str) -> None:
    found = read_sessions(workbooks.ical(f"UID:a\r\n{lines}"), "a.ics", *PERIOD)
    assert [problem.row for problem in found.problems] == [1]
    assert found.problems[0].message[-1] in ".?"


def test_a_title_that_is_there_twice_is_read_once() -> None:
    found = read_sessions(
        workbooks.ical(f"UID:a\r\nSUMMARY:Rekenen\r\nSUMMARY:Taal\r\n{MOMENTS}".strip()), "a.ics", *PERIOD
    )
    assert [(row.uid, "vText" in row.title) for _, row in found.rows] == [("a", False)]


@pytest.mark.parametrize("zone", ["Europe", "Eigen" + "x" * 300, "’" * 200])
def test_a_time_zone_that_is_a_folder_or_no_file_name_is_refused(zone: str) -> None:
    lines = f"DTSTART;TZID={zone}:20201019T090000\r\nDTEND;TZID={zone}:20201019T120000"
    with pytest.raises(ImportProblem, match="tijdzone"):
        read_sessions(workbooks.ical(f"UID:a\r\n{lines}"), "a.ics", *PERIOD)
