"""Leerbedrijf Logistiek: a plugin for inleer. It imports of inleer only ``inleer.plugin``."""

from __future__ import annotations

from collections.abc import Sequence

from inleer.plugin import (
    API_VERSION,
    AuditActionDef,
    BlueprintDef,
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
    hookimpl,
)
from inleer_logistiek import access, boxes, checks, declared, demo, demo_editions, fields, routes, views

manifest = Manifest(
    name="logistiek",
    api_version=API_VERSION,
    distribution="inleer-logistiek",
    core_revision="0001",
    table_prefix="logistiek_",
    migrations="inleer_logistiek:migrations",
)
access.register()


@hookimpl
def inleer_register_routes() -> Sequence[RouteDefinition]:
    """The Leerbedrijf Logistiek."""
    return [routes.LEERBEDRIJF]


@hookimpl
def inleer_register_rules() -> Sequence[RuleDef]:
    """Whether somebody may drive the trucks before going to work."""
    return [checks.RULE]


@hookimpl
def inleer_register_fields() -> Sequence[FieldGroup]:
    """What the intake asks about shifts and travel."""
    return [fields.INTAKE]


@hookimpl
def inleer_register_permissions() -> Sequence[PermissionDef]:
    """Who may see and record certificates."""
    return access.PERMISSIONS


@hookimpl
def inleer_register_blueprints() -> Sequence[BlueprintDef]:
    """The pages below /logistiek."""
    return [BlueprintDef(blueprint=views.blueprint, url_prefix="/logistiek")]


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
    """That a certificate ends soon, and that one is still missing."""
    return [checks.EXPIRES, checks.MISSING]


@hookimpl
def inleer_register_demo() -> Sequence[DemoDef]:
    """A fictional edition, and its certificates."""
    return [DemoDef(key="logistiek.certificaten", seed=demo.seed, editions=demo_editions.EDITIONS)]


@hookimpl
def inleer_register_audit_actions() -> Sequence[AuditActionDef]:
    """What is recorded about certificates."""
    return declared.AUDIT_ACTIONS


@hookimpl
def inleer_register_personal_data() -> Sequence[PersonalDataDef]:
    """Of participants."""
    return declared.PERSONAL_DATA
