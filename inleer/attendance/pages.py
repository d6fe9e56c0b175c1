"""The pages of lessons and of the register, put together from reads and presenters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts.models import User
from inleer.attendance.closing import is_closed, last_open_day
from inleer.attendance.marks import left_by_fill
from inleer.attendance.presenters import Cell, address, cell, choices, correction_lines, is_empty
from inleer.attendance.presenters_lessons import (
    DAY,
    WEEK,
    Lesson,
    Section,
    by_day,
    is_mine,
    present,
    sections,
    week_grid,
    week_name,
)
from inleer.attendance.queries import corrections_of, lock_days
from inleer.attendance.queries_lessons import (
    WAITING_SHOWN,
    LessonRow,
    Window,
    lessons,
    neighbours,
)
from inleer.attendance.queries_register import RegisterRow, register_rows
from inleer.attendance.saving import Sent, conflicting
from inleer.attendance.stamps import stamp
from inleer.cohorts.models import Session
from inleer.db import db
from inleer.policy import Actor, Perm, Role, may_ever, unscoped

LONG_AGO = date(2000, 1, 1)


def day_page(actor: Actor, day: date) -> dict[str, Any]:
    """The lessons of a day in sections, what still waits, and the way to other days."""
    today = clock.today()
    rows = lessons(actor, day, day)
    waiting = _waiting(actor, today) if day == today else []
    introduction = _introduction(actor, day)
    shown = _presented(actor, [*rows, *waiting, *introduction])
    around = neighbours(actor, day)
    parts = sections(actor, shown[: len(rows)])
    old = shown[len(rows) : len(rows) + len(waiting)]
    return {
        "day": day,
        "today": today,
        "sections": parts,
        "no_lessons": not rows,
        "waiting": old[:WAITING_SHOWN],
        "more_waiting": len(old) > WAITING_SHOWN,
        "grid": week_grid(shown[len(rows) + len(waiting) :]),
        "previous": around.previous,
        "next": around.next,
        "own_next": around.own_next,
        "week": week_name(day),
        "has_own": any(is_mine(actor, lesson) for lesson in shown[: len(rows)]),
        "left": len(mine := _mine_waiting(parts)),
        "first": mine[0] if mine else None,
        "actor": actor,
        "explains": may_ever(actor, Perm.SIGNAL_HANDLE),
    }


def week_page(actor: Actor, monday: date, everybody: bool) -> dict[str, Any]:
    """The lessons of a week per day: one's own, or all of them."""
    shown = _presented(actor, lessons(actor, monday, monday + 6 * DAY))
    own = [x for x in shown if is_mine(actor, x)]
    has_own = actor.role in (Role.TEACHER, Role.LEERHOME_COORDINATOR)
    chosen = shown if everybody or not has_own else own
    return {
        "monday": monday,
        "sunday": monday + 6 * DAY,
        "today": clock.today(),
        "days": by_day(chosen, monday),
        "count": len(chosen),
        "own_count": len(own),
        "all_count": len(shown),
        "has_own": has_own,
        "everybody": everybody,
        "week": week_name(monday),
        "previous": week_name(monday - WEEK),
        "next": week_name(monday + WEEK),
        "actor": actor,
    }


def _waiting(actor: Actor, today: date) -> list[LessonRow]:
    if not may_ever(actor, Perm.ATTENDANCE_RECORD):
        return []
    return lessons(actor, LONG_AGO, today - DAY, Window.WAITING)


def _introduction(actor: Actor, day: date) -> list[LessonRow]:
    """The weeks of the introduction around a day, for who runs the leerhome."""
    if actor.role is not Role.LEERHOME_COORDINATOR:
        return []
    monday = day - day.weekday() * DAY
    return lessons(actor, monday - 4 * WEEK, monday + 6 * WEEK - DAY, Window.INTRODUCTION)


def _presented(actor: Actor, rows: list[LessonRow]) -> list[Lesson]:
    finished = [row.id for row in rows if row.state == "recorded"]
    return present(actor, rows, lock_days(finished, clock.today()))


def _mine_waiting(parts: list[Section]) -> list[Lesson]:
    """One's own lessons of this day that still have to be finished."""
    return [x for part in parts if part.key in ("own", "substitute") for x in part.lessons if x.waits]


