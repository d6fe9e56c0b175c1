"""Coach and leerhome: notes with an audience, escalation, pausing and stopping, an employer's answer, cover."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_register import LESSON

NOW = "WijkLeerbedrijf Zorg · lichting 2026 (najaar)"


def open_file(someone: Person, name: str) -> None:
    """From the list of candidates to one file."""
    someone.go("/")
    someone.menu("Kandidaten")
    someone.follow(someone.link(name))


def write_note(someone: Person, text: str, audience: str) -> None:
    """Add a note to the file that is shown."""
    someone.field("Wat is er besproken?").fill(text)
    someone.choose("Wie mag dit lezen?", audience)
    someone.follow(someone.button("Notitie opslaan"))
    someone.sees(text)


def in_register(teacher: Person, name: str, there: bool) -> None:
    """Whether the teacher has this candidate in today's register."""
    teacher.go("/lessen")
    teacher.follow(teacher.link(f"Invullen: {LESSON}", exact=True))
    expect(teacher.page.locator("[data-enrolment]").filter(has_text=name)).to_have_count(1 if there else 0)


def test_a_note_is_read_by_its_audience_only(person: People, size: str) -> None:
    coach, coordinator = person("coach", size), person("leerhome", size)
    open_file(coach, "El Amrani, Fatima")
    write_note(
        coach,
        "Voor de hele lichting: komt met de bus van half acht.",
        "werkcoach en leerhome van deze lichting",
    )
    write_note(coach, "Alleen voor coaches: gesprek over schulden gepland.", "werkcoach en vervanger")
    write_note(coach, "Alleen voor collega’s van het werkbedrijf.", "mijn organisatie")
    coach.go(coach.page.url)
    coach.sees("Voor de hele lichting", "Alleen voor coaches", "Alleen voor collega’s")

    open_file(coordinator, "El Amrani, Fatima")
    coordinator.sees("Voor de hele lichting: komt met de bus van half acht.")
    coordinator.misses("Alleen voor coaches", "Alleen voor collega’s")
    write_note(coordinator, "Terug aan de coach: bus is geregeld.", "werkcoach en leerhome van deze lichting")
    coach.go(coach.page.url)
    coach.sees("Terug aan de coach: bus is geregeld.")


def test_the_coordinator_asks_and_the_coach_answers(person: People, size: str) -> None:
    coordinator, coach = person("leerhome", size), person("coach", size)
    open_file(coordinator, "Visser, Wendy")
    coordinator.follow(coordinator.link("Melden aan de werkcoach"))
    coordinator.field("Waar gaat het over?").select_option(label="vervoer")
    coordinator.choose("Hoe dringend is het?", "vandaag nog")
    coordinator.field("Wat is er aan de hand?").fill("Haar fiets is gestolen; ze komt niet op tijd.")
    coordinator.follow(coordinator.button("Melden"))
    coordinator.sees("nog niet gezien")

    coach.go("/vandaag")
    item = coach.page.locator(".todo__item").filter(has_text="Haar fiets is gestolen")
    coach.follow(item.get_by_role("button", name="Gezien"))
    coordinator.go(coordinator.page.url)
    coordinator.sees("gezien door Mirjam de Graaf")

    open_file(coach, "Visser, Wendy")
    coach.follow(coach.link("Afronden", exact=True).and_(coach.page.locator("#nodig a")))
    coach.field("Wat is er gedaan of afgesproken?").fill("Ze leent een fiets van de leerhome.")
    coach.follow(coach.button("Afronden"))
    coordinator.go(coordinator.page.url)
    coordinator.sees("afgerond", "Ze leent een fiets van de leerhome.")


def test_somebody_stops_and_the_step_is_undone(person: People, size: str) -> None:
    coach, teacher = person("coach", size), person("docent", size)
    in_register(teacher, "Visser, Wendy", there=True)
    open_file(coach, "Visser, Wendy")
    coach.follow(coach.link("Stoppen"))
    coach.field("Laatste dag").fill("2026-11-16")
    coach.choose("Wie nam het initiatief?", "de kandidaat zelf")
    with coach.expecting(422):
        coach.follow(coach.button("Vastleggen dat de kandidaat stopt"))
        coach.sees("Kies een reden")
    coach.field("Reden van de kandidaat").select_option(label="verhuisd")
    coach.choose("Zou de kandidaat terug willen komen?", "misschien")
    coach.follow(coach.button("Vastleggen dat de kandidaat stopt"))
    coach.sees("initiatief: de kandidaat zelf, reden: verhuisd")
    in_register(teacher, "Visser, Wendy", there=False)

    coach.follow(coach.button("Laatste stap ongedaan maken"))
    coach.misses("reden: verhuisd")
    in_register(teacher, "Visser, Wendy", there=True)


def test_a_pause_has_an_end_and_an_owner(person: People, size: str) -> None:
    coach, teacher, coordinator = person("coach", size), person("docent", size), person("leerhome", size)
    open_file(coach, "Vries, Jeroen de")
    coach.follow(coach.link("Pauze"))
    coach.field("Eerste dag van de pauze").fill("2026-11-17")
    coach.field("Laatste dag van de pauze").fill("2026-12-11")
    coach.field("Wie houdt contact?").select_option(label="Mirjam de Graaf")
    coach.field("Reden").fill("Verhuizing naar een andere wijk.")
    coach.follow(coach.button("Pauzeren"))
    coach.sees("pauze tot en met 11 december 2026")
    in_register(teacher, "Vries, Jeroen de", there=False)
    open_file(coordinator, "Vries, Jeroen de")
    coordinator.sees("pauze tot en met 11 december 2026")

    coach.follow(coach.button("Laatste stap ongedaan maken"))
    in_register(teacher, "Vries, Jeroen de", there=True)


