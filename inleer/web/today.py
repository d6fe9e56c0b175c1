"""The first page of each role; for coach and coordinator the worklist of today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit, clock
from inleer.casework.words import CATEGORY_WORDS, ESCALATION_STATE_WORDS
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports import today as reads
from inleer.reports import todo
from inleer.reports.candidates import ListRow, candidates_of, with_today
from inleer.reports.frame import Frame
from inleer.reports.frame_parts import frame_of
from inleer.signals.queries import rule_names
from inleer.web.links import link, to_session

blueprint = Blueprint("today", __name__)
#: Where a role starts: the first of these pages that this installation has.
HOMES: dict[Role, tuple[str, ...]] = {
    Role.COACH: ("today.worklist",),
    Role.LEERHOME_COORDINATOR: ("today.worklist",),
    Role.TEACHER: ("attendance.lessons", "sessions.index"),
    Role.PROGRAMME_MANAGER: ("cohorts.index",),
    Role.ADMINISTRATOR: ("admin.index", "admin.organisations"),
}


@blueprint.get("/")
@guarded(Perm.ACCOUNT_OWN)
def index() -> Any:
    """To the first page of the role."""
    actor = require_actor()
    for endpoint in HOMES.get(actor.role, ()):
        address = link(endpoint)
        if address:
            return redirect(address, 303)
    return render_template("today/later.html", actor=actor)


@blueprint.get("/vandaag")
@guarded(Perm.CANDIDATE_LIST)
def worklist() -> str:
    """What needs me today, by urgency, each with the rule that put it here."""
    actor = require_actor()
    people = candidates_of(actor, "nu")
    frame = frame_of((p.cohort_id for p in people if p.cohort_id), partners=True, sessions=True)
    rows = with_today(people, frame, clock.today())
    items = _items(actor, rows, frame)
    shown = _chosen(items)
    audit.shown(actor, "candidate", dict.fromkeys(i.candidate_id for i in shown if i.candidate_id))
    template = "today/coach.html" if actor.role is Role.COACH else "today/leerhome.html"
    words = {**_words(actor, items), **_group(actor, rows, frame)}
    return render_template(template, items=shown, lines=todo.in_lines(shown), total=len(items), **words)


def _items(actor: Actor, rows: list[ListRow], frame: Frame) -> list[todo.Todo]:
    """Everything that needs this actor."""
    today = clock.today()
    people = [r.person for r in rows]
    names = {p.cohort_id: p.cohort for p in people if p.cohort_id}
    items = todo.from_signals(people, rule_names())
    if may_ever(actor, Perm.ESCALATION_VIEW):
        items += todo.from_escalations(reads.escalations_of(actor), CATEGORY_WORDS)
    items += todo.from_pauses(reads.overdue_pauses(actor))
    items += todo.from_sessions(_own_sessions(actor, frame), names, clock.now())
    if may_ever(actor, Perm.INTENTION_VIEW):
        days = {c: frame.settings(c, today)["intention.stale_days"] for c in names}
        items += todo.from_employers(reads.employers_of(actor, names), today, days)
    if actor.role is Role.COACH:
        items += todo.from_contact(rows)
    return todo.by_urgency(items)


def _own_sessions(actor: Actor, frame: Frame) -> list[Any]:
    """For a coach all sessions of the cohorts; for a coordinator those of the leerhome itself."""
    if actor.role is Role.COACH:
        return list(frame.sessions)
    return [s for s in frame.sessions if s.organisation_id == actor.organisation_id]


def _chosen(items: list[todo.Todo]) -> list[todo.Todo]:
    """The items that the URL asks for."""
    kind, cohort, coach = (request.args.get(name, "") for name in ("soort", "lichting", "coach"))
    return [
        i
        for i in items
        if (not kind or i.kind == kind)
        and (not cohort or str(i.cohort_id) == cohort)
        and (not coach or i.coach_id is None or str(i.coach_id) == coach)
    ]


def _words(actor: Actor, items: list[todo.Todo]) -> dict[str, Any]:
    coaches: dict[UUID, str] = {i.coach_id: i.coach or "" for i in items if i.coach_id}
    return {
        "actor": actor,
        "today": clock.today(),
        "kinds": todo.KINDS,
        "counts": todo.counted(items),
        "cohorts": sorted({(i.cohort_id, i.cohort) for i in items if i.cohort}, key=lambda pair: pair[1]),
        "coaches": sorted(coaches.items(), key=lambda pair: pair[1]) if len(coaches) > 1 else [],
        "escalation_words": ESCALATION_STATE_WORDS,
        "handles": may_ever(actor, Perm.SIGNAL_HANDLE),
        "handled": reads.handled_since(actor) if may_ever(actor, Perm.SIGNAL_HANDLE) else [],
        "to_session": to_session(actor),
        "candidates_url": url_for("candidates.index"),
    }


def _group(actor: Actor, rows: list[ListRow], frame: Frame) -> dict[str, Any]:
    """The sessions of today and how many people take part."""
    today = clock.today()
    editions = {(r.person.cohort_id, r.person.cohort) for r in rows if r.person.cohort_id}
    sessions = {s.id: s for s in _own_sessions(actor, frame) if s.on == today and s.state != "cancelled"}
    return {
        "sessions": list(sessions.values()),
        "people": len({r.person.candidate_id for r in rows}),
        "editions": sorted(editions, key=lambda pair: pair[1]),
    }
