"""A plugin that implements every hook, each in the smallest way that works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint

from inleer.plugin import (
    API_VERSION,
    Actor,
    BlueprintDef,
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
    PermissionDef,
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
