"""The main journeys without JavaScript: the register as one form, an import, steps of a candidate, notes, cover."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_programme import GOOD, NOW, csv
from tests.browser.test_register import LESSON, cell, has_mark, is_empty, mark


def open_register(teacher: Person) -> None:
    """From the first page of a teacher to today's register."""
    teacher.go("/")
    teacher.follow(teacher.link(f"Invullen: {LESSON}", exact=True))


def test_the_register_is_saved_as_a_whole(person: People, size: str) -> None:
    teacher, coach = person("docent", size, scripts=False), person("coach", size)
    open_register(teacher)
    mark(teacher, "Visser, Wendy", "Z")
    mark(teacher, "Aydın, Zoë", "L")
    with teacher.expecting(422):
        teacher.follow(teacher.button("Opslaan"))
    teacher.sees("zijn nog niet opgeslagen")
    has_mark(teacher, "Visser, Wendy", "Z")
    cell(teacher, "Aydın, Zoë").get_by_label("Minuten").fill("25")
    teacher.follow(teacher.button("Opslaan"))
    has_mark(teacher, "Visser, Wendy", "Z")

    teacher.follow(teacher.button("Lege op aanwezig (17)"))
    has_mark(teacher, "Jansen, Noor", "A")
    has_mark(teacher, "Visser, Wendy", "Z")
    teacher.follow(teacher.button("Ongedaan maken"))
    is_empty(teacher, "Jansen, Noor")
    has_mark(teacher, "Visser, Wendy", "Z")
    teacher.follow(teacher.button("Lege op aanwezig (17)"))
    teacher.follow(teacher.button("Klaar"))

    coach.go("/kandidaten?zoek=Aydın")
    coach.follow(coach.link("Aydın, Zoë"))
    coach.follow(coach.link("Aanwezigheid", exact=True))
    row = coach.page.get_by_role("row").filter(has_text="17 nov").first
    expect(row).to_contain_text("25 min van 6 u")


def test_a_conflict_is_shown_and_the_rest_is_saved(person: People, size: str) -> None:
    first, second = person("docent", size, scripts=False), person("docent2", size, scripts=False)
    open_register(first)
    second.go(first.page.url)
    mark(first, "Jansen, Noor", "A")
    first.follow(first.button("Opslaan"))
    mark(second, "Jansen, Noor", "O")
    mark(second, "Visser, Wendy", "Z")
    with second.expecting(409):
        second.follow(second.button("Opslaan"))
    second.sees("Pieter Smit vulde intussen iets anders in", "De rest is opgeslagen.")
    has_mark(second, "Jansen, Noor", "O")
    second.follow(second.button("Opslaan"))
    first.go(first.page.url)
    has_mark(first, "Jansen, Noor", "O")
    has_mark(first, "Visser, Wendy", "Z")


def test_a_file_is_imported_and_taken_back(person: People, size: str) -> None:
    manager, coach = person("programma", size, scripts=False), person("coach", size)
    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("Importeren"))
    manager.follow(manager.page.locator("#inlezen").get_by_role("link", name="Kandidaten", exact=True))
    manager.page.locator("input[type=file]").set_input_files(csv(*GOOD))
    manager.field("Werkcoach van wie er nog geen heeft").select_option(label="Mirjam de Graaf")
    manager.follow(manager.button("Bekijk wat er zou gebeuren"))
    manager.follow(manager.button("Opslaan"))
    manager.sees("opgeslagen")
    coach.go("/kandidaten?zoek=Ploeg")
    coach.sees("Ploeg, Marit van der")
    manager.follow(manager.link("Terugdraaien"))
    manager.follow(manager.button("Alles terugdraaien"))
    coach.go("/kandidaten?zoek=Ploeg")
    coach.misses("Ploeg, Marit van der")


def test_steps_and_notes_of_a_candidate(person: People, size: str) -> None:
    coach, coordinator = person("coach", size, scripts=False), person("leerhome", size)
    coach.go("/kandidaten?zoek=Visser")
    coach.follow(coach.link("Visser, Wendy"))
    file = coach.page.url
    coach.field("Wat is er besproken?").fill("Zonder scripts geschreven.")
    coach.choose("Wie mag dit lezen?", "werkcoach en leerhome van deze lichting")
    coach.follow(coach.button("Notitie opslaan"))
    coach.sees("Zonder scripts geschreven.")
    coach.follow(coach.link("Stoppen"))
    coach.field("Laatste dag").fill("2026-11-16")
    coach.choose("Wie nam het initiatief?", "de kandidaat zelf")
    coach.field("Reden van de kandidaat").select_option(label="verhuisd")
    coach.choose("Zou de kandidaat terug willen komen?", "misschien")
    coach.follow(coach.button("Vastleggen dat de kandidaat stopt"))
    coach.sees("reden: verhuisd")

    coordinator.go(file)
    coordinator.sees("Zonder scripts geschreven.", "reden: verhuisd")
    coach.go(file)
    coach.follow(coach.button("Laatste stap ongedaan maken"))
    coach.misses("reden: verhuisd")


def test_the_menu_and_logging_out_work(person: People, size: str) -> None:
    coach = person("coach", size, scripts=False)
    coach.go("/vandaag")
    coach.menu("Kandidaten")
    coach.heading("Mijn kandidaten")
    coach.press(coach.page.locator(".menu--user > summary"))
    coach.follow(coach.button("Uitloggen"))
    coach.go("/vandaag")
    coach.heading("Inloggen")
