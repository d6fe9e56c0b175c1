"""``python -m tests.fuzz.readers csv FOLDER [options of libFuzzer]``: feed one reader until the time is up.

FOLDER holds inputs to start from. Ends with 0 when the time is up (``-max_total_time``), and with another status as
soon as a reader raises anything but ImportProblem; the input is then written where ``-artifact_prefix`` says.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import atheris

with atheris.instrument_imports(include=["inleer.exchange", "icalendar"]):
    from inleer.exchange.reading import read_attendance, read_candidates, read_intentions, read_sessions

from inleer.errors import ImportProblem
from tests.corpus import workbooks

PERIOD = (date(2020, 1, 1), date(2021, 12, 31))
TABLES: tuple[Callable[[bytes, str], object], ...] = (
    lambda data, name: read_candidates(data, name, date(2026, 1, 1)),
    read_sessions,
    read_attendance,
    read_intentions,
)


def _parts() -> dict[str, bytes]:
    """What is in a sound workbook, by name."""
    with zipfile.ZipFile(BytesIO(workbooks.candidates())) as book:
        return {name: book.read(name) for name in book.namelist()}


PARTS = _parts()
SHEET = "xl/worksheets/sheet1.xml"


def table(data: bytes) -> Callable[[bytes, str], object]:
    """Which kind of table it is, from the first byte."""
    return TABLES[data[0] % len(TABLES)] if data else TABLES[0]


def csv(data: bytes) -> None:
    """A first byte that chooses the kind of table, and a text file."""
    table(data)(data[1:], "a.csv")


def xlsx(data: bytes) -> None:
    """A first byte that chooses the kind of table, and the XML of a sheet in a sound workbook."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, content in PARTS.items():
            book.writestr(name, data[1:] if name == SHEET else content)
    table(data)(stream.getvalue(), "a.xlsx")


def ical(data: bytes) -> None:
    """A calendar."""
    read_sessions(data, "a.ics", *PERIOD)


def planted(data: bytes) -> None:
    """The fault that must be found: a wrong number in a register is no ImportProblem but something else."""
    if any(problem.column == "Minuten" for problem in read_attendance(data, "a.csv").problems):
        raise OverflowError("planted")


READERS = {"csv": csv, "xlsx": xlsx, "ical": ical, "planted": planted}


def main() -> None:
    """Fuzz the reader that is named."""
    name, folder, *options = sys.argv[1:]
    read = READERS[name]

    def once(data: bytes) -> None:
        try:
            read(data)
        except ImportProblem as problem:
            if problem.message[-1] not in ".?":
                raise ValueError("a message that is no sentence") from problem

    atheris.Setup([sys.argv[0], folder, *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
