"""The lists of the plugin as rows of a file: what stands on the page, in plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from inleer_zorg.rows import Person, RequestRow
from inleer_zorg.rules import STATES, TASKS, WEEKDAYS

REQUEST_COLUMNS: Final = (
    "Bewoner",
    "Soort hulp",
    "Omschrijving",
    "Wijk",
    "Vaste dag",
    "Vaste tijd",
    "Staat",
    "Deelnemer",
    "Bezoeken",
    "Uren",
    "Laatste bezoek",
    "Gevraagd op",
)
HOURS_COLUMNS: Final = ("Naam", "Uren", "Uren deze maand", "Bezoeken", "Laatste bezoek", "Hulpvragen nu")


def request_rows(rows: Sequence[RequestRow]) -> list[list[Any]]:
    """The help requests under REQUEST_COLUMNS; hours in decimals."""
    return [
        [
            row.requester,
            TASKS[row.task],
            row.description,
            row.area,
            "" if row.weekday is None else WEEKDAYS[row.weekday],
            "" if row.starts is None else row.starts.strftime("%H:%M"),
            STATES[row.state],
            row.person or "",
            row.visits,
            round(row.minutes / 60, 2),
            row.last_on or "",
            row.asked_on,
        ]
        for row in rows
    ]


def hours_rows(rows: Sequence[Person]) -> list[list[Any]]:
    """The hours per participant under HOURS_COLUMNS, in decimals."""
    return [
        [
            p.name,
            round(p.minutes / 60, 2),
            round(p.month_minutes / 60, 2),
            p.visits,
            p.last_on or "",
            p.requests,
        ]
        for p in rows
    ]
