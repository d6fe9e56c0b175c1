"""All cohorts side by side; who plans them sees first what they still lack."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from inleer import clock
from inleer.attendance.rules import percent
from inleer.cohorts.rules import STATE_WORDS
from inleer.exchange.export import FORMATS, Table, export
from inleer.i18n import _
from inleer.policy import Actor, Perm, Role, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports.board import CohortRow, cohorts_of
from inleer.web.candidates import sent
from inleer.web.links import link

blueprint = Blueprint("cohorts", __name__, url_prefix="/lichtingen")
#: Filters: key → (word, states).
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nu": ("Lopend en in voorbereiding", ("draft", "recruiting", "running")),
    "af": ("Afgerond", ("completed", "cancelled")),
    "alle": ("Alle", ("draft", "recruiting", "running", "completed", "cancelled")),
}
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
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return sent(export(_table(rows), kind))
    counts = {key: sum(1 for r in everything if r.state in states) for key, (_w, states) in STATES.items()}
    known = _may(actor)
    waiting = [r for r in rows if r.lacks] if known["plans"] else []
    return render_template(
        "cohorts/index.html", rows=rows, waiting=waiting, chosen=chosen, counts=counts, **_words(), **known
    )


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
    }


def _table(rows: list[CohortRow]) -> Table:
    columns = (
        "Lichting",
        "Stand",
        "Start",
        "Deelnemers",
        "Streefgetal",
        "Gestopt",
        "Aanwezig in %",
        "Aanwezige uren",
        "Uren met oordeel",
        "Bevestigde plekken",
        "Werkgevers zonder aantal",
        "Niet geregistreerd",
    )
    return Table(
        f"lichtingen-{clock.today().isoformat()}", [_(c) for c in columns], [_cells(r) for r in rows]
    )


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
        row.places,
        row.without_number,
        row.waiting,
    ]
