"""The Leerbedrijf Logistiek: the wijkleerbedrijf model in six months, with another partner and qualification.

A published version never changes: add a version 2 instead. What the source does not say is a planning value
(docs/decisions/0090).
"""

from __future__ import annotations

from typing import Final

from inleer.plugin import Commitment, CommitmentKind, Exit, ExitKind, GroupSize, Matching
from inleer.plugin.templates import WEDNESDAY, PracticeBlock, school_day, wijkleerbedrijf

#: The key of the phase in which participants learn in the warehouse, and of the one in which they work.
PRACTICE: Final = "praktijk"
WORK: Final = "werk"

LEERBEDRIJF: Final = wijkleerbedrijf(
    key="logistiek.leerbedrijf",
    version=1,
    name="Leerbedrijf Logistiek",
    summary=(
        "Werkzoekenden leren in zes maanden voor een baan in de logistiek: een introductie in de leerwerkplaats,"
        " een dag school en praktijk in het magazijn per week, losse certificaten, een selectiedag en werken bij een"
        " van de werkgevers. Betaald uit het participatiebudget: € 5.000 per persoon per jaar."
    ),
    qualification="certificaten in de logistiek, af te spreken met de school",
    lesson=school_day("Logistiek", weekdays=(WEDNESDAY,), start="09:00", end="15:00"),
    practice_blocks=(
        PracticeBlock(key=PRACTICE, name="Praktijk in het magazijn", months=3, hours_per_week=16),
    ),
    work_name="Werken bij een werkgever",
    work_months=2,
    commitment=Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE, places_may_be_unknown=True),
    group=GroupSize(target=12),
    exits=(
        Exit(key="baan", name="Baan", kind=ExitKind.JOB),
        Exit(key="bbl", name="Bbl-opleiding logistiek", kind=ExitKind.BBL),
        Exit(key="doorleren", name="Andere vervolgopleiding", kind=ExitKind.FURTHER_STUDY),
    ),
    duration_text="6 maanden",
    leerhome="leerwerkplaats",
    introduction_weeks=3,
    field_groups=("logistiek.intake",),
    completion={"selectie": ("logistiek.forklift",)},
    sources=("Openbare beschrijving van het Leerbedrijf Logistiek",),
)
