"""The route catalogue: every published version, its phases drawn on a line, in words, and which editions use it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, render_template

from inleer.errors import NotVisible
from inleer.extend.types import DurationUnit, PhaseDef, RouteDefinition
from inleer.leerroutes.queries import PublishedRoute, published_routes
from inleer.leerroutes.words import duration_words, phase_words, strand_words, words
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.reports.routes import editions_per_version
from inleer.web.svg import Phase

blueprint = Blueprint("routes", __name__, url_prefix="/leerroutes")

# The drawing has no calendar: a day far ahead, so that every phase is still to come.
_DRAWN_FROM = date(2200, 1, 1)
_DAYS = {
    DurationUnit.DAYS: 1,
    DurationUnit.WEEKS: 7,
    DurationUnit.SCHOOL_WEEKS: 7,
    DurationUnit.MONTHS: 30,
}


@blueprint.get("")
@guarded(Perm.ROUTE_VIEW)
def index() -> str:
    """All routes, the newest version first, with their phases as a line."""
    actor = require_actor()
    routes = published_routes(actor)
    by_key: dict[str, list[PublishedRoute]] = {}
    for route in routes:
        by_key.setdefault(route.key, []).append(route)
    lines = {r.id: line(r.definition) for r in routes}
    return render_template(
        "routes/index.html", by_key=by_key, lines=lines, used=editions_per_version(actor), today=date.min
    )


@blueprint.get("/<uuid:route_version_id>")
@guarded(Perm.ROUTE_VIEW)
def show(route_version_id: UUID) -> str:
    """One version: the line, every phase in words, and the whole route as sentences."""
    actor = require_actor()
    route = next((r for r in published_routes(actor) if r.id == route_version_id), None)
    if route is None:
        raise NotVisible
    phases = [(p, phase_words(p), [strand_words(s) for s in p.strands]) for p in route.definition.phases]
    return render_template(
        "routes/show.html",
        route=route,
        line=line(route.definition),
        phases=phases,
        sentences=words(route.definition),
        used=editions_per_version(actor).get(route.id, 0),
        today=date.min,
    )


def line(definition: RouteDefinition) -> list[Phase]:
    """The phases one after another, as wide as they last."""
    day, drawn = _DRAWN_FROM, []
    for phase in definition.phases:
        end = _end(phase, day)
        drawn.append(Phase(phase.name, day, end, duration_words(phase.duration)))
        day = (end or day) + timedelta(days=1)
    return drawn


def _end(phase: PhaseDef, start: date) -> date | None:
    if phase.duration.unit is DurationUnit.OPEN:
        return None
    return start + timedelta(days=_DAYS[phase.duration.unit] * (phase.duration.longest or 1) - 1)
