"""Search: from the header or a phone's magnifying glass, by keyboard, without scripts."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People


def test_a_coach_finds_somebody_from_any_page(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/vandaag")
    if coach.on_phone:
        coach.follow(coach.page.locator("[data-search-link]"))
        coach.heading("Zoeken")
    box = coach.page.locator("[data-search]").locator("visible=true").last
    box.fill("amrani")
    coach.enter()
    coach.sees("El Amrani, Fatima", "gevonden op naam")
    coach.follow(coach.link("El Amrani, Fatima"))
    coach.heading("Fatima El Amrani")


def test_the_box_is_one_shortcut_away(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/kandidaten")
    coach.check()
    coach.keys("Control+k")
    box = coach.page.locator("#zoekvraag" if coach.on_phone else "#snel-zoeken")
    if coach.on_phone:
        coach.heading("Zoeken")
        coach.check()
        expect(coach.page.locator("#zoekvraag")).to_be_visible()
        coach.keys("Control+k")
    expect(box).to_be_focused()


def test_searching_works_without_scripts(person: People, size: str) -> None:
    teacher = person("docent", size, scripts=False)
    teacher.go("/zoeken")
    teacher.page.locator("#zoekvraag").fill("wendy v")
    teacher.follow(teacher.page.locator("main").get_by_role("button", name="Zoek"))
    teacher.sees("Visser, Wendy")
    teacher.go("/zoeken?q=xyzzy")
    teacher.sees("Niets gevonden")
    teacher.go("/zoeken?q=x")
    teacher.sees("Die vraag is te kort")
