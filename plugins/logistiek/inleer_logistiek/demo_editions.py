"""The fictional edition of the demo: a group that is over the half of its practice. Nobody in it exists."""

from __future__ import annotations

from typing import Final

from inleer.plugin.demo import (
    DemoEdition,
    DemoEmployer,
    DemoIntention,
    DemoNote,
    DemoPattern,
    DemoPerson,
)

_P = DemoPattern
_PEOPLE: Final = (
    DemoPerson("Bilal", "", "Achahbar", 1999, "B1", "no"),
    DemoPerson("Natalia", "", "Wójcik", 1991, "A2", "unknown"),
    DemoPerson("Tom", "van", "Dalen", 2003, "NT1", "no", _P.LATE),
    DemoPerson("Ricardo", "", "Fernandes", 1984, "B1", "yes"),
    DemoPerson(
        "Selma", "", "Güneş", 1996, "B2", "no",
        note=DemoNote(5, "telephone", "cohort", "Haar heftruckcertificaat loopt af. Nascholing staat gepland."),
    ),
    DemoPerson("Dirk", "", "Hoekstra", 1978, "NT1", "no"),
    DemoPerson("Yonas", "", "Kidane", 1989, "A2", "unknown", _P.ILL),
    DemoPerson("Joyce", "", "Martina", 2001, "NT1", "no", _P.NO_SHOWS),
    DemoPerson("Hamid", "", "Rezaei", 1993, "B1", "yes", _P.REASONABLE),
    DemoPerson("Corina", "de", "Zeeuw", 1987, "NT1", "no", silent=True),
)  # fmt: skip

EDITIONS: Final = (
    DemoEdition(
        slug="logistiek-nu",
        name="Leerbedrijf Logistiek",
        route_key="logistiek.leerbedrijf",
        version=1,
        weeks=-12,
        letter="L",
        chance=3,
        function="Medewerker magazijn",
        people=_PEOPLE,
        employers=(
            DemoEmployer(
                "distributie-de-sluis", "Distributie De Sluis", "logistiek",
                DemoIntention(places=4, hours=(32, 38), answered_days_ago=16),
            ),
            DemoEmployer(
                "koelhuis-noorderhaven", "Koelhuis Noorderhaven", "logistiek",
                DemoIntention(places=None, hours=(24, 36), answered_days_ago=30),
            ),
            DemoEmployer("pakhuis-van-loenen", "Pakhuis Van Loenen", "logistiek"),
        ),
        second_team=True,
    ),
)  # fmt: skip
