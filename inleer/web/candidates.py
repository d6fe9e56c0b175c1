"""The list of candidates: filtered and sorted by what the URL says, and exported exactly so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request

from inleer import audit, clock
from inleer.attendance.rules import percent
from inleer.cohorts.rules import STATE_WORDS
from inleer.export import FORMATS, Table, export, sent
from inleer.i18n import _
from inleer.policy import Actor, Perm, Role
from inleer.policy.guard import guarded, require_actor
from inleer.reports.candidates import SORTS, STATES, ListRow, View, candidates_of, filtered, with_today
from inleer.reports.frame_parts import frame_of
from inleer.reports.todo import SHORT
from inleer.signals.queries import rule_names
from inleer.web.columns import Columns, columns, of_file
from inleer.web.filters import list_name
from inleer.web.saved_views import views

blueprint = Blueprint("candidates", __name__, url_prefix="/kandidaten")
PER_PAGE = 100
# By signal the most urgent come first; by contact those who wait longest.
_DESCENDING_FIRST = ("contact", "ongeoorloofd")


def _view() -> View:
    """What the URL asks for; unknown values count as not asked."""
    args = request.args
    sort = args.get("sort", "signaal")
    sort = sort if sort in SORTS else "signaal"
    page = args.get("page", "1")
    state = args.get("stand", "nu")
    return View(
        state=state if state in STATES else "nu",
        cohort=args.get("lichting", ""),
        signal=args.get("signaal", ""),
        coach=args.get("coach", ""),
        search=args.get("zoek", "")[:100],
        sort=sort,
        descending=args.get("dir", "desc" if sort in _DESCENDING_FIRST else "asc") == "desc",
        page=int(page) if page.isdecimal() and int(page[:4]) > 0 else 1,
    )


def _rows(actor: Actor, view: View) -> list[ListRow]:
    people = candidates_of(actor, view.state)
    frame = frame_of(p.cohort_id for p in people if p.cohort_id)
    return with_today(people, frame, clock.today())


@blueprint.get("")
@guarded(Perm.CANDIDATE_LIST)
def index() -> Any:
    """My candidates: who needs attention, why, and since when."""
    actor, view = require_actor(), _view()
    everybody = _rows(actor, view)
    found = filtered(everybody, view)
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return _file(actor, found, kind, chosen_columns())
    return _page(actor, view, everybody, found)


def _page(actor: Actor, view: View, everybody: list[ListRow], found: list[ListRow]) -> str:
    """One page of the list; a page beyond the last shows the last."""
    pages = max(1, -(-len(found) // PER_PAGE))
    view = replace(view, page=min(view.page, pages))
    shown = found[(view.page - 1) * PER_PAGE : view.page * PER_PAGE]
    audit.shown(actor, "candidate", dict.fromkeys(r.person.candidate_id for r in shown))
    words = _words(actor, everybody)
    return render_template(
        "candidates/index.html",
        view=view,
        rows=shown,
        total=len(found),
        pages=pages,
        columns=chosen_columns(),
        views=views("kandidaten"),
        **words,
    )


def _words(actor: Actor, everybody: list[ListRow]) -> dict[str, Any]:
    cohorts: dict[UUID, str] = {r.person.cohort_id: r.person.cohort for r in everybody if r.person.cohort_id}
    coaches: dict[UUID, str] = {
        r.person.coach_id: r.person.coach or "" for r in everybody if r.person.coach_id
    }
    names = rule_names()
    rules = sorted({s.rule for r in everybody for s in r.person.signals})
    return {
        "today": clock.today(),
        "everybody": len({r.person.candidate_id for r in everybody}),
        "with_signal": len({r.person.candidate_id for r in everybody if r.person.signals}),
        "cohorts": sorted(cohorts.items(), key=lambda pair: pair[1]),
        "coaches": sorted(coaches.items(), key=lambda pair: pair[1]) if len(coaches) > 1 else [],
        "rules": [(rule, names.get(rule, rule)) for rule in rules],
        "chips_of": {**names, **{rule: _(word) for rule, word in SHORT.items()}},
        "states": STATES,
        "state_words": STATE_WORDS,
        "is_coach": actor.role is Role.COACH,
        "me": actor.user_id,
        "is_leerhome": actor.role is Role.LEERHOME_COORDINATOR,
    }


#: Without a choice; the coach then stands under the name when there are several.
USUAL = ("signaal", "fase", "aanwezig", "ongeoorloofd", "contact")
#: Of a file: the column of the list that a cell belongs to, and its heading.
COLUMNS = (
    ("", "Naam"),
    ("fase", "Lichting"),
    ("fase", "Fase"),
    ("fase", "Stand"),
    ("signaal", "Signaal"),
    ("signaal", "Signaal sinds"),
    ("aanwezig", "Aanwezig in %"),
    ("aanwezig", "Aanwezige uren"),
    ("aanwezig", "Uren met oordeel"),
    ("ongeoorloofd", "Ongeoorloofde uren in het venster"),
    ("contact", "Laatste contact"),
    ("coach", "Werkcoach"),
)


def chosen_columns() -> Columns:
    """The columns that the URL asks for, or this person chose."""
    return columns("kandidaten", USUAL)


def _file(actor: Actor, rows: list[ListRow], kind: str, wanted: Columns) -> Response:
    audit.shown(actor, "candidate", dict.fromkeys(r.person.candidate_id for r in rows))
    names = rule_names()
    headings, cells = of_file(COLUMNS, (_cells(row, names) for row in rows), wanted)
    table = Table(name=f"kandidaten-{clock.today().isoformat()}", columns=headings, rows=cells)
    return sent(export(table, kind))


def _cells(row: ListRow, names: Any) -> list[Any]:
    person, signal = row.person, row.person.signal
    share = percent(person.present, person.planned)
    return [
        list_name(person.first_name, person.tussenvoegsel, person.last_name),
        person.cohort,
        row.phase,
        _(STATE_WORDS[person.state]) if person.state else _("geen lichting"),
        names.get(signal.rule, signal.rule) if signal else "",
        signal.on if signal else "",
        share if share is not None else _("nog niets te tellen"),
        round(person.present / 60, 2),
        round(person.planned / 60, 2),
        round(row.unexcused / 60, 2),
        person.contact_on or _("nog geen contact"),
        person.coach or "",
    ]
