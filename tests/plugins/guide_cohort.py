"""A cohort of the guide's route, made and run over HTTP; test_guide.py runs it where only wheels are."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from inleer.plugin import clock
from inleer.testing import PluginWorld

CSV = """Klantnr;Voornaam;Achternaam;Geboortedatum;Postcode;Instapdatum;Werkcoach
E-1;Noor;Voorbeeld;14-03-1990;1315 AB;{day};Proef coach
E-2;Idris;Voorbeeld;02-11-2001;1316 CD;{day};Proef coach
"""


@pytest.fixture
def inleer_plugin() -> str:
    """The plugin of the guide."""
    return "energie"


class Person:
    """Somebody with a browser without scripts, who follows the forms of pages."""

    def __init__(self, world: PluginWorld, role: str) -> None:
        actor = next(actor for actor in world.actors.values() if actor.role.value == role)
        self.browser: FlaskClient = world.browse(actor)

    def read(self, address: str) -> str:
        """The text of a page that has to be there."""
        answer = self.browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        return " ".join(answer.text.split())

    def send(self, page: str, **values: object) -> str:
        """Send the form of a page to the page itself; returns where it leads."""
        return self.send_to(page, page, **values)

    def send_to(self, page: str, address: str, **values: object) -> str:
        """Send a form of a page to another address."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.read(page))
        assert token is not None, page
        answer = self.browser.post(address, data={"csrf_token": token.group(1), **values})
        assert answer.status_code in (302, 303), answer.text
        return str(answer.headers["Location"])


def field_values(page: str, prefix: str) -> dict[str, str]:
    """The fields of a page whose names begin with this, as they are filled in."""
    inputs = re.findall(r"<input[^>]*>", page)
    named = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {n[1]: v[1] for n, v in named if n is not None and v is not None and n[1].startswith(prefix)}


def test_a_cohort_from_its_beginning_to_the_gate(inleer_world: PluginWorld) -> None:
    """The manager makes it and reads people in, the coach records the instruction and completes."""
    manager, coach = Person(inleer_world, "programme_manager"), Person(inleer_world, "coach")
    start = clock.today() - timedelta(days=clock.today().weekday() + 35)
    asked = {"route": "energie.technicus:1", "name": "Energie Almere", "starts_on": start.isoformat()}
    calendar = f"/lichtingen/nieuw/kalender?{urlencode({**asked, 'region': 'midden'})}"
    dates = {**field_values(manager.read(calendar), "start_"), **field_values(manager.read(calendar), "end_")}
    assert {"start_introductie", "end_werkplek_1", "end_werkplek_2"} <= dates.keys()
    made = manager.send(calendar, slug="energie-almere", generate="no", **dates)
    found = re.search(r"/lichtingen/([0-9a-f-]{36})", made)
    assert found is not None, made
    cohort = f"/lichtingen/{found[1]}"

    people = (io.BytesIO(CSV.format(day=start.strftime("%d-%m-%Y")).encode()), "mensen.csv")
    run = manager.send(f"{cohort}/inlezen/kandidaten", file=people)
    manager.send_to(run, f"{run}/opslaan", **field_values(manager.read(run), "version"))
    assert "0 van 2" in manager.read(cohort), "the panel of the plugin"

    phases = sorted(set(re.findall(rf"{cohort}/afronden/[0-9a-f-]{{36}}", coach.read(f"{cohort}/afronden"))))
    (page,) = [one for one in phases if "nog niet naar de werkplek" in coach.read(one)]
    closed = coach.read(page)
    assert "Introductie Leerwerkplaats" in closed
    assert closed.count("nog niet naar de werkplek") == 2

    first, second = re.findall(r'name="people"[^>]*value="([0-9a-f-]{36})"', closed)
    name = re.search(rf'value="{second}".*?(\w+ Voorbeeld)', closed)
    assert name is not None, "people of one last name stand in any order"
    coach_page = f"/energie/deelname/{first}"
    coach.send(coach_page, kind="instruction", on=clock.today().isoformat(), remark="")
    opened = coach.read(page)
    assert opened.count("nog niet naar de werkplek") == 1
    assert "1 van 2" in manager.read(cohort)
    day = clock.today().isoformat()
    coach.send(page, people=first, on=day, reason="", submit="afronden")
    assert "1 deelnemer heeft de fase" in coach.read(page)
    for reason in ("", "Had deze instructie al bij een andere werkgever."):
        asked = {"people": second, "on": day, "reason": reason, "submit": "afronden"}
        refused = coach.browser.post(page, data={**asked, **token(coach, page)})
        assert refused.status_code == 422, "who had no instruction does not pass"
        assert f"“Veiligheidsinstructie” is niet voldaan bij {name[1]}." in " ".join(refused.text.split())


def token(someone: Person, page: str) -> dict[str, str]:
    """The hidden field of a form."""
    return field_values(someone.read(page), "csrf_token")
