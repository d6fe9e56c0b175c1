"""Write the pictures of the user guide: ``python -m tools.screenshots [NAME …]``.

Serves the demo on the same fixed morning as the browser tests, logs in as each role and photographs the main pages,
1280 and 360 pixels wide, into docs/screenshots. Run it by hand after a change of pages, and look at what it made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.logins import make_template
from tests.browser.site import Site
from tests.browser.windows import SIZES, launch_arguments, window
from tools.browser import find_chromium

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
#: A picture is cut off below this: the top of a page says what it is for.
TALLEST = {"desktop": 1500, "phone": 1700}


@dataclass(frozen=True)
class Shot:
    """A picture: whose screen, from which address, and what they do there. ``login`` is empty for a stranger."""

    name: str
    login: str
    path: str
    act: Callable[[Page], None] | None = None


def click(*names: str) -> Callable[[Page], None]:
    """Follow links, one after the other."""

    def act(page: Page) -> None:
        for name in names:
            page.get_by_role("link", name=name).locator("visible=true").first.click()
            page.wait_for_load_state()

    return act


def calendar(page: Page) -> None:
    """The first step of a new edition, filled in."""
    page.get_by_label("Naam van de lichting").fill("WijkLeerbedrijf Zorg Proefstad")
    page.get_by_label("Startdatum").fill("2026-11-30")
    page.get_by_label("Vakantieregio").select_option(label="Midden")
    page.get_by_role("button", name="Verder naar de kalender").click()
    page.wait_for_load_state()


def to_files(page: Page, kind: str) -> None:
    """To where a file of this kind is chosen."""
    click(NOW, "Importeren")(page)
    page.locator("#inlezen").get_by_role("link", name=kind).click()
    page.wait_for_load_state()


def upload(page: Page) -> None:
    """A list of candidates in which two rows cannot be."""
    to_files(page, "Kandidaten")
    text = "\r\n".join(";".join(row) for row in FILE)
    page.locator("input[type=file]").set_input_files(
        {"name": "kandidaten.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    page.wait_for_load_state()


def mending(page: Page) -> None:
    """The rows of that list that cannot be, one of them mended."""
    upload(page)
    click("Rijen herstellen")(page)
    page.get_by_label("Geb.datum").first.fill("28-02-1990")
    page.get_by_role("button", name="Rij 4 bewaren").click()
    page.get_by_text("Rij 4 is hersteld.").wait_for()


def pointing_out(page: Page) -> None:
    """A list in which the client number has another name, and a column is of no use."""
    to_files(page, "Kandidaten")
    text = "\r\n".join(";".join((*row, "x")) for row in FILE)
    text = text.replace("Klantnr", "Registratie").replace("Taalniveau;x", "Taalniveau;Opmerking")
    page.locator("input[type=file]").set_input_files(
        {"name": "aanmeldingen.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    page.wait_for_load_state()


def timetable(page: Page) -> None:
    """A timetable with one new lesson; the others stay planned."""
    to_files(page, "Rooster")
    rows = (
        ("Datum", "Begin", "Einde", "Titel"),
        ("20-11-2026", "10:00", "15:00", "Bezoek aan de huisartsenpost"),
    )
    text = "\r\n".join(";".join(row) for row in rows)
    page.locator("input[type=file]").set_input_files(
        {"name": "rooster.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    page.wait_for_load_state()


def overview(page: Page) -> None:
    """What completing a phase for two people will record."""
    click(NOW, "Fasen afronden")(page)
    for name in ("Zoë Aydın", "Samira Haddad"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.wait_for_load_state()


FILE = (
    ("Klantnr", "Voornaam", "Achternaam", "Geb.datum", "Postcode", "Taalniveau"),
    ("X1", "Marit", "van der Ploeg", "14-02-1998", "8219 JF", "B1"),
    ("X2", "Idris", "Yıldız", "30-11-1987", "8216 GK", "A2"),
    ("X3", "Kees", "Molenaar", "31-02-1990", "8216 GK", "B1"),
    ("X4", "Nora", "Haan", "01-01-1991", "8216 GK", "Z9"),
)
NOW = "WijkLeerbedrijf Zorg · lichting 2026 (najaar)"
SHOTS: tuple[Shot, ...] = (
    Shot("inloggen", "", "/inloggen"),
    Shot("vandaag", "coach", "/vandaag"),
    Shot("kandidaten", "coach", "/kandidaten"),
    Shot("kandidaat", "coach", "/kandidaten", click("El Amrani, Fatima")),
    Shot("fasen", "coach", "/kandidaten", click("El Amrani, Fatima", "Fasen")),
    Shot("andere-werkcoach", "coach", "/kandidaten", click("El Amrani, Fatima", "Andere werkcoach")),
    Shot("fasen-groep", "leerhome", "/lichtingen", click(NOW, "Fasen afronden")),
    Shot("fasen-overzicht", "leerhome", "/lichtingen", overview),
    Shot("lichting", "coach", "/lichtingen", click(NOW)),
    Shot("lichtingen", "coach", "/lichtingen"),
    Shot("waarneming", "coach", "/waarneming"),
    Shot("lessen", "docent", "/lessen"),
    Shot("register", "docent", "/lessen", click("Invullen")),
    Shot("leerhome", "leerhome", "/vandaag"),
    Shot("planning", "programma", "/lichtingen", click(NOW, "Planning")),
    Shot("nieuwe-lichting", "programma", "/lichtingen/nieuw"),
    Shot("kalender", "programma", "/lichtingen/nieuw", calendar),
    Shot("importeren", "programma", "/lichtingen", upload),
    Shot("herstellen", "programma", "/lichtingen", mending),
    Shot("kolommen", "programma", "/lichtingen", pointing_out),
    Shot("rooster", "programma", "/lichtingen", timetable),
    Shot("antwoord", "coach", "/lichtingen", click(NOW, "Antwoord van Thuiszorg Noordersluis vastleggen")),
    Shot("werkgevers", "programma", "/werkgevers"),
    Shot("werkgevers-vragen", "programma", "/lichtingen", click(NOW, "Vragen per mail")),
    Shot("mijn-intenties", "werkgever", "/mijn-intenties"),
    Shot("werkgever-antwoord", "werkgever", "/mijn-intenties", click("Antwoord geven")),
    Shot("hulpvragen", "leerhome", "/lichtingen", click(NOW, "Naar de hulpvragen")),
    Shot("organisaties", "beheer", "/beheer/organisaties"),
    Shot("mensen", "beheer", "/beheer/mensen"),
    Shot("instellingen", "beheer", "/beheer/instellingen"),
    Shot("logboek", "beheer", "/beheer/logboek"),
    Shot("plugins", "beheer", "/beheer/plugins"),
)


def take(browser: Browser, site: Site, shot: Shot, size: str, folder: Path) -> None:
    """Make one picture."""
    context = window(browser, size, site.template.state_of(shot.login) if shot.login else None)
    page = context.new_page()
    page.goto(f"{site.url}{shot.path}")
    if shot.act:
        shot.act(page)
    # As high as the page, so that what sticks to the bottom of the screen is at the bottom of the picture.
    height = page.evaluate(
        "document.querySelector('.footer').getBoundingClientRect().bottom + window.scrollY"
    )
    width = SIZES[size]["viewport"]["width"]
    page.set_viewport_size({"width": width, "height": min(int(height), TALLEST[size])})
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    name = shot.name if size == "desktop" else f"{shot.name}-telefoon"
    page.screenshot(path=folder / f"{name}.png")
    context.close()
    print(f"{name}.png")


def main(names: list[str]) -> None:
    """Make the pictures with these names, or all."""
    unknown = set(names) - {shot.name for shot in SHOTS}
    chromium = find_chromium()
    if unknown or chromium is None:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}" if unknown else "No Chromium found.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(chromium))
        template = make_template(browser, Path(work) / "template", Path(work) / "logins")
        with Site(template, Path(work) / "site") as site:
            for shot in SHOTS:
                if not names or shot.name in names:
                    for size in SIZES:
                        take(browser, site, shot, size, FOLDER)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
