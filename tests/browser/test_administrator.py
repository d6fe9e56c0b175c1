"""The administrator: organisations, roles of people, settings with dates, routes as lines, the audit log."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People

NOW = "WijkLeerbedrijf Zorg · lichting 2026 (najaar)"


def test_an_organisation_is_added_and_becomes_a_partner(person: People, size: str) -> None:
    administrator, manager = person("beheer", size), person("programma", size)
    administrator.go("/beheer/organisaties")
    administrator.follow(administrator.link("Organisatie toevoegen"))
    administrator.field("Naam").fill("Zorgboerderij De Kluit")
    administrator.field("Soort").select_option(label="werkgever")
    administrator.field("Sector").fill("dagbesteding")
    administrator.follow(administrator.page.locator("main form button[type=submit]"))
    administrator.heading("Zorgboerderij De Kluit")
    administrator.go("/beheer/organisaties?q=kluit")
    administrator.sees("Zorgboerderij De Kluit", "dagbesteding")

    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("Planning"))
    manager.follow(manager.link("Partner toevoegen"))
    manager.field("Organisatie").select_option(label="Zorgboerderij De Kluit")
    manager.field("Rol in deze lichting").select_option(label="werkgever")
    manager.follow(manager.button("Toevoegen"))
    manager.sees("Zorgboerderij De Kluit")

    administrator.go("/beheer/organisaties?q=kluit")
    administrator.follow(administrator.link("Zorgboerderij De Kluit"))
    administrator.follow(administrator.link("Archiveren"))
    administrator.follow(administrator.button("Archiveren"))
    administrator.sees("gearchiveerd")
    manager.follow(manager.link("Partner toevoegen"))
    assert "Zorgboerderij De Kluit" not in manager.field("Organisatie").inner_text()


def test_a_setting_holds_from_its_day(person: People, size: str) -> None:
    """After 60 days an intention is old; the coach sees one more when that becomes 30."""
    administrator, coach = person("beheer", size), person("coach", size)
    coach.go("/vandaag?soort=intention")
    coach.misses("Woonzorg Het Baken heeft de intentie")
    administrator.go("/beheer/instellingen")
    administrator.follow(administrator.link("Intentie verouderd na"))
    administrator.field("Waarde").fill("9999999")
    administrator.field("Geldt vanaf").fill("2026-11-18")
    with administrator.expecting(422):
        administrator.follow(administrator.button("Waarde instellen"))
    administrator.field("Waarde").fill("30")
    administrator.follow(administrator.button("Waarde instellen"))
    administrator.sees("gaat nog in")
    coach.go(coach.page.url)
    coach.misses("Woonzorg Het Baken heeft de intentie")

    if "/instellingen/" not in administrator.page.url:
        administrator.follow(administrator.link("Intentie verouderd na"))
    administrator.follow(administrator.link("Weghalen"))
    administrator.heading("Geplande waarde weghalen?")
    administrator.follow(administrator.button("Weghalen"))
    administrator.told("is weggehaald")
    administrator.misses("gaat nog in")
    if "/instellingen/" not in administrator.page.url:
        administrator.follow(administrator.link("Intentie verouderd na"))
    administrator.field("Waarde").fill("30")
    administrator.field("Geldt vanaf").fill("2026-11-17")
    administrator.follow(administrator.button("Waarde instellen"))
    administrator.sees("geldt nu", "eigen waarde")
    coach.go(coach.page.url)
    coach.sees("Woonzorg Het Baken heeft de intentie")


def test_the_log_shows_who_did_what_and_no_content(person: People, size: str) -> None:
    coach, administrator = person("coach", size), person("beheer", size)
    coach.go("/kandidaten?zoek=Amrani")
    coach.follow(coach.link("El Amrani, Fatima"))
    coach.field("Wat is er besproken?").fill("Geheime tekst over schulden.")
    coach.choose("Wie mag dit lezen?", "werkcoach en vervanger")
    coach.follow(coach.button("Notitie opslaan"))

    administrator.go("/beheer/logboek")
    administrator.field("Handeling").select_option("note.written")
    administrator.field("Wie").select_option(label="Mirjam de Graaf")
    administrator.field("Vanaf").fill("2026-11-17")
    administrator.follow(administrator.button("Toon"))
    first = administrator.page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Mirjam de Graaf")
    expect(first).to_contain_text("web")
    administrator.misses("Geheime tekst", "Amrani")
    administrator.follow(administrator.link("Controleer de keten"))
    administrator.sees("De keten is heel")


def test_routes_are_drawn_as_lines(person: People, size: str) -> None:
    administrator = person("beheer", size)
    administrator.go("/")
    administrator.menu("Leerroutes")
    line = administrator.page.get_by_label("Fasen van WijkLeerbedrijf Zorg, versie 2")
    expect(line.get_by_role("listitem")).to_have_count(9)
    administrator.sees("1 lichting")
    administrator.follow(administrator.link("Bekijk versie 2"))
    administrator.sees("Informatiebijeenkomst", "Selectiedag")


def test_a_second_role_is_given_and_switched_to(person: People, size: str) -> None:
    administrator, coach = person("beheer", size), person("coach2", size)
    administrator.go("/beheer/mensen")
    administrator.follow(administrator.link("Iemand uitnodigen"))
    administrator.field("Naam").fill("Bas Oosterhuis")
    administrator.field("E-mailadres").fill("coach2@demo.example")
    administrator.field("Organisatie").select_option(label="Werkbedrijf Voorbeeldstad")
    administrator.field("Rol").select_option(label="programmamanager")
    administrator.follow(administrator.button("Uitnodigen"))
    link = administrator.page.locator("code.reference").inner_text()
    coach.go(link)
    coach.field("Wachtwoord").fill("kennismaken met de demo")
    coach.follow(coach.page.locator("main form button[type=submit]"))
    coach.go("/account")
    coach.sees("programmamanager", "werkcoach")
    coach.press(coach.page.locator(".menu--user > summary"))
    coach.follow(coach.page.locator(".menu--user").get_by_role("button", name="programmamanager"))
    coach.go("/lichtingen")
    coach.sees("Nieuwe lichting")
    coach.press(coach.page.locator(".menu--user > summary"))
    coach.follow(coach.page.locator(".menu--user").get_by_role("button", name="werkcoach"))
    coach.go("/vandaag")
    coach.heading("Vandaag")
