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
from inleer.cohorts.planning import missing_of
from inleer.cohorts.queries import PARTNER_WORDS
from inleer.cohorts.rules import DROPOUT_REASONS, INITIATORS, STATE_WORDS, WOULD_RETURN
from inleer.export import FORMATS, Table, export, sent
from inleer.extend.types import PhaseKind
from inleer.i18n import _
from inleer.intentions.queries import IntentionRow, intentions_of
from inleer.intentions.queries_employers import response_of
from inleer.intentions.rules import KIND_WORDS, count_places, is_stale
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
from inleer.signals.queries import handles_people, pages, rule_names
from inleer.web.candidate_page import phase_bar
from inleer.web.cohort_list import TONES, blueprint
from inleer.web.columns import CHOICES, Columns, columns, of_file
from inleer.web.filters import list_name
from inleer.web.links import link, to_session
from inleer.web.slots import panel_boxes
from inleer.web.svg import mark_label

WEEKS_SHOWN = 9
SORTS = ("signaal", "naam", "aanwezig", "ongeoorloofd", "contact")
_STARTS_DESCENDING = ("ongeoorloofd", "contact")
_OF_DOSSIER = ("signaal", "contact")
#: Of a file: the column of the group that a cell belongs to, and its heading.
_HEADINGS = (
    ("", "Naam"),
    ("week", "Per week"),
    ("aanwezig", "Aanwezig in %"),
    ("aanwezig", "Aanwezige uren"),
    ("aanwezig", "Uren met oordeel"),
    ("ongeoorloofd", "Ongeoorloofde uren in het venster"),
    ("signaal", "Signaal"),
    ("contact", "Laatste contact"),
    ("coach", "Werkcoach"),
)


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
        return sent(export(_table(cohort, rows, _columns(actor), _waiting_weeks(frame)), kind))
    known = {**_around(actor, cohort, frame), **_group(group), **_needs(actor, cohort, frame, group)}
    return render_template("cohorts/board.html", rows=rows, columns=_columns(actor), **known)


def _columns(actor: Actor) -> Columns:
    """The columns of the group; signals and contact are for who reads dossiers."""
    hidden = () if may_ever(actor, Perm.CANDIDATE_VIEW) else _OF_DOSSIER
    return columns("groep", tuple(CHOICES["groep"]), hidden)


def _chosen(group: list[ListRow]) -> list[ListRow]:
    """The people that the URL asks for, in its order."""
    tests: dict[str, Callable[[ListRow], bool]] = {
        "signaal": lambda r: bool(r.person.signals) and _takes_part(r),
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
        "with_signal": sum(1 for r in here if r.person.signals),
        "without_contact": sum(1 for r in here if r.forgotten),
        "without_coach": sum(1 for r in here if r.person.coach_id is None),
        "ended": len(group) - len(here),
        "strips": _strips(group),
        "chips_of": {**rule_names(), **{rule: _(word) for rule, word in todo.SHORT.items()}},
        "everything": request.args.get("nodig") == "alles",
        "strip_of": strip,
        "initiator_words": INITIATORS,
        "dropout_words": DROPOUT_REASONS,
        "return_words": WOULD_RETURN,
    }


def _strips(group: Sequence[ListRow]) -> list[date]:
    """The Mondays of the weeks in the week strip, oldest first."""
    last = monday(clock.today())
    return [last - timedelta(weeks=n) for n in range(WEEKS_SHOWN - 1, -1, -1)] if group else []


def _waiting_weeks(frame: Frame) -> set[date]:
    """The Mondays of weeks with a past session that nobody recorded."""
    today = clock.today()
    return {monday(s.on) for s in frame.sessions if s.on < today and s.state in ("planned", "open")}


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
        "waiting_weeks": _waiting_weeks(frame),
        "partners": [p for p in frame.partners.get(cohort.id, ()) if p.kind != "lead"],
        "partner_words": PARTNER_WORDS,
        "limits": limits,
        "state_words": STATE_WORDS,
        "is_coach": actor.role is Role.COACH,
        "sees_signals": may_ever(actor, Perm.SIGNAL_VIEW),
        "is_leerhome": actor.role is Role.LEERHOME_COORDINATOR,
        "sees_dossiers": may_ever(actor, Perm.CANDIDATE_VIEW),
        "gives_coach": not may_ever(actor, Perm.CANDIDATE_VIEW) and may_ever(actor, Perm.CANDIDATE_COACH),
        "panels": panel_boxes(actor, "cohort.board", cohort.route_key, cohort.id),
        "links": _links(actor, cohort),
    }


