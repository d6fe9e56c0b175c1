"""The WijkLeerbedrijf Zorg, as Lelystad ran it: version 1 as the first edition, version 2 as the second.

They differ in what employers bind themselves to. In the first edition employers guaranteed jobs up front; in
the second they declare an intention, with a number of places that may still be unknown, and matching comes
late. A published version never changes: add a version 3 instead.
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
    RouteDefinition,
)
from inleer.plugin.templates import TUESDAY, PracticeBlock, school_day, wijkleerbedrijf

_SUMMARY = (
    "Werkzoekenden leren in twee jaar voor een baan in de zorg: vier weken in de leerhome, een jaar met een dag"
    " school en zestien uur praktijk per week (eerst in de wijk, dan in de algemene dagelijkse levensverrichtingen),"
    " een selectiedag en een jaar werken en leren bij een werkgever."
)
#: The key of the phase in which participants visit residents.
NEIGHBOURHOOD: Final = "wijk"
_LESSON = school_day("Zorg en Dienstverlening niveau 2", weekdays=(TUESDAY,), start="09:00", end="15:00")
# The source says "first in the neighbourhood, then ADL" in year 1, without a split: five and six months plan a year
# together with the weeks at the leerhome.
_PRACTICE = (
    PracticeBlock(key=NEIGHBOURHOOD, name="Jaar 1: praktijk in de wijk", months=5, hours_per_week=16),
    PracticeBlock(key="adl", name="Jaar 1: praktijk ADL", months=6, hours_per_week=16),
)
_EXITS = (
    Exit(key="baan", name="Baan", kind=ExitKind.JOB),
    Exit(key="bbl_3", name="Bbl-opleiding niveau 3", kind=ExitKind.BBL),
    Exit(key="helpende_plus", name="Helpende Plus", kind=ExitKind.FURTHER_STUDY),
    Exit(key="doorleren", name="Andere vervolgopleiding", kind=ExitKind.FURTHER_STUDY),
)


def _version(version: int, commitment: Commitment) -> RouteDefinition:
    return wijkleerbedrijf(
        key="zorg.wijkleerbedrijf",
        version=version,
        name="WijkLeerbedrijf Zorg",
        summary=_SUMMARY,
        qualification="diploma mbo 2",
        lesson=_LESSON,
        practice_blocks=_PRACTICE,
        work_name="Jaar 2: bbl-baan",
        work_months=12,
        commitment=commitment,
        group=GroupSize(target=20),
        exits=_EXITS,
        duration_text="2 jaar",
        field_groups=("zorg.intake",),
        completion={NEIGHBOURHOOD: ("zorg.neighbourhood_hours",)},
        sources=("Openbare beschrijving van het WijkLeerbedrijf Zorg in Lelystad",),
    )


WIJKLEERBEDRIJF = (
    _version(1, Commitment(kind=CommitmentKind.GUARANTEE, timing=Matching.UP_FRONT)),
    _version(2, Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE, places_may_be_unknown=True)),
)
