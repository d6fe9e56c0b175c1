"""The hooks: what a plugin can bring. Each is a noun, takes nothing, and returns frozen records.

Those that register are called once, when the application starts; the result is sorted and frozen into the registry.
Those that begin with ``inleer_on_`` are called when something happened, in the same transaction: after the core's own
work, each in a savepoint, for the people of one cohort of the plugin's own routes at a time. Adding a hook argument
is compatible (pluggy passes what is asked for); removing one raises API_VERSION.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pluggy

from inleer.extend.types import (
    AuditActionDef,
    BlueprintDef,
    CommandDef,
    DemoDef,
    FieldGroup,
    PanelDef,
    PermissionDef,
    PersonalDataDef,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SlotDef,
)
from inleer.parameters.catalogue import Parameter
from inleer.policy import Actor

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


@hookspec
def inleer_register_settings() -> Sequence[Parameter]:  # type: ignore[empty-body]
    """Dated settings of the plugin; an administrator changes them per work agency, from a day on."""


@hookspec
def inleer_register_audit_actions() -> Sequence[AuditActionDef]:  # type: ignore[empty-body]
    """The names of what the plugin records in the audit trail; it can record nothing else."""


@hookspec
def inleer_register_personal_data() -> Sequence[PersonalDataDef]:  # type: ignore[empty-body]
    """Which of the plugin's columns hold personal data, and of whom."""


@hookspec
def inleer_register_commands() -> Sequence[CommandDef]:  # type: ignore[empty-body]
    """Commands below ``inleer PLUGIN``."""


@hookspec
def inleer_on_enrolment_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """These people were enrolled, or their state or dates changed."""


@hookspec
def inleer_on_phase_completed(
    actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID], phase_key: str
) -> None:
    """These people completed a phase. Taking that back is no event of its own: read the facts."""


@hookspec
def inleer_on_placement_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Placements of these people were made, changed or ended."""


@hookspec
def inleer_on_intention_changed(actor: Actor, cohort_id: UUID, intention_ids: Sequence[UUID]) -> None:
    """Job intentions of employers were written down, answered or changed."""


@hookspec
def inleer_on_attendance_recorded(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Attendance of these people was recorded or corrected, or a session of theirs ended, was moved or cancelled."""
