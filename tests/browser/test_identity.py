"""Logging in and out, a session that ends in the middle of a form, an invitation, and a role that is taken away."""

from __future__ import annotations

from inleer.accounts.second_factor import current_code
from inleer.demo import PASSWORD
from tests.browser.conftest import People
from tests.browser.logins import give_both, log_in
from tests.browser.site import Site


def test_password_and_code_lead_to_the_first_page_of_the_role(person: People, site: Site, size: str) -> None:
    code = site.code("coach")
    coach = person(size=size)
    coach.go("/inloggen")
    coach.field("E-mailadres").fill("coach@demo.example")
    coach.field("Wachtwoord").fill("dit is het verkeerde wachtwoord")
    with coach.expecting(422):
        coach.follow(coach.button("Inloggen"))
        coach.sees("Er is iets niet goed ingevuld")
    log_in(coach, "coach@demo.example", PASSWORD, code)
    coach.heading("Vandaag")

    thief = person(size=size)
    with thief.expecting(422):
        log_in(thief, "coach@demo.example", PASSWORD, code)
        thief.sees("Deze code klopt niet of is al gebruikt")


def test_after_logging_out_nothing_opens(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/vandaag")
    coach.press(coach.page.locator(".menu--user > summary"))
    coach.follow(coach.button("Uitloggen"))
    coach.go("/vandaag")
    coach.heading("Inloggen")


def test_a_session_that_ends_in_the_middle_of_a_form_keeps_what_was_typed(
    person: People, site: Site, size: str
) -> None:
    coach = person("coach", size)
    coach.go("/kandidaten")
    coach.follow(coach.link("Kowalczyk, Łukasz"))
    text = "Regel 1 met “aanhalingstekens” & <tekens>\nregel 2"
    coach.field("Wat is er besproken?").fill(text)
    coach.choose("Wie mag dit lezen?", "werkcoach en vervanger")
    site.execute("UPDATE user_session SET ended_at = last_seen_at WHERE user_agent <> ''")
    with coach.expecting(401):
        coach.follow(coach.button("Notitie opslaan"))
        coach.heading("Inloggen")
    give_both(coach, "coach@demo.example", PASSWORD, site.code("coach"))
    coach.heading("Uw invoer is er nog")
    coach.follow(coach.button("Opnieuw versturen"))
    coach.heading("Łukasz Kowalczyk")
    coach.sees("Regel 1 met “aanhalingstekens” & <tekens>")


def test_who_is_invited_comes_in_and_is_out_when_the_role_ends(person: People, site: Site, size: str) -> None:
    administrator, teacher = person("beheer", size), person(size=size)
    administrator.go("/beheer/mensen")
    administrator.follow(administrator.link("Iemand uitnodigen"))
    administrator.field("Naam").fill("Fenna de Wit")
    administrator.field("E-mailadres").fill("fenna@voorbeeld.example")
    administrator.field("Organisatie").select_option(label="ROC Polderland")
    administrator.field("Rol").select_option(label="docent ROC")
    administrator.follow(administrator.button("Uitnodigen"))
    link = administrator.page.locator("code.reference").inner_text()

    teacher.go(link)
    teacher.heading("Welkom bij inleer")
    teacher.field("Wachtwoord").fill("paars fietsbel wolk dakraam")
    teacher.follow(teacher.button("Account maken"))
    teacher.field("E-mailadres").fill("fenna@voorbeeld.example")
    teacher.field("Wachtwoord").fill("paars fietsbel wolk dakraam")
    teacher.follow(teacher.button("Inloggen"))
    teacher.heading("Tweede factor instellen")
    secret = teacher.page.locator("code.reference").inner_text().replace(" ", "")
    teacher.field("Code").fill(current_code(secret, site.now()))
    teacher.follow(teacher.button("Tweede factor aanzetten"))
    teacher.heading("Uw herstelcodes")
    teacher.follow(teacher.link("Ik heb ze bewaard, verder"))
    teacher.heading("Mijn lessen vandaag")

    administrator.go("/beheer/mensen")
    administrator.follow(administrator.link("Fenna de Wit"))
    administrator.sees("actief", "staat aan")
    administrator.follow(administrator.link("Rol beëindigen"))
    administrator.follow(administrator.button("Rol beëindigen"))
    administrator.sees("beëindigd")

    teacher.go("/lessen")
    teacher.heading("Inloggen")
