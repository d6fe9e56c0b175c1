"""The first page of each role; for coach and coordinator the worklist of today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit, clock
from inleer.casework.words import ESCALATION_STATE_WORDS
from inleer.policy import Actor, Perm, Role
from inleer.policy.guard import guarded, require_actor
from inleer.reports import today as reads
from inleer.reports import todo
from inleer.reports.candidates import ListRow, candidates_of, with_today
from inleer.reports.frame import Frame
from inleer.reports.frame_parts import frame_of
from inleer.reports.worklist import items_for, own_sessions
from inleer.signals.queries import handles_people
from inleer.web.links import link, to_session
from inleer.web.saved_views import views

blueprint = Blueprint("today", __name__)
#: Where a role starts: the first of these pages that this installation has.
HOMES: dict[Role, tuple[str, ...]] = {
    Role.COACH: ("today.worklist",),
    Role.LEERHOME_COORDINATOR: ("today.worklist",),
    Role.TEACHER: ("attendance.lessons", "sessions.index"),
    Role.PROGRAMME_MANAGER: ("cohorts.index",),
    Role.ADMINISTRATOR: ("admin.index", "admin.organisations"),
    Role.EMPLOYER: ("own_intentions.index",),
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
    items = items_for(actor, rows, frame)
    shown = _chosen(items)
    handled = reads.handled_since(actor) if handles_people(actor) else []
    named = [*(i.candidate_id for i in shown), *(row.candidate_id for row in handled)]
    audit.shown(actor, "candidate", dict.fromkeys(one_id for one_id in named if one_id))
    template = "today/coach.html" if actor.role is Role.COACH else "today/leerhome.html"
    words = {**_words(actor, items), **_group(actor, rows, frame), "handled": handled}
    return render_template(template, items=shown, lines=todo.in_lines(shown), total=len(items), **words)


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
        "handles": handles_people(actor),
        "to_session": to_session(actor),
        "views": views("vandaag"),
        "candidates_url": url_for("candidates.index"),
    }


def _group(actor: Actor, rows: list[ListRow], frame: Frame) -> dict[str, Any]:
    """The sessions of today and how many people take part."""
    today = clock.today()
    editions = {(r.person.cohort_id, r.person.cohort) for r in rows if r.person.cohort_id}
    sessions = {s.id: s for s in own_sessions(actor, frame) if s.on == today and s.state != "cancelled"}
    return {
        "sessions": list(sessions.values()),
        "people": len({r.person.candidate_id for r in rows}),
        "editions": sorted(editions, key=lambda pair: pair[1]),
    }
