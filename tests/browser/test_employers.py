"""An employer answers from the mail, without an account: choose, type a name, send. Then staff sees it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.site import Site

EDITION = "WijkLeerbedrijf Zorg · lichting 2026 (najaar)"
EMPLOYER = "Thuiszorg Noordersluis"
ADDRESS = "anna@noordersluis.example"


def mail_to(site: Site, address: str, subject: str) -> str:
    """The text of the last mail to an address with this in its subject; waits until the worker sent it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in sorted((site.folder / "mail").glob("*.eml"), key=lambda p: -p.stat().st_mtime_ns):
            read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = read.get_body(("plain",))
            if read["To"] == address and subject in str(read["Subject"]) and body is not None:
                return str(body.get_content())
        time.sleep(0.3)
    raise AssertionError(f"no mail “{subject}” to {address}")


def link_in(text: str) -> str:
    """The path of the personal link."""
    found = re.search(r"https?://\S+/antwoord/\S+", text)
    assert found is not None, text
    return urlsplit(found.group(0)).path


def ask_two(manager: Person) -> None:
    """Write two commitments down, look at the one mail that goes out, and send it."""
    manager.go("/lichtingen")
    manager.follow(manager.link(EDITION))
    for function in ("Huishoudelijke hulp", "Chauffeur maaltijden"):
        manager.follow(manager.link("Nieuwe intentie"))
        manager.field("Werkgever", exact=True).select_option(label=EMPLOYER)
        manager.field("Functie").fill(function)
        manager.field("Aantal plekken").fill("4")
        manager.field("Uren per week, minstens").fill("20")
        manager.field("E-mail van de contactpersoon").fill(ADDRESS)
        manager.follow(manager.button("Opslaan"))
    manager.follow(manager.link("Vragen per mail"))
    for box in manager.page.get_by_role("checkbox").all():
        box.set_checked("Huishoudelijke" in (box.get_attribute("aria-label") or "") or _is_driver(box))
    manager.follow(manager.button("Bekijk de mails"))
    manager.sees(ADDRESS, "Huishoudelijke hulp", "Chauffeur maaltijden")
    manager.follow(manager.button("1 mail versturen"))
    manager.told("1 mail wordt verstuurd")


def _is_driver(box: Locator) -> bool:
    return "Chauffeur" in (box.get_attribute("aria-label") or "")


def choose(someone: Person, function: str, answer: str) -> None:
    """Choose an answer for one commitment."""
    someone.press(part(someone, function).get_by_text(answer, exact=True))


def part(someone: Person, function: str) -> Locator:
    """The part of the screen about one commitment."""
    return someone.page.locator("section.card").filter(has_text=function)


def test_an_employer_lowers_one_and_declines_one_from_the_mail(person: People, site: Site, size: str) -> None:
    manager = person("programma")
    ask_two(manager)
    employer = person("", size)
    employer.go(link_in(mail_to(site, ADDRESS, "Klopt uw toezegging nog?")))
    employer.sees(
        "Huishoudelijke hulp", "Chauffeur maaltijden", "Een intentie is een inspanning, geen garantie."
    )
    expect(employer.page.locator("input[type=radio]:checked")).to_have_count(0)

    # By choosing, typing a name and sending; nothing more.
    choose(employer, "Huishoudelijke hulp", "Ja, maar anders")
    part(employer, "Huishoudelijke hulp").get_by_label("Aantal plekken").fill("2")
    choose(employer, "Chauffeur maaltijden", "Nee, het kan niet meer")
    employer.field("Uw naam").fill("Anna de Vries")
    employer.follow(employer.button("Antwoord versturen"))

    employer.sees("Dank voor uw antwoord", "Al beantwoord door Anna de Vries", "Plekken: 2 plekken")
    receipt = mail_to(site, ADDRESS, "Ontvangstbewijs")
    assert "Plekken: 2 plekken" in receipt and "Anna de Vries" in receipt and "SHA-256" in receipt

    manager.go("/werkgevers")
    manager.follow(manager.link(EMPLOYER))
    manager.sees("bevestigd", "afgezegd", "Anna de Vries", "plekken: van 4 naar 2", "via de link in de mail")


def test_a_question_is_answered_and_a_link_that_is_gone_says_how_to_get_another(
    person: People, site: Site, size: str
) -> None:
    manager, employer = person("programma", size), person("", size)
    ask_two(manager)
    path = link_in(mail_to(site, ADDRESS, "Klopt uw toezegging nog?"))
    employer.go(path)
    choose(employer, "Huishoudelijke hulp", "Ik heb eerst een vraag")
    part(employer, "Huishoudelijke hulp").get_by_label("Uw vraag").fill("Mag het ook in de avond?")
    employer.field("Uw naam").fill("Anna de Vries")
    employer.follow(employer.button("Antwoord versturen"))
    employer.sees("Uw vraag is verstuurd")

    manager.go("/lichtingen")
    manager.follow(manager.link("Naar de werkgevers"))
    manager.sees("Mag het ook in de avond?")
    manager.follow(manager.link(f"Beantwoorden: {EMPLOYER}"))
    manager.field("Uw antwoord").fill("Ja, avonden zijn goed.")
    manager.follow(manager.button("Antwoord mailen"))
    text = mail_to(site, ADDRESS, "Antwoord op uw vraag")
    assert "Ja, avonden zijn goed." in text
    employer.go(link_in(text))
    employer.sees("Ja, avonden zijn goed.")

    with employer.expecting(404):
        employer.page.goto(f"{site.url}{path[:-3]}xyz")
    employer.sees("Deze link werkt niet meer")
    employer.follow(employer.button("Stuur mij een nieuwe link"))
    employer.sees("Kijk in uw mail")


def test_an_employer_with_an_account(person: People, size: str) -> None:
    boss = person("werkgever", size)
    boss.go("/")
    boss.heading("Mijn intenties")
    boss.sees("Wacht op uw antwoord", "Wat u hebt bevestigd", "Mijn contactpersonen")
    boss.follow(boss.page.get_by_role("link", name="Bevestig opnieuw of wijzig").first)
    boss.choose("Wat wilt u doen?", "Bevestig opnieuw: dit klopt")
    boss.follow(boss.button("Vastleggen"))
    boss.told("Uw antwoord is vastgelegd")
    boss.follow(boss.link("Antwoord geven").first)
    for answer in boss.page.get_by_text("Ja, dit klopt", exact=True).all():
        boss.press(answer)
    boss.follow(boss.button("Antwoord versturen"))
    boss.sees("Dank voor uw antwoord")
