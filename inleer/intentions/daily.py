"""Each day: employers that did not answer are reminded, and after 14 days it goes back to who asked.

Days on which the worker was down are done one after the other (inleer/jobs/daily.py), so what is decided here looks at
the day that is done, and at the real time for who had a mail in the last 24 hours.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db
from inleer.events import intention_changed
from inleer.intentions.actions import note
from inleer.intentions.asking import remind
from inleer.intentions.models_requests import IntentionRequest
from inleer.intentions.queries_requests import waits_for_staff
from inleer.intentions.queue import has_room, mailed_since
from inleer.intentions.rules_requests import BETWEEN_REMINDERS, stage_on
from inleer.intentions.settling import hold, items_of
from inleer.jobs import daily
from inleer.policy import Actor, unscoped


def register() -> None:
    """Let it be done each day; called once by create_app."""
    daily.register(follow_requests)


def follow_requests(actor: Actor, day: date) -> None:
    """Expire what got no answer by the end of its last day, and remind the others when it is time."""
    waiting = [r for r in _open() if not waits_for_staff(r.id)]
    _expire([r for r in waiting if r.answer_by < day], actor, day)
    groups: dict[tuple[str, str], list[IntentionRequest]] = {}
    for request in _in_running_editions(waiting):
        # Of a day long ago nobody is reminded when the last day passed meanwhile: it ends later in this round.
        due = request.stage < stage_on(request.answer_by, day) and request.answer_by >= clock.today()
        if request.state == "open" and due:
            groups.setdefault((str(request.agency_id), request.email), []).append(request)
    for (_agency, email), requests in groups.items():
        _remind(actor, email, requests, day)


def _open() -> list[IntentionRequest]:
    """The requests that wait, in the order of asking, as they are stored now; nobody else changes them meanwhile."""
    statement = select(IntentionRequest).where(IntentionRequest.state == "open").order_by(IntentionRequest.id)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    rows = db.session.execute(unscoped(locked, "the worker follows all")).scalars()
    # Who waited for a lock may get a row that was answered meanwhile.
    return sorted((r for r in rows if r.state == "open"), key=lambda r: (r.asked_at, r.id))


def _in_running_editions(requests: list[IntentionRequest]) -> list[IntentionRequest]:
    """Nobody is reminded of an edition that ended; what was asked ends on its last day."""
    ids = {r.cohort_id for r in requests}
    statement = select(Cohort.id).where(Cohort.id.in_(ids), Cohort.state.not_in(("completed", "cancelled")))
    running = set(db.session.execute(unscoped(statement, "the worker follows all")).scalars())
    return [r for r in requests if r.cohort_id in running]


def _remind(actor: Actor, email: str, requests: list[IntentionRequest], day: date) -> None:
    """One mail for all of a contact; who had a mail with a link in the last 24 hours needs none now.

    A request that this mail was not about, of another agency for instance, keeps its turn for a next day.
    """
    lately = mailed_since(email, clock.now() - BETWEEN_REMINDERS)
    sends = not lately and has_room(email)
    for request in requests:
        if sends or request.id in lately:
            request.stage = stage_on(request.answer_by, day)
        if request.id in lately:
            audit.record(actor, "intention.reminder_not_needed", request)
    if sends:
        remind(actor, requests)


def _expire(requests: list[IntentionRequest], actor: Actor, day: date) -> None:
    """Nobody answered: the intentions that waited can be asked again, and the sender's worklist says so."""
    waiting = {r.id: [i.intention_id for i in items_of(r.id) if i.outcome is None] for r in requests}
    rows = hold(i for ids in waiting.values() for i in ids)
    for request in requests:
        request.state = "expired"
        ended = [rows[i] for i in waiting[request.id] if rows[i].state == "requested"]
        for row in ended:
            row.state = "expired"
            note(actor, row, "requested", "expired", day, "worker", None, row.positions)
        audit.record(actor, "intention.expired", request, covers=ended)
        intention_changed.fire(actor, [row.id for row in ended])
