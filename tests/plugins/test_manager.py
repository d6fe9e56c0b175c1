"""Plugins: what they bring comes through, and whatever is wrong with one stops the start and names it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pluggy
import pytest
from flask import Blueprint

from inleer.config import Settings
from inleer.extend import Registry, build_registry, installed, load, manifests, specs
from inleer.extend.manager import COLLECTED, EVENTS, GROUP, PluginError
from inleer.extend.types import (
    API_VERSION,
    BlueprintDef,
    Manifest,
    PermissionDef,
    RouteDefinition,
    SlotDef,
)
from inleer.plugin import hookimpl
from inleer.web import plugin_events
from tests.plugins import dummy

HOOKS_PAGE = Path(__file__).parents[2] / "docs" / "plugins" / "hooks.md"
REGISTERING = sorted(name for name in vars(specs) if name.startswith("inleer_register_"))
ALL_HOOKS = sorted([*REGISTERING, *EVENTS])
EVENTS_FILE = Path(plugin_events.__file__)
(ROUTE,) = dummy.inleer_register_routes()
LATE, EARLY = dummy.inleer_register_slots()
(RULE,) = dummy.inleer_register_rules()


def entry(name: str, value: str = "tests.plugins.dummy") -> dict[str, EntryPoint]:
    return {name: EntryPoint(name, value, GROUP)}


def plugin(name: str = "rogue", **hooks: Any) -> ModuleType:
    """A plugin module with a manifest and these attributes."""
    made = ModuleType(name)
    vars(made).update({"manifest": Manifest(name=name, api_version=API_VERSION, distribution=name), **hooks})
    return made


def giving(hook: str, *records: object, name: str = "rogue") -> ModuleType:
    """A plugin object of which one hook returns these records."""

    def implementation() -> list[object]:
        return list(records)

    implementation.__name__ = hook
    return plugin(name, **{hook: hookimpl(implementation)})


# --- every hook is documented, called, implemented and tested ------------------------------------


def brings_route(registry: Registry) -> None:
    assert registry.routes[0].value.key == "dummy.route"


def brings_rule(registry: Registry) -> None:
    owned = registry.rule("dummy.done")
    assert owned is not None and owned.plugin == "dummy" and owned.value.check is dummy.check
    assert registry.rule("dummy.other") is None


def brings_fields(registry: Registry) -> None:
    assert [g.key for g in registry.field_groups(ROUTE)] == ["dummy.intake"]
    assert Registry().field_groups(ROUTE) == ()


def brings_permission(registry: Registry) -> None:
    assert registry.grants["dummy.thing:view"]["coach"] == {"agency"}


def brings_pages(registry: Registry) -> None:
    assert [(b.value.blueprint, b.value.url_prefix) for b in registry.blueprints] == [(dummy.pages, "/dummy")]


def brings_slots_by_order(registry: Registry) -> None:
    assert [s.key for s in registry.slots_for("candidate.aside", "dummy.route")] == [
        "dummy.zearly",
        "dummy.late",
    ]
    assert registry.slots_for("candidate.main", "dummy.route") == ()
    assert registry.slots_for("candidate.aside", "zorg.wijkleerbedrijf") == ()


def brings_panel(registry: Registry) -> None:
    assert [p.key for p in registry.panels_for("cohort.board", "dummy.route")] == ["dummy.overview"]
    assert registry.panels_for("cohort.board", "zorg.wijkleerbedrijf") == ()


def brings_signal(registry: Registry) -> None:
    assert [s.key for s in registry.signals_for("dummy.route")] == ["dummy.call"]
    assert registry.signals_for("zorg.wijkleerbedrijf") == ()


def brings_demo(registry: Registry) -> None:
    assert [d.value.seed for d in registry.demo_for("dummy.other")] == [dummy.seed]
    assert registry.demo_for("zorg.wijkleerbedrijf") == ()


def brings_setting(registry: Registry) -> None:
    assert [(s.plugin, s.key) for s in registry.settings] == [("dummy", "dummy.places")]


def brings_audit_action(registry: Registry) -> None:
    owned = registry.audit_action("dummy.noted")
    assert owned is not None and owned.value.name == "iets genoteerd"
    assert registry.audit_action("dummy.other") is None


def brings_personal_data(registry: Registry) -> None:
    (owned,) = registry.personal_data
    assert dict(owned.value.columns) == {"text": "wat er is opgeschreven"}


def brings_command(registry: Registry) -> None:
    assert [owned.value.command.name for owned in registry.commands] == ["greet"]


def follows(hook: str) -> Callable[[Registry], None]:
    """What happens with it is tested in test_events."""

    def check(registry: Registry) -> None:
        assert [listener.plugin for listener in registry.listeners_to(hook)] == ["dummy"]
        assert Registry().listeners_to(hook) == ()

    return check


TESTED: dict[str, Callable[[Registry], None]] = {
    "inleer_register_routes": brings_route,
    "inleer_register_rules": brings_rule,
    "inleer_register_fields": brings_fields,
    "inleer_register_permissions": brings_permission,
    "inleer_register_blueprints": brings_pages,
    "inleer_register_slots": brings_slots_by_order,
    "inleer_register_panels": brings_panel,
    "inleer_register_signals": brings_signal,
    "inleer_register_demo": brings_demo,
    "inleer_register_settings": brings_setting,
    "inleer_register_audit_actions": brings_audit_action,
    "inleer_register_personal_data": brings_personal_data,
    "inleer_register_commands": brings_command,
    "inleer_on_enrolment_changed": follows("inleer_on_enrolment_changed"),
    "inleer_on_phase_completed": follows("inleer_on_phase_completed"),
    "inleer_on_placement_changed": follows("inleer_on_placement_changed"),
    "inleer_on_intention_changed": follows("inleer_on_intention_changed"),
    "inleer_on_attendance_recorded": follows("inleer_on_attendance_recorded"),
}


@pytest.mark.parametrize("hook", TESTED)
def test_hook(hook: str) -> None:
    TESTED[hook](load((), extra=[dummy]))


def test_the_lists_of_hooks_are_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    register = pluggy.PluginManager.add_hookspecs

    def watched(manager: pluggy.PluginManager, spec: ModuleType) -> None:
        register(manager, spec)
        manager.add_hookcall_monitoring(lambda name, *_: called.append(name), lambda *_: None)

    monkeypatch.setattr(pluggy.PluginManager, "add_hookspecs", watched)
    load((), extra=[dummy])
    called += re.findall(r'"(inleer_on_\w+)"', EVENTS_FILE.read_text(encoding="utf-8"))
    implemented = [name for name in vars(dummy) if name.startswith("inleer_")]
    documented = re.findall(r"^## (inleer_\w+)$", HOOKS_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert ALL_HOOKS == sorted(called) == sorted(implemented) == sorted(documented) == sorted(TESTED)
    assert sorted(COLLECTED) == REGISTERING


@pytest.mark.parametrize("hook", ALL_HOOKS)
def test_a_hook_is_documented_with_its_exact_signature(hook: str) -> None:
    spec = getattr(specs, hook)
    signature = f"{hook}{inspect.signature(spec)}".replace("'", "")
    assert f"```python\n{signature}\n```" in HOOKS_PAGE.read_text(encoding="utf-8")
    returned = get_type_hints(spec)["return"]
    assert returned is type(None) if hook in EVENTS else returned.__args__ == (COLLECTED[hook][1],)
    assert inspect.getdoc(spec)


# --- which plugins are on ------------------------------------------------------------------------


def test_zorg_is_installed_and_brings_two_versions() -> None:
    registry = load(["zorg"])
    assert [(o.plugin, o.key, o.value.version) for o in registry.routes] == [
        ("zorg", "zorg.wijkleerbedrijf", 1),
        ("zorg", "zorg.wijkleerbedrijf", 2),
    ]
    assert registry.missing == ()


def test_all_that_is_installed_is_on_unless_named() -> None:
    assert {p.name for p in load(None).plugins} == set(installed())
    assert load([]).plugins == ()


def test_a_name_that_is_not_installed_does_not_stop_the_start() -> None:
    registry = load(["dummy", "weg", "dummy"], available=entry("dummy"))
    assert registry.missing == ("weg",)
    assert [p.name for p in registry.plugins] == ["dummy"]
    assert manifests(["weg", "dummy"], available=entry("dummy")) == (dummy.manifest,)


def test_the_order_of_the_setting_is_the_order_of_the_plugins() -> None:
    points = {**entry("dummy"), **entry("zorg", "inleer_zorg")}
    assert [m.name for m in manifests(["zorg", "dummy"], available=points)] == ["zorg", "dummy"]


def test_the_core_brings_its_own_through_the_same_hooks(tmp_path: Path) -> None:
    rule = replace(RULE, key="core.done")
    settings = Settings(
        database_url="sqlite://", secret_key="x", var_dir=tmp_path, plugins=(), extra_plugins=(dummy,)
    )
    core = [
        giving("inleer_register_rules", rule),
        giving("inleer_register_slots", replace(LATE, key="core.box", perm="enrolment:view")),
    ]
    registry = build_registry(settings, core=core)
    assert [(r.plugin, r.key) for r in registry.rules] == [("core", "core.done"), ("dummy", "dummy.done")]
    assert [s.key for s in registry.slots_for("candidate.aside", "zorg.wijkleerbedrijf")] == ["core.box"]


def test_each_app_has_its_own_registry() -> None:
    assert load((), extra=[dummy]).faults is not load((), extra=[dummy]).faults


# --- what stops the start ------------------------------------------------------------------------


def undecorated() -> list[RouteDefinition]:
    return []


@hookimpl
def misspelt() -> list[RouteDefinition]:
    return []


@hookimpl
def with_argument(cohort: object) -> list[RouteDefinition]:
    return []


@hookimpl
def without_answer() -> None:
    return None


@hookimpl
def raising() -> list[RouteDefinition]:
    raise RuntimeError("kapot")


@hookimpl
def leaving() -> list[RouteDefinition]:
    raise SystemExit(1)


@hookimpl
def defining_badly() -> list[RouteDefinition]:
    return [replace(ROUTE, version=0)]


@hookimpl(wrapper=True)
def wrapping() -> Any:
    return (yield)


@hookimpl(optionalhook=True)
def optional() -> list[RouteDefinition]:
    return []


def named(**changes: Any) -> Manifest:
    values: dict[str, Any] = {"name": "rogue", "api_version": API_VERSION, "distribution": "rogue"}
    return Manifest(**(values | changes))


def bare_route(**changes: Any) -> RouteDefinition:
    phases = (replace(ROUTE.phases[0], completion=()),)
    return replace(ROUTE, **({"key": "rogue.route", "field_groups": (), "phases": phases} | changes))


def permission(**grants: frozenset[str]) -> PermissionDef:
    return PermissionDef(perm="rogue.thing:view", name="Ding", grants=grants)


def rogue_slot(**changes: Any) -> SlotDef:
    return replace(LATE, **({"key": "rogue.box", "perm": "enrolment:view"} | changes))


def blueprint(name: str, prefix: str) -> BlueprintDef:
    return BlueprintDef(blueprint=Blueprint(name, __name__), url_prefix=prefix)


ROGUES: dict[str, tuple[Any, str]] = {
    "no manifest": (ModuleType("rogue"), "geen `manifest`"),
    "another API": (plugin(manifest=named(api_version=API_VERSION + 1)), "API-versie 2; deze inleer heeft 1"),
    "undecorated": (plugin(inleer_register_routes=undecorated), "mist @hookimpl"),
    "misspelt": (plugin(inleer_register_route=misspelt), "hook inleer_register_route bestaat niet"),
    "misspelt and optional": (plugin(inleer_register_route=optional), "bestaat niet"),
    "unknown argument": (plugin(inleer_register_routes=with_argument), "een hook klopt niet"),
    "wrapper": (plugin(inleer_register_routes=wrapping), "is een wrapper"),
    "returns nothing": (plugin(inleer_register_routes=without_answer), "geeft niets terug"),
    "raises": (plugin(inleer_register_routes=raising), "mislukt (RuntimeError: kapot)"),
    "exits": (plugin(inleer_register_routes=leaving), "mislukt (SystemExit"),
    "bad definition": (plugin(inleer_register_routes=defining_badly), "versie is een getal vanaf 1"),
    "wrong record": (
        giving("inleer_register_routes", RULE),
        "geeft een RuleDef terug; verwacht wordt RouteDefinition",
    ),
    "foreign key": (giving("inleer_register_rules", RULE), "regel 'dummy.done' begint niet met de naam"),
    "same version twice": (
        giving("inleer_register_routes", bare_route(), bare_route()),
        "route 'rogue.route' versie 1 komt twee keer voor",
    ),
    "same key twice": (
        giving("inleer_register_slots", rogue_slot(), rogue_slot(order=3)),
        "slot 'rogue.box' komt twee keer voor",
    ),
    "rule that is not there": (
        giving("inleer_register_routes", bare_route(phases=ROUTE.phases)),
        "fase 'werk' noemt regel 'dummy.done', die er niet is",
    ),
    "field group that is not there": (
        giving("inleer_register_routes", bare_route(field_groups=("rogue.intake",))),
        "noemt veldgroep 'rogue.intake', die er niet is",
    ),
    "slot that is not there": (
        giving("inleer_register_slots", rogue_slot(slot="candidate.top")),
        "hoort bij 'candidate.top'; er zijn: candidate.main",
    ),
    "place that is not there": (
        giving(
            "inleer_register_panels",
            replace(dummy.inleer_register_panels()[0], key="rogue.p", place="x", perm="cohort:view"),
        ),
        "paneel 'rogue.p' hoort bij 'x'",
    ),
    "permission that is not there": (
        giving("inleer_register_slots", rogue_slot(perm="rogue.thing:view")),
        "noemt recht 'rogue.thing:view', dat er niet is",
    ),
    "role that is not there": (
        giving("inleer_register_permissions", permission(chef=frozenset({"agency"}))),
        "noemt rol 'chef'",
    ),
    "the system as a role": (
        giving("inleer_register_permissions", permission(system=frozenset({"any"}))),
        "noemt rol 'system'",
    ),
    "relation that is not there": (
        giving("inleer_register_permissions", permission(coach=frozenset({"buurvrouw"}))),
        "noemt relatie 'buurvrouw'",
    ),
    "prefix of another": (
        giving("inleer_register_blueprints", blueprint("rogue", "/lichtingen")),
        "begint niet met /rogue",
    ),
    "prefix that looks alike": (
        giving("inleer_register_blueprints", blueprint("rogue", "/rogues")),
        "/rogue.",
    ),
    "blueprint of another": (
        giving("inleer_register_blueprints", blueprint("web", "/rogue")),
        "blueprint 'web'",
    ),
}


@pytest.mark.parametrize("name", ROGUES)
def test_a_rogue_stops_the_start_and_is_named(name: str) -> None:
    rogue, problem = ROGUES[name]
    with pytest.raises(PluginError) as stopped:
        load((), extra=[dummy, rogue])
    assert stopped.value.plugin == "rogue"
    message = str(stopped.value)
    assert "Plugin 'rogue' houdt de start tegen" in message and "haal 'rogue' uit INLEER_PLUGINS" in message
    assert problem in message


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("tests.plugins.rogues.breaks", "importeren mislukt (ModuleNotFoundError"),
        ("tests.plugins.rogues.leaves", "importeren mislukt (SystemExit"),
        ("tests.plugins.rogues.nowhere", "importeren mislukt (ModuleNotFoundError"),
        ("tests.plugins.rogues.numbered", "tegen: Fase basis: duration is 6; geef een duur, zoals weeks(6)"),
        ("tests.plugins.dummy:nothing", "importeren mislukt (AttributeError"),
        ("tests.plugins.dummy", "het manifest heet 'dummy'"),
    ],
)
def test_an_entry_point_that_does_not_load_stops_the_start(value: str, problem: str) -> None:
    with pytest.raises(PluginError, match=re.escape(problem)):
        load(["rogue"], available=entry("rogue", value))


def test_the_same_plugin_twice_stops_the_start() -> None:
    with pytest.raises(PluginError, match="'dummy'"):
        load(["dummy"], extra=[dummy], available=entry("dummy"))
