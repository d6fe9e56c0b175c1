"""WijkLeerbedrijf Zorg: a plugin for inleer. It imports of inleer only ``inleer.plugin``."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from inleer.plugin import (
    API_VERSION,
    Actor,
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
    hookimpl,
)
from inleer_zorg import access, actions, boxes, checks, declared, demo, demo_editions, fields, routes, views

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
    """Two fictional editions, with help requests and visits."""
    return [DemoDef(key="zorg.hulpvragen", seed=demo.seed, editions=demo_editions.EDITIONS)]


@hookimpl
def inleer_register_audit_actions() -> Sequence[AuditActionDef]:
    """What is recorded about help requests and visits."""
    return declared.AUDIT_ACTIONS


@hookimpl
def inleer_register_personal_data() -> Sequence[PersonalDataDef]:
    """Of residents and of participants."""
    return declared.PERSONAL_DATA


@hookimpl
def inleer_register_commands() -> Sequence[CommandDef]:
    """``inleer zorg hours``."""
    return declared.COMMANDS


@hookimpl
def inleer_on_phase_completed(actor: Actor, enrolment_ids: Sequence[UUID], phase_key: str) -> None:
    """Who is done in the neighbourhood gives the help requests back, so that residents get somebody else."""
    if phase_key == routes.NEIGHBOURHOOD:
        actions.release(actor, enrolment_ids)
