"""A file with bad rows is mended on the screen: the tab is closed, somebody goes on in another browser and saves it.

A header that nobody knows is pointed out by hand, and the next file of the same sender needs that no more.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_programme import NOW

LELYSTAD = Path(__file__).parents[1] / "data" / "lelystad-2020" / "kandidaten.xlsx"
STRANGE_HEAD = ("Registratie", "Voornaam", "Achternaam", "Geb.datum", "Hobby")


def strange(name: str, number: str) -> FilePayload:
    """A file in which the client number is called otherwise."""
    rows = (STRANGE_HEAD, (number, "Marit", "Ploegstra", "14-02-1998", "schaken"))
    text = "\r\n".join(";".join(row) for row in rows)
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}


def choose(manager: Person, file: FilePayload | Path) -> None:
    """From the list of editions to what comes after choosing a file of candidates."""
    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("Importeren"))
    manager.follow(manager.page.locator("#inlezen").get_by_role("link", name="Kandidaten", exact=True))
    manager.page.locator("input[type=file]").set_input_files(file)
    manager.field("Werkcoach van wie er nog geen heeft").select_option(label="Mirjam de Graaf")
    manager.follow(manager.button("Bekijk wat er zou gebeuren"))


def row(manager: Person, number: int) -> Locator:
    """One row of the file."""
    return manager.page.locator(f"#rij-{number}")


def mend(manager: Person, number: int, **cells: str) -> None:
    """Type in the boxes of a row and save it; htmx or not, the page says what became of it."""
    for name, text in cells.items():
        row(manager, number).get_by_label(name.replace("_", ".")).fill(text)
    press(manager, row(manager, number).get_by_role("button", name=f"Rij {number} bewaren"))
    manager.told(f"Rij {number} is hersteld.")
    manager.check()


def press(manager: Person, locator: Locator) -> None:
    """A button that changes the page in place with scripts, and loads a page without."""
    manager.press(locator) if manager.scripts else manager.follow(locator)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_bad_row_is_mended_the_tab_closed_and_another_browser_goes_on(
    person: People, size: str, scripts: bool
) -> None:
    first = person("programma", size, scripts=scripts)
    choose(first, LELYSTAD)
    first.sees("niet herkend", "Opmerking", "Klantnr")
    first.follow(first.button("Verder"))
    first.sees("4 foute rijen")
    first.follow(first.link("Rijen herstellen"))
    first.sees("Nog 4 rijen met een probleem", "31-02-1990 bestaat niet")
    mend(first, 25, Geb_datum="28-02-1990")
    first.sees("Nog 3 rijen met een probleem")
    expect(row(first, 25)).to_have_count(0)
    first.checked = len(first.opened)
    first.page.goto("about:blank")  # the tab is closed

    second = person("programma", size)
    second.go("/lichtingen")
    second.sees("kandidaten.xlsx", "3 foute rijen")
    second.follow(second.link("Verder: kandidaten.xlsx"))
    second.sees("Met de hand hersteld", "Rij 25")
    second.follow(second.link("Rijen herstellen"))
    press(second, row(second, 13).get_by_role("button", name="Rij 13 weglaten"))
    second.told("Rij 13 wordt niet ingelezen")
    mend(second, 26, Klantnr="L-9926")
    row(second, 27).get_by_label("Postcode").fill("8232 AB")
    mend(second, 27, Taalniveau="B1")
    second.sees("Alle rijen zijn goed")
    second.follow(second.link("Bekijk wat er verandert en sla op"))
    expect(second.page.locator(".stats")).to_contain_text("0 foute rijen")
    second.follow(second.button("Opslaan"))
    second.sees("opgeslagen", "Rij 13", "Rij 27")
    second.follow(second.link("Terugdraaien"))
    second.follow(second.button("Alles terugdraaien"))
    second.sees("teruggedraaid")


def test_a_header_is_pointed_out_once(person: People, size: str) -> None:
    manager = person("programma", size)
    choose(manager, strange("eerste.csv", "P1"))
    manager.sees("Nodig en niet gevonden: Klantnummer", "schaken")
    with manager.expecting(422):
        manager.follow(manager.button("Verder"))
    manager.sees("Wijs aan welke kolom dit is: Klantnummer")
    manager.page.get_by_label("Kolom Registratie is").select_option(label="Klantnummer")
    manager.follow(manager.button("Verder"))
    manager.sees("Marit Ploegstra")
    manager.follow(manager.button("Opslaan"))

    choose(manager, strange("tweede.csv", "P2"))
    manager.sees("Marit Ploegstra")
    manager.follow(manager.link("Kolommen bekijken"))
    manager.sees("aangewezen")
    manager.follow(manager.link("Niet wijzigen"))
    manager.follow(manager.link("Importeren"))
    manager.sees("Onthouden kolommen", "“registratie” is Klantnummer", "tweede.csv")
    manager.follow(manager.button("Vergeet de kolommen van"))
    manager.told("vergeten")


def test_what_a_colleague_mended_is_shown_and_not_overwritten(person: People, size: str) -> None:
    first, second = person("programma", size), person("programma", size)
    choose(first, LELYSTAD)
    first.follow(first.button("Verder"))
    first.follow(first.link("Rijen herstellen"))
    second.go(first.page.url)
    mend(second, 25, Geb_datum="27-02-1990")
    row(first, 25).get_by_label("Geb.datum").fill("28-02-1990")
    with first.expecting(409):
        first.press(row(first, 25).get_by_role("button", name="Rij 25 bewaren"))
        expect(row(first, 25)).to_contain_text("veranderde deze rij intussen")
    expect(row(first, 25).get_by_label("Geb.datum")).to_have_value("28-02-1990")
    expect(row(first, 25)).to_contain_text("27-02-1990")
    mend(first, 25)
