"""What needs somebody today, from everywhere: the worklist of a coach or coordinator."""

from __future__ import annotations

from typing import Any

from inleer import clock
from inleer.casework.words import CATEGORY_WORDS
from inleer.intentions.queries_requests import messages_of, requests_of
from inleer.merging.queries import possible
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.reports import today as reads
from inleer.reports import todo
from inleer.reports.candidates import ListRow, candidates_of, with_today
from inleer.reports.frame import Frame
from inleer.reports.frame_parts import frame_of
from inleer.reports.todo_duplicates import from_duplicates
from inleer.reports.todo_requests import from_messages, from_requests
from inleer.signals.queries import pages, rule_names


def worklist_of(actor: Actor) -> list[todo.Todo]:
    """Everything that needs this actor now, by urgency."""
    people = candidates_of(actor, "nu")
    frame = frame_of((p.cohort_id for p in people if p.cohort_id), partners=True, sessions=True)
    return items_for(actor, with_today(people, frame, clock.today()), frame)


def items_for(actor: Actor, rows: list[ListRow], frame: Frame) -> list[todo.Todo]:
    """The same, of people and a frame that were read before."""
    today = clock.today()
    people = [r.person for r in rows]
    names = {p.cohort_id: p.cohort for p in people if p.cohort_id}
    items = todo.from_signals(people, rule_names(), pages(actor))
    if may_ever(actor, Perm.ESCALATION_VIEW):
        items += todo.from_escalations(reads.escalations_of(actor), CATEGORY_WORDS)
    items += todo.from_pauses(reads.overdue_pauses(actor))
    items += todo.from_sessions(own_sessions(actor, frame), names, clock.now())
    if may_ever(actor, Perm.INTENTION_VIEW):
        days = {c: frame.settings(c, today)["intention.stale_days"] for c in names}
        items += todo.from_employers(reads.employers_of(actor, names), today, days)
    if may_ever(actor, Perm.INTENTION_ASK):
        items += from_requests(requests_of(actor, unanswered=True), actor.user_id)
        items += from_messages(messages_of(actor), actor.user_id)
    if actor.role is Role.COACH:
        items += todo.from_contact(rows)
    if may_ever(actor, Perm.CANDIDATE_MERGE):
        items += from_duplicates(possible(actor), rows)
    return todo.by_urgency(items)


def own_sessions(actor: Actor, frame: Frame) -> list[Any]:
    """For a coach all sessions of the cohorts; for a coordinator those of the leerhome itself."""
    if actor.role is Role.COACH:
        return list(frame.sessions)
    return [s for s in frame.sessions if s.organisation_id == actor.organisation_id]
