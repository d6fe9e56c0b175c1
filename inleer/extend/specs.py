"""The hooks: what a plugin can bring. Each is a noun, takes nothing, and returns frozen records.

They are called once, when the application starts; the result is sorted and frozen into the registry. Adding a
hook argument is compatible (pluggy passes what is asked for); removing one raises API_VERSION.
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from inleer.extend.types import (
    BlueprintDef,
    DemoDef,
    FieldGroup,
    PanelDef,
    PermissionDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SlotDef,
)

PROJECT = "inleer"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def inleer_register_routes() -> Sequence[RouteDefinition]:  # type: ignore[empty-body]
    """Routes, each version that may still have to be published. The key starts with the plugin's name."""


@hookspec
def inleer_register_rules() -> Sequence[RuleDef]:  # type: ignore[empty-body]
    """Completion rules that phases of the plugin's own routes refer to."""


@hookspec
def inleer_register_fields() -> Sequence[FieldGroup]:  # type: ignore[empty-body]
    """Groups of fields that the plugin's own routes refer to."""


@hookspec
def inleer_register_permissions() -> Sequence[PermissionDef]:  # type: ignore[empty-body]
    """Permissions for the plugin's own things, with the roles and relations that have them."""


@hookspec
def inleer_register_blueprints() -> Sequence[BlueprintDef]:  # type: ignore[empty-body]
    """Pages of the plugin, below its own URL prefix."""


@hookspec
def inleer_register_slots() -> Sequence[SlotDef]:  # type: ignore[empty-body]
    """Boxes on pages about candidates."""


@hookspec
def inleer_register_panels() -> Sequence[PanelDef]:  # type: ignore[empty-body]
    """Boxes on pages about a cohort."""


@hookspec
def inleer_register_signals() -> Sequence[SignalDef]:  # type: ignore[empty-body]
    """Reasons why someone needs attention, evaluated when attendance or the plugin's own data change."""


@hookspec
def inleer_register_demo() -> Sequence[DemoDef]:  # type: ignore[empty-body]
    """Fictional data for the demo's cohorts of the plugin's routes."""
