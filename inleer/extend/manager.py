"""Finding, checking and calling plugins. Whatever is wrong with one stops the start and names it.

Skipping a broken plugin would be unsound: a half-imported one leaves models and mappers behind. A name in
INLEER_PLUGINS that is not installed is different: nothing of it was imported, so it is only reported.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from inleer.config import Settings
from inleer.extend import checking, registry, specs
from inleer.extend.checks import DefinitionError
from inleer.extend.registry import Listener, Owned, Plugin, Registry
from inleer.extend.types import (
    API_VERSION,
    CORE,
    AuditActionDef,
    BlueprintDef,
    CommandDef,
    DemoDef,
    FieldGroup,
    Manifest,
    PanelDef,
    PermissionDef,
    PersonalDataDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SlotDef,
)
from inleer.parameters.catalogue import Parameter

GROUP = "inleer.plugins"

# What each hook collects: hook → (field of the registry, type of the records).
COLLECTED: Mapping[str, tuple[str, type[Any]]] = {
    "inleer_register_routes": ("routes", RouteDefinition),
    "inleer_register_rules": ("rules", RuleDef),
    "inleer_register_fields": ("fields", FieldGroup),
    "inleer_register_permissions": ("permissions", PermissionDef),
    "inleer_register_blueprints": ("blueprints", BlueprintDef),
    "inleer_register_slots": ("slots", SlotDef),
    "inleer_register_panels": ("panels", PanelDef),
    "inleer_register_signals": ("signals", SignalDef),
    "inleer_register_demo": ("demo", DemoDef),
    "inleer_register_settings": ("settings", Parameter),
    "inleer_register_audit_actions": ("audit_actions", AuditActionDef),
    "inleer_register_personal_data": ("personal_data", PersonalDataDef),
    "inleer_register_commands": ("commands", CommandDef),
}
# What happens later; a plugin that implements one is told.
EVENTS: tuple[str, ...] = tuple(name for name in vars(specs) if name.startswith("inleer_on_"))


class PluginError(Exception):
    """A plugin is not usable. The message names it, says what is wrong, and how to start without it."""

    def __init__(self, plugin: str, problem: str) -> None:
        super().__init__(
            f"Plugin '{plugin}' houdt de start tegen: {problem}"
            f" Zonder deze plugin starten: haal '{plugin}' uit INLEER_PLUGINS."
        )
        self.plugin = plugin
        self.problem = problem


@dataclass(slots=True)
class _Collecting:
    manager: pluggy.PluginManager
    found: dict[str, list[Owned[Any]]] = field(default_factory=dict)


def installed() -> Mapping[str, EntryPoint]:
    """The plugins that are installed, on or off, by name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def build_registry(settings: Settings, core: Iterable[object] = ()) -> Registry:
    """The registry of one app. ``core`` are the objects with the core's own hooks. Raises PluginError."""
    return load(settings.plugins, core=core, extra=settings.extra_plugins)


def load(
    enabled: Sequence[str] | None = None,
    *,
    core: Iterable[object] = (),
    extra: Iterable[object] = (),
    available: Mapping[str, EntryPoint] | None = None,
) -> Registry:
    """Import, check and call the plugins, and freeze what they bring.

    ``enabled`` are the names to switch on, in order (None: all installed); ``core`` are objects with the
    core's own hooks; ``extra`` are plugin objects that are not installed (tests); ``available`` replaces the
    installed entry points. Raises PluginError for the first fault.
    """
    points = installed() if available is None else available
    names = list(points) if enabled is None else list(dict.fromkeys(enabled))
    plugins = [_import(name, points[name]) for name in names if name in points]
    plugins += [_described(_name_of(hooks), hooks) for hooks in extra]
    collecting = _Collecting(_new_manager())
    for number, part in enumerate(core):
        _collect(collecting, CORE, part, f"{CORE}.{number}")
    for plugin in plugins:
        _collect(collecting, plugin.name, plugin.hooks, plugin.name)
    absent = (name for name in names if name not in points)
    built = registry.build(collecting.found, plugins, absent, _listeners(collecting.manager, plugins))
    for name, problem in checking.problems(built):
        raise PluginError(name, problem)
    return built


def manifests(
    enabled: Sequence[str] | None = None, available: Mapping[str, EntryPoint] | None = None
) -> tuple[Manifest, ...]:
    """The manifests of the enabled plugins without calling a hook (for migrations). Raises PluginError."""
    points = installed() if available is None else available
    names = list(points) if enabled is None else list(dict.fromkeys(enabled))
    return tuple(_import(name, points[name]).manifest for name in names if name in points)


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(specs.PROJECT)
    manager.add_hookspecs(specs)
    return manager


