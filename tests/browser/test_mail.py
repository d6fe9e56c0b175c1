"""Mail: its words changed, read in the demo's mailbox, followed; and a person who chooses what to get."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.site import Site

MAIL = "Uitnodiging voor een rol"
OWN = "Beste {naam},\n\nWelkom bij {organisatie}. Neem hier uw rol aan:\n\n{link}"
WAIT_SECONDS = 30


def test_an_invitation_in_own_words_is_followed_from_the_mailbox(
    person: People, site: Site, size: str
) -> None:
    administrator, invited = person("beheer", size), person(size=size)
    _word_anew(administrator)
    administrator.go("/beheer/mensen")
    administrator.follow(administrator.link("Iemand uitnodigen"))
    administrator.field("Naam").fill("Els Proef")
    administrator.field("E-mailadres").fill("els@voorbeeld.example")
    administrator.field("Organisatie").select_option(label="Werkbedrijf Voorbeeldstad")
    administrator.field("Rol").select_option(label="werkcoach")
    administrator.follow(administrator.button("Uitnodigen"))

    _wait_for_mail(site)
    invited.go("/postbus")
    invited.follow(invited.link("Kom bij ons werken"))
    invited.sees("els@voorbeeld.example", "Welkom bij Werkbedrijf Voorbeeldstad.")
    invited.misses("De link werkt 7 dagen")
    invited.follow(invited.page.locator("main .pre a"))
    invited.sees("Werkbedrijf Voorbeeldstad nodigt u uit als werkcoach", "els@voorbeeld.example")
    expect(invited.field("Uw naam")).to_have_value("Els Proef")

    administrator.go("/beheer/mailteksten")
    administrator.follow(administrator.link(MAIL))
    administrator.follow(administrator.button("Tekst van inleer terugzetten"))
    administrator.sees("tekst van inleer")


def _word_anew(administrator: Person) -> None:
    """Give the invitation words of the agency, after a look at a mistake and at an example."""
    administrator.go("/beheer/mailteksten")
    administrator.follow(administrator.link(MAIL))
    administrator.field("Onderwerp").fill("Kom bij ons werken")
    administrator.field("Tekst").fill("Beste {naam}, zonder link")
    with administrator.expecting(422):
        administrator.follow(administrator.button("Bewaren"))
        administrator.sees("{link}")
    administrator.field("Tekst").fill(OWN)
    administrator.follow(administrator.button("Voorbeeld bekijken"))
    administrator.sees("Er is nog niets bewaard", "Kom bij ons werken")
    administrator.follow(administrator.button("Bewaren"))
    administrator.told("De tekst is bewaard.")


def _wait_for_mail(site: Site) -> None:
    """Wait until the background work has sent the one mail."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not list((site.folder / "mail").glob("*.eml")):
        assert time.monotonic() < deadline, "no mail was sent"
        time.sleep(0.2)


def test_a_coach_does_without_the_mail_of_the_day(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/account")
    coach.follow(coach.link("Meldingen kiezen"))
    coach.press(coach.page.get_by_label("Nee", exact=True))
    coach.follow(coach.button("Opslaan"))
    coach.told("Uw keuze is bewaard.")
    coach.follow(coach.link("Meldingen kiezen"))
    expect(coach.page.get_by_label("Nee", exact=True)).to_be_checked()