def test_an_answer_by_telephone_changes_the_board(person: People, size: str) -> None:
    coach, manager = person("coach", size), person("programma", size)
    for someone in (coach, manager):
        someone.go("/lichtingen")
        someone.follow(someone.link(NOW))
        expect(someone.page.locator("#plekken .stat__value").first).to_have_text("≥ 16")
    coach.follow(coach.link("Antwoord van Thuiszorg Noordersluis vastleggen"))
    coach.choose("Wat zei de werkgever?", "Ja, de werkgever bevestigt")
    coach.field("Aantal plekken").fill("2")
    coach.field("Met wie is er gesproken?").fill("Ans van Dijk, personeelszaken")
    coach.follow(coach.button("Antwoord vastleggen"))
    expect(coach.page.locator("#plekken .stat__value").first).to_have_text("18")

    manager.go(manager.page.url)
    expect(manager.page.locator("#plekken .stat__value").first).to_have_text("18")
    row = manager.page.get_by_role("row").filter(has_text="Thuiszorg Noordersluis")
    expect(row).to_contain_text("bevestigd")


def test_a_signal_is_handled_with_a_note_and_comes_back_when_undone(person: People, size: str) -> None:
    coach, coordinator = person("coach", size), person("leerhome", size)
    coach.go("/vandaag?soort=signal")
    item = coach.page.locator(".todo__item").filter(has_text="Łukasz Kowalczyk")
    coach.follow(item.get_by_role("link", name="Afhandelen"))
    coach.field("Wat is er gedaan of afgesproken").fill("Gebeld; hij is er weer vanaf dinsdag.")
    coach.follow(coach.button("Afhandelen"))
    coach.go("/vandaag")
    coach.sees("Gebeld; hij is er weer vanaf dinsdag.")
    open_file(coordinator, "Kowalczyk, Łukasz")
    coordinator.sees("afgehandeld", "Gebeld; hij is er weer vanaf dinsdag.")
    coach.follow(coach.button("Ongedaan maken"))
    coordinator.go(coordinator.page.url)
    coordinator.misses("Gebeld; hij is er weer vanaf dinsdag.")


def test_a_colleague_covers_and_sees_the_file(person: People, size: str) -> None:
    coach, colleague = person("coach", size), person("coach2", size)
    open_file(coach, "El Amrani, Fatima")
    write_note(coach, "Alleen voor coaches: belt woensdag terug.", "werkcoach en vervanger")
    file = coach.page.url
    with colleague.expecting(403):
        colleague.go(file)
        colleague.heading("Geen toegang")
    colleague.go("/kandidaten?zoek=Amrani")
    colleague.misses("El Amrani, Fatima")

    coach.go("/vandaag")
    coach.follow(coach.link("Waarneming"))
    coach.field("Wie neemt waar?").select_option(label="Bas Oosterhuis")
    coach.field("Laatste dag").fill("2026-12-01")
    coach.follow(coach.button("Regelen"))
    coach.told("De waarneming is geregeld")

    open_file(colleague, "El Amrani, Fatima")
    colleague.sees("Alleen voor coaches: belt woensdag terug.")
    write_note(colleague, "Waargenomen: ze heeft gebeld.", "werkcoach en vervanger")
    coach.go(file)
    coach.sees("Waargenomen: ze heeft gebeld.", "Bas Oosterhuis")

    coach.go("/waarneming")
    coach.follow(coach.button("Beëindigen"))
    assert any("ziet deze kandidaten dan niet meer" in question for question in coach.questions)
    with colleague.expecting(403):
        colleague.go(file)
    coach.sees("Niemand neemt nu waar.")


def test_somebody_moves_to_another_edition(person: People, size: str) -> None:
    coach, teacher, manager = person("coach", size), person("docent", size), person("programma", size)
    open_file(coach, "Postma, IJsbrand")
    coach.follow(coach.link("Andere lichting"))
    coach.field("Naar welke lichting?").select_option(
        label="WijkLeerbedrijf Zorg · lichting 2027 (voorjaar) (begint 18 jan 2027)"
    )
    coach.field("Laatste dag in deze lichting").fill("2026-11-16")
    coach.field("Eerste dag in de nieuwe lichting").fill("2027-01-18")
    coach.field("Reden").fill("Begint opnieuw in het voorjaar.")
    coach.follow(coach.button("Verplaatsen"))
    coach.sees("Begint opnieuw in het voorjaar.")
    in_register(teacher, "Postma, IJsbrand", there=False)
    manager.go("/lichtingen")
    manager.follow(manager.link("WijkLeerbedrijf Zorg · lichting 2027 (voorjaar)"))
    manager.sees("Postma, IJsbrand")


def test_somebody_starts_later(person: People, size: str) -> None:
    coach, teacher = person("coach", size), person("docent", size)
    open_file(coach, "Postma, IJsbrand")
    coach.follow(coach.link("Eerste dag wijzigen"))
    coach.page.locator("main input[type=date]").first.fill("2026-11-24")
    coach.field("Reden").fill("Eerst een verhuizing.")
    coach.follow(coach.button("Instapdatum opslaan"))
    coach.sees("24 november 2026")
    in_register(teacher, "Postma, IJsbrand", there=False)
    coach.follow(coach.link("Later starten"))
    coach.page.locator("main input[type=date]").first.fill("2026-08-31")
    coach.field("Reden").fill("Was een vergissing.")
    coach.follow(coach.button("Instapdatum opslaan"))
    in_register(teacher, "Postma, IJsbrand", there=True)
