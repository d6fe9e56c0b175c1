"""The administrator sees which messages did not leave and why, and sends dead letters again by hand."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from inleer import clock
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import unit_of_work
from inleer.jobs import outbox
from inleer.jobs.models import Outbox
from inleer.jobs.words import CAUSES, KINDS, cause
from inleer.policy import Role
from tests.accounts.logins import change, make_login, post, sign_in
from tests.actors import make_organisation
from tests.web.cases.common import first


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    agency = make_organisation("work_agency", "Werkbedrijf Eigen").id
    sign_in(client, make_login(Role.ADMINISTRATOR, agency, "Ine Beheer"))
    return client


def queue(kind: str = "account.invitation", **columns: object) -> UUID:
    """A message as it is after some attempts."""
    with unit_of_work():
        made = outbox.enqueue(kind, {"membership_id": str(uuid4())})
    change(Outbox, made, **columns)
    return made


def test_a_dead_letter_says_what_and_why_and_leaves_when_it_is_sent_again(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})
    left: list[UUID] = []
    outbox.register("account.invitation", lambda message: left.append(message.id))
    made = queue(state="failed", attempts=8, error="SMTPRecipientsRefused")
    page = desk.get("/beheer/berichten").text
    assert "uitnodiging" in page and "De mailserver weigert het adres. (SMTPRecipientsRefused)" in page
    assert post(desk, f"/beheer/berichten/{made}/opnieuw", "/beheer/berichten").status_code == 303
    outbox.drain()
    assert left == [made]
    assert "Alles is aangekomen" in desk.get("/beheer/berichten").text
    assert post(desk, f"/beheer/berichten/{made}/opnieuw", "/beheer/berichten").status_code == 404
    assert "bericht opnieuw klaargezet" in desk.get("/beheer/logboek").text


def test_all_dead_letters_at_once(desk: FlaskClient) -> None:
    made = [queue(state="failed", attempts=8, error="TimeoutError") for _n in range(2)]
    assert "Alle 2 opnieuw sturen" in desk.get("/beheer/berichten").text
    assert post(desk, "/beheer/berichten/opnieuw", "/beheer/berichten").status_code == 303
    assert "2 berichten gaan opnieuw." in desk.get("/beheer/berichten").text
    for message_id in made:
        row = first(Outbox, Outbox.id == message_id)
        assert (row.state, row.attempts, row.error) == ("waiting", 0, None)
    post(desk, "/beheer/berichten/opnieuw", "/beheer/berichten")
    assert "geen berichten meer om opnieuw te sturen" in desk.get("/beheer/berichten").text


def test_what_is_tried_again_says_how_often_and_when(desk: FlaskClient) -> None:
    queue(attempts=3, error="ConnectionRefusedError", due_at=clock.now() + timedelta(minutes=15))
    page = desk.get("/beheer/berichten").text
    assert "3 van 8" in page and "De mailserver is niet te bereiken." in page
    assert "Het achtergrondwerk staat stil" not in page


def test_a_worker_that_stands_still_is_told(desk: FlaskClient) -> None:
    queue(due_at=clock.now() - timedelta(hours=2))
    assert "Het achtergrondwerk staat stil" in desk.get("/beheer/berichten").text


def test_every_kind_of_message_has_a_name(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})
    create_app(settings)
    assert outbox._handlers.keys() == KINDS.keys()
    assert all(cause(error).startswith(words) for error, words in CAUSES.items())
    assert cause("KeyError") == "Er ging iets mis: KeyError."
