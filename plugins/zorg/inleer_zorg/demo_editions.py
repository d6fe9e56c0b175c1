"""The fictional editions of the demo: one that has been running for eleven weeks, one that is recruiting."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inleer.plugin.demo import (
    DemoEdition,
    DemoEmployer,
    DemoEscalation,
    DemoIntention,
    DemoNote,
    DemoPattern,
    DemoPerson,
)

_P = DemoPattern
_RUNNING: Final = (
    DemoPerson(
        "Łukasz", "", "Kowalczyk", 2004, "B1", "no", _P.OFTEN_AWAY,
        note=DemoNote(
            2, "telephone", "cohort", "Gebeld over de gemiste lessen. Reist nu met de bus; die valt vaak uit."
        ),
    ),
    DemoPerson(
        "Fatima", "", "El Amrani", 2001, "A2", "no", _P.NO_SHOWS,
        note=DemoNote(6, "talk", "coaches", "Wil graag door. Heeft opvang geregeld voor de dinsdag."),
    ),
    DemoPerson(
        "Olena", "", "Shevchenko", 1996, "B1", "unknown", _P.AWAY_LATELY,
        note=DemoNote(9, "mail", "cohort", "Vraagt of de praktijkdag naar donderdag kan."),
    ),
    DemoPerson(
        "Samira", "", "Haddad", 1989, "A2", "no", _P.ILL_LATELY,
        escalation=DemoEscalation(
            "childcare", "this_week",
            "Haar opvang is gestopt. Ze komt sindsdien later of niet. Graag samen zoeken naar andere opvang.",
        ),
    ),
    DemoPerson("Abdi", "", "Osman", 1998, "B1", "no", _P.ILL),
    DemoPerson("Tesfay", "", "Gebremedhin", 1985, "A2", "unknown", _P.LATE),
    DemoPerson("Kevin", "van 't", "Hof", 2005, "NT1", "no", _P.LATE),
    DemoPerson(
        "Mehmet", "", "Şahin", 1991, "B2", "yes",
        note=DemoNote(20, "visit", "own_organisation", "Bezocht op de wijkstage. De buurvrouw is heel tevreden."),
    ),
    DemoPerson("Zoë", "", "Aydın", 2000, "NT1", "yes"),
    DemoPerson("Inês", "", "Bakker-Öztürk", 1993, "B2", "yes"),
    DemoPerson(
        "Rachid", "van den", "Berg", 1982, "NT1", "no",
        note=DemoNote(
            40, "talk", "candidate", "Afspraak: volgende maand samen kijken naar werkgevers in de buurt."
        ),
    ),
    DemoPerson("Björn", "", "D’Angelo", 1999, "NT1", "no", _P.REASONABLE),
    DemoPerson("Wendy", "", "Visser", 1987, "NT1", "no", silent=True),
    DemoPerson("Jeroen", "de", "Vries", 2003, "NT1", "no", _P.REASONABLE),
    DemoPerson("Hülya", "in 't", "Veld", 1990, "B1", "unknown"),
    DemoPerson("Noor", "", "Jansen", 2006, "NT1", "no", _P.JOINS_LATE),
    DemoPerson("Sanne", "van der", "Meulen", 1995, "NT1", "yes"),
    DemoPerson("Daniël", "", "Nguyễn", 1988, "B1", "unknown", _P.REASONABLE),
    DemoPerson("IJsbrand", "", "Postma", 1979, "NT1", "no", silent=True),
    DemoPerson("Şeyma", "ter", "Horst", 1997, "B1", "no", _P.STOPPED),
)  # fmt: skip
_COMING: Final = (
    DemoPerson("Amira", "", "Bouzidi", 1994, "B1", "unknown"),
    DemoPerson("Joost", "van", "Loon", 2002, "NT1", "no"),
    DemoPerson("Thi Mai", "", "Trần", 1986, "A2", "unknown"),
    DemoPerson("Chantal", "", "Wiersma", 1983, "NT1", "no"),
    DemoPerson("Yusuf", "", "Demir", 2004, "NT1", "no"),
    DemoPerson("Ada", "", "Owusu", 1992, "B1", "unknown"),
    DemoPerson("Femke", "", "Dijkstra", 1990, "NT1", "yes"),
    DemoPerson("Ibrahim", "", "Diallo", 1999, "A2", "no"),
    DemoPerson("Petra", "de", "Boer", 1977, "NT1", "no"),
)
_WATERLINIE: Final = DemoEmployer("zorggroep-de-waterlinie", "Zorggroep De Waterlinie", "ouderenzorg")
_BAKEN: Final = DemoEmployer("woonzorg-het-baken", "Woonzorg Het Baken", "ouderenzorg")
_POLDERLICHT: Final = DemoEmployer("stichting-polderlicht", "Stichting Polderlicht", "gehandicaptenzorg")
_NOORDERSLUIS: Final = DemoEmployer("thuiszorg-noordersluis", "Thuiszorg Noordersluis", "thuiszorg")


def _asked(
    employer: DemoEmployer, places: int | None, hours: tuple[int, int], days_ago: int | None = None
) -> DemoEmployer:
    return replace(employer, intention=DemoIntention(places=places, hours=hours, answered_days_ago=days_ago))


EDITIONS: Final = (
    DemoEdition(
        slug="zorg-nu",
        name="WijkLeerbedrijf Zorg",
        route_key="zorg.wijkleerbedrijf",
        version=2,
        weeks=-11,
        letter="V",
        chance=1,
        function="Helpende zorg en welzijn",
        people=_RUNNING,
        # Two fresh answers, an old one, and one that is still to come, without a number.
        employers=(
            _asked(_WATERLINIE, 7, (20, 28), 12),
            _asked(_BAKEN, 5, (20, 28), 34),
            _asked(_POLDERLICHT, 4, (16, 24), 71),
            _asked(_NOORDERSLUIS, None, (16, 24)),
        ),
        lesson_today="Zorg en Dienstverlening (inhaalles)",
    ),
    DemoEdition(
        slug="zorg-straks",
        name="WijkLeerbedrijf Zorg",
        route_key="zorg.wijkleerbedrijf",
        version=1,
        weeks=9,
        letter="W",
        chance=2,
        function="Helpende zorg en welzijn",
        people=_COMING,
        employers=(
            _asked(_WATERLINIE, 6, (24, 28)),
            _asked(_BAKEN, 4, (24, 28)),
            _POLDERLICHT,
            _NOORDERSLUIS,
        ),
    ),
)
