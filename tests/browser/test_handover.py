"""A caseload goes to a colleague and comes back; who was entered twice is joined and taken apart; filters are kept."""

from __future__ import annotations

from tests.browser.conftest import People
from tests.browser.test_casework import open_file

WHY = "Gaat vanaf morgen met verlof."


def test_the_programme_manager_hands_a_caseload_over(person: People, size: str) -> None:
    manager, colleague = person("programma", size), person("coach2", size)
    coach = person("coach", size)
    manager.go("/lichtingen")
    manager.follow(manager.link("Overdracht"))
    manager.heading("Overdracht")
    option = manager.field("Van wie?").locator("option", has_text="Mirjam de Graaf")
    manager.field("Van wie?").select_option(value=str(option.get_attribute("value")))
    manager.follow(manager.button("Toon"))
    options = manager.page.locator("label.option")
    everybody = options.count()
    assert everybody > 2
    first = str(options.first.locator("input").get_attribute("value"))
    file = f"/kandidaten/{first}"
    for number in range(2, everybody):
        options.nth(number).locator("input").uncheck(force=True)
    manager.field("Nieuwe werkcoach").select_option(label="Bas Oosterhuis")
    manager.field("Reden").fill(WHY)
    manager.follow(manager.button("Bekijk wat er gebeurt"))
    manager.heading("Controleer de overdracht")
    manager.sees("2 kandidaten gaan naar Bas Oosterhuis.", WHY)
    manager.follow(manager.button("Overdragen"))
    manager.told("2 kandidaten zijn overgedragen aan Bas Oosterhuis.")
    manager.sees("Mirjam de Graaf → Bas Oosterhuis")
    colleague.go(file)
    colleague.sees(WHY)
    manager.follow(manager.page.locator("#meldingen").get_by_role("button", name="Ongedaan maken"))
    manager.told("2 kandidaten zijn terug bij de vorige werkcoach.")
    coach.go(file)
    coach.misses(WHY)


def test_a_coach_joins_who_was_entered_twice(person: People, size: str) -> None:
    coach = person("coach", size)
    # The demo has nobody twice: who starts in the next edition gets the name of somebody in this one.
    open_file(coach, "Bouzidi, Amira")
    again = coach.page.url
    coach.go(f"{again}/gegevens")
    coach.field("Voornaam").fill("El Amrani")
    coach.field("Achternaam").fill("Fatima")
    coach.field("Geboortedatum").fill("")
    coach.follow(coach.button("Opslaan"))
    coach.go("/vandaag?soort=duplicate")
    coach.sees("voor- en achternaam verwisseld")
    coach.follow(coach.link("Vergelijken"))
    coach.heading("Is dit dezelfde kandidaat?")
    coach.sees("De twee naast elkaar")
    with coach.expecting(422):
        coach.follow(coach.button("Samenvoegen"))
        coach.sees("Kies wie blijft.")
    coach.choose("Wie blijft?", "Fatima El Amrani")
    coach.follow(coach.button("Samenvoegen"))
    coach.told("De twee zijn nu één kandidaat: Fatima El Amrani.")
    kept = coach.page.url
    assert kept != again
    coach.go(again)
    assert coach.page.url == kept, "the old address leads on"
    coach.go("/kandidaten/dubbel")
    coach.sees("was ook ingevoerd als El Amrani Fatima", "Niemand lijkt dubbel")
    coach.follow(coach.button("Ongedaan maken"))
    coach.told("zijn weer twee kandidaten.")
    coach.follow(coach.button("Niet dezelfde"))
    coach.told("Onthouden: dit zijn twee mensen.")
    coach.sees("Niemand lijkt dubbel")
    coach.go(again)
    coach.heading("El Amrani Fatima")


def test_filters_are_kept_without_scripts(person: People, size: str) -> None:
    coach = person("coach", size, scripts=False)
    coach.go("/kandidaten?signaal=ja")
    form = coach.page.locator(".views details")
    coach.press(form.locator("summary"))
    coach.check()
    coach.field("Bewaar deze filters als").fill("Mijn zorgen")
    coach.follow(coach.button("Weergave bewaren"))
    coach.told("Bewaard als “Mijn zorgen”.")
    coach.go("/kandidaten")
    coach.follow(coach.link("Mijn zorgen"))
    assert coach.page.url.endswith("/kandidaten?signaal=ja")
    coach.press(form.locator("summary"))
    coach.follow(coach.button("Haal “Mijn zorgen” weg"))
    coach.misses("Mijn zorgen")
