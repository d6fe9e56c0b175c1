"""Attendance: the teacher records by keyboard or with a thumb, two teachers meet, and the coach sees it."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person

LESSON = "Zorg en Dienstverlening niveau 2"
WORDS = {"A": "aanwezig", "L": "te laat", "Z": "ziek", "O": "ongeoorloofd"}


def open_register(teacher: Person) -> None:
    """From the first page of a teacher to today's register."""
    teacher.go("/")
    teacher.heading("Mijn lessen vandaag")
    teacher.follow(teacher.link(f"Invullen: {LESSON}", exact=True))
    teacher.heading(LESSON)


def cell(person: Person, name: str) -> Locator:
    """The card of one candidate."""
    return person.page.locator("[data-enrolment]").filter(has_text=name)


def saved(person: Person, name: str) -> None:
    """The card says that it was saved."""
    expect(cell(person, name).locator("[data-state]")).to_contain_text(":")
    expect(cell(person, name)).not_to_have_class("is-saving")


def mark(person: Person, name: str, letter: str) -> None:
    """Choose a status by tapping or clicking it."""
    person.press(cell(person, name).locator(f".seg__label--{letter.lower()}"))


def has_mark(person: Person, name: str, letter: str) -> None:
    """The candidate has this status."""
    expect(cell(person, name).locator(f'input[data-code="{letter}"]')).to_be_checked()


def is_empty(person: Person, name: str) -> None:
    """Nothing is recorded of the candidate."""
    expect(cell(person, name).locator("input[data-code]:checked")).to_have_count(0)


def progress(person: Person, text: str) -> None:
    """How many are filled in."""
    expect(person.page.locator("[data-progress]")).to_have_text(text)


def test_a_teacher_records_with_mouse_or_thumb_and_the_coach_sees_it(person: People, size: str) -> None:
    teacher, coach = person("docent", size), person("coach", size)
    open_register(teacher)
    progress(teacher, "0 van 19 ingevuld")
    mark(teacher, "Berg, Rachid van den", "O")
    saved(teacher, "Berg, Rachid van den")
    mark(teacher, "Aydın, Zoë", "L")
    minutes = cell(teacher, "Aydın, Zoë").get_by_label("Minuten")
    expect(minutes).to_be_focused()
    minutes.fill("25")
    teacher.keys("Tab")
    saved(teacher, "Aydın, Zoë")
    progress(teacher, "2 van 19 ingevuld")
    teacher.check()

    teacher.follow(teacher.button("Lege op aanwezig (17)"))
    teacher.sees("17 personen op aanwezig gezet.")
    has_mark(teacher, "Visser, Wendy", "A")
    has_mark(teacher, "Berg, Rachid van den", "O")
    has_mark(teacher, "Aydın, Zoë", "L")
    teacher.follow(teacher.button("Ongedaan maken"))
    teacher.told("17 personen zijn weer leeg.")
    is_empty(teacher, "Visser, Wendy")
    has_mark(teacher, "Berg, Rachid van den", "O")

    teacher.follow(teacher.button("Lege op aanwezig (17)"))
    teacher.follow(teacher.button("Klaar"))
    teacher.go("/lessen")
    teacher.sees("alles klaar")

    coach.go("/kandidaten")
    coach.follow(coach.link("Aydın, Zoë"))
    coach.follow(coach.link("Aanwezigheid", exact=True))
    row = coach.page.get_by_role("row").filter(has_text="17 nov").first
    expect(row).to_contain_text("te laat", ignore_case=True)
    expect(row).to_contain_text("25 min van 6 u")