def _week_number(cohort: Cohort, frame: Frame, today: date) -> tuple[int, int | None] | None:
    """Which week of how many it is, aftercare left out; None before the start and after the last of these weeks.

    How many is unknown when the last phase is open.
    """
    if today < cohort.starts_on:
        return None
    ends = [p.end for p in frame.phases.get(cohort.id, ()) if p.kind != PhaseKind.AFTERCARE]
    first = monday(cohort.starts_on)
    last = ends[-1] if ends else None
    total = (monday(last) - first).days // 7 + 1 if last else None
    number = (monday(today) - first).days // 7 + 1
    return None if total is not None and number > total else (number, total)


def _links(actor: Actor, cohort: Cohort) -> dict[str, str]:
    """Addresses of pages about this cohort that the actor may use, as far as they exist."""
    known = {
        "plan": (Perm.COHORT_PLAN, "planning.show"),
        "imports": (Perm.COHORT_IMPORT, "imports.index"),
        "sessions": (Perm.COHORT_PLAN, "planning.sessions"),
        "phases": (Perm.PHASE_GROUP, "cohorts.phases"),
        "placements": (Perm.PLACEMENT_VIEW, "cohorts.placements"),
        "intention": (Perm.INTENTION_RECORD, "intentions.new"),
        "ask": (Perm.INTENTION_ASK, "asking.ask"),
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
    # Signals of who went to another edition stand there; of who stopped nobody is asked anything here.
    items = todo.from_signals([p for p in people if p.state in TAKING_PART], rule_names(), pages(actor))
    items += _messages(people)
    if cohort.state in ("recruiting", "running"):
        items += todo.from_sessions(frame.sessions, {cohort.id: cohort.name}, clock.now())
        items += todo.from_employers(_employers(cohort, intentions), today, {cohort.id: days})
        items += todo.from_places(places, taking_part, cohort.id) if intentions else []
    # Before the start: later nobody needs another look at the plan, and the board asks less of the database.
    plans = cohort.state in ("draft", "recruiting") and may_ever(actor, Perm.COHORT_PLAN)
    missing = missing_of(actor, cohort) if plans else []
    return {
        "needs": len(items) + len(missing),
        "missing": missing,
        "lines": todo.in_lines(todo.by_urgency(items)),
        "places": places,
        "hours": places.average,
        "intentions": intentions,
        "sees_places": may_ever(actor, Perm.INTENTION_VIEW),
        "response": response_of(actor, cohort.id) if intentions else None,
        "records": may_ever(actor, Perm.INTENTION_RECORD),
        "handles": handles_people(actor),
        "intention_words": INTENTION_WORDS,
        "kind_words": KIND_WORDS,
        "stale": {i.id for i in intentions if is_stale(i, today, days)},
        "to_session": to_session(actor),
    }


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


def _table(cohort: Cohort, rows: list[ListRow], wanted: Columns, waiting: set[date]) -> Table:
    """The group as on the screen, where a state stands under the name of who does not simply take part."""
    weeks = _strips(rows)
    headings, cells = of_file(_HEADINGS, [_cells(r, weeks, waiting) for r in rows], wanted)
    if any(r.person.state != "active" for r in rows):
        headings.insert(1, _("Stand"))
        for line, row in zip(cells, rows, strict=True):
            line.insert(1, _(STATE_WORDS[row.person.state]))
    return Table(f"{cohort.slug}-{clock.today().isoformat()}", headings, cells)


def _cells(row: ListRow, weeks: Sequence[date], waiting: set[date]) -> list[Any]:
    person = row.person
    share = percent(person.present, person.planned)
    return [
        list_name(person.first_name, person.tussenvoegsel, person.last_name),
        ", ".join(mark_label(mark) for mark in strip(person.weeks, weeks, waiting)),
        share if share is not None else _("nog niets te tellen"),
        round(person.present / 60, 2),
        round(person.planned / 60, 2),
        round(row.unexcused / 60, 2),
        person.signal.text if person.signal else "",
        person.contact_on or _("nog geen contact"),
        person.coach or "",
    ]
