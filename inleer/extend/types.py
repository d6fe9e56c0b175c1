"""The records that plugins hand over, each frozen and checked when it is made. Hooks return these and nothing
else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from inleer.extend.checks import DefinitionError, dotted, member, require, text
from inleer.extend.declarations import AuditActionDef, CommandDef, PersonalDataDef
from inleer.extend.definitions import (
    Commitment,
    CommitmentKind,
    Exit,
    ExitKind,
    GroupSize,
    Matching,
    RouteDefinition,
)
from inleer.extend.demo import DemoDef
from inleer.extend.fields import FieldDef, FieldGroup, FieldKind, FieldTarget
from inleer.extend.manifest import API_VERSION, CORE, Manifest
from inleer.extend.phases import Duration, DurationUnit, Host, PhaseDef, PhaseKind, SessionKind, Strand

if TYPE_CHECKING:
    from flask import Blueprint

    from inleer.policy import Actor

# Declared once, here. A slot stands on a page about candidates, a place on a page about a cohort.
SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "candidate.main": "Kandidaatpagina, in de hoofdkolom onder de tijdlijn",
        "candidate.aside": "Kandidaatpagina, in de zijkolom",
    }
)
PLACES: Mapping[str, str] = MappingProxyType({"cohort.board": "Lichtingpagina, onder de groep"})

_PERM = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")
_ANY_PERM = re.compile(r"([a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*:[a-z][a-z0-9_]*")
_TEMPLATE = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.html")


class Tone(StrEnum):
    """How urgent a signal looks; never shown by colour alone."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one person: fulfilled, not fulfilled, or not to be said yet (None); and why, in
    Dutch."""

    fulfilled: bool | None
    text: str

    def __post_init__(self) -> None:
        require(self.fulfilled in (True, False, None), "Een oordeel is True, False of None.")
        text(self.text, "Uitleg van een oordeel", 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDef:
    """When a phase is completed. ``check`` gets enrolment ids and the day, and answers for each of them at
    once.

    ``agreeing``: it is asked too when a placement in a cohort of the plugin's own routes is agreed, or changed while
    it is agreed. Unless it is fulfilled then, that is refused.
    """

    key: str
    name: str
    explain: str
    check: Callable[[Sequence[UUID], date], Mapping[UUID, Verdict]]
    agreeing: bool = False

    def __post_init__(self) -> None:
        _named(self.key, self.name, "Regel")
        text(self.explain, f"Uitleg van regel {self.key}", 500)
        _callable(self.check, f"Regel {self.key}: check")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDef:
    """A box on a page about candidates. ``context`` gets enrolment ids and answers per id (left out: no box).

    The core renders ``template`` with that mapping, for an actor whose role has ``perm``.
    """

    key: str
    slot: str
    title: str
    template: str
    perm: str
    context: Callable[[Actor, Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]
    order: int = 100

    def __post_init__(self) -> None:
        _named(self.key, self.title, "Slot")
        _shown(self.key, self.template, self.perm)
        _callable(self.context, f"Slot {self.key}: context")


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDef:
    """A box on a page about a cohort. ``context`` gets the cohort id and answers None when there is nothing
    to show."""

    key: str
    place: str
    title: str
    template: str
    perm: str
    context: Callable[[Actor, UUID], Mapping[str, Any] | None]
    order: int = 100

    def __post_init__(self) -> None:
        _named(self.key, self.title, "Paneel")
        _shown(self.key, self.template, self.perm)
        _callable(self.context, f"Paneel {self.key}: context")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFinding:
    """That a signal holds for one person. ``cause`` identifies the reason: a handled signal returns for a new
    cause only. ``on`` is the day it came about."""

    enrolment_id: UUID
    cause: str
    on: date
    text: str

    def __post_init__(self) -> None:
        require(isinstance(self.enrolment_id, UUID), "Een signaal hoort bij een deelname (UUID).")
        text(self.cause, "Oorzaak van een signaal", 120)
        text(self.text, "Tekst van een signaal", 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalDef:
    """A reason why someone needs attention. ``evaluate`` gets enrolment ids and the day, and names those it
    holds for.

    ``endpoint`` names the plugin's page where something can be done about it, as "energie.steps"; its address asks
    for no more than an ``enrolment_id`` or a ``cohort_id``. Each signal then has a link to it.
    """

    key: str
    name: str
    explain: str
    evaluate: Callable[[Sequence[UUID], date], Sequence[SignalFinding]]
    tone: Tone = Tone.WARNING
    endpoint: str = ""

    def __post_init__(self) -> None:
        _named(self.key, self.name, "Signaal")
        text(self.explain, f"Uitleg van signaal {self.key}", 500)
        member(self, "tone", Tone)
        _callable(self.evaluate, f"Signaal {self.key}: evaluate")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueprintDef:
    """Pages of a plugin. The blueprint carries the plugin's name and ``url_prefix`` starts with "/NAME".

    Each URL below it names a ``cohort_id`` or an ``enrolment_id``: for other routes' cohorts the answer is
    404.
    """

    blueprint: Blueprint
    url_prefix: str

    def __post_init__(self) -> None:
        require(
            re.fullmatch(r"(/[a-z][a-z0-9_-]*)+", self.url_prefix),
            f"url_prefix {self.url_prefix!r}: begin met / en gebruik kleine letters.",
        )
        require(hasattr(self.blueprint, "deferred_functions"), "Geef een Flask-Blueprint.")

    @property
    def key(self) -> str:
        """The blueprint's name."""
        return str(self.blueprint.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionDef:
    """A permission of a plugin, "plugin.resource:action", and under which relations each role has it."""

    perm: str
    name: str
    grants: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        require(_PERM.fullmatch(self.perm), f"Recht {self.perm!r}: schrijf plugin.ding:handeling.")
        text(self.name, f"Naam van recht {self.perm}")
        frozen = {str(role): frozenset(relations) for role, relations in self.grants.items()}
        require(all(frozen.values()), f"Recht {self.perm}: een rol zonder relaties heeft het recht nooit.")
        object.__setattr__(self, "grants", MappingProxyType(frozen))

    @property
    def key(self) -> str:
        """The permission itself."""
        return self.perm


def _named(key: str, name: str, what: str) -> None:
    dotted(key, what)
    text(name, f"Naam van {what.lower()} {key}")


def _callable(value: object, what: str) -> None:
    require(callable(value), f"{what} is geen functie.")


def _shown(key: str, template: str, perm: str) -> None:
    require(_TEMPLATE.fullmatch(template), f"{key}: template {template!r} is geen pad als zorg/paneel.html.")
    require(_ANY_PERM.fullmatch(perm), f"{key}: recht {perm!r} bestaat niet.")


__all__ = [
    "API_VERSION",
    "CORE",
    "PLACES",
    "SLOTS",
    "AuditActionDef",
    "BlueprintDef",
    "CommandDef",
    "Commitment",
    "CommitmentKind",
    "DefinitionError",
    "DemoDef",
    "Duration",
    "DurationUnit",
    "Exit",
    "ExitKind",
    "FieldDef",
    "FieldGroup",
    "FieldKind",
    "FieldTarget",
    "GroupSize",
    "Host",
    "Manifest",
    "Matching",
    "PanelDef",
    "PermissionDef",
    "PersonalDataDef",
    "PhaseDef",
    "PhaseKind",
    "RouteDefinition",
    "RuleDef",
    "SessionKind",
    "SignalDef",
    "SignalFinding",
    "SlotDef",
    "Strand",
    "Tone",
    "Verdict",
]
