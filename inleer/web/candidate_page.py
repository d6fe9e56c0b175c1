"""The file of one candidate: head, what needs someone, one timeline, attendance. Each tab is a page of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from flask import render_template, request

from inleer import clock
from inleer.attendance.rules import STATUSES, Applies, Qualification, applicability
from inleer.casework.forms import NoteForm
from inleer.casework.words import (
    AUDIENCE_HELP,
    AUDIENCE_WORDS,
    CATEGORY_WORDS,
    CHANNEL_WORDS,
    ESCALATION_STATE_WORDS,
    URGENCY_WORDS,
)
from inleer.cohorts.rules import DROPOUT_REASONS, ENROLMENT_STEPS, INITIATORS, STATE_WORDS, WOULD_RETURN
from inleer.i18n import _, format_date
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports.candidate import EnrolmentRow, enrolments_of
from inleer.reports.frame import Frame
from inleer.reports.frame_parts import frame_of
from inleer.reports.marks import by_week, marks_of
from inleer.reports.moments import Moment
from inleer.reports.timeline import timeline_of
from inleer.signals.queries import handles_people, pages, rule_names
from inleer.web.candidates import blueprint
from inleer.web.slots import slot_boxes
from inleer.web.svg import Phase

#: Filters of the timeline: key → (word, kinds).
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Alles", ("step", "pause", "coach", "phase", "note", "signal", "escalation", "correction")),
    "notities": ("Notities", ("note",)),
    "signalen": ("Signalen en meldingen", ("signal", "escalation")),
    "stappen": ("Stappen en fasen", ("step", "pause", "coach", "phase")),
}


@blueprint.get("/<uuid:candidate_id>")
@guarded(Perm.CANDIDATE_VIEW, on=Candidate, reads=True)
def show(candidate: Candidate) -> str:
    """The candidate's file."""
    actor = require_actor()
    enrolments = enrolments_of(actor, candidate.id)
    head = head_of(actor, candidate, enrolments)
    file = _file(actor, candidate, enrolments)
    head["can"]["last_coach"] = file.pop("last_coach") if head["can"]["give_coach"] else None
    return render_template("candidates/show.html", **head, **words(), **file, **_slots(actor, enrolments))


def _file(actor: Actor, candidate: Candidate, enrolments: list[EnrolmentRow]) -> dict[str, Any]:
    """The timeline as the URL filters it, and what in it still waits for someone."""
    moments = timeline_of(actor, candidate.id)
    chosen = request.args.get("toon", "")
    chosen = chosen if chosen in FILTERS else ""
    return {
        "moments": [m for m in moments if m.what in FILTERS[chosen][1]],
        "waiting": _waiting(moments),
        "signal_pages": pages(actor),
        "chosen": chosen,
        "filters": FILTERS,
        "note_form": _note_form(actor),
        "audience_help": AUDIENCE_HELP,
        "undoable": _undoable(moments, enrolments),
        "last_coach": _last_coach(moments),
    }


def _note_form(actor: Actor) -> NoteForm | None:
    return NoteForm(on=clock.today()) if may_ever(actor, Perm.NOTE_WRITE) else None


def _slots(actor: Actor, enrolments: list[EnrolmentRow]) -> dict[str, Any]:
    if not enrolments:
        return {"main_boxes": [], "aside_boxes": []}
    current = enrolments[0]
    return {
        "main_boxes": slot_boxes(actor, "candidate.main", current.route_key, current.id),
        "aside_boxes": slot_boxes(actor, "candidate.aside", current.route_key, current.id),
    }


def _waiting(moments: list[Moment]) -> list[Moment]:
    """Open signals and messages, the most urgent first."""
    order = {"bad": 0, "today": 0, "warn": 1, "this_week": 1}
    found = [m for m in moments if m.what in ("signal", "escalation") and m.state in ("open", "acknowledged")]
    return sorted(found, key=lambda m: (order.get(m.more, 2), m.on))


def _last_coach(moments: list[Moment]) -> UUID | None:
    """The latest change of coach: the one that can be taken back."""
    found = [m for m in moments if m.what == "coach"]
    return max(found, key=lambda m: m.at).id if found else None


def _undoable(moments: list[Moment], enrolments: list[EnrolmentRow]) -> bool:
    """Whether the last step of the enrolment shown can be taken back; the arrival of a move goes with the move."""
    if not enrolments or enrolments[0].state == "moved":
        return False
    current = enrolments[0]
    here = [
        m
        for m in moments
        if m.what == "step" and m.place == current.cohort and m.undone_at is None and not m.daily
    ]
    last = max(here, key=lambda m: m.at, default=None)
    if last is None:
        return False
    if last.other_id is not None:
        return _still_to_begin(last, current) and any(
            e.cohort_id == last.other_id and e.state == "moved" for e in enrolments
        )
    if not last.more or last.code != current.state:
        return False
    return last.more != last.code or last.before is not None


def _still_to_begin(arrival: Moment, current: EnrolmentRow) -> bool:
    """Whether no week since an arrival has lessons with a mark: after a lesson a move is not taken back."""
    first = arrival.begins or arrival.on
    return not any(week.planned and week.monday >= first for week in current.weeks)


