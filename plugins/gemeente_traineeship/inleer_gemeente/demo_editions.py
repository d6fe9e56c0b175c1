"""The fictional edition of the demo: a group of trainees in its first period. None of it exists."""

from __future__ import annotations

from typing import Final

from inleer.plugin.demo import DemoEdition, DemoEmployer, DemoIntention, DemoPattern, DemoPerson

_P = DemoPattern
_PEOPLE: Final = (
    DemoPerson("Amina", "", "Belkadi", 2003, "NT1", "yes"),
    DemoPerson("Daan", "", "Brouwer", 2004, "NT1", "yes"),
    DemoPerson("Esra", "", "Coskun", 2003, "NT1", "yes", _P.REASONABLE),
    DemoPerson("Finn", "van", "Dongen", 2002, "NT1", "yes"),
    DemoPerson("Gloria", "", "Eduah", 2003, "B2", "yes"),
    DemoPerson("Hugo", "", "Faber", 2004, "NT1", "yes", _P.LATE),
    DemoPerson("Imane", "el", "Gharbi", 2003, "NT1", "yes"),
    DemoPerson("Jesse", "", "Hermans", 2002, "NT1", "yes"),
    DemoPerson("Kiran", "", "Jhagroe", 2004, "NT1", "yes"),
    DemoPerson("Lotte", "", "Kuiper", 2003, "NT1", "yes", _P.ILL_LATELY),
    DemoPerson("Mees", "de", "Lange", 2003, "NT1", "yes"),
    DemoPerson("Naomi", "", "Mensah", 2004, "B2", "yes"),
    DemoPerson("Omar", "", "Nasser", 2002, "NT1", "yes"),
    DemoPerson("Puck", "", "Oostveen", 2003, "NT1", "yes"),
)

EDITIONS: Final = (
    DemoEdition(
        slug="gemeente-nu",
        name="Mbo-traineeship",
        route_key="gemeente.mbo_maatwerk",
        version=1,
        weeks=-20,
        letter="T",
        chance=5,
        function="Medewerker bij de gemeente",
        people=_PEOPLE,
        employers=(
            DemoEmployer(
                "gemeente-rietveen",
                "Gemeente Rietveen",
                "overheid",
                DemoIntention(places=12, hours=(32, 36), answered_days_ago=40),
            ),
        ),
        second_team=True,
    ),
)
