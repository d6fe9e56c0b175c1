"""What came of asking employers by mail, on the worklist of who sent it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from inleer import clock
from inleer.i18n import _
from inleer.intentions.queries_requests import MessageRow, RequestRow
from inleer.reports.todo import Todo


def from_requests(rows: Iterable[RequestRow], sender_id: UUID) -> list[Todo]:
    """Requests of this sender that nobody answered within 14 days."""
    return [
        Todo(
            kind="request",
            tone="warn",
            who=row.employer,
            what=_("antwoordde niet binnen 14 dagen."),
            rule=_("vraag zonder antwoord, terug bij wie hem stelde"),
            on=row.asked_on,
            id=row.id,
            cohort_id=row.cohort_id,
            cohort=row.cohort,
        )
        for row in rows
        if row.state == "expired" and row.waiting and row.sender_id == sender_id
    ]


def from_messages(rows: Iterable[MessageRow], sender_id: UUID) -> list[Todo]:
    """Questions and proposed colleagues in answer to what this sender asked."""
    return [
        Todo(
            kind="employer",
            tone="warn",
            who=row.employer,
            what=_("vraagt: “%(text)s”", text=row.text)
            if row.kind == "question"
            else _("zegt: vraag %(name)s.", name=row.contact_name),
            rule=_("een werkgever wacht op ons"),
            on=clock.local(row.at).date(),
            id=row.id,
            cohort_id=row.cohort_id,
            cohort=row.cohort,
        )
        for row in rows
        if row.sender_id == sender_id
    ]
