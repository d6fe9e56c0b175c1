"""Traineeships at a municipality: a plugin for inleer. It imports of inleer only ``inleer.plugin``."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from inleer.plugin import (
    API_VERSION,
    Actor,
    AuditActionDef,
    BlueprintDef,
    DemoDef,
    FieldGroup,
    Manifest,
    PanelDef,
    Parameter,
    PermissionDef,
    PersonalDataDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SlotDef,
    hookimpl,
)
from inleer_gemeente import (
    access,
    boxes,
    checks,
    declared,
    demo,
    demo_editions,
    fields,
    keeping,
    routes,
    views,
)

manifest = Manifest(
    name="gemeente",
    api_version=API_VERSION,
    distribution="inleer-gemeente",
    core_revision="0006",
    table_prefix="gemeente_",
    migrations="inleer_gemeente:migrations",
)
access.register()


@hookimpl
def inleer_register_routes() -> Sequence[RouteDefinition]:
    """The mbo-traineeship."""
    return [routes.MBO_MAATWERK]


@hookimpl
def inleer_register_rules() -> Sequence[RuleDef]:
    """Whether somebody can begin, has another function in each period, and may be agreed where that is."""
    return [checks.READY, checks.FUNCTIONS, checks.PLACEABLE]


@hookimpl
def inleer_register_fields() -> Sequence[FieldGroup]:
    """What the intake asks about education and preference."""
    return [fields.INTAKE]


@hookimpl
def inleer_register_permissions() -> Sequence[PermissionDef]:
    """Who may see and record workplaces, and place trainees."""
    return access.PERMISSIONS


@hookimpl
def inleer_register_blueprints() -> Sequence[BlueprintDef]:
    """The pages below /gemeente."""
    return [BlueprintDef(blueprint=views.blueprint, url_prefix="/gemeente")]


@hookimpl
def inleer_register_slots() -> Sequence[SlotDef]:
    """The box on the page of a candidate."""
    return [boxes.SLOT]


@hookimpl
def inleer_register_panels() -> Sequence[PanelDef]:
    """The panel on the board of a cohort."""
    return [boxes.PANEL]


@hookimpl
def inleer_register_demo() -> Sequence[DemoDef]:
    """A fictional edition, and its workplaces."""
    return [DemoDef(key="gemeente.werkplekken", seed=demo.seed, editions=demo_editions.EDITIONS)]


@hookimpl
def inleer_register_signals() -> Sequence[SignalDef]:
    """That somebody has no workplace, or one against the rules."""
    return [checks.NOWHERE, checks.AGAINST]


@hookimpl
def inleer_register_settings() -> Sequence[Parameter]:
    """The sizes of group and directorates, and how long before a period its workplace is known."""
    return declared.SETTINGS


@hookimpl
def inleer_register_audit_actions() -> Sequence[AuditActionDef]:
    """What is recorded about workplaces, assignments and trainees."""
    return declared.AUDIT_ACTIONS


@hookimpl
def inleer_register_personal_data() -> Sequence[PersonalDataDef]:
    """Of supervisors, clients and trainees."""
    return declared.PERSONAL_DATA


@hookimpl
def inleer_on_placement_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """A placement takes a place of a workplace, or gives it back."""
    keeping.keep_places(actor, cohort_id, enrolment_ids)


@hookimpl
def inleer_on_enrolment_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Who leaves frees the places that were planned."""
    keeping.keep_places(actor, cohort_id, enrolment_ids)


@hookimpl
def inleer_on_intention_changed(cohort_id: UUID) -> None:
    """An employer guarantees jobs for the time after the traineeship, or takes that back."""
    keeping.keep_guarantee(cohort_id)


@hookimpl
def inleer_on_attendance_recorded(cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Count the group days again, for the certificate."""
    keeping.keep_group_days(cohort_id, enrolment_ids)
