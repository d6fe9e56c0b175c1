"""Addresses of pages that an installation may lack: a link is offered only when the page is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from inleer.policy import Actor, Perm, may_ever


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, or an empty string when there is no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def to_session(actor: Actor) -> Callable[[UUID, UUID, date], tuple[str, bool]]:
    """Where this actor goes with a session, and whether that is its register.

    Only who organises a session records in it; others see it among the lessons of that day.
    """
    records = may_ever(actor, Perm.ATTENDANCE_RECORD)

    def address(session_id: UUID, organisation_id: UUID, on: date) -> tuple[str, bool]:
        if records and organisation_id == actor.organisation_id:
            return url_for("attendance.register", session_id=session_id), True
        return url_for("attendance.lessons", dag=on.isoformat()), False

    return address
