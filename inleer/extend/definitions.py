"""What a route is: a frozen record, checked when it is made. It holds plain values only, so that a published
version can be stored as JSON and read back without the plugin (see :mod:`inleer.leerroutes.definition`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inleer.extend.checks import dotted, instance, member, require, slug, text, tuple_of, unique, whole
from inleer.extend.phases import DurationUnit, Host, PhaseDef, PhaseKind


class CommitmentKind(StrEnum):
    """What employers bind themselves to: best efforts, a result, or a contract with a resolutive
    condition."""

    INTENTION = "intention"
    GUARANTEE = "guarantee"
    CONDITIONAL_CONTRACT = "conditional_contract"


class Matching(StrEnum):
    """When people and places are brought together."""

    UP_FRONT = "up_front"
    LATE = "late"
    PER_ROUND = "per_round"
    NONE = "none"


class ExitKind(StrEnum):
    """What kind of success an exit is."""

    JOB = "job"
    BBL = "bbl"
    FURTHER_STUDY = "further_study"
    JOB_ELSEWHERE = "job_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What is asked of employers, and when people and places are matched."""

    kind: CommitmentKind
    timing: Matching
    places_may_be_unknown: bool = False

    def __post_init__(self) -> None:
        member(self, "kind", CommitmentKind)
        member(self, "timing", Matching)
        require(
            self.kind is not CommitmentKind.GUARANTEE or not self.places_may_be_unknown,
            "Een baangarantie noemt een aantal plaatsen: places_may_be_unknown kan dan niet.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize:
    """The number of participants aimed at, with bounds where the programme has them (None: not stated)."""

    target: int
    min: int | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        for number in (self.target, self.min, self.max):
            require(
                number is None or isinstance(number, int), f"Groepsgrootte: {number!r} is geen geheel getal."
            )
        low, high = self.bounds
        require(
            1 <= low <= self.target <= high, "Groepsgrootte: minimum, streefgetal en maximum lopen niet op."
        )

    @property
    def bounds(self) -> tuple[int, int]:
        """The bounds to start an edition with: 1 and the target where the programme states none."""
        return 1 if self.min is None else self.min, self.target if self.max is None else self.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A way to leave the route that counts as success."""

    key: str
    name: str
    kind: ExitKind

    def __post_init__(self) -> None:
        slug(self.key, "Uitkomst")
        text(self.name, f"Naam van uitkomst {self.key}")
        member(self, "kind", ExitKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDefinition:
    """One version of a route, as its plugin brings it. Once published, a change needs a new ``version``.

    ``key`` is "owner.name" with the plugin's name as owner; ``commitment`` None means that employers bind
    themselves to nothing; ``field_groups`` are keys of FieldGroup; ``duration_text`` says the length in
    words.
    """

    key: str
    version: int
    name: str
    summary: str
    phases: tuple[PhaseDef, ...]
    commitment: Commitment | None
    group: GroupSize
    exits: tuple[Exit, ...]
    duration_text: str
    qualification: str = ""
    field_groups: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        dotted(self.key, "Route")
        what = f"Route {self.key}"
        whole(self.version, f"{what}: versie")
        require(1 <= self.version <= 9999, f"{what}: versie is een getal vanaf 1.")
        instance(self.group, GroupSize, f"{what}: groep")
        require(
            self.commitment is None or isinstance(self.commitment, Commitment),
            f"{what}: commitment is een Commitment, of None.",
        )
        text(self.name, f"{what}: naam")
        text(self.summary, f"{what}: samenvatting", 2000)
        text(self.duration_text, f"{what}: duur")
        tuple_of(self.exits, Exit, f"{what}: uitkomsten")
        require(self.exits, f"{what}: noem minstens één uitkomst die als succes telt.")
        unique((e.key for e in self.exits), f"{what}: uitkomst")
        for name in ("field_groups", "sources"):
            tuple_of(getattr(self, name), str, f"{what}: {name}")
        for key in self.field_groups:
            dotted(key, f"{what}: veldgroep")
        unique(self.field_groups, f"{what}: veldgroep")
        self._check_phases(what)

    def _check_phases(self, what: str) -> None:
        tuple_of(self.phases, PhaseDef, f"{what}: fasen")
        unique((p.key for p in self.phases), f"{what}: fase")
        order = [not p.before_start for p in self.phases]
        require(any(order), f"{what}: minstens één fase begint op of na de startdatum.")
        require(order == sorted(order), f"{what}: fasen van voor de start staan vooraan.")
        for phase in self.phases[:-1]:
            require(
                phase.duration.unit is not DurationUnit.OPEN,
                f"{what}: alleen de laatste fase mag een open duur hebben, niet {phase.key}.",
            )

    @property
    def owner(self) -> str:
        """The name of the plugin that brings this route."""
        return self.key.partition(".")[0]

    @property
    def partners(self) -> tuple[str, ...]:
        """Which kinds of partner an edition cannot do without: "school" and "leerhome" for what strands they host,
        "employer" for workplaces, work, or what employers bind themselves to."""
        hosts = {strand.host for phase in self.phases for strand in phase.strands}
        works = Host.WORKPLACE in hosts or any(phase.kind is PhaseKind.WORK for phase in self.phases)
        asked = {
            "school": Host.SCHOOL in hosts,
            "leerhome": Host.LEERHOME in hosts,
            "employer": works or self.commitment is not None,
        }
        return tuple(kind for kind, needed in asked.items() if needed)

    def phase(self, key: str) -> PhaseDef:
        """The phase with this key. Raises KeyError when the route has none."""
        for phase in self.phases:
            if phase.key == key:
                return phase
        raise KeyError(key)
