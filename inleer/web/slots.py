"""Boxes of plugins on the core's pages: only for cohorts of their own routes, and a failing one costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, render_template
from markupsafe import Markup

from inleer.db import db
from inleer.extend import Registry, faults
from inleer.extend.registry import Owned
from inleer.extend.types import PanelDef, SlotDef
from inleer.policy import Actor, may_ever

D = TypeVar("D", SlotDef, PanelDef)


@dataclass(frozen=True, slots=True)
class Box:
    """A plugin's box: its title and markup; ``body`` None means that it is not available now."""

    key: str
    title: str
    body: Markup | None


def slot_boxes(actor: Actor, slot: str, route_key: str, enrolment_id: UUID) -> list[Box]:
    """What plugins show in a slot of the page about one enrolment."""
    registry: Registry = current_app.extensions["inleer"]
    found = []
    for owned in registry.slots_for(slot, route_key):
        if may_ever(actor, owned.value.perm):
            produce = partial(_slot, owned.value, actor, [enrolment_id])
            found.extend(_box(registry, owned, produce))
    return found


def panel_boxes(actor: Actor, place: str, route_key: str, cohort_id: UUID) -> list[Box]:
    """What plugins show in a place of the page about one cohort."""
    registry: Registry = current_app.extensions["inleer"]
    found = []
    for owned in registry.panels_for(place, route_key):
        if may_ever(actor, owned.value.perm):
            found.extend(_box(registry, owned, partial(_panel, owned.value, actor, cohort_id)))
    return found


def _slot(definition: SlotDef, actor: Actor, ids: Sequence[UUID]) -> Markup | None:
    contexts = faults.boxes(ids)(definition.context(actor, ids))
    return _rendered(definition, contexts[ids[0]]) if ids[0] in contexts else None


def _panel(definition: PanelDef, actor: Actor, cohort_id: UUID) -> Markup | None:
    context = faults.panel(definition.context(actor, cohort_id))
    return None if context is None else _rendered(definition, context)


def _rendered(definition: SlotDef | PanelDef, context: Mapping[str, Any]) -> Markup:
    # The plugin's template escapes by itself, as all templates here do.
    return Markup(render_template(definition.template, **context))  # nosec B704 - rendered with autoescape


def _box(registry: Registry, owned: Owned[D], produce: Callable[[], Markup | None]) -> list[Box]:
    """The box, nothing when the plugin has nothing to show, or a box that says it is not available.

    The template is rendered inside the guarded call: it can fail too.
    """
    body = faults.call(registry.faults, db.session(), owned.plugin, owned.key, produce, faults.box)
    if isinstance(body, faults.Unavailable):
        return [Box(owned.key, owned.value.title, None)]
    return [] if body is None else [Box(owned.key, owned.value.title, body)]
