"""Pages of plugins: what they must declare, and for whom and for which cohorts they exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from flask import Blueprint, Flask, current_app

from inleer.app import create_app
from inleer.audit import in_bulk
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Cohort, Enrolment
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.extend import PluginError
from inleer.extend.types import API_VERSION, BlueprintDef, Manifest, PermissionDef, SignalDef
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.plugin import NotVisible, current_cohort, guarded, hookimpl
from inleer.policy import Perm, Role, system_actor
from inleer.policy.guard import public
from inleer.web import plugin_events
from tests.plugins import dummy
from tests.world import World, browse, build

View = Callable[..., Any]
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def with_pages(
    name: str, *pages: tuple[str, View], grants: dict[str, frozenset[str]] | None = None
) -> ModuleType:
    """A plugin with these pages and one permission."""
    blueprint = Blueprint(name, __name__)
    for number, (rule, view) in enumerate(pages):
        blueprint.add_url_rule(rule, f"page{number}", view)
    permission = PermissionDef(
        perm=f"{name}.thing:view", name="Ding", grants=grants or {"coach": frozenset({"agency"})}
    )

    @hookimpl
    def inleer_register_blueprints() -> list[BlueprintDef]:
        return [BlueprintDef(blueprint=blueprint, url_prefix=f"/{name}")]

    @hookimpl
    def inleer_register_permissions() -> list[PermissionDef]:
        return [permission]

    made = ModuleType(name)
    vars(made).update(
        manifest=Manifest(name=name, api_version=API_VERSION, distribution=name),
        inleer_register_blueprints=inleer_register_blueprints,
        inleer_register_permissions=inleer_register_permissions,
    )
    return made


def answer(**_named: Any) -> str:
    return "ok"


def with_signal(endpoint: str) -> ModuleType:
    """A plugin with a page about a cohort, one that asks for more, one to post to, and a signal that names a page."""
    page = guarded("rogue.thing:view")(answer)
    made = with_pages("rogue", ("/<uuid:cohort_id>/", page), ("/<uuid:cohort_id>/<uuid:thing_id>", page))

    @hookimpl
    def inleer_register_signals() -> list[SignalDef]:
        return [
            SignalDef(
                key="rogue.late",
                name="Te laat",
                explain="Te laat.",
                evaluate=lambda _ids, _on: [],
                endpoint=endpoint,
            )
        ]

    vars(made).update(inleer_register_signals=inleer_register_signals)
    return made


@SQLITE
@pytest.mark.parametrize("endpoint", ["rogue.pag0", "rogue.page1", "cohorts.board", "page0"])
def test_a_signal_that_names_a_page_that_is_not_there_stops_the_start(
    settings: Settings, endpoint: str
) -> None:
    with pytest.raises(PluginError) as stopped:
        create_app(replace(settings, plugins=(), extra_plugins=(with_signal(endpoint),)))
    assert f"signaal 'rogue.late' noemt pagina '{endpoint}'" in str(stopped.value)
    assert "adres zijn: rogue.page0." in str(stopped.value)


@SQLITE
@pytest.mark.parametrize("endpoint", ["", "rogue.page0"])
def test_a_signal_names_a_page_or_none(settings: Settings, endpoint: str) -> None:
    made = create_app(replace(settings, plugins=(), extra_plugins=(with_signal(endpoint),)))
    assert [owned.value.endpoint for owned in made.extensions["inleer"].signals] == [endpoint]


@SQLITE
@pytest.mark.parametrize(
    ("rule", "view", "why"),
    [
        ("/<uuid:cohort_id>/", answer, "zegt niet wie haar mag zien"),
        ("/<uuid:cohort_id>/", public("iedereen")(answer), "zegt niet wie haar mag zien"),
        ("/overzicht", guarded("rogue.thing:view")(answer), "noemt geen cohort_id en geen enrolment_id"),
        ("/<uuid:cohort_id>/", guarded("rogue.thing:edit")(answer), "'rogue.thing:edit', dat er niet is"),
    ],
)
def test_a_page_that_forgets_something_stops_the_start(
    settings: Settings, rule: str, view: View, why: str
) -> None:
    plugin = with_pages(
        "rogue", ("/<uuid:cohort_id>/goed", guarded("rogue.thing:view")(answer)), (rule, view)
    )
    with pytest.raises(PluginError, match=why) as stopped:
        create_app(replace(settings, extra_plugins=(plugin,)))
    assert "Plugin 'rogue'" in str(stopped.value) and "haal 'rogue' uit INLEER_PLUGINS" in str(stopped.value)


@SQLITE
def test_a_blueprint_with_the_name_of_one_of_the_core_stops_the_start(settings: Settings) -> None:
    plugin = with_pages("admin", ("/<uuid:cohort_id>/", guarded("admin.thing:view")(answer)))
    with pytest.raises(PluginError, match="Plugin 'admin'"):
        create_app(replace(settings, extra_plugins=(plugin,)))


@SQLITE
@pytest.mark.parametrize(
    "name",
    ["before_app_request", "after_app_request", "teardown_app_request", "app_context_processor",
     "app_url_value_preprocessor", "app_url_defaults"],
)  # fmt: skip
def test_a_blueprint_that_acts_on_every_page_stops_the_start(settings: Settings, name: str) -> None:
    plugin = with_pages("rogue", ("/<uuid:cohort_id>/", guarded("rogue.thing:view")(answer)))
    (brought,) = vars(plugin)["inleer_register_blueprints"]()
    getattr(brought.blueprint, name)(answer)
    with pytest.raises(PluginError, match=r"Plugin 'rogue' .* doet iets bij elke bladzijde"):
        create_app(replace(settings, extra_plugins=(plugin,)))


@SQLITE
def test_a_blueprint_that_answers_the_errors_of_others_stops_the_start(settings: Settings) -> None:
    plugin = with_pages("rogue", ("/<uuid:cohort_id>/", guarded("rogue.thing:view")(answer)))
    (brought,) = vars(plugin)["inleer_register_blueprints"]()
    brought.blueprint.app_errorhandler(410)(answer)
    with pytest.raises(PluginError, match="doet iets bij elke bladzijde"):
        create_app(replace(settings, extra_plugins=(plugin,)))


# --- for whom --------------------------------------------------------------------------------------


def name_of_cohort(**_named: Any) -> str:
    return current_cohort().name


def name_of_enrolment(enrolment: Enrolment, **_named: Any) -> str:
    return f"{enrolment.id} {current_cohort().name}"


PLUGIN = with_pages(
    "proef",
    ("/<uuid:cohort_id>/lijst", guarded("proef.thing:view")(name_of_cohort)),
    ("/<uuid:cohort_id>/elk", guarded(Perm.ACCOUNT_OWN)(name_of_cohort)),
    ("/deelname/<uuid:enrolment_id>", guarded(Perm.ENROLMENT_CHANGE, on=Enrolment)(name_of_enrolment)),
    (
        "/<uuid:cohort_id>/deelname/<uuid:enrolment_id>",
        guarded(Perm.ENROLMENT_VIEW, on=Enrolment)(name_of_enrolment),
    ),
    ("/<cohort_id>/tekst", guarded("proef.thing:view")(name_of_cohort)),
)


@pytest.fixture
def app(settings: Settings) -> Any:
    """The application with a plugin that owns the route of one cohort of the own agency."""
    from tests.client import Client

    made = create_app(replace(settings, extra_plugins=(PLUGIN, dummy)))
    made.test_client_class = Client
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


@pytest.fixture
def ours(app: Flask, world: World) -> UUID:
    """The cohort of the own agency, as if the plugin owned its route."""
    return owned_by("proef", world.own.cohort)


def owned_by(plugin: str, cohort_id: UUID) -> UUID:
    with unit_of_work():
        owner = db.update(Cohort).where(Cohort.id == cohort_id).values(route_key=f"{plugin}.route")
        db.session.execute(in_bulk(owner, "test"), execution_options={"synchronize_session": False})
    plugin_events._known.clear()  # the route of a cohort changes in tests only
    return cohort_id


def status(app: Flask, world: World, role: Role, url: str) -> int:
    return browse(app, world.own.actors[role]).get(url).status_code


def test_the_cohort_is_loaded_in_scope_before_the_view(app: Flask, world: World, ours: UUID) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    found = client.get(f"/proef/{ours}/lijst")
    assert (found.status_code, found.text) == (200, f"Lichting {world.own.canary}")
    theirs = owned_by("proef", world.foreign.cohort)
    assert client.get(f"/proef/{theirs}/lijst").status_code == 404
    assert client.get(f"/proef/{UUID(int=7)}/lijst").status_code == 404
    assert client.get("/proef/geen-id/lijst").status_code == 404
    assert client.get(f"/proef/{ours}/tekst").status_code == 404, "an id that is not a UUID names nothing"


def test_a_role_without_the_permission_is_refused_and_a_stranger_sees_nothing(
    app: Flask, world: World, ours: UUID
) -> None:
    assert status(app, world, Role.PROGRAMME_MANAGER, f"/proef/{ours}/lijst") == 403
    assert status(app, world, Role.TEACHER, f"/proef/{ours}/lijst") == 403
    stranger = browse(app, world.foreign.actors[Role.COACH])
    assert stranger.get(f"/proef/{ours}/lijst").status_code == 404


def test_a_permission_for_everybody_still_needs_a_relation_to_the_cohort(
    app: Flask, world: World, ours: UUID
) -> None:
    assert status(app, world, Role.TEACHER, f"/proef/{ours}/elk") == 200
    stranger = browse(app, world.foreign.actors[Role.TEACHER])
    assert stranger.get(f"/proef/{ours}/elk").status_code == 404


def test_cohorts_of_other_routes_do_not_exist_whatever_the_role(app: Flask, world: World) -> None:
    for plugin in ("zorg", "proefje", "proe_"):
        cohort = owned_by(plugin, world.own.cohort)
        for role in (Role.COACH, Role.TEACHER, Role.PROGRAMME_MANAGER):
            assert status(app, world, role, f"/proef/{cohort}/lijst") == 404


def test_enrolments_lead_to_their_cohort(app: Flask, world: World, ours: UUID) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    mine, colleague = world.own.enrolments[0], world.own.enrolments[-1]
    found = client.get(f"/proef/deelname/{mine}")
    assert (found.status_code, found.text) == (200, f"{mine} Lichting {world.own.canary}")
    assert client.get(f"/proef/deelname/{colleague}").status_code == 403, "not in the caseload"
    assert client.get(f"/proef/deelname/{world.foreign.enrolments[0]}").status_code == 404
    assert client.get(f"/proef/{ours}/deelname/{mine}").status_code == 200
    other = second_cohort(world)
    assert client.get(f"/proef/{other}/deelname/{mine}").status_code == 404
    owned_by("zorg", ours)
    assert client.get(f"/proef/deelname/{mine}").status_code == 404


def second_cohort(world: World) -> UUID:
    manager = world.own.actors[Role.PROGRAMME_MANAGER]
    with unit_of_work():
        publish(system_actor(), current_app.extensions["inleer"])
        route = route_version("dummy.route", 1)
        assert route is not None
        new = NewCohort(slug="tweede", name="Tweede", starts_on=date(2026, 8, 31), region="midden")
        made = create_cohort(manager, world.own.agency, route, new).id
    return owned_by("proef", made)


def test_without_a_login_the_page_sends_to_it_and_tells_nothing(app: Flask, world: World, ours: UUID) -> None:
    client = app.test_client()
    for cohort in (ours, world.foreign.cohort, UUID(int=7)):
        assert client.get(f"/proef/{cohort}/lijst").status_code == 303


def test_outside_a_plugins_page_there_is_no_current_cohort(app: Flask) -> None:
    with app.test_request_context("/", base_url="https://localhost"), pytest.raises(NotVisible):
        current_cohort()
