"""A plugin of which each hook that is called while serving does what a test wants: the answer it should, or a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask
from inleer_zorg.routes import WIJKLEERBEDRIJF
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import text

from inleer import clock
from inleer.db import db
from inleer.extend import hookimpl
from inleer.extend.manager import EVENTS
from inleer.extend.types import (
    API_VERSION,
    BlueprintDef,
    Manifest,
    PanelDef,
    PermissionDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SignalFinding,
    SlotDef,
    Verdict,
)
from inleer.plugin import guarded

NAME = "stuk"
ROUTE = "stuk.route"
MEGABYTES = "x" * 3_000_000
BASE = WIJKLEERBEDRIJF[-1]
TEMPLATE = "<p>{{ text }}</p>"
#: What the hooks were called for, by name.
CALLED: list[str] = []


def raises(_right: Any) -> Any:
    raise ValueError("with a name in it: Jansen")


def exits(_right: Any) -> Any:
    raise SystemExit(1)


def bad_sql(_right: Any) -> Any:
    return db.session.execute(text("SELECT * FROM a_table_that_is_not_there")).all()


def wrong_type(_right: Any) -> Any:
    return 7


def huge(right: Any) -> Any:
    """The right answer, a thousand times too large."""
    if isinstance(right, list):
        return right * 100_000
    if isinstance(right, str) or right is None:
        return MEGABYTES
    if "text" in right:
        return {"text": MEGABYTES}
    return {one: Verdict(True, MEGABYTES) if isinstance(v, Verdict) else huge(v) for one, v in right.items()}


FAULTS: dict[str, Callable[[Any], Any]] = {f.__name__: f for f in (raises, exits, bad_sql, wrong_type, huge)}
_fault: dict[str, Callable[[Any], Any]] = {}


@contextmanager
def failing(hook: str, fault: Callable[[Any], Any]) -> Iterator[None]:
    """Meanwhile this hook does ``fault`` instead of what it should."""
    _fault[hook] = fault
    try:
        yield
    finally:
        del _fault[hook]


def said(hook: str, right: Any) -> Any:
    """What a hook answers: what is right, or what :func:`failing` asked for."""
    CALLED.append(hook)
    return _fault[hook](right) if hook in _fault else right


def page(cohort_id: UUID) -> Any:
    """A page of the plugin's own."""
    return said("inleer_register_blueprints", f"bladzijde {cohort_id}")


def box(_actor: Any, ids: Sequence[UUID]) -> Any:
    return said("inleer_register_slots", {one: {"text": "het vak"} for one in ids})


def panel(_actor: Any, _cohort_id: UUID) -> Any:
    return said("inleer_register_panels", {"text": "het paneel"})


def other(_actor: Any, asked: Any) -> Any:
    """What stands beside it and never fails."""
    good = {"text": "blijft staan"}
    return dict.fromkeys(asked, good) if isinstance(asked, list) else good


def check(ids: Sequence[UUID], _today: Any) -> Any:
    return said("inleer_register_rules", {one: Verdict(True, "Klaar.") for one in ids})


def find(ids: Sequence[UUID], _today: Any) -> Any:
    right = [SignalFinding(enrolment_id=one, cause="x", on=clock.today(), text="Bel even.") for one in ids]
    return said("inleer_register_signals", right)


def route() -> RouteDefinition:
    """The route of the test world under this plugin's name, each phase with its rule."""
    phases = tuple(replace(phase, completion=("stuk.klaar",)) for phase in BASE.phases)
    return replace(BASE, key=ROUTE, version=1, phases=phases, field_groups=())


def make() -> ModuleType:
    """The plugin, new: a blueprint is registered once."""
    pages = Blueprint(NAME, __name__)
    pages.add_url_rule("/<uuid:cohort_id>/", "index", guarded("stuk.thing:view")(page))
    view: dict[str, Any] = {"perm": "enrolment:view", "template": "stuk/box.html"}
    contributions: dict[str, list[Any]] = {
        "inleer_register_routes": [route()],
        "inleer_register_blueprints": [BlueprintDef(blueprint=pages, url_prefix="/stuk")],
        "inleer_register_permissions": [
            PermissionDef(perm="stuk.thing:view", name="Ding", grants={"coach": frozenset({"agency"})})
        ],
        "inleer_register_slots": [
            SlotDef(key="stuk.vak", slot="candidate.main", title="Vak", context=box, **view),
            SlotDef(key="stuk.zvak", slot="candidate.main", title="Ander vak", context=other, **view),
        ],
        "inleer_register_panels": [
            PanelDef(key="stuk.paneel", place="cohort.board", title="Paneel", context=panel, **view),
            PanelDef(key="stuk.zpaneel", place="cohort.board", title="Ander paneel", context=other, **view),
        ],
        "inleer_register_rules": [RuleDef(key="stuk.klaar", name="Klaar", explain="Klaar.", check=check)],
        "inleer_register_signals": [SignalDef(key="stuk.bel", name="Bellen", explain="Bel.", evaluate=find)],
    }
    made = ModuleType(NAME)
    made.__dict__["manifest"] = Manifest(name=NAME, api_version=API_VERSION, distribution=NAME)
    for name, records in contributions.items():
        setattr(made, name, _hook(name, partial(_same, records)))
    for name in EVENTS:
        setattr(made, name, _hook(name, partial(said, name, None)))
    return made


def add_templates(app: Flask) -> None:
    """Let the app find the plugin's template."""
    ours = DictLoader({"stuk/box.html": TEMPLATE})
    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([ours, app.jinja_env.loader])


def _same(records: Any) -> Any:
    return records


def _hook(name: str, answer: Callable[[], Any]) -> Any:
    def hook() -> Any:
        return answer()

    hook.__name__ = name
    return hookimpl(hook)