def test_a_teacher_records_by_keyboard_only(person: People) -> None:
    teacher = person("docent")
    open_register(teacher)
    for _step in range(40):
        teacher.keys("Tab")
        if teacher.page.evaluate("document.activeElement.matches('[data-code]')"):
            break
    teacher.keys("z", "o", "l")
    expect(cell(teacher, "Berg, Rachid van den").get_by_label("Minuten")).to_be_focused()
    teacher.page.keyboard.type("15")
    teacher.keys("Enter", "ArrowDown", "ArrowUp", "ArrowUp")
    teacher.keys("ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    teacher.keys("a", "v")
    teacher.page.keyboard.type("30")
    teacher.keys("Enter")
    names = [
        ("Aydın, Zoë", "Z"),
        ("Bakker-Öztürk, Inês", "O"),
        ("Berg, Rachid van den", "G"),
        ("D’Angelo, Björn", "A"),
        ("El Amrani, Fatima", "V"),
    ]
    for name, letter in names:
        saved(teacher, name)
        has_mark(teacher, name, letter)
    teacher.check()
    teacher.go(teacher.page.url)
    for name, letter in names:
        has_mark(teacher, name, letter)


def test_two_teachers_choose_in_a_conflict(person: People, size: str) -> None:
    first, second = person("docent", size), person("docent2", size)
    open_register(first)
    second.go(first.page.url)
    mark(first, "Jansen, Noor", "A")
    saved(first, "Jansen, Noor")
    mark(second, "Visser, Wendy", "Z")
    saved(second, "Visser, Wendy")
    with second.expecting(409):
        mark(second, "Jansen, Noor", "O")
        conflict = cell(second, "Jansen, Noor").locator("[data-conflict]")
        expect(conflict).to_contain_text("Pieter Smit vulde intussen iets anders in")
        expect(conflict).to_contain_text("Aanwezig", ignore_case=True)
        expect(conflict).to_contain_text("Ongeoorloofd", ignore_case=True)
    second.press(second.button("Mijn keuze opslaan"))
    expect(conflict).to_have_count(0)
    saved(second, "Jansen, Noor")

    first.go(first.page.url)
    has_mark(first, "Jansen, Noor", "O")
    has_mark(first, "Visser, Wendy", "Z")
    with second.expecting(409):
        mark(first, "Jansen, Noor", "L")
        cell(first, "Jansen, Noor").get_by_label("Minuten").fill("10")
        first.keys("Tab")
        saved(first, "Jansen, Noor")
        mark(second, "Jansen, Noor", "Z")
        second.press(second.button("Die van Pieter Smit houden"))
        saved(second, "Jansen, Noor")
    second.go(second.page.url)
    has_mark(second, "Jansen, Noor", "L")


def test_a_colleague_takes_a_lesson_over(person: People, size: str) -> None:
    colleague, teacher = person("docent2", size), person("docent", size)
    colleague.go("/lessen")
    colleague.follow(colleague.button("Overnemen"))
    colleague.follow(colleague.link(f"Invullen: {LESSON}", exact=True))
    mark(colleague, "Visser, Wendy", "A")
    saved(colleague, "Visser, Wendy")

    teacher.go("/lessen")
    teacher.sees("Lotte Bruins")


def test_without_a_connection_nothing_is_lost(person: People) -> None:
    teacher = person("docent")
    open_register(teacher)
    teacher.page.route("**/cel/**", lambda route: route.abort("internetdisconnected"))
    mark(teacher, "Visser, Wendy", "Z")
    expect(cell(teacher, "Visser, Wendy")).to_contain_text("Opslaan lukt nu niet")
    teacher.page.unroute_all()
    teacher.press(teacher.button("Opnieuw proberen"))
    saved(teacher, "Visser, Wendy")
    assert [p for p in teacher.problems if "ERR_INTERNET_DISCONNECTED" not in p] == []
    teacher.problems.clear()
    teacher.go(teacher.page.url)
    has_mark(teacher, "Visser, Wendy", "Z")


def test_a_closed_register_is_corrected_with_a_reason(person: People, size: str) -> None:
    teacher, coach, second = person("docent", size), person("coach", size), person("docent2", size)
    teacher.go("/lessen?dag=2026-10-27")
    teacher.follow(teacher.link(LESSON, exact=True))
    teacher.heading(LESSON)
    teacher.sees("Deze lijst is dicht.")
    teacher.follow(teacher.link("Corrigeren Visser, Wendy"))
    teacher.sees("Nu staat er: aanwezig")
    teacher.choose("Wat klopt", "te laat")
    with teacher.expecting(422):
        teacher.follow(teacher.button("Verbetering opslaan"))
    teacher.sees("Vul de reden van de verandering in.")
    teacher.field("Gemiste minuten").fill("45")
    teacher.field("Waarom verandert dit?").fill("Stond op de verkeerde regel.")
    second.go(teacher.page.url)
    teacher.follow(teacher.button("Verbetering opslaan"))
    teacher.sees("Verbeterd na sluiten", "Stond op de verkeerde regel.", "Pieter Smit")
    has_text(teacher, "Visser, Wendy", "45 minuten")

    second.choose("Wat klopt", "ziek")
    second.field("Waarom verandert dit?").fill("Zij was ziek.")
    with second.expecting(409):
        second.follow(second.button("Verbetering opslaan"))
    second.sees("Pieter Smit heeft dit opgeslagen", "te laat", "ziek")
    second.follow(second.button("Mijn invoer alsnog opslaan"))
    second.sees("Zij was ziek.", "Stond op de verkeerde regel.", "Lotte Bruins")

    coach.go("/kandidaten?zoek=Visser")
    coach.follow(coach.link("Visser, Wendy"))
    coach.follow(coach.link("Aanwezigheid", exact=True))
    row = coach.page.get_by_role("row").filter(has_text="27 okt").first
    expect(row).to_contain_text("ziek")
    expect(row).to_contain_text("6 u van 6 u")


def has_text(person: Person, name: str, text: str) -> None:
    """The card of one candidate, closed, says this."""
    expect(cell(person, name)).to_contain_text(text)
