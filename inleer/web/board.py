"""The page of one cohort: phases, what needs someone, job certainty, this week, the group, the employers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request

from inleer import audit, clock
from inleer.attendance.rules import percent
from inleer.calendars.rules import monday
from inleer.cohorts.models import Cohort
from inleer.cohorts.queries import PARTNER_WORDS
from inleer.cohorts.rules import STATE_WORDS
from inleer.exchange.export import FORMATS, Table, export
from inleer.i18n import _
from inleer.intentions.queries import IntentionRow, intentions_of
from inleer.intentions.rules import KIND_WORDS, Places, count_places, is_stale
from inleer.intentions.rules import STATE_WORDS as INTENTION_WORDS
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports import todo
from inleer.reports.board import group_of
from inleer.reports.candidates import ListRow, in_order, with_today
from inleer.reports.frame import Frame
from inleer.reports.frame_parts import frame_of
from inleer.reports.people_rows import TAKING_PART, PersonRow, strip
from inleer.reports.todo_rows import EmployerRow
from inleer.signals.queries import rule_names
from inleer.web.candidate_page import phase_bar
from inleer.web.candidates import sent
from inleer.web.cohort_list import TONES, blueprint
from inleer.web.links import link, to_session
from inleer.web.slots import panel_boxes

WEEKS_SHOWN = 9
SORTS = ("signaal", "naam", "aanwezig", "ongeoorloofd", "contact")
_STARTS_DESCENDING = ("ongeoorloofd", "contact")


@blueprint.get("/<uuid:cohort_id>")
@guarded(Perm.COHORT_BOARD, on=Cohort)
def board(cohort: Cohort) -> Any:
    """One cohort on one page."""
    actor = require_actor()
    frame = frame_of([cohort.id], sessions=True)
    group = with_today(group_of(actor, cohort.id), frame, clock.today())
    rows = _chosen(group)
    audit.shown(actor, "candidate", [r.person.candidate_id for r in rows])
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return sent(export(_table(cohort, rows), kind))
    known = {**_around(actor, cohort, frame), **_group(group), **_needs(actor, cohort, frame, group)}
    return render_template("cohorts/board.html", rows=rows, **known)


def _chosen(group: list[ListRow]) -> list[ListRow]:
    """The people that the URL asks for, in its order."""
    tests: dict[str, Callable[[ListRow], bool]] = {
        "signaal": lambda r: bool(r.person.signals),
        "contact": lambda r: r.forgotten and r.person.state in TAKING_PART,
        "gestopt": lambda r: r.person.state not in TAKING_PART,
        "zonder-coach": lambda r: r.person.coach_id is None and r.person.state in TAKING_PART,
    }
    test = tests.get(request.args.get("toon", ""), _takes_part)
    sort = request.args.get("sort", "signaal")
    descending = request.args.get("dir", "desc" if sort in _STARTS_DESCENDING else "asc") == "desc"
    return in_order([r for r in group if test(r)], sort if sort in SORTS else "signaal", descending)


def _takes_part(row: ListRow) -> bool:
    return row.person.state in TAKING_PART


def _group(group: list[ListRow]) -> dict[str, Any]:
    """The filters of the group with their counts, and how it is sorted."""
    here = [r for r in group if r.person.state in TAKING_PART]
    sort = request.args.get("sort", "signaal")
    return {
        "chosen": request.args.get("toon", ""),
        "sort": sort if sort in SORTS else "signaal",
        "direction": request.args.get("dir", "desc" if sort in _STARTS_DESCENDING else "asc"),
        "people": len(here),
        "with_signal": sum(1 for r in group if r.person.signals),
        "without_contact": sum(1 for r in here if r.forgotten),
        "without_coach": sum(1 for r in here if r.person.coach_id is None),
        "ended": len(group) - len(here),
        "strips": _strips(group),
        "chips_of": {**rule_names(), **{rule: _(word) for rule, word in todo.SHORT.items()}},
        "everything": request.args.get("nodig") == "alles",
        "strip_of": strip,
    }


def _strips(group: Sequence[ListRow]) -> list[date]:
    """The Mondays of the weeks in the week strip, oldest first."""
    last = monday(clock.today())
    return [last - timedelta(weeks=n) for n in range(WEEKS_SHOWN - 1, -1, -1)] if group else []


def _around(actor: Actor, cohort: Cohort, frame: Frame) -> dict[str, Any]:
    """The head of the page, this week and the partners."""
    today = clock.today()
    first = monday(today)
    limits = frame.settings(cohort.id, today)
    route = frame.routes[cohort.id]
    return {
        "cohort": cohort,
        "today": today,
        "tone": TONES[cohort.state],
        "phases": phase_bar(frame, cohort.id),
        "route": route,
        "week": _week_number(cohort, frame, today),
        "sessions": [s for s in frame.sessions if first <= s.on < first + timedelta(weeks=1)],
        "waiting_weeks": {
            monday(s.on) for s in frame.sessions if s.on < today and s.state in ("planned", "open")
        },
        "partners": [p for p in frame.partners.get(cohort.id, ()) if p.kind != "lead"],
        "partner_words": PARTNER_WORDS,
        "limits": limits,
        "state_words": STATE_WORDS,
        "is_coach": actor.role is Role.COACH,
        "sees_dossiers": may_ever(actor, Perm.CANDIDATE_VIEW),
        "panels": panel_boxes(actor, "cohort.board", cohort.route_key, cohort.id),
        "links": _links(actor, cohort),
    }


def _week_number(cohort: Cohort, frame: Frame, today: date) -> tuple[int, int | None] | None:
    """Which week of how many it is; None before the start. The number is unknown when the last phase is open."""
    if today < cohort.starts_on:
        return None
    ends = [p.end for p in frame.phases.get(cohort.id, ())]
    first = monday(cohort.starts_on)
    last = ends[-1] if ends else None
    total = (monday(last) - first).days // 7 + 1 if last else None
    number = (monday(today) - first).days // 7 + 1
    return number, total


def _links(actor: Actor, cohort: Cohort) -> dict[str, str]:
    """Addresses of pages about this cohort that the actor may use, as far as they exist."""
    known = {
        "plan": (Perm.COHORT_PLAN, "planning.show"),
        "imports": (Perm.COHORT_IMPORT, "imports.index"),
        "sessions": (Perm.COHORT_PLAN, "planning.sessions"),
        "phases": (Perm.PHASE_GROUP, "cohorts.phases"),
        "intention": (Perm.INTENTION_RECORD, "intentions.new"),
    }
    return {
        name: link(endpoint, cohort_id=cohort.id) if may_ever(actor, perm) else ""
        for name, (perm, endpoint) in known.items()
    }


def _needs(actor: Actor, cohort: Cohort, frame: Frame, group: list[ListRow]) -> dict[str, Any]:
    """What needs someone now, and how certain the jobs are."""
    today = clock.today()
    intentions = intentions_of(actor, cohort.id) if may_ever(actor, Perm.INTENTION_VIEW) else []
    days = frame.settings(cohort.id, today)["intention.stale_days"]
    people = [r.person for r in group]
    taking_part = sum(1 for p in people if p.state in TAKING_PART)
    places = count_places(intentions)
    items = todo.from_signals(people, rule_names())
    items += _messages(people)
    if cohort.state in ("recruiting", "running"):
        items += todo.from_sessions(frame.sessions, {cohort.id: cohort.name}, clock.now())
        items += todo.from_employers(_employers(cohort, intentions), today, {cohort.id: days})
        items += todo.from_places(places, taking_part, cohort.id) if intentions else []
    return {
        "needs": len(items),
        "lines": todo.in_lines(todo.by_urgency(items)),
        "places": places,
        "hours": _hours(places),
        "intentions": intentions,
        "sees_places": may_ever(actor, Perm.INTENTION_VIEW),
        "records": may_ever(actor, Perm.INTENTION_RECORD),
        "handles": may_ever(actor, Perm.SIGNAL_HANDLE),
        "intention_words": INTENTION_WORDS,
        "kind_words": KIND_WORDS,
        "stale": {i.id for i in intentions if is_stale(i, today, days)},
        "to_session": to_session(actor),
    }


def _hours(places: Places) -> tuple[int, int] | None:
    """Weekly hours of a confirmed place on average (at least, at most); None when unknown."""
    if not places.confirmed or not places.hours_max:
        return None
    return round(places.hours_min / places.confirmed), round(places.hours_max / places.confirmed)


def _messages(people: list[PersonRow]) -> list[todo.Todo]:
    """Open messages from the leerhome, one line per person."""
    return [
        todo.Todo(
            kind="message",
            tone="bad",
            who=todo.full(p),
            what=_("heeft een melding van de leerhome die nog niemand heeft gezien."),
            rule=_("melding van de leerhome"),
            on=None,
            id=p.candidate_id,
            candidate_id=p.candidate_id,
        )
        for p in people
        if p.escalations
    ]


def _employers(cohort: Cohort, intentions: list[IntentionRow]) -> list[EmployerRow]:
    return [
        EmployerRow(
            id=i.id,
            cohort_id=cohort.id,
            cohort=cohort.name,
            employer=i.employer,
            function=i.function,
            state=i.state,
            positions=i.positions,
            hours_min=i.hours_min,
            hours_max=i.hours_max,
            confirmed_on=i.confirmed_on,
        )
        for i in intentions
    ]


def _table(cohort: Cohort, rows: list[ListRow]) -> Table:
    columns = (
        "Naam",
        "Stand",
        "Aanwezig in %",
        "Aanwezige uren",
        "Uren met oordeel",
        "Ongeoorloofde uren in het venster",
        "Signaal",
        "Laatste contact",
        "Werkcoach",
    )
    return Table(
        f"{cohort.slug}-{clock.today().isoformat()}", [_(c) for c in columns], [_cells(r) for r in rows]
    )


def _cells(row: ListRow) -> list[Any]:
    person = row.person
    share = percent(person.present, person.planned)
    return [
        todo.full(person),
        _(STATE_WORDS[person.state]),
        share if share is not None else _("nog niets te tellen"),
        round(person.present / 60, 2),
        round(person.planned / 60, 2),
        round(row.unexcused / 60, 2),
        person.signal.text if person.signal else "",
        person.contact_on or _("nog geen contact"),
        person.coach or "",
    ]
