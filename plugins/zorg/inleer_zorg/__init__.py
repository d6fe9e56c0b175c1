"""WijkLeerbedrijf Zorg: a plugin for inleer. It imports of inleer only ``inleer.plugin``."""

from __future__ import annotations

from collections.abc import Sequence

from inleer.plugin import (
    API_VERSION,
    BlueprintDef,
    DemoDef,
    FieldGroup,
    Manifest,
    PanelDef,
    PermissionDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SlotDef,
    hookimpl,
)
from inleer_zorg import access, boxes, checks, demo, fields, routes, views

manifest = Manifest(
    name="zorg",
    api_version=API_VERSION,
    distribution="inleer-zorg",
    core_revision="0001",
    table_prefix="zorg_",
    migrations="inleer_zorg:migrations",
)
access.register()


@hookimpl
def inleer_register_routes() -> Sequence[RouteDefinition]:
    """The versions of the WijkLeerbedrijf Zorg."""
    return routes.WIJKLEERBEDRIJF


@hookimpl
def inleer_register_rules() -> Sequence[RuleDef]:
    """When the neighbourhood phase is completed."""
    return [checks.RULE]


@hookimpl
def inleer_register_fields() -> Sequence[FieldGroup]:
    """What the intake asks for the neighbourhood placement."""
    return [fields.INTAKE]


@hookimpl
def inleer_register_permissions() -> Sequence[PermissionDef]:
    """Who may see and record help requests."""
    return access.PERMISSIONS


@hookimpl
def inleer_register_blueprints() -> Sequence[BlueprintDef]:
    """The pages below /zorg."""
    return [BlueprintDef(blueprint=views.blueprint, url_prefix="/zorg")]


@hookimpl
def inleer_register_slots() -> Sequence[SlotDef]:
    """The box on the page of a candidate."""
    return [boxes.SLOT]


@hookimpl
def inleer_register_panels() -> Sequence[PanelDef]:
    """The panel on the board of a cohort."""
    return [boxes.PANEL]


@hookimpl
def inleer_register_signals() -> Sequence[SignalDef]:
    """That somebody has no visits."""
    return [checks.SIGNAL]


@hookimpl
def inleer_register_demo() -> Sequence[DemoDef]:
    """Fictional help requests and visits."""
    return [DemoDef(key="zorg.hulpvragen", seed=demo.seed)]