def words() -> dict[str, Any]:
    """The Dutch words for the codes in a file."""
    return {
        "initiator_words": INITIATORS,
        "dropout_words": DROPOUT_REASONS,
        "return_words": WOULD_RETURN,
        "channel_words": CHANNEL_WORDS,
        "audience_words": AUDIENCE_WORDS,
        "category_words": CATEGORY_WORDS,
        "urgency_words": URGENCY_WORDS,
        "escalation_words": ESCALATION_STATE_WORDS,
        "rule_names": rule_names(),
        "statuses": STATUSES,
    }


def head_of(actor: Actor, candidate: Candidate, enrolments: list[EnrolmentRow]) -> dict[str, Any]:
    """What stands at the top of every tab: phases, state, attendance, what 16 hours mean, who helps, next session."""
    today = clock.today()
    current = enrolments[0] if enrolments else None
    frame = frame_of([current.cohort_id] if current else [], partners=True)
    known: dict[str, Any] = {
        "candidate": candidate,
        "state_words": STATE_WORDS,
        "today": today,
        "current": current,
        "earlier": enrolments[1:],
        "can": _permissions(actor, current),
        "phases": [],
        "helpers": [],
        "late_counts": None,
        "unexcused": 0,
        "limits": frame.settings(current.cohort_id, today) if current else {},
        "applies": _applies(candidate, current, frame, today),
    }
    if current is not None:
        start = frame.window_start(current.cohort_id, today, known["limits"]["sixteen_hours.weeks"])
        known["unexcused"] = current.unexcused_since(start)
        known["phases"] = phase_bar(frame, current.cohort_id, current.completed_phases)
        known["helpers"] = _helpers(current, frame)
        schools = [p for p in frame.partners.get(current.cohort_id, ()) if p.kind == "school"]
        known["late_counts"] = any(school.late_counts for school in schools) if schools else None
    return known


def phase_bar(frame: Frame, cohort_id: Any, completed: frozenset[str] = frozenset()) -> list[Phase]:
    """The phases of a cohort for the phase line; ``completed`` are the names of those that one person completed."""
    return [
        Phase(p.name, p.start, p.end, _span(p.start, p.end), completed=p.name in completed)
        for p in frame.phases.get(cohort_id, ())
    ]


def _span(start: date, end: date | None) -> str:
    if end is None:
        return _("vanaf %(day)s", day=format_date(start))
    return _("t/m %(day)s", day=format_date(end))


def _applies(candidate: Candidate, current: EnrolmentRow | None, frame: Frame, today: date) -> Applies | None:
    """What reaching 16 hours means: on the day it was reached, else today. None without an edition."""
    if current is None:
        return None
    on = current.reached_on or today
    limit = frame.settings(current.cohort_id, on)["sixteen_hours.age_limit"]
    born = candidate.birth_date if candidate.birth_date and candidate.birth_date <= on else None
    return applicability(born, cast(Qualification, candidate.startkwalificatie), on, limit)


def _helpers(current: EnrolmentRow, frame: Frame) -> list[tuple[str, str | None]]:
    partners = frame.partners.get(current.cohort_id, ())
    by_kind = {kind: ", ".join(p.name for p in partners if p.kind == kind) for kind in ("leerhome", "school")}
    coach = current.coach
    if current.substitute:
        coach = _("%(coach)s (nu waargenomen door %(other)s)", coach=coach, other=current.substitute)
    return [
        (_("Werkcoach"), coach),
        (_("Leerhome"), by_kind["leerhome"] or None),
        (_("School"), by_kind["school"] or None),
    ]


def _permissions(actor: Actor, current: EnrolmentRow | None) -> dict[str, Any]:
    """What the actor may do on this page, and which steps the enrolment can take."""
    steps = ENROLMENT_STEPS[current.state] if current else frozenset()
    return {
        "change": may_ever(actor, Perm.ENROLMENT_CHANGE) and current is not None,
        "details": may_ever(actor, Perm.CANDIDATE_CHANGE),
        "give_coach": may_ever(actor, Perm.CANDIDATE_COACH),
        "intake": may_ever(actor, Perm.CANDIDATE_INTAKE),
        "phases": may_ever(actor, Perm.PHASE_VIEW),
        "placements": may_ever(actor, Perm.PLACEMENT_VIEW),
        "complete_phases": may_ever(actor, Perm.PHASE_COMPLETE),
        "handle": handles_people(actor),
        "escalate": may_ever(actor, Perm.ESCALATION_RAISE),
        "acknowledge": may_ever(actor, Perm.ESCALATION_ACKNOWLEDGE),
        "coach": actor.role is Role.COACH,
        "user_id": actor.user_id,
        "since": clock.now() - timedelta(days=1),
        "steps": steps,
    }


@blueprint.get("/<uuid:candidate_id>/aanwezigheid")
@guarded(Perm.CANDIDATE_VIEW, on=Candidate, reads=True)
def attendance(candidate: Candidate) -> str:
    """Attendance per week and per session."""
    actor = require_actor()
    rows = marks_of(actor, candidate.id)
    return render_template(
        "candidates/attendance.html",
        **head_of(actor, candidate, enrolments_of(actor, candidate.id)),
        weeks=by_week(rows, clock.now()),
        statuses=STATUSES,
        show_notes=actor.role is Role.COACH,
    )
