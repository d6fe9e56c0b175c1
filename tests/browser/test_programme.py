"""The programme manager makes an edition, moves it, brings partners in and out, and imports; others read it back."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person

NOW = "WijkLeerbedrijf Zorg · lichting 2026 (najaar)"
NEW = "WijkLeerbedrijf Zorg Proefstad"
HEAD = ("Klantnr", "Voornaam", "Tussenvoegsel", "Achternaam", "Geb.datum", "Postcode", "Taalniveau")
GOOD = (
    ("X1", "Marit", "van der", "Ploeg", "14-02-1998", "8219 JF", "B1"),
    ("X2", "Idris", "", "Yıldız", "30-11-1987", "8216 GK", "A2"),
)
BAD = (
    ("X3", "Kees", "", "Molenaar", "31-02-1990", "8216 GK", "B1"),
    ("X4", "Nora", "", "Haan", "01-01-1991", "8216 GK", "Z9"),
    ("", "", "", "", "01-01-1991", "8216 GK", "B1"),
)


def csv(*rows: tuple[str, ...]) -> FilePayload:
    """A file of candidates as a spreadsheet program saves it."""
    text = "\r\n".join(";".join(row) for row in (HEAD, *rows))
    return {"name": "kandidaten.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}


def row(someone: Person, text: str) -> Locator:
    """A row of a table (a card on a phone)."""
    return someone.page.get_by_role("row").filter(has_text=text).first


def make_edition(manager: Person) -> None:
    """Both steps of a new edition: route, partners and group; then the calendar, on which one phase is moved."""
    manager.go("/lichtingen")
    manager.follow(manager.link("Nieuwe lichting"))
    manager.field("Route").select_option(label="WijkLeerbedrijf Zorg, versie 2")
    manager.field("Naam van de lichting").fill(NEW)
    manager.field("Startdatum").fill("2026-11-30")
    manager.field("Vakantieregio").select_option(label="Midden")
    manager.field("School (ROC)").select_option(label="ROC Polderland")
    manager.field("Leerhome").select_option(label="Leerhome De Brug")
    for employer in ("Woonzorg Het Baken", "Stichting Polderlicht"):
        manager.choose("Werkgevers", employer)
    manager.follow(manager.button("Verder naar de kalender"))

    manager.heading(NEW)
    manager.field("Aantal deelnemers").fill("18")
    manager.field("Minimaal").fill("12")
    manager.field("Maximaal").fill("20")
    introduction = manager.page.get_by_role("group", name="Introductie Leerhome")
    expect(introduction).to_contain_text("Kerstvakantie")
    expect(introduction.get_by_label("Eerste dag")).to_have_value("2026-11-30")
    practice = manager.page.get_by_role("group", name="Jaar 1: praktijk in de wijk")
    expect(practice).to_contain_text("Tweede paasdag")
    practice.get_by_label("Eerste dag").fill("2027-01-18")
    manager.follow(manager.button("Lichting maken"))
    manager.heading(NEW)


def choose_file(manager: Person, file: FilePayload) -> None:
    """From the board of the new edition to the preview of a file of candidates."""
    manager.go("/lichtingen")
    manager.follow(manager.link(NEW))
    manager.follow(manager.link("Importeren"))
    manager.follow(manager.page.locator("#inlezen").get_by_role("link", name="Kandidaten", exact=True))
    manager.page.locator("input[type=file]").set_input_files(file)
    manager.field("Werkcoach van wie er nog geen heeft").select_option(label="Mirjam de Graaf")
    manager.follow(manager.button("Bekijk wat er zou gebeuren"))


def test_an_edition_is_made_and_planned(person: People, size: str) -> None:
    manager, coordinator = person("programma", size), person("leerhome", size)
    make_edition(manager)
    manager.sees("groep van 12 tot 20", "start 30 november 2026", "maandag 18 januari 2027")
    for partner in ("ROC Polderland", "Leerhome De Brug", "Woonzorg Het Baken", "Stichting Polderlicht"):
        expect(row(manager, partner)).to_contain_text("loopt")

    manager.follow(manager.link("Verplaatsen: Selectiedag"))
    manager.field("Eerste dag").fill("2027-12-15")
    manager.field("Laatste dag").fill("2027-12-14")
    with manager.expecting(422):
        manager.follow(manager.button("Opslaan"))
    manager.field("Laatste dag").fill("2027-12-22")
    manager.follow(manager.button("Opslaan"))
    manager.told("De fase “Selectiedag” is verplaatst.")
    expect(row(manager, "Selectiedag")).to_contain_text("woensdag 15 december 2027")
    expect(row(manager, "Selectiedag")).to_contain_text("met de hand verplaatst")

    coordinator.go("/lichtingen")
    coordinator.follow(coordinator.link(NEW))
    coordinator.sees("Selectiedag", "22 dec 2027")


def test_a_partner_joins_and_leaves(person: People, size: str) -> None:
    manager, coordinator = person("programma", size), person("leerhome", size)
    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("Planning"))
    manager.follow(manager.link("Beëindigen: Leerhome De Brug"))
    manager.sees("zien de mensen van deze organisatie niets meer")
    manager.field("Laatste dag").fill("2026-11-16")
    manager.follow(manager.button("Beëindigen"))
    manager.told("De deelname van deze partner is beëindigd.")
    coordinator.go("/lichtingen")
    coordinator.misses(NOW)

    manager.follow(row(manager, "Leerhome De Brug").get_by_role("button", name="Terugzetten"))
    manager.told("De partner doet weer mee.")
    coordinator.go("/lichtingen")
    coordinator.sees(NOW)

    manager.follow(manager.link("Partner toevoegen"))
    manager.field("Organisatie").select_option(label="Woonzorg Het Baken")
    manager.field("Rol in deze lichting").select_option(label="afgevende werkgever")
    manager.follow(manager.button("Toevoegen"))
    manager.told("De partner doet mee.")
    manager.sees("afgevende werkgever")


def test_a_file_is_seen_before_it_is_saved_and_taken_back(person: People, size: str) -> None:
    manager, coach = person("programma", size), person("coach", size)
    make_edition(manager)
    choose_file(manager, csv(*GOOD, *BAD))
    manager.sees("3 foute rijen", "Geb.datum", "Taalniveau", "31-02-1990", "Z9")
    with manager.expecting(422):
        manager.follow(manager.button("Opslaan"))
    manager.sees("Er zijn foute rijen. Zet een vinkje")
    coach.go("/kandidaten?zoek=Ploeg")
    coach.sees("Niemand past bij dit filter")
    manager.follow(manager.button("Bestand weggooien"))

    choose_file(manager, csv(*GOOD))
    stats = manager.page.locator(".stats")
    expect(stats).to_contain_text("2")
    manager.follow(manager.page.get_by_label("Wat er in het bestand gevonden is").get_by_role("link").nth(1))
    manager.sees("van der Ploeg", "Yıldız")
    manager.follow(manager.button("Opslaan"))
    manager.sees("opgeslagen")

    coach.go("/kandidaten?zoek=Ploeg")
    coach.follow(coach.link("Ploeg, Marit van der"))
    coach.sees(NEW, "14 feb 1998", "8219 JF")

    manager.follow(manager.link("Terugdraaien"))
    manager.follow(manager.button("Alles terugdraaien"))
    manager.sees("teruggedraaid")
    coach.go("/kandidaten?zoek=Ploeg")
    coach.sees("Niemand past bij dit filter")


def test_what_was_built_on_an_import_keeps_it(person: People, size: str) -> None:
    manager, coach = person("programma", size), person("coach", size)
    make_edition(manager)
    choose_file(manager, csv(*GOOD))
    manager.follow(manager.button("Opslaan"))
    coach.go("/kandidaten?zoek=Ploeg")
    coach.follow(coach.link("Ploeg, Marit van der"))
    coach.field("Wat is er besproken?").fill("Kennisgemaakt.")
    coach.choose("Wie mag dit lezen?", "werkcoach en vervanger")
    coach.follow(coach.button("Notitie opslaan"))

    manager.follow(manager.link("Terugdraaien"))
    with manager.expecting(422, 409):
        manager.follow(manager.button("Alles terugdraaien"))
    manager.sees("Terugdraaien kan niet", "Er is niets veranderd.")
    coach.go(coach.page.url)
    coach.sees("Kennisgemaakt.")
