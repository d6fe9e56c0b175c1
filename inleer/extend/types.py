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

from inleer.extend.checks import DefinitionError, dotted, member, require, slug, text
from inleer.extend.definitions import (
    Commitment,
    CommitmentKind,
    Exit,
    ExitKind,
    GroupSize,
    Matching,
    RouteDefinition,
)
from inleer.extend.fields import FieldDef, FieldGroup, FieldKind, FieldTarget
from inleer.extend.phases import Duration, DurationUnit, Host, PhaseDef, PhaseKind, SessionKind, Strand

if TYPE_CHECKING:
    from flask import Blueprint

    from inleer.policy import Actor

API_VERSION = 1
CORE = "core"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Who a plugin is. A plugin module carries it as ``manifest``.

    ``name`` equals the name of the entry point; ``core_revision`` is the core's Alembic revision that the
    plugin's tables need; its tables start with ``table_prefix``; ``migrations`` is "package:folder" with its
    Alembic scripts. A plugin without tables leaves these three out.
    """

    name: str
    api_version: int
    distribution: str
    core_revision: str | None = None
    table_prefix: str | None = None
    migrations: str | None = None

    def __post_init__(self) -> None:
        slug(self.name, "Plugin")
        text(self.distribution, f"Distributie van plugin {self.name}")
        given = [part is not None for part in (self.core_revision, self.table_prefix, self.migrations)]
        require(
            all(given) or not any(given),
            "core_revision, table_prefix en migrations horen bij elkaar: geef ze alle drie, of geen.",
        )
        if self.table_prefix is not None:
            require(
                self.table_prefix == f"{self.name}_",
                f"De tabellen van {self.name} beginnen met {self.name}_.",
            )


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
    once."""

    key: str
    name: str
    explain: str
    check: Callable[[Sequence[UUID], date], Mapping[UUID, Verdict]]

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
    cause only. ``on`` is the day it came about; ``endpoint`` names the page where something can be done about
    it."""

    enrolment_id: UUID
    cause: str
    on: date
    text: str
    endpoint: str | None = None

    def __post_init__(self) -> None:
        require(isinstance(self.enrolment_id, UUID), "Een signaal hoort bij een deelname (UUID).")
        text(self.cause, "Oorzaak van een signaal", 120)
        text(self.text, "Tekst van een signaal", 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalDef:
    """A reason why someone needs attention. ``evaluate`` gets enrolment ids and the day, and names those it
    holds for."""

    key: str
    name: str
    explain: str
    evaluate: Callable[[Sequence[UUID], date], Sequence[SignalFinding]]
    tone: Tone = Tone.WARNING

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDef:
    """Demo data of a plugin. ``seed`` gets the system actor and the id of a demo cohort of one of its routes,
    adds what is missing there (running it twice adds nothing) and returns how many rows it added."""

    key: str
    seed: Callable[[Actor, UUID], int]

    def __post_init__(self) -> None:
        dotted(self.key, "Demo")
        _callable(self.seed, f"Demo {self.key}: seed")


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
    "BlueprintDef",
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
