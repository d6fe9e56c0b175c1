"""A plugin that implements every hook, each in the smallest way that works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import click
from flask import Blueprint

from inleer.casework.models import Note
from inleer.plugin import (
    ALWAYS,
    API_VERSION,
    Actor,
    AuditActionDef,
    BlueprintDef,
    CommandDef,
    DemoDef,
    Exit,
    ExitKind,
    FieldDef,
    FieldGroup,
    FieldKind,
    FieldTarget,
    GroupSize,
    Manifest,
    PanelDef,
    Parameter,
    PermissionDef,
    PersonalDataDef,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    RuleDef,
    SignalDef,
    SignalFinding,
    SlotDef,
    Tone,
    Verdict,
    guarded,
    hookimpl,
)
from inleer.plugin.templates import weeks

manifest = Manifest(name="dummy", api_version=API_VERSION, distribution="inleer-dummy")
pages = Blueprint("dummy", __name__)
#: What the dummy was told: event, role, cohort, ids.
HEARD: list[tuple[str, str, UUID, tuple[UUID, ...]]] = []


@pages.get("/<uuid:cohort_id>/")
@guarded("dummy.thing:view")
def index(cohort_id: UUID) -> str:
    """A page."""
    return str(cohort_id)


def check(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Everyone is done."""
    return {one: Verdict(True, f"Klaar op {today}.") for one in enrolment_ids}


def box(_actor: Actor, enrolment_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """A number per person."""
    return {one: {"number": n} for n, one in enumerate(enrolment_ids)}


def overview(_actor: Actor, cohort_id: UUID) -> Mapping[str, Any] | None:
    """The cohort's own id."""
    return {"cohort": cohort_id}


def find(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Everyone needs attention."""
    return [
        SignalFinding(enrolment_id=one, cause=f"dag-{today}", on=today, text="Bel even.")
        for one in enrolment_ids
    ]


def seed(_actor: Actor, _cohort_id: UUID) -> int:
    """Nothing to add."""
    return 0


@click.command("greet")
def greet() -> None:
    """Say hello."""
    click.echo("Hallo van de dummy.")


@hookimpl
def inleer_register_routes() -> Sequence[RouteDefinition]:
    """One route that refers to the rule and the fields."""
    work = PhaseDef(
        key="werk",
        name="Werk",
        kind=PhaseKind.WORK,
        duration=weeks(4),
        completion=("dummy.done",),
    )
    return [
        RouteDefinition(
            key="dummy.route",
            version=1,
            name="Proefroute",
            summary="Een route voor tests.",
            phases=(work,),
            commitment=None,
            group=GroupSize(target=5),
            exits=(Exit(key="baan", name="Baan", kind=ExitKind.JOB),),
            duration_text="4 weken",
            field_groups=("dummy.intake",),
        )
    ]


@hookimpl
def inleer_register_rules() -> Sequence[RuleDef]:
    """One rule."""
    return [RuleDef(key="dummy.done", name="Klaar", explain="Iedereen is klaar.", check=check)]


@hookimpl
def inleer_register_fields() -> Sequence[FieldGroup]:
    """One group of one field."""
    field = FieldDef(
        key="reistijd", label="Reistijd in minuten", kind=FieldKind.INTEGER, minimum=0, maximum=240
    )
    return [FieldGroup(key="dummy.intake", name="Reizen", target=FieldTarget.INTAKE, fields=(field,))]


@hookimpl
def inleer_register_permissions() -> Sequence[PermissionDef]:
    """One permission."""
    grants = {"coach": frozenset({"agency"}), "leerhome_coordinator": frozenset({"leerhome"})}
    return [PermissionDef(perm="dummy.thing:view", name="Ding bekijken", grants=grants)]


@hookimpl
def inleer_register_blueprints() -> Sequence[BlueprintDef]:
    """One page."""
    return [BlueprintDef(blueprint=pages, url_prefix="/dummy")]


@hookimpl
def inleer_register_slots() -> Sequence[SlotDef]:
    """Two boxes, in the other order than they are shown."""
    late = SlotDef(
        key="dummy.late",
        slot="candidate.aside",
        title="Laat",
        template="dummy/box.html",
        perm="dummy.thing:view",
        context=box,
        order=200,
    )
    early = SlotDef(
        key="dummy.zearly",
        slot="candidate.aside",
        title="Vroeg",
        template="dummy/box.html",
        perm="enrolment:view",
        context=box,
        order=10,
    )
    return [late, early]


@hookimpl
def inleer_register_panels() -> Sequence[PanelDef]:
    """One panel."""
    return [
        PanelDef(
            key="dummy.overview",
            place="cohort.board",
            title="Overzicht",
            template="dummy/panel.html",
            perm="dummy.thing:view",
            context=overview,
        )
    ]


@hookimpl
def inleer_register_signals() -> Sequence[SignalDef]:
    """One signal."""
    return [
        SignalDef(key="dummy.call", name="Bellen", explain="Voor iedereen.", evaluate=find, tone=Tone.INFO)
    ]


@hookimpl
def inleer_register_demo() -> Sequence[DemoDef]:
    """Demo data."""
    return [DemoDef(key="dummy.demo", seed=seed)]


@hookimpl
def inleer_register_settings() -> Sequence[Parameter]:
    """One setting."""
    return [Parameter("dummy.places", "Plekken per bedrijf", "plekken", 1, 9, "afspraak", ((ALWAYS, 4),))]


@hookimpl
def inleer_register_audit_actions() -> Sequence[AuditActionDef]:
    """One action."""
    return [AuditActionDef(key="dummy.noted", name="iets genoteerd")]


@hookimpl
def inleer_register_personal_data() -> Sequence[PersonalDataDef]:
    """One table; it is the core's, for the dummy has none."""
    return [
        PersonalDataDef(
            key="dummy.notes",
            name="Notities",
            model=Note,
            link="candidate_id",
            columns={"text": "wat er is opgeschreven"},
        )
    ]


@hookimpl
def inleer_register_commands() -> Sequence[CommandDef]:
    """One command."""
    return [CommandDef(key="dummy.greet", command=greet)]


@hookimpl
def inleer_on_enrolment_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Remember it."""
    HEARD.append(("enrolment", actor.role.value, cohort_id, tuple(enrolment_ids)))


@hookimpl
def inleer_on_phase_completed(cohort_id: UUID, enrolment_ids: Sequence[UUID], phase_key: str) -> None:
    """Remember it; this one does not ask who did it."""
    HEARD.append((f"phase {phase_key}", "", cohort_id, tuple(enrolment_ids)))


@hookimpl
def inleer_on_placement_changed(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Remember it."""
    HEARD.append(("placement", actor.role.value, cohort_id, tuple(enrolment_ids)))


@hookimpl
def inleer_on_intention_changed(actor: Actor, cohort_id: UUID, intention_ids: Sequence[UUID]) -> None:
    """Remember it."""
    HEARD.append(("intention", actor.role.value, cohort_id, tuple(intention_ids)))


@hookimpl
def inleer_on_attendance_recorded(actor: Actor, cohort_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    """Remember it."""
    HEARD.append(("attendance", actor.role.value, cohort_id, tuple(enrolment_ids)))
