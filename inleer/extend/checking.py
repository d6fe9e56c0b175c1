"""Whether what was collected fits together: owners, duplicates, references. Pure: a registry in, problems
out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inleer.db import Base
from inleer.extend.registry import Owned, Registry
from inleer.extend.types import CORE, PLACES, SLOTS
from inleer.policy import ROLE_TABLE, Perm, Role
from inleer.policy.scope import relations_of

Problem = tuple[str, str]
# Kinds whose records carry a "plugin.name" key; permissions do too, blueprints carry the bare plugin name.
_DUTCH = {
    "routes": "route",
    "rules": "regel",
    "fields": "veldgroep",
    "permissions": "recht",
    "blueprints": "blueprint",
    "slots": "slot",
    "panels": "paneel",
    "signals": "signaal",
    "demo": "demo",
    "settings": "instelling",
    "personal_data": "persoonsgegevens",
    "commands": "opdracht",
}


def problems(registry: Registry) -> Iterator[Problem]:
    """Each fault as (plugin, Dutch sentence); nothing when all is well."""
    for kind, what in _DUTCH.items():
        entries: tuple[Owned[Any], ...] = getattr(registry, kind)
        yield from _owners(entries, what)
        yield from _duplicates(entries, what)
    yield from _audit_actions(registry)
    yield from _routes(registry)
    yield from _permissions(registry)
    yield from _boxes(registry)
    yield from _blueprints(registry)


def _owners(entries: tuple[Owned[Any], ...], what: str) -> Iterator[Problem]:
    for entry in entries:
        owner = entry.key.partition(".")[0]
        if owner != entry.plugin:
            yield entry.plugin, f"{what} '{entry.key}' begint niet met de naam van de plugin."


def _duplicates(entries: tuple[Owned[Any], ...], what: str) -> Iterator[Problem]:
    seen = set()
    for entry in entries:
        version = getattr(entry.value, "version", None)
        if (entry.key, version) in seen:
            number = "" if version is None else f" versie {version}"
            yield entry.plugin, f"{what} '{entry.key}'{number} komt twee keer voor."
        seen.add((entry.key, version))


def _audit_actions(registry: Registry) -> Iterator[Problem]:
    yield from _duplicates(registry.audit_actions, "handeling")
    for entry in registry.audit_actions:
        thing = entry.key.partition(".")[0]
        if thing != entry.plugin and not thing.startswith(f"{entry.plugin}_"):
            yield entry.plugin, f"handeling '{entry.key}' begint niet met de naam van de plugin."


def _routes(registry: Registry) -> Iterator[Problem]:
    rules = {rule.key: rule.plugin for rule in registry.rules}
    groups = {group.key: group.plugin for group in registry.fields}
    for route in registry.routes:
        reach = {route.plugin, CORE}
        name = f"route '{route.key}' versie {route.value.version}"
        for phase in route.value.phases:
            for key in phase.completion:
                if rules.get(key) not in reach:
                    yield route.plugin, f"{name}, fase '{phase.key}' noemt regel '{key}', die er niet is."
        for key in route.value.field_groups:
            if groups.get(key) not in reach:
                yield route.plugin, f"{name} noemt veldgroep '{key}', die er niet is."


def _permissions(registry: Registry) -> Iterator[Problem]:
    relations = _known_relations()
    for entry in registry.permissions:
        for role, needed in entry.value.grants.items():
            if role not in set(Role) - {Role.SYSTEM}:
                yield entry.plugin, f"recht '{entry.key}' noemt rol '{role}', die er niet is."
            for relation in sorted(needed - relations):
                yield entry.plugin, f"recht '{entry.key}' noemt relatie '{relation}', die er niet is."


def _known_relations() -> frozenset[str]:
    named = {name for row in ROLE_TABLE.values() for needed in row.values() for name in needed}
    registered = {name for mapper in Base.registry.mappers for name in relations_of(mapper.class_)}
    return frozenset(named | registered)


def _boxes(registry: Registry) -> Iterator[Problem]:
    own = {permission.key: permission.plugin for permission in registry.permissions}
    for slot in registry.slots:
        if slot.value.slot not in SLOTS:
            yield (
                slot.plugin,
                f"slot '{slot.key}' hoort bij '{slot.value.slot}'; er zijn: {', '.join(SLOTS)}.",
            )
    for panel in registry.panels:
        if panel.value.place not in PLACES:
            yield (
                panel.plugin,
                f"paneel '{panel.key}' hoort bij '{panel.value.place}'; er zijn: {', '.join(PLACES)}.",
            )
    boxes: tuple[Owned[Any], ...] = (*registry.slots, *registry.panels)
    for box in boxes:
        if box.value.perm not in set(Perm) and own.get(box.value.perm) != box.plugin:
            yield box.plugin, f"'{box.key}' noemt recht '{box.value.perm}', dat er niet is."


def _blueprints(registry: Registry) -> Iterator[Problem]:
    for entry in registry.blueprints:
        prefix = entry.value.url_prefix
        if prefix != f"/{entry.plugin}" and not prefix.startswith(f"/{entry.plugin}/"):
            yield entry.plugin, f"url_prefix '{prefix}' begint niet met /{entry.plugin}."
