"""Mail: a person chooses what to get."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import People


def test_a_coach_does_without_the_mail_of_the_day(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/account")
    coach.follow(coach.link("Meldingen kiezen"))
    coach.press(coach.page.get_by_label("Nee", exact=True))
    coach.follow(coach.button("Opslaan"))
    coach.told("Uw keuze is bewaard.")
    coach.follow(coach.link("Meldingen kiezen"))
    expect(coach.page.get_by_label("Nee", exact=True)).to_be_checked()
