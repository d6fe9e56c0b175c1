"""What all plugins and the core together bring: frozen, sorted by (order, plugin, key), looked up by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from inleer.extend.faults import FaultLog
from inleer.extend.types import (
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

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Owned(Generic[T]):
    """A record and the plugin that brought it."""

    plugin: str
    value: T

    @property
    def key(self) -> str:
        """The record's key."""
        return str(getattr(self.value, "key"))  # noqa: B009 - every record has one, T does not say so

    @property
    def sort_key(self) -> tuple[int, str, str, int]:
        """Order first, then plugin, key and version."""
        value: Any = self.value
        return getattr(value, "order", 100), self.plugin, self.key, getattr(value, "version", 0)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that is on: its name, its manifest and the object that carries its hooks."""

    name: str
    manifest: Manifest
    hooks: object


@dataclass(frozen=True, slots=True)
class Listener:
    """A plugin that follows an event: ``call`` passes those keyword arguments that its function asks for."""

    plugin: str
    hook: str
    call: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Registry:
    """All contributions. A plugin's rules, fields, slots, panels, signals and pages hold for its own routes
    only.

    ``plugins`` are those that are on, in the order of INLEER_PLUGINS; ``missing`` are names there that are
    not installed; ``faults`` is where this process notes what goes wrong in plugins while it serves.
    """

    routes: tuple[Owned[RouteDefinition], ...] = ()
    rules: tuple[Owned[RuleDef], ...] = ()
    fields: tuple[Owned[FieldGroup], ...] = ()
    permissions: tuple[Owned[PermissionDef], ...] = ()
    blueprints: tuple[Owned[BlueprintDef], ...] = ()
    slots: tuple[Owned[SlotDef], ...] = ()
    panels: tuple[Owned[PanelDef], ...] = ()
    signals: tuple[Owned[SignalDef], ...] = ()
    demo: tuple[Owned[DemoDef], ...] = ()
    settings: tuple[Owned[Parameter], ...] = ()
    audit_actions: tuple[Owned[AuditActionDef], ...] = ()
    personal_data: tuple[Owned[PersonalDataDef], ...] = ()
    commands: tuple[Owned[CommandDef], ...] = ()
    listeners: tuple[Listener, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    missing: tuple[str, ...] = ()
    faults: FaultLog = field(default_factory=FaultLog, compare=False)

    def rule(self, key: str) -> Owned[RuleDef] | None:
        """The rule with this key, or None: a rule that is missing never counts as fulfilled."""
        return _find(self.rules, key)

    def agreeing_rules(self, route_key: str) -> tuple[str, ...]:
        """The keys of the rules that are asked when a placement in a cohort of this route is agreed."""
        return tuple(r.key for r in self.rules if r.value.agreeing and is_active(r.plugin, route_key))

    def field_group(self, key: str) -> Owned[FieldGroup] | None:
        """The field group with this key, or None when its plugin is off."""
        return _find(self.fields, key)

    def field_groups(self, definition: RouteDefinition) -> tuple[FieldGroup, ...]:
        """The field groups that this route uses and whose plugin is on, in the route's order."""
        found = (self.field_group(key) for key in definition.field_groups)
        return tuple(owned.value for owned in found if owned is not None)

    def slots_for(self, slot: str, route_key: str) -> tuple[Owned[SlotDef], ...]:
        """What stands in this slot for a candidate in a cohort of this route."""
        return tuple(s for s in self.slots if s.value.slot == slot and is_active(s.plugin, route_key))

    def panels_for(self, place: str, route_key: str) -> tuple[Owned[PanelDef], ...]:
        """What stands in this place for a cohort of this route."""
        return tuple(p for p in self.panels if p.value.place == place and is_active(p.plugin, route_key))

    def signals_for(self, route_key: str) -> tuple[Owned[SignalDef], ...]:
        """The signals that are evaluated for enrolments in cohorts of this route."""
        return tuple(s for s in self.signals if is_active(s.plugin, route_key))

    def demo_for(self, route_key: str) -> tuple[Owned[DemoDef], ...]:
        """The demo data for a cohort of this route."""
        return tuple(d for d in self.demo if is_active(d.plugin, route_key))

    def listeners_to(self, hook: str) -> tuple[Listener, ...]:
        """The plugins that follow an event, in the order of INLEER_PLUGINS."""
        return tuple(listener for listener in self.listeners if listener.hook == hook)

    def audit_action(self, key: str) -> Owned[AuditActionDef] | None:
        """What a plugin calls this entry of the audit trail, or None."""
        return _find(self.audit_actions, key)

    @property
    def grants(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """The permissions of all plugins: permission, role, relations. For ``policy.set_plugin_grants``."""
        return MappingProxyType({p.value.perm: p.value.grants for p in self.permissions})


def is_active(plugin: str, route_key: str) -> bool:
    """Whether a plugin's contributions hold for a cohort of this route: the core's always, others for their
    own."""
    return plugin in (CORE, route_key.partition(".")[0])


def build(
    contributions: Mapping[str, Iterable[Owned[Any]]],
    plugins: Iterable[Plugin] = (),
    missing: Iterable[str] = (),
    listeners: Iterable[Listener] = (),
) -> Registry:
    """A registry of what was collected: kind (a field of Registry) → records, in any order."""
    kinds = {kind: tuple(sorted(owned, key=lambda o: o.sort_key)) for kind, owned in contributions.items()}
    found: dict[str, Any] = {**kinds, "plugins": tuple(plugins), "missing": tuple(missing)}
    found["listeners"] = tuple(listeners)
    return Registry(**found)


def _find(entries: tuple[Owned[T], ...], key: str) -> Owned[T] | None:
    return next((owned for owned in entries if owned.key == key), None)
