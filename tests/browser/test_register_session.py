"""The session ends while a teacher fills in a register: what was typed stays, and is saved after logging in."""

from __future__ import annotations

from playwright.sync_api import expect

from inleer.demo import PASSWORD
from tests.browser.conftest import People
from tests.browser.site import Site
from tests.browser.test_register import cell, has_mark, mark, open_register, saved

NAME = "Berg, Rachid van den"


def test_a_cell_survives_the_end_of_the_session(person: People, site: Site, size: str) -> None:
    teacher = person("docent", size)
    open_register(teacher)
    site.execute("UPDATE user_session SET ended_at = last_seen_at WHERE user_agent <> ''")
    with teacher.expecting(401):
        mark(teacher, NAME, "Z")
        expect(cell(teacher, NAME).get_by_role("alert")).to_contain_text("Er is nog niets opgeslagen.")
    has_mark(teacher, NAME, "Z")
    teacher.check()
    with teacher.page.context.expect_page() as opened:
        cell(teacher, NAME).get_by_role("link", name="Log in in een nieuw tabblad").click()
    tab = opened.value
    tab.get_by_label("E-mailadres").fill("docent@demo.example")
    tab.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Inloggen").click()
    tab.get_by_label("Code").fill(site.code("docent"))
    tab.get_by_role("button", name="Verder").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Mijn lessen vandaag")
    tab.close()
    with teacher.expecting(400):
        cell(teacher, NAME).get_by_role("button", name="Opnieuw proberen").click()
        saved(teacher, NAME)
    teacher.page.reload()
    teacher.check()
    has_mark(teacher, NAME, "Z")
