"""Job intentions as a work agency notes what employers said."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date

from inleer.exchange.cells import Table
from inleer.exchange.choices import parse_intention_kind
from inleer.exchange.columns import INTENTIONS
from inleer.exchange.contacts import parse_email
from inleer.exchange.moments import parse_planned_date
from inleer.exchange.names import no_bsn
from inleer.exchange.rows_common import Parsed, RowReader, parse_rows
from inleer.exchange.values import (
    check_hours,
    fold,
    parse_positions,
    parse_text,
    parse_week_hours,
    parse_week_hours_range,
)

MAX_CONDITIONS = 1000


@dataclass(frozen=True, slots=True)
class IntentionRow:
    """What one employer commits. ``positions`` None: unknown; ``hours_min`` and ``hours_max`` per week, None when
    not said; ``kind``: intention, guarantee or conditional_contract."""

    employer: str
    sector: str | None
    contact_name: str | None
    contact_email: str | None
    function: str
    positions: int | None
    kind: str
    hours_min: int | None
    hours_max: int | None
    from_on: date
    conditions: str | None


def parse(table: Table) -> Parsed[IntentionRow]:
    """All intentions of a table with every problem.

    One employer may have several lines, for another function, kind, start or number of hours; a line that is the
    same in all of these is refused.
    """
    return parse_rows(table, INTENTIONS, _intention, _once)


def _once(row: IntentionRow) -> Iterator[tuple[str, Hashable]]:
    yield (
        "employer",
        (fold(row.employer), fold(row.function), row.kind, row.from_on, row.hours_min, row.hours_max),
    )


def _intention(reader: RowReader) -> IntentionRow | None:
    employer = reader.required("employer", lambda cell: no_bsn(parse_text(cell)))
    sector = reader.optional("sector", parse_text)
    contact = reader.optional("contact_name", lambda cell: no_bsn(parse_text(cell)))
    email = reader.optional("contact_email", parse_email)
    function = reader.required("function", lambda cell: no_bsn(parse_text(cell)))
    positions = reader.optional("positions", parse_positions)
    low, high = _hours(reader)
    kind = reader.required("kind", parse_intention_kind)
    start = reader.required("from_on", lambda cell: parse_planned_date(cell, reader.date1904))
    conditions = reader.optional("conditions", lambda cell: no_bsn(parse_text(cell, MAX_CONDITIONS)))
    if reader.failed or employer is None or function is None or kind is None or start is None:
        return None
    return IntentionRow(
        employer, sector, contact, email, function, positions, kind, low, high, start, conditions
    )


def _hours(reader: RowReader) -> tuple[int | None, int | None]:
    low = reader.optional("hours_min", parse_week_hours)
    high = reader.optional("hours_max", parse_week_hours)
    if low is None and high is None:
        return reader.optional("hours", parse_week_hours_range) or (None, None)
    reader.check("hours_min", lambda: check_hours(low, high))
    return low, high
