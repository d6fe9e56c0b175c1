"""The route catalogue: every published version, its phases drawn on a line, in words, and which editions use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from flask import Blueprint, current_app, render_template, request

from inleer.errors import NotVisible
from inleer.extend.types import DurationUnit, PhaseDef, RouteDefinition
from inleer.i18n import _
from inleer.leerroutes.compare import CHANGED, GONE, NEW, Comparison, compare, known_names
from inleer.leerroutes.queries import PublishedRoute, published_routes
from inleer.leerroutes.words import duration_words, phase_words, rule_words, strand_words, words_around
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
    return render_template(
        "routes/index.html",
        by_key=by_key,
        lines={r.id: line(r.definition) for r in routes},
        before=_before(by_key),
        used=editions_per_version(actor),
        today=date.min,
    )


@blueprint.get("/<uuid:route_version_id>")
@guarded(Perm.ROUTE_VIEW)
def show(route_version_id: UUID) -> str:
    """One version: the line, every phase in words, and what else is said of the route."""
    actor = require_actor()
    routes = published_routes(actor)
    route = next((r for r in routes if r.id == route_version_id), None)
    if route is None:
        raise NotVisible
    names = known_names(current_app.extensions["inleer"])
    phases = [
        (p, phase_words(p), [*(strand_words(s) for s in p.strands), *rule_words(p, names)])
        for p in route.definition.phases
    ]
    return render_template(
        "routes/show.html",
        route=route,
        line=line(route.definition),
        phases=phases,
        sentences=words_around(route.definition),
        before=_before({route.key: [r for r in routes if r.key == route.key]}).get(route.id),
        used=editions_per_version(actor).get(route.id, 0),
        today=date.min,
    )


def _before(by_key: Mapping[str, Sequence[PublishedRoute]]) -> dict[UUID, int]:
    """The version before each version that has one; versions stand with the newest first."""
    return {new.id: old.version for versions in by_key.values() for new, old in pairwise(versions)}


@blueprint.get("/<key>/vergelijken")
@guarded(Perm.ROUTE_VIEW)
def versions(key: str) -> str:
    """Two versions of a route under each other, what differs marked, and the differences in words."""
    published = [r for r in published_routes(require_actor()) if r.key == key]
    if not published:
        raise NotVisible
    new = _asked("naar", published, published[0])
    old = _asked("van", published, published[min(1, len(published) - 1)])
    found = compare(old.definition, new.definition, known_names(current_app.extensions["inleer"]))
    return render_template(
        "routes/compare.html",
        old=old,
        new=new,
        versions=[r.version for r in published],
        found=found,
        old_line=_marked(old.definition, found, old_side=True),
        new_line=_marked(new.definition, found, old_side=False),
        today=date.min,
    )


def _asked(name: str, published: Sequence[PublishedRoute], otherwise: PublishedRoute) -> PublishedRoute:
    """The version that the address names. Raises NotVisible when it is not published."""
    raw = request.args.get(name)
    if raw is None:
        return otherwise
    found = next((r for r in published if str(r.version) == raw), None)
    if found is None:
        raise NotVisible
    return found


def _marked(definition: RouteDefinition, found: Comparison, old_side: bool) -> list[Phase]:
    """The phases of one of both versions, those that differ with a word that says how."""
    marks = {CHANGED: _("anders"), NEW: _("nieuw"), GONE: _("vervalt")}
    states = {}
    for compared in found.phases:
        phase = compared.old if old_side else compared.new
        if phase is not None:
            states[phase.key] = marks.get(compared.state, "")
    drawn = zip(definition.phases, line(definition), strict=True)
    return [replace(box, mark=states[phase.key]) for phase, box in drawn]


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
