"""A phase is completed for one person and for a group, read back by somebody else, and taken back."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_casework import NOW, open_file

PHASE = "Jaar 1: praktijk in de wijk"
NAMES = ("Zoë Aydın", "Samira Haddad")
WHY = "Werkte eerder twee jaar in de thuiszorg."


def line(someone: Person, table: str, text: str) -> Locator:
    """A line of a table (a card on a phone)."""
    return someone.page.get_by_role("table", name=table).get_by_role("row").filter(has_text=text)


def of_phase(someone: Person) -> Locator:
    """The line of the phase on the tab of one person."""
    return line(someone, "Fasen van Fatima El Amrani", PHASE)


def open_tab(someone: Person) -> None:
    """The tab with phases of one file."""
    open_file(someone, "El Amrani, Fatima")
    someone.follow(someone.link("Fasen", exact=True))


def open_group(someone: Person) -> None:
    """The page on which the phase that runs is completed for several people."""
    someone.go("/lichtingen")
    someone.follow(someone.link(NOW))
    someone.follow(someone.link("Fasen afronden"))
    someone.follow(someone.link(PHASE))
    someone.heading(PHASE)


def test_a_phase_of_one_person(person: People, size: str) -> None:
    coach, coordinator = person("coach", size), person("leerhome", size)
    open_tab(coach)
    expect(of_phase(coach)).to_contain_text("niet afgerond")
    expect(of_phase(coach)).to_contain_text("van 80\u00a0u bezoeken in de wijk")
    coach.follow(of_phase(coach).get_by_role("link", name="Afronden"))
    coach.sees("Niet elke regel van de fase", "Dit kan ongedaan worden gemaakt.")
    coach.field("Afgerond op").fill("2026-11-16")
    with coach.expecting(422):
        coach.follow(coach.button("Fase afronden"))
    expect(coach.field("Afgerond op")).to_have_value("2026-11-16")
    coach.field("Reden om toch af te ronden").fill(WHY)
    coach.follow(coach.button("Fase afronden"))
    coach.told(f"Fatima El Amrani heeft de fase “{PHASE}” afgerond.")

    open_tab(coordinator)
    for text in ("afgerond op 16 nov 2026", "vastgelegd door Mirjam de Graaf", f"Reden: {WHY}"):
        expect(of_phase(coordinator)).to_contain_text(text)
    coordinator.follow(coordinator.link("Dossier", exact=True))
    coordinator.sees(f"Fase afgerond: {PHASE}", WHY)

    coach.follow(of_phase(coach).get_by_role("button", name="Ongedaan maken"))
    assert coach.questions == [f"De fase “{PHASE}” staat dan weer open. Doorgaan?"]
    coach.told(f"De fase “{PHASE}” staat weer open.")
    coordinator.go(coordinator.page.url)
    coordinator.misses(f"Fase afgerond: {PHASE}")


def test_a_phase_of_a_group(person: People, size: str) -> None:
    coordinator, coach = person("leerhome", size), person("coach", size)
    open_group(coordinator)
    with coordinator.expecting(422):
        coordinator.follow(coordinator.button("Bekijk wat er gebeurt"))
        coordinator.sees("Kies minstens één deelnemer.")
    for name in NAMES:
        coordinator.press(coordinator.page.get_by_role("checkbox", name=name))
    coordinator.field("Afgerond op").fill("2026-11-13")
    coordinator.follow(coordinator.button("Bekijk wat er gebeurt"))
    coordinator.sees("2 deelnemers hebben de fase dan afgerond", "13 november 2026", *NAMES)
    coordinator.field("Reden om toch af te ronden").fill(WHY)
    coordinator.follow(coordinator.button("Terug naar de keuze"))
    for name in NAMES:
        expect(coordinator.page.get_by_role("checkbox", name=name)).to_be_checked()
    coordinator.follow(coordinator.button("Bekijk wat er gebeurt"))
    expect(coordinator.field("Reden om toch af te ronden")).to_have_value(WHY)
    coordinator.follow(coordinator.button("Fase afronden voor 2 deelnemers"))
    coordinator.told(f"2 deelnemers hebben de fase “{PHASE}” afgerond.")

    open_group(coach)
    for name in NAMES:
        done = line(coach, "Wie deze fase heeft afgerond", name)
        expect(done).to_contain_text("13 nov 2026")
        expect(done).to_contain_text("vastgelegd door Sevgi Yilmaz")
        expect(done).to_contain_text(f"Reden: {WHY}")
    coach.follow(line(coach, "Wie deze fase heeft afgerond", NAMES[0]).get_by_role("button"))
    assert coach.questions == [f"De fase staat dan weer open voor {NAMES[0]}. Doorgaan?"]

    # the message of the coordinator takes back what still stands
    coordinator.follow(coordinator.page.locator("#meldingen").get_by_role("button", name="Ongedaan maken"))
    coordinator.told("De fase staat weer open voor 1 deelnemer.")
    coach.go(coach.page.url)
    coach.misses(f"Reden: {WHY}")
