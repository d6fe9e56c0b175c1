"""Two versions of a route are compared; an edition moves to the newest, others read that, and it is taken back."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect

from inleer.db import db
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_programme import NOW, row
from tests.routes import publish_third

LATER = "Jaar 1: praktijk verzorging"
KEPT = "kan niet verdwijnen; daarin is vastgelegd"


def publish_in(site_app: Flask) -> None:
    """A third version of the route, in the demo that is served."""
    with site_app.app_context():
        publish_third()
        db.session.remove()


def to_the_choice(manager: Person) -> None:
    """From all editions to the page on which the phases of one are chosen."""
    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("Planning"))
    manager.follow(manager.link("Routeversie"))
    manager.heading("Routeversie")
    manager.field("Naar").select_option(label="versie 3")
    manager.follow(manager.button("Kies"))


def test_versions_side_by_side(person: People, size: str, site_app: Flask) -> None:
    publish_in(site_app)
    manager = person("programma", size)
    manager.go("/leerroutes")
    manager.follow(manager.link("Vergelijk versie 2 en 3"))
    manager.sees(
        "Wat anders is, heeft een rand en een woord.",
        "Fase “Jaar 1: praktijk in de wijk” duurt 6 in plaats van 5 maanden.",
        "Werkgevers geven een garantie in plaats van een intentie.",
        "Vervallen fase: Selectiedag: 1 schoolweek.",
    )
    manager.field("Van").select_option(label="versie 1")
    manager.field("Naar").select_option(label="versie 2")
    manager.follow(manager.button("Vergelijk"))
    manager.sees("De fasen zijn gelijk.", "Werkgevers geven een intentie in plaats van een garantie.")


def test_an_edition_moves_and_comes_back(person: People, size: str, site_app: Flask) -> None:
    publish_in(site_app)
    manager, coach = person("programma", size), person("coach", size)
    to_the_choice(manager)
    manager.field("Introductie Leerhome").select_option(label="verdwijnt uit deze lichting")
    with manager.expecting(422):
        manager.follow(manager.button("Bekijk wat er gebeurt"))
    manager.sees(KEPT)
    manager.field("Introductie Leerhome").select_option(label="Introductie Leerhome")
    manager.field("Jaar 1: praktijk ADL").select_option(label=LATER)
    manager.follow(manager.button("Bekijk wat er gebeurt"))
    manager.heading("Controleer: naar versie 3")
    expect(row(manager, LATER)).to_contain_text("Jaar 1: praktijk ADL")
    expect(row(manager, "Terugkomdagen")).to_contain_text("nieuw")
    manager.sees(
        "Er is nog niets veranderd.", "Intenties van werkgevers die er al zijn, blijven wat ze zijn."
    )
    manager.follow(manager.button("Terug naar de keuze"))
    expect(manager.field("Jaar 1: praktijk ADL")).to_have_value("verzorging")
    manager.follow(manager.button("Bekijk wat er gebeurt"))
    manager.follow(manager.button("Overzetten naar versie 3"))
    manager.told("De lichting volgt nu versie 3 van de route.")
    manager.sees(LATER, "Terugkomdagen")

    coach.go("/lichtingen")
    coach.follow(coach.link(NOW))
    coach.sees("WijkLeerbedrijf Zorg, versie 3")

    manager.follow(manager.link("Routeversie"))
    manager.sees("Van versie 2 naar versie 3")
    manager.follow(manager.button("Overgang terugdraaien"))
    assert manager.questions == ["De lichting volgt dan weer versie 2. Doorgaan?"]
    manager.told("De lichting volgt weer versie 2 van de route.")
    manager.misses(LATER, "Terugkomdagen")
