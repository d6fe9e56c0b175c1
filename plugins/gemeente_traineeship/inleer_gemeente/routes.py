"""The mbo-traineeship "maatwerk": a month of introduction and three workplaces of seven months each.

A published version never changes: add a version 2 instead. What the source does not say is a planning value
(docs/decisions/0091).
"""

from __future__ import annotations

from typing import Final

from inleer.plugin import (
    Commitment,
    CommitmentKind,
    Exit,
    ExitKind,
    GroupSize,
    Matching,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
)
from inleer.plugin.templates import THURSDAY, group_day, months, practice, recruitment, rotation

#: A trainee works at so many places.
ROUNDS: Final = 3
#: The phases at a workplace, in order; the phase before the start in which the first one is arranged.
WORKPLACES: Final = tuple(f"werkplek_{number}" for number in range(1, ROUNDS + 1))
PREPARATION: Final = "voorbereiding"
#: The title of the meetings of the group, as the timetable has them.
GROUP_DAY: Final = "Groepsdag"

_GROUP_DAY: Final = group_day(GROUP_DAY, weekday=THURSDAY, start="09:00", end="17:00")
_WORKPLACE: Final = practice("werkplek", "Werkplek", hours_per_week=28)


def _before(key: str, name: str, kind: PhaseKind, completion: tuple[str, ...] = ()) -> PhaseDef:
    return PhaseDef(
        key=key, name=name, kind=kind, duration=months(1), before_start=True, completion=completion
    )


MBO_MAATWERK: Final = RouteDefinition(
    key="gemeente.mbo_maatwerk",
    version=1,
    name="Mbo-traineeship maatwerk",
    summary=(
        "Pas afgestudeerde mbo'ers (niveau 3 of 4) werken 22 maanden bij een gemeente: een maand introductie en drie"
        " werkplekken van zeven maanden, meestal binnen één directie en telkens in een andere functie. Eén dag per"
        " week is voor de groep: intervisie, training en twee groepsopdrachten. Na afloop is er een baangarantie."
    ),
    phases=(
        recruitment(months(3)),
        _before("selectie", "Selectie", PhaseKind.SELECTION),
        _before(PREPARATION, "Werkplekken en begeleiders regelen", PhaseKind.INTAKE, ("gemeente.ready",)),
        PhaseDef(
            key="introductie",
            name="Introductiemaand",
            kind=PhaseKind.INTRODUCTION,
            duration=months(1),
            strands=(_GROUP_DAY,),
        ),
        *rotation(
            "werkplek",
            "Werkplek",
            rounds=ROUNDS,
            each=months(7),
            strands=(_GROUP_DAY, _WORKPLACE),
            completion=("gemeente.functions",),
        ),
        PhaseDef(
            key="afsluiting", name="Afsluiting en evaluatie", kind=PhaseKind.LEARNING, duration=months(1)
        ),
    ),
    commitment=Commitment(kind=CommitmentKind.GUARANTEE, timing=Matching.PER_ROUND),
    group=GroupSize(target=14, min=12, max=16),
    exits=(
        Exit(key="baan", name="Baan bij de gemeente", kind=ExitKind.JOB),
        Exit(key="elders", name="Baan bij een andere werkgever", kind=ExitKind.JOB_ELSEWHERE),
    ),
    duration_text="22 maanden, en een maand afsluiting",
    field_groups=("gemeente.intake",),
    sources=("Openbare beschrijving van het Amsterdamse mbo-traineeship “maatwerk”",),
)
