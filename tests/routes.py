"""Routes made up for tests: a third version of zorg, and any that the records accept (for properties)."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import strategies as st
from inleer_zorg.routes import WIJKLEERBEDRIJF

from inleer.db import unit_of_work
from inleer.extend import Owned, Registry
from inleer.extend.types import (
    Commitment,
    CommitmentKind,
    Duration,
    DurationUnit,
    Exit,
    ExitKind,
    GroupSize,
    Host,
    Matching,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    SessionKind,
    Strand,
)
from inleer.leerroutes.actions import publish
from inleer.policy import system_actor

SECOND = WIJKLEERBEDRIJF[1]


def third_version() -> RouteDefinition:
    """Zorg's second version: a longer "wijk", "adl" under another key, no "selectie", a new last phase."""
    phases = [p for p in SECOND.phases if p.key != "selectie"]
    for number, phase in enumerate(phases):
        if phase.key == "wijk":
            phases[number] = replace(
                phase, duration=Duration(unit=DurationUnit.MONTHS, amount=6), completion=()
            )
        if phase.key == "adl":
            phases[number] = replace(phase, key="verzorging", name="Jaar 1: praktijk verzorging")
    care = PhaseDef(
        key="terugkomen",
        name="Terugkomdagen",
        kind=PhaseKind.AFTERCARE,
        duration=Duration(unit=DurationUnit.MONTHS, amount=6),
        checkpoints=(3, 6),
    )
    return replace(
        SECOND,
        version=3,
        phases=(*phases, care),
        field_groups=(),
        exits=SECOND.exits[1:],
        commitment=Commitment(kind=CommitmentKind.GUARANTEE, timing=Matching.UP_FRONT),
    )


def publish_third() -> None:
    """Publish that version, as a later edition of the plugin would."""
    definition = third_version()
    with unit_of_work():
        publish(system_actor(), Registry(routes=(Owned(definition.owner, definition),)))


KEYS = ("werving", "intake", "leren", "wijk", "adl", "werk")
_NAMES = ("Werving", "Intake", "Praktijk")
_SCHOOL = Strand(
    key="school",
    name="Les",
    session_kind=SessionKind.LESSON,
    host=Host.SCHOOL,
    weekdays=(1,),
    start="09:00",
    end="15:00",
)
_HOURS = Strand(
    key="praktijk",
    name="Praktijk",
    session_kind=SessionKind.PRACTICE,
    host=Host.WORKPLACE,
    makes_sessions=False,
    hours_per_week=16,
)
_STRANDS = (
    (),
    (_SCHOOL,),
    (_SCHOOL, _HOURS),
    (_HOURS, _SCHOOL),
    (replace(_SCHOOL, weekdays=(1, 3), start="08:30", counts=True),),
    (replace(_HOURS, key="school", name="Les", hours_per_week=8),),
    (replace(_HOURS, host=Host.LEERHOME, session_kind=SessionKind.NT2),),
)
_DURATIONS = (
    Duration(unit=DurationUnit.DAYS, amount=1),
    Duration(unit=DurationUnit.WEEKS, amount=6),
    Duration(unit=DurationUnit.SCHOOL_WEEKS, amount=4),
    Duration(unit=DurationUnit.MONTHS, amount=5),
    Duration(unit=DurationUnit.MONTHS, minimum=3, maximum=5),
    Duration(unit=DurationUnit.MONTHS, minimum=2, maximum=5),
)
_COMMITMENTS = (
    None,
    Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE),
    Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE, places_may_be_unknown=True),
    Commitment(kind=CommitmentKind.GUARANTEE, timing=Matching.UP_FRONT),
)
_JOB = Exit(key="baan", name="Baan", kind=ExitKind.JOB)
_BBL = Exit(key="bbl", name="Bbl 3", kind=ExitKind.BBL)
_EXITS = ((_JOB,), (_JOB, _BBL), (_BBL, _JOB), (replace(_JOB, name="Werk", kind=ExitKind.JOB_ELSEWHERE),))
_GROUPS = (GroupSize(target=20), GroupSize(target=14, min=12, max=16), GroupSize(target=14, min=10))


def _some_binding(phase: PhaseDef) -> st.SearchStrategy[PhaseDef]:
    """The phase with none, the first or all of its rules binding."""
    return st.sampled_from((0, 1, 2)).map(lambda n: replace(phase, binding=phase.completion[:n]))


def _phase_defs(key: str, before_start: bool) -> st.SearchStrategy[PhaseDef]:
    return st.builds(
        PhaseDef,
        key=st.just(key),
        name=st.sampled_from(_NAMES),
        kind=st.sampled_from((PhaseKind.LEARNING, PhaseKind.WORK)),
        duration=st.sampled_from(_DURATIONS),
        before_start=st.just(before_start),
        strands=st.sampled_from(_STRANDS),
        completion=st.sampled_from(
            ((), ("zorg.uren",), ("zorg.uren", "zorg.toets"), ("zorg.toets", "zorg.uren"))
        ),
        checkpoints=st.sampled_from(((), (3,), (3, 6))),
    ).flatmap(_some_binding)


_PHASE_DEFS = {(key, before): _phase_defs(key, before) for key in KEYS for before in (True, False)}


@st.composite
def phase_lists(draw: st.DrawFn) -> tuple[PhaseDef, ...]:
    """One to four phases, some of them before the start."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    before = draw(st.integers(0, len(keys) - 1))
    return tuple(draw(_PHASE_DEFS[key, number < before]) for number, key in enumerate(keys))


def routes(version: int = 1) -> st.SearchStrategy[RouteDefinition]:
    """A version of the route "zorg.proef"."""
    return st.builds(
        RouteDefinition,
        key=st.just("zorg.proef"),
        version=st.just(version),
        name=st.sampled_from(_NAMES),
        summary=st.sampled_from(_NAMES),
        phases=phase_lists(),
        commitment=st.sampled_from(_COMMITMENTS),
        group=st.sampled_from(_GROUPS),
        exits=st.sampled_from(_EXITS),
        duration_text=st.sampled_from(("1 jaar", "2 jaar")),
        qualification=st.sampled_from(("", "diploma mbo 2", "mbo 3")),
        field_groups=st.sampled_from(((), ("zorg.intake",), ("zorg.taal", "zorg.intake"))),
        sources=st.sampled_from(((), ("A",), ("A", "B"), ("B", "A"))),
    )


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[RouteDefinition, RouteDefinition]:
    """A version and the next one, which has some attributes of it and some of its own."""
    old, other = draw(routes()), draw(routes(2))
    names = [f.name for f in fields(RouteDefinition) if f.name not in ("key", "version")]
    kept = draw(st.sets(st.sampled_from(names)) | st.just(set(names)))
    return old, replace(other, **{name: getattr(old, name) for name in kept})
