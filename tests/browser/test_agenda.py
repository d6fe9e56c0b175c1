"""An agenda feed: made, read by an app that is not logged in, revoked."""

from __future__ import annotations

import icalendar
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.test_register import LESSON


def test_a_feed_is_made_read_and_revoked(person: People, size: str) -> None:
    teacher, app = person("docent", size), person()
    teacher.go("/account")
    teacher.follow(teacher.link("Agenda's beheren"))
    teacher.heading("Agenda op uw telefoon of computer")
    with teacher.expecting(422):
        teacher.follow(teacher.button("Maak een adres"))
        teacher.sees("Vul in waar u de agenda gebruikt")
    teacher.field("Waar gebruikt u deze agenda?").fill("mijn telefoon")
    teacher.follow(teacher.button("Maak een adres"))
    teacher.heading("Uw nieuwe agenda")
    address = teacher.page.get_by_label("Adres van uw agenda").input_value()
    assert address.startswith(app.url), address
    answer = app.page.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    titles = [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")]
    assert any(LESSON in title for title in titles), titles

    teacher.follow(teacher.link("Het staat in mijn agenda, verder"))
    teacher.sees("mijn telefoon", "17 nov 2026")
    teacher.misses("nog nooit")
    teacher.follow(teacher.button("Trek in"))
    teacher.told("De agenda is ingetrokken.")
    teacher.sees("U hebt nog geen agenda gemaakt.")
    assert app.page.request.get(address).status == 404
    expect(teacher.page.get_by_text("mijn telefoon")).to_have_count(0)
