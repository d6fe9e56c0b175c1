"""Everybody chooses which mails to do without; the mail of the day comes on working days to who wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.accounts.notifications import DIGEST, choices_of
from inleer.db import new_id, unit_of_work
from inleer.jobs.outbox import enqueue
from inleer.policy import Actor, Role, system_actor
from inleer.reports import digest
from inleer.reports.todo import Todo
from tests.accounts.logins import post
from tests.actors import make_actor, make_organisation
from tests.employers import mails, text_in
from tests.world import browse

TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
PATH = "/account/meldingen"


@pytest.fixture
def coach(app: Flask) -> Actor:
    return make_actor(Role.COACH, make_organisation("work_agency", "Werkbedrijf Eigen").id, "Mirjam Coach")


@pytest.fixture
def two_things(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [Todo("signal", "warn", "Voor Achter", "iets", "regel", None, id=new_id()) for _n in range(2)]
    monkeypatch.setattr(digest, "worklist_of", lambda _actor: items)


def queued(day: datetime, looks_at: datetime | None = None) -> int:
    """How many mails are queued for this day when the worker does it at a moment (that day, unless it was down)."""
    with clock.frozen(looks_at or day), unit_of_work():
        return digest.queue_digests(system_actor("worker"), clock.local(day).date())


def test_it_says_how_much_waits_and_where_to_turn_it_off(app: Flask, coach: Actor, two_things: None) -> None:
    assert queued(TUESDAY) == 1
    with clock.frozen(TUESDAY):
        (mail,) = mails(app)
    text = text_in(mail)
    assert "- Signalen: 2" in text and "Voor Achter" not in text
    assert "https://localhost/vandaag" in text and "https://localhost/account/meldingen" in text
    assert "<li>Signalen: 2</li>" in text_in(mail, "html")


def test_who_wants_none_gets_none_and_can_want_it_again(app: Flask, coach: Actor, two_things: None) -> None:
    browser = browse(app, coach)
    page = browser.get(PATH).text
    assert "Overzicht van de dag" in page and "Plugin stilgezet" not in page
    assert post(browser, PATH, PATH, digest="nee").status_code == 303
    assert choices_of(coach.user_id)[DIGEST] is False
    queued(TUESDAY)
    with clock.frozen(TUESDAY):
        assert mails(app) == []
    assert post(browser, PATH, PATH, digest="ja").status_code == 303
    assert choices_of(coach.user_id)[DIGEST] is True


def test_there_is_none_at_the_weekend_and_none_of_a_day_that_was_missed(
    app: Flask, coach: Actor, two_things: None
) -> None:
    assert queued(TUESDAY + timedelta(days=4)) == queued(TUESDAY + timedelta(days=5)) == 0
    assert queued(TUESDAY, looks_at=TUESDAY + timedelta(days=1)) == 0


def test_a_mail_that_was_held_up_for_a_day_does_not_leave(app: Flask, coach: Actor, two_things: None) -> None:
    queued(TUESDAY)
    with clock.frozen(TUESDAY + timedelta(days=1)):
        assert mails(app) == []


def test_a_role_without_choices_says_so(app: Flask) -> None:
    teacher = make_actor(Role.TEACHER, make_organisation("school").id, "Dora Docent")
    page = browse(app, teacher).get(PATH).text
    assert "geen mails die u aan of uit kunt zetten" in page and "altijd" in page


def test_an_administrator_does_without_the_mail_about_a_plugin(app: Flask) -> None:
    admin = make_actor(Role.ADMINISTRATOR, make_organisation("work_agency").id, "Ine Beheer")
    payload = {"user_id": str(admin.user_id), "plugin": "zorg", "until": clock.now().isoformat()}
    with unit_of_work():
        enqueue("plugin.stopped", payload)
    (mail,) = mails(app)
    assert mail["Subject"] == "Plugin zorg is even stilgezet" and "zorg" in text_in(mail, "html")
    browser = browse(app, admin)
    assert post(browser, PATH, PATH, plugin_stopped="nee").status_code == 303
    with unit_of_work():
        enqueue("plugin.stopped", payload)
    assert len(mails(app)) == 1