def _import(name: str, point: EntryPoint) -> Plugin:
    try:
        hooks = point.load()
    except DefinitionError as error:
        raise PluginError(name, str(error)) from error
    except (Exception, SystemExit) as error:
        raise PluginError(name, f"importeren mislukt ({type(error).__name__}: {error}).") from error
    return _described(name, hooks)


def _name_of(hooks: object) -> str:
    manifest = getattr(hooks, "manifest", None)
    return (
        manifest.name if isinstance(manifest, Manifest) else getattr(hooks, "__name__", type(hooks).__name__)
    )


def _described(name: str, hooks: object) -> Plugin:
    manifest = getattr(hooks, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise PluginError(name, "er is geen `manifest` (inleer.plugin.Manifest).")
    if manifest.name != name or name == CORE:
        raise PluginError(name, f"het manifest heet '{manifest.name}'; dat moet de naam van de plugin zijn.")
    if manifest.api_version != API_VERSION:
        raise PluginError(
            name, f"hij is gemaakt voor API-versie {manifest.api_version}; deze inleer heeft {API_VERSION}."
        )
    return Plugin(name, manifest, hooks)


def _collect(collecting: _Collecting, plugin: str, hooks: object, registered_as: str) -> None:
    """Register one plugin and call its hooks, each by itself: pluggy loses all results when one raises."""
    _register(collecting.manager, plugin, hooks, registered_as)
    others = [p for p in collecting.manager.get_plugins() if p is not hooks]
    for hook, (kind, record) in COLLECTED.items():
        caller = collecting.manager.subset_hook_caller(hook, remove_plugins=others)
        if not caller.get_hookimpls():
            continue
        for value in _call(plugin, hook, caller, record):
            collecting.found.setdefault(kind, []).append(Owned(plugin, value))


def _listeners(manager: pluggy.PluginManager, plugins: Iterable[Plugin]) -> Iterator[Listener]:
    """Who follows which event. Asked when all are registered: a caller of some takes in who registers after it."""
    for hook in EVENTS:
        for plugin in plugins:
            others = [p for p in manager.get_plugins() if p is not plugin.hooks]
            caller = manager.subset_hook_caller(hook, remove_plugins=others)
            if caller.get_hookimpls():
                yield Listener(plugin.name, hook, caller)


def _register(manager: pluggy.PluginManager, plugin: str, hooks: object, registered_as: str) -> None:
    for name, member in inspect.getmembers(hooks, inspect.isroutine):
        options = getattr(member, f"{specs.PROJECT}_impl", None)
        if options is None and name.startswith("inleer_"):
            raise PluginError(
                plugin, f"{name} heet als een hook, maar mist @hookimpl en wordt nooit aangeroepen."
            )
        if options is not None:
            _check_options(plugin, options["specname"] or name, options)
    try:
        manager.register(hooks, name=registered_as)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginError(plugin, f"een hook klopt niet ({' '.join(str(error).split())}).") from error


def _check_options(plugin: str, hook: str, options: pluggy.HookimplOpts) -> None:
    """Refuse what pluggy would pass over in silence (an optional hook) or let reach into others (a
    wrapper)."""
    if hook not in COLLECTED and hook not in EVENTS:
        known = ", ".join((*COLLECTED, *EVENTS))
        raise PluginError(plugin, f"hook {hook} bestaat niet; er zijn: {known}.")
    if options["wrapper"] or options["hookwrapper"]:
        raise PluginError(plugin, f"{hook} is een wrapper; een plugin geeft alleen eigen bijdragen.")


def _call(plugin: str, hook: str, caller: pluggy.HookCaller, record: type[Any]) -> Sequence[Any]:
    try:
        results = caller()
        values = list(results[0]) if results else None
    except DefinitionError as error:
        raise PluginError(plugin, f"{hook}: {error}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(plugin, f"{hook} mislukt ({type(error).__name__}: {error}).") from error
    if values is None:
        raise PluginError(plugin, f"{hook} geeft niets terug; geef een lijst, ook als die leeg is.")
    for value in values:
        if not isinstance(value, record):
            found = type(value).__name__
            raise PluginError(plugin, f"{hook} geeft een {found} terug; verwacht wordt {record.__name__}.")
    return values