def register_page(actor: Actor, session: Session, args: Mapping[str, str]) -> dict[str, Any]:
    """The register of a session: who takes part that day, with what is recorded.

    ``args``: ``gevuld`` (who was empty was just marked as present) and ``leeg`` (say who is still empty). The undo of
    the last bulk mark stands there as long as it can.
    """
    rows = register_rows(actor, session)
    audit.shown(actor, "candidate", [row.candidate_id for row in rows])
    page = _page(actor, session, rows)
    if page["mode"] != "record":
        return page
    empty = [shown for shown, row in zip(page["cells"], rows, strict=True) if is_empty(row)]
    return {
        **page,
        "undo": _undo(rows, session.filled_at),
        "just_filled": "gevuld" in args,
        "still_empty": empty if "leeg" in args else [],
    }


def sent_page(actor: Actor, session: Session, sent: Sent) -> dict[str, Any]:
    """The register again, with what was typed, after something stood in the way of it."""
    audit.shown(actor, "candidate", [row.candidate_id for row in sent.rows])
    rows = register_rows(actor, session)
    page = _page(actor, session, rows)
    url = address("attendance.save_cell", session)
    cells: list[Cell] = []
    for row in rows:
        typed = sent.typed.get(row.enrolment_id)
        conflict = sent.conflicts.get(row.enrolment_id)
        if conflict is not None and typed is not None:
            cells.append(conflicting(row, url, typed, conflict))
        elif typed is not None and typed.touched and sent.status == 422:
            cells.append(replace(cell(row, url, typed=typed), version=str(typed.stamp)))
        else:
            cells.append(cell(row, url, owner=actor.user_id))
    problems = [(c, m) for c in cells for m in c.errors.values()]
    return {**page, "cells": cells, "problems": problems, "conflicts": len(sent.conflicts)}


def _page(actor: Actor, session: Session, rows: list[RegisterRow]) -> dict[str, Any]:
    days = lock_days([session.id], clock.today())[session.id] if session.state == "recorded" else 0
    mode, read_only = _mode(session, days)
    url = (
        ""
        if mode in ("cancelled", "future", "read")
        else address("attendance.correct" if mode == "correct" else "attendance.save_cell", session)
    )
    corrections = corrections_of(session.id) if session.state == "locked" else []
    changed = {one.enrolment_id for one in corrections}
    shown = "read" if read_only else mode
    cells = [
        cell(row, url, shown, owner=actor.user_id, corrected=row.enrolment_id in changed) for row in rows
    ]
    moments = [row.recorded_at for row in rows if row.recorded_at]
    empty = sum(is_empty(row) for row in rows)
    return {
        "session": session,
        "mode": mode,
        "cells": cells,
        "statuses": choices(),
        "late_counts": any(row.late_counts for row in rows),
        "total": len(rows),
        "filled": len(rows) - empty,
        "empty": empty,
        "saved_at": max(moments) if moments else None,
        "open_until": last_open_day(session.on, session.recorded_at, days) if mode == "read" else None,
        "corrections": correction_lines(corrections, rows),
        "back_url": url_for("attendance.lessons", dag=session.on.isoformat()),
        "today": clock.today(),
        "given_by": _colleague(actor, session),
        "changes": may_ever(actor, Perm.SESSION_CHANGE),
        "undo": {},
        "just_filled": False,
        "still_empty": [],
        "problems": [],
        "conflicts": 0,
        "actor": actor,
    }


def _colleague(actor: Actor, session: Session) -> str:
    """The name of the colleague whose lesson this is; empty for an own lesson, or one that is nobody's."""
    owners = (session.substitute_id, session.teacher_id)
    owner = session.substitute_id or session.teacher_id
    if actor.role is not Role.TEACHER or owner is None or actor.user_id in owners:
        return ""
    name = select(User.name).where(User.id == owner)
    return db.session.execute(unscoped(name, "who teaches a session that was loaded in scope")).scalar_one()


def _mode(session: Session, days: int) -> tuple[str, bool]:
    """How a register opens (cancelled, future, correct, read or record), and whether its cells can only be read."""
    today = clock.today()
    if session.state == "cancelled":
        return "cancelled", True
    if session.on > today:
        return "future", True
    if is_closed(session.state, session.on, session.recorded_at, days, today):
        return "correct", False
    return ("read", True) if session.state == "recorded" else ("record", False)


def _undo(rows: list[RegisterRow], filled_at: datetime | None) -> dict[str, str]:
    """The fields of the undo of a bulk mark: the cells that are still as it left them, with their stamps."""
    return {
        f"version-{r.enrolment_id}": str(stamp(r.version, r.status, r.minutes, r.note))
        for r in rows
        if left_by_fill(r.recorded_at, r.version, r.status, filled_at)
    }
