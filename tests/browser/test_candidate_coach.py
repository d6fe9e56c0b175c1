"""A candidate goes to another coach, from the file and from the board; a later start is undone; columns are chosen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.test_casework import NOW, in_register, open_file

WHY = "Woont nu in de wijk van Bas."


def test_the_coach_gives_a_candidate_to_a_colleague(person: People, size: str) -> None:
    coach, colleague = person("coach", size), person("coach2", size)
    open_file(coach, "El Amrani, Fatima")
    file = coach.page.url
    coach.follow(coach.link("Andere werkcoach"))
    coach.heading("Andere werkcoach voor Fatima El Amrani")
    coach.sees("Werkcoach nu: Mirjam de Graaf")
    with coach.expecting(422):
        coach.follow(coach.button("Werkcoach wijzigen"))
        coach.sees("Kies een werkcoach.")
    coach.field("Nieuwe werkcoach").select_option(label="Bas Oosterhuis")
    coach.field("Reden").fill(WHY)
    coach.follow(coach.button("Werkcoach wijzigen"))
    coach.told("Bas Oosterhuis is nu de werkcoach van Fatima El Amrani.")

    colleague.go(file)
    colleague.sees("Andere werkcoach: Bas Oosterhuis", "Daarvoor: Mirjam de Graaf", WHY)
    coach.follow(coach.page.locator("#meldingen").get_by_role("button", name="Ongedaan maken"))
    coach.told("De vorige werkcoach van Fatima El Amrani is teruggezet.")
    coach.misses(WHY)
    with colleague.expecting(403):
        colleague.go(file)


def test_the_programme_manager_does_it_from_the_board(person: People, size: str) -> None:
    manager, colleague = person("programma", size), person("coach2", size)
    manager.go("/lichtingen")
    manager.follow(manager.link(NOW))
    manager.follow(manager.link("andere werkcoach voor El Amrani, Fatima"))
    manager.field("Nieuwe werkcoach").select_option(label="Bas Oosterhuis")
    manager.field("Reden").fill(WHY)
    manager.follow(manager.button("Werkcoach wijzigen"))
    manager.heading(NOW)
    open_file(colleague, "El Amrani, Fatima")
    colleague.sees(WHY)


def test_a_later_start_is_undone(person: People, size: str) -> None:
    coach, teacher = person("coach", size), person("docent", size)
    open_file(coach, "Visser, Wendy")
    coach.follow(coach.link("Eerste dag wijzigen"))
    coach.field("Eerste dag").fill("2026-11-30")
    coach.field("Reden").fill("Wacht op kinderopvang.")
    coach.follow(coach.button("Instapdatum opslaan"))
    coach.sees("Wacht op kinderopvang.", "eerste dag was")
    in_register(teacher, "Visser, Wendy", there=False)
    coach.follow(coach.page.locator("#meldingen").get_by_role("button", name="Ongedaan maken"))
    coach.sees("teruggedraaid door")  # the step stays in the history, without effect
    in_register(teacher, "Visser, Wendy", there=True)


def test_columns_are_chosen_without_scripts(person: People, size: str) -> None:
    coach = person("coach", size, scripts=False)
    for path in ("/kandidaten?sort=naam", "/lichtingen"):
        coach.go(path)
        if path == "/lichtingen":
            coach.follow(coach.link(NOW))
        form = coach.page.locator("details.columns").filter(has_text="Kolommen")
        coach.press(form.locator("summary"))
        coach.check()
        for label in ("Ongeoorloofd", "Signaal"):
            form.get_by_label(label, exact=True).uncheck()
        coach.follow(form.get_by_role("button", name="Bewaren"))
        heads = coach.page.locator("main table").filter(has_text="Aanwezig").first.locator("thead")
        expect(heads).to_contain_text("Contact")
        expect(heads).not_to_contain_text("Ongeoorloofd")
        coach.go(path if path != "/lichtingen" else coach.page.url.partition("?")[0])  # remembered
        expect(heads).not_to_contain_text("Ongeoorloofd")
