"""All cohorts side by side; who plans them sees first what they still lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from inleer import clock
from inleer.attendance.rules import percent
from inleer.cohorts.rules import STATE_WORDS
from inleer.exchange.queries_waiting import held_files
from inleer.export import FORMATS, Table, export, sent
from inleer.i18n import _
from inleer.intentions.queries_requests import messages_of, requests_of
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports.board import CohortRow, cohorts_of
from inleer.reports.todo_requests import from_requests
from inleer.web.links import link

blueprint = Blueprint("cohorts", __name__, url_prefix="/lichtingen")
#: Filters: key → (word, states).
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nu": ("Lopend en in voorbereiding", ("draft", "recruiting", "running")),
    "af": ("Afgerond", ("completed", "cancelled")),
    "alle": ("Alle", ("draft", "recruiting", "running", "completed", "cancelled")),
}
_ORDER = ("running", "recruiting", "draft", "completed", "cancelled")
TONES = {"running": "ok", "recruiting": "info", "draft": "mute", "completed": "mute", "cancelled": "mute"}
LACKS = {
    "school": "nog geen school als partner",
    "leerhome": "nog geen leerhome als partner",
    "employer": "nog geen werkgever als partner",
    "sessions": "nog geen bijeenkomsten gepland",
    "people": "nog geen deelnemers",
}


@blueprint.get("")
@guarded(Perm.COHORT_LIST)
def index() -> Any:
    """The cohorts that the actor may see, comparable."""
    actor = require_actor()
    chosen = request.args.get("stand", "nu")
    chosen = chosen if chosen in STATES else "nu"
    everything = cohorts_of(actor)
    rows = [r for r in everything if r.state in STATES[chosen][1]]
    rows.sort(key=lambda r: _ORDER.index(r.state))  # what runs now stands first, the latest start on top
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return sent(export(_table(rows, _may(actor)), kind))
    counts = {key: sum(1 for r in everything if r.state in states) for key, (_w, states) in STATES.items()}
    known = _may(actor)
    held = held_files(actor) if may_ever(actor, Perm.COHORT_IMPORT) else []
    waiting = [r for r in rows if r.lacks] if known["plans"] else []
    known["employers"] = _employers_wait(actor) if known["is_manager"] else 0
    return render_template(
        "cohorts/index.html",
        rows=rows,
        waiting=waiting,
        held=held,
        chosen=chosen,
        counts=counts,
        **_words(),
        **known,
    )


def _employers_wait(actor: Actor) -> int:
    """What employers asked or proposed, and questions of this person that nobody answered."""
    unanswered = from_requests(requests_of(actor, unanswered=True), actor.user_id)
    return len(unanswered) + len(messages_of(actor))


def _words() -> dict[str, Any]:
    return {"states": STATES, "tones": TONES, "lacks": LACKS, "state_words": STATE_WORDS}


def _may(actor: Actor) -> dict[str, Any]:
    """What the actor may see and do here; addresses are empty for pages that are not there."""
    return {
        "plans": may_ever(actor, Perm.COHORT_PLAN),
        "new_url": link("planning.new") if may_ever(actor, Perm.COHORT_CREATE) else "",
        "plan_url": link("planning.show", cohort_id="00000000-0000-0000-0000-000000000000"),
        "sees_signals": may_ever(actor, Perm.SIGNAL_VIEW),
        "sees_places": may_ever(actor, Perm.INTENTION_VIEW),
        "is_manager": actor.role is Role.PROGRAMME_MANAGER,
        "is_coach": actor.role is Role.COACH,
    }


#: Of a file: what somebody must see for a column (as on the screen), and its heading.
_COLUMNS = (
    ("", "Lichting"),
    ("", "Stand"),
    ("", "Start"),
    ("", "Deelnemers"),
    ("", "Streefgetal"),
    ("", "Gestopt"),
    ("", "Aanwezig in %"),
    ("", "Aanwezige uren"),
    ("", "Uren met oordeel"),
    ("sees_signals", "Open signalen"),
    ("sees_places", "Bevestigde plekken"),
    ("sees_places", "Werkgevers zonder aantal"),
    ("", "Niet geregistreerd"),
)


def _table(rows: list[CohortRow], may: Mapping[str, Any]) -> Table:
    """The list as a file: the columns that the actor sees on the screen."""
    here = [n for n, (asked, _head) in enumerate(_COLUMNS) if not asked or may[asked]]
    cells = [[row[n] for n in here] for row in map(_cells, rows)]
    return Table(f"lichtingen-{clock.today().isoformat()}", [_(_COLUMNS[n][1]) for n in here], cells)


def _cells(row: CohortRow) -> list[Any]:
    share = percent(row.present, row.planned)
    return [
        row.name,
        _(STATE_WORDS[row.state]),
        row.starts_on,
        row.people,
        row.group_target,
        row.dropped,
        share if share is not None else _("nog niets te tellen"),
        round(row.present / 60, 2),
        round(row.planned / 60, 2),
        row.signals,
        row.places,
        row.without_number,
        row.waiting,
    ]
