"""Asking employers by mail: what is sent, the way back, answers by another way, reminders, the end after 14 days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import clock
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, StaleEdit
from inleer.intentions import daily as follow
from inleer.intentions.actions import Answer, change, confirm_by_telephone, undo_answer
from inleer.intentions.asking import Chosen, ask, end_request, send_again, undo_ask
from inleer.intentions.models import IntentionEvent
from inleer.intentions.models_requests import ConfirmToken, IntentionMail, IntentionRequest
from inleer.intentions.queries_employers import response_of
from inleer.jobs import daily
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import drain
from inleer.policy import unscoped
from tests.employers import (
    CONTACT,
    asked,
    items_now,
    link_of,
    links_in,
    mails,
    make_town,
    request_now,
    text_in,
)
from tests.world import one

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_this_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_jobs", {})
    follow.register()


def day(n: int) -> datetime:
    return MONDAY + timedelta(days=n)


def test_two_intentions_of_one_contact_go_in_one_mail(app: Flask) -> None:
    town = make_town(kinds=("intention", "guarantee"))
    with clock.frozen(MONDAY):
        request = asked(town)
        assert town.states() == ["requested", "requested"]
        assert (request.answer_by - request.asked_on).days == 14
        (mail,) = mails(app)
    assert mail["To"] == CONTACT and len(links_in(mail)) == 1
    for kind in ("plain", "html"):
        text = text_in(mail, kind)
        assert "Functie 0" in text and "Functie 1" in text and "16 november 2026" in text
        assert "inspanning, geen garantie" in text and "resultaat" in text
        assert links_in(mail)[0] in text
    stored = db.session.execute(select(ConfirmToken)).scalar_one()
    token = links_in(mail)[0].rpartition("/")[2]
    assert len(token) == 43 and stored.token_hash != token
    assert (stored.expires_at - stored.created_at).days == 14
    everything = " ".join(str(p) for p in db.session.execute(select(Outbox.payload)).scalars())
    assert token not in everything and "@" not in everything


def test_a_missing_address_is_asked_for_and_kept(app: Flask) -> None:
    town = make_town(1, contact=None)
    row = town.rows()[0]
    for wrong, field in (("", f"email_{row.id.hex}"), ("geen adres", f"email_{row.id.hex}")):
        with pytest.raises(DomainError) as refused, unit_of_work():
            ask(town.manager, one(Cohort, town.cohort), [Chosen(row.id, row.version, wrong)])
        assert refused.value.field == field
        assert town.states() == ["draft"]
    with unit_of_work():
        made = ask(
            town.manager, one(Cohort, town.cohort), [Chosen(row.id, row.version, "Nieuw@Baken.example")]
        )
    assert made[0].email == "nieuw@baken.example" == town.rows()[0].contact_email


def test_what_cannot_be_asked(app: Flask) -> None:
    town = make_town(1)
    row = town.rows()[0]
    with pytest.raises(StaleEdit), unit_of_work():
        ask(town.manager, one(Cohort, town.cohort), [Chosen(row.id, row.version + 1)])
    with pytest.raises(DomainError), unit_of_work():
        ask(town.manager, one(Cohort, town.cohort), [])
    request = asked(town)
    with pytest.raises(DomainError, match="al gevraagd"):
        asked(town)
    assert request_now(request).state == "open"


def test_it_is_taken_back_as_long_as_no_mail_left(app: Flask) -> None:
    town = make_town(2)
    request = asked(town)
    with unit_of_work():
        undo_ask(town.manager, one(IntentionRequest, request.id), request.version)
    assert town.states() == ["draft", "draft"]
    assert mails(app) == []
    events = select(IntentionEvent.channel).where(IntentionEvent.intention_id == town.intentions[0])
    assert list(db.session.execute(events).scalars()) == ["staff"]
    request = asked(town)
    assert len(mails(app)) == 1
    with pytest.raises(DomainError, match="al vertrokken"), unit_of_work():
        undo_ask(town.manager, one(IntentionRequest, request.id), request.version)


def test_ending_makes_the_link_worthless_and_it_can_be_asked_again(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    client, path = app.test_client(), link_of(app)
    assert client.get(path).status_code == 200
    with unit_of_work():
        end_request(town.manager, one(IntentionRequest, request.id), request.version)
    assert client.get(path).status_code == 404
    assert town.states() == ["expired"]
    asked(town)
    assert town.states() == ["requested"]


def test_a_link_sent_again_leaves_earlier_ones_valid_and_the_fourth_mail_is_refused(app: Flask) -> None:
    town = make_town(1)
    request, client = asked(town), app.test_client()
    first = link_of(app)
    for _n in range(2):
        with unit_of_work():
            send_again(town.manager, one(IntentionRequest, request.id))
        mails(app)
    assert len({first, *(link for mail in mails(app) for link in links_in(mail))}) == 3
    for mail in mails(app):
        assert client.get(links_in(mail)[0]).status_code == 200
    with pytest.raises(DomainError, match="24 uur"), unit_of_work():
        send_again(town.manager, one(IntentionRequest, request.id))
    with clock.frozen(clock.now() + timedelta(hours=25)), unit_of_work():
        send_again(town.manager, one(IntentionRequest, request.id))


def test_an_answer_by_telephone_stands_for_the_mail_and_its_way_back_opens_it_again(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    client, path = app.test_client(), link_of(app)
    row = town.rows()[0]
    with unit_of_work():
        said = Answer(clock.today(), "mw. De Boer", 4, 24, None)
        confirm_by_telephone(town.coach, row, said, row.version)
    assert request_now(request).state == "closed"
    assert [i.outcome for i in items_now(request)] == ["telephone"]
    page = client.get(path).text
    assert "al beantwoord aan de telefoon" in page and 'name="answer_0"' not in page
    with unit_of_work():
        row = town.rows()[0]
        undo_answer(town.coach, row, row.version)
    assert (request_now(request).state, town.states()) == ("open", ["requested"])
    assert 'name="answer_0"' in client.get(path).text


def test_reminders_come_after_3_7_and_12_days_with_a_link_and_then_it_ends(app: Flask) -> None:
    town = make_town(2)
    with clock.frozen(MONDAY):
        request = asked(town)
    sent = {}
    for n in range(18):
        with clock.frozen(day(n)):
            daily.run_due()
            before = len(mails(app))
            sent[n] = before
    assert [n for n in range(1, 18) if sent[n] > sent[n - 1]] == [3, 7, 12]
    assert all(links_in(mail) for mail in mails(app))
    assert request_now(request).state == "expired"
    assert town.states() == ["expired", "expired"]
    events = select(IntentionEvent).where(IntentionEvent.to_state == "expired")
    assert {str(e.on) for e in db.session.execute(events).scalars()} == {"2026-11-17"}
    with clock.frozen(day(18)):
        asked(town)
    assert town.states() == ["requested", "requested"]
    assert request_now(request).state == "closed"


def test_three_days_down_are_caught_up_and_nobody_is_reminded_twice(app: Flask) -> None:
    town = make_town(1)
    with clock.frozen(MONDAY):
        asked(town)
        daily.run_due()
        assert len(mails(app)) == 1
    with clock.frozen(day(5)):
        days = [d.day for name, d in daily.run_due() if name.endswith(follow.follow_requests.__name__)]
        assert days == [3, 4, 5, 6, 7]
        assert len(mails(app)) == 2
        daily.run_due()
    with clock.frozen(day(6)):
        daily.run_due()
        assert len(mails(app)) == 2
    with clock.frozen(day(7)):
        daily.run_due()
        assert len(mails(app)) == 3


def test_a_worker_that_was_down_past_the_last_day_reminds_nobody_and_ends_it(app: Flask) -> None:
    town = make_town(1)
    with clock.frozen(MONDAY):
        asked(town)
        daily.run_due()
        drain()
    with clock.frozen(day(20)):
        daily.run_due()
        assert len(mails(app)) == 1
    assert town.states() == ["expired"]


def test_two_requests_of_one_contact_are_reminded_in_one_mail(app: Flask) -> None:
    town = make_town(2)
    first, second = town.rows()
    with clock.frozen(MONDAY):
        for row in (first, second):
            with unit_of_work():
                ask(town.manager, one(Cohort, town.cohort), [Chosen(row.id, row.version)])
        daily.run_due()
        assert len(mails(app)) == 2
    with clock.frozen(day(3)):
        daily.run_due()
        assert len(mails(app)) == 3
        assert max(len(links_in(m)) for m in mails(app)) == 2


def test_who_had_a_mail_within_24_hours_is_not_reminded(app: Flask) -> None:
    town = make_town(1)
    with clock.frozen(MONDAY):
        request = asked(town)
        daily.run_due()
    with clock.frozen(day(2) + timedelta(hours=10)), unit_of_work():
        send_again(town.manager, one(IntentionRequest, request.id))
    with clock.frozen(day(3)):
        daily.run_due()
        kinds = db.session.execute(select(IntentionMail.kind)).scalars().all()
        assert sorted(kinds) == ["request", "resend"]


def test_what_was_confirmed_is_asked_anew_and_stays_confirmed_when_nobody_answers(app: Flask) -> None:
    town = make_town(1)
    with clock.frozen(MONDAY), unit_of_work():
        row = town.rows()[0]
        confirm_by_telephone(town.coach, row, Answer(clock.today(), "Jan", 5, 20, 28), row.version)
    with clock.frozen(day(70)):
        request = asked(town)
        assert town.states() == ["confirmed"]
        daily.run_due()
    with clock.frozen(day(90)):
        daily.run_due()
    assert (request_now(request).state, town.states()) == ("expired", ["confirmed"])


def test_a_mail_of_what_was_answered_meanwhile_does_not_leave(app: Flask) -> None:
    town = make_town(1)
    asked(town)
    with unit_of_work():
        row = town.rows()[0]
        confirm_by_telephone(town.coach, row, Answer(clock.today(), "Jan", 5, 20, 28), row.version)
    assert mails(app) == []


def test_the_response_counts_mails_and_calls_within_14_days(app: Flask) -> None:
    town = make_town(3)
    first, second, third = town.rows()
    with clock.frozen(MONDAY):
        with unit_of_work():
            ask(town.manager, one(Cohort, town.cohort), [Chosen(r.id, r.version) for r in (first, second)])
        with unit_of_work():
            row = town.rows()[2]
            confirm_by_telephone(town.coach, row, Answer(clock.today(), "Jan", 5, 20, 28), row.version)
    with clock.frozen(day(5)), unit_of_work():
        row = town.rows()[0]
        confirm_by_telephone(town.coach, row, Answer(clock.today(), "Jan", 5, 20, 28), row.version)
    with clock.frozen(day(6)):
        found = response_of(town.manager, town.cohort)
    assert (found.in_time, found.asked, found.waiting) == (2, 3, 1)
    assert third.id == town.intentions[2]


def test_staff_change_what_waits_and_nothing_is_lost(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    with unit_of_work():
        row = town.rows()[0]
        change(town.manager, row, {"positions": 3}, row.version)
    page = app.test_client().get(link_of(app)).text
    assert "Veranderd sinds de mail" in page and "eerst 5, nu 3" in page
    assert request_now(request).state == "open"


def test_mails_are_files_for_nobody_else(app: Flask) -> None:
    asked(make_town(1))
    mails(app)
    for path in Path(app.config["INLEER"].var_dir, "mail").glob("*.eml"):
        assert path.stat().st_mode & 0o777 == 0o600
    statement = unscoped(select(IntentionRequest), "test")
    assert db.session.execute(statement).scalar_one().sender_name == "Karim Manager"
