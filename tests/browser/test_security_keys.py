"""A security key in a real browser: added under one's own account, and used to log in (promise 14).

Chromium's virtual authenticator stands in for the key. The demo is served at localhost here: browsers know no keys at
a bare internet address.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from inleer.demo import PASSWORD
from tests.browser.logins import log_in
from tests.browser.person import Person
from tests.browser.site import Site, Template
from tests.browser.windows import window

EMAIL = "coach@demo.example"


class VirtualKey:
    """A key in the computer of this person, which waits until it is touched."""

    def __init__(self, person: Person) -> None:
        self._cdp = person.page.context.new_cdp_session(person.page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": False,
            "hasUserVerification": False,
            "automaticPresenceSimulation": False,
        }
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def is_touched(self, touched: bool = True) -> None:
        """From now on the key answers, or waits."""
        self._cdp.send(
            "WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self._id, "enabled": touched}
        )


@pytest.fixture(scope="module")
def at_localhost(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(template, tmp_path_factory.mktemp("localhost"), host="localhost") as site:
        yield site


@pytest.fixture
def coach(browser: Browser, at_localhost: Site, size: str) -> Iterator[Person]:
    at_localhost.restore()
    context = window(browser, size)
    someone = Person(context, at_localhost.url)
    yield someone
    try:
        someone.done()
    finally:
        context.close()
        at_localhost.read_log()


def answered(person: Person, key: VirtualKey) -> None:
    """Ask once more with a finger on the key, and see the page that follows."""
    key.is_touched()
    person.follow(person.button("Sleutel opnieuw vragen"))
    key.is_touched(False)


def test_a_key_is_added_leads_in_and_is_removed(coach: Person, at_localhost: Site) -> None:
    key = VirtualKey(coach)
    log_in(coach, EMAIL, PASSWORD, at_localhost.code("coach"))
    coach.go("/account")
    coach.follow(coach.link("Sleutel toevoegen"))
    coach.field("Naam van de sleutel").fill("Sleutelbos")
    coach.field("Huidig wachtwoord").fill("dit is het verkeerde wachtwoord")
    with coach.expecting(422):
        coach.follow(coach.button("Verder"))
        coach.sees("Dit is niet uw huidige wachtwoord")
    coach.field("Huidig wachtwoord").fill(PASSWORD)
    coach.follow(coach.button("Verder"))
    coach.sees("Uw browser vraagt nu om de sleutel")
    answered(coach, key)
    coach.told("De sleutel is toegevoegd")
    coach.sees("Sleutelbos")

    coach.press(coach.page.locator(".menu--user > summary"))
    coach.follow(coach.button("Uitloggen"))
    coach.field("E-mailadres").fill(EMAIL)
    coach.field("Wachtwoord").fill(PASSWORD)
    coach.follow(coach.button("Inloggen"))
    coach.heading("Tweede factor")
    coach.follow(coach.button("Sleutel gebruiken"))
    coach.sees("Uw browser vraagt nu om uw sleutel")
    answered(coach, key)
    coach.heading("Vandaag")

    coach.go("/account")
    coach.follow(coach.link("Verwijderen"))
    coach.sees("Met de sleutel Sleutelbos kunt u daarna niet meer inloggen")
    coach.field("Huidig wachtwoord").fill(PASSWORD)
    coach.follow(coach.button("Sleutel verwijderen"))
    coach.told("De sleutel is verwijderd")
    coach.misses("Sleutelbos")


def test_without_scripts_the_code_still_leads_in(browser: Browser, at_localhost: Site, size: str) -> None:
    at_localhost.restore()
    context = window(browser, size, scripts=False)
    someone = Person(context, at_localhost.url, scripts=False)
    log_in(someone, EMAIL, PASSWORD, at_localhost.code("coach"))
    someone.heading("Vandaag")
    someone.done()
    context.close()
