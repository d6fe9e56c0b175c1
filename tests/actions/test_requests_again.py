"""Asking employers when things cross: ways back on a running clock, late calls, replies, reminders, one lock order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from inleer import audit, clock
from inleer.accounts.models import User
from inleer.cohorts.actions import NewCohort, add_partner, change_state, create_cohort
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.intentions import answering, messages
from inleer.intentions.actions import Answer, confirm_by_telephone, decline_by_telephone, draft, undo_answer
from inleer.intentions.asking import Chosen, ask, end_request, send_again, undo_ask
from inleer.intentions.daily import follow_requests
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.models_requests import IntentionMail, IntentionMessage, IntentionRequest
from inleer.intentions.own import renew
from inleer.intentions.queries_employers import response_of
from inleer.intentions.queries_requests import names_of
from inleer.intentions.settling import items_of
from inleer.intentions.statements import terms_of
from inleer.leerroutes.queries import route_version
from inleer.policy import Role, system_actor, unscoped
from tests.actors import make_actor, make_organisation
from tests.employers import (
    CONTACT,
    VALUES,
    Town,
    asked,
    items_now,
    link_of,
    links_in,
    mails,
    make_town,
    reply,
    request_now,
    text_in,
)
from tests.world import one, token_in

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def follow(n: int, app: Flask | None = None) -> None:
    """What the worker does n days after MONDAY."""
    with clock.frozen(MONDAY + timedelta(days=n)):
        with unit_of_work():
            follow_requests(system_actor("worker"), clock.today())
        if app is not None:
            mails(app)


def expire(days: int = 15) -> None:
    """The worker's round so many days from now; the clock goes on running."""
    with unit_of_work():
        follow_requests(system_actor("worker"), clock.today() + timedelta(days=days))


def said() -> IntentionMessage:
    """The one message of an employer."""
    db.session.rollback()
    statement = unscoped(select(IntentionMessage), "test")
    return db.session.execute(statement.order_by(IntentionMessage.text)).scalars().all()[0]


def taken_back(town: Town, request: IntentionRequest) -> None:
    with unit_of_work():
        undo_ask(town.manager, one(IntentionRequest, request.id), request_now(request).version)


def by_telephone(town: Town, yes: bool = True) -> None:
    row, act = town.rows()[0], confirm_by_telephone if yes else decline_by_telephone
    with unit_of_work():
        act(town.coach, row, Answer(clock.today(), "mw. De Boer", 4, 24, None), row.version)


def test_undoing_what_was_asked_again_opens_the_first_one(app: Flask) -> None:
    town = make_town(1)
    first = asked(town)
    mails(app)
    expire()
    second = asked(town)
    assert [i.outcome for i in items_now(first)] == ["replaced"]
    taken_back(town, second)
    assert ([i.outcome for i in items_now(first)], town.states()) == ([None], ["expired"])
    assert request_now(first).state == "open", "its last day is not over"


def test_undoing_a_take_over_opens_the_first_one(app: Flask) -> None:
    town = make_town(1)
    first = asked(town)
    path, client = link_of(app), app.test_client()
    reply(client, path, answer_0="contact", contact_name_0="P. Bos", contact_email_0="bos@baken.example")
    message = said()
    with unit_of_work():
        second = messages.take_over(
            town.manager,
            one(IntentionMessage, message.id),
            "P. Bos",
            "bos@baken.example",
            message.version,
        )
    assert request_now(first).state == "closed"
    taken_back(town, second)
    assert (request_now(first).state, [i.outcome for i in items_now(first)]) == ("open", [None])
    assert 'name="answer_0"' in client.get(path).text
    (row,) = town.rows()
    assert (row.contact_name, row.contact_email) == (VALUES["contact_name"], CONTACT), "who was asked before"
    again = one(IntentionMessage, message.id)
    assert (again.state, again.handled_at, again.handled_by) == ("open", None, None), "it waits for us again"


def test_undoing_a_take_over_keeps_a_contact_that_was_changed_since(app: Flask) -> None:
    town = make_town(1)
    asked(town)
    path, client = link_of(app), app.test_client()
    reply(client, path, answer_0="contact", contact_name_0="P. Bos", contact_email_0="bos@baken.example")
    message = one(IntentionMessage, said().id)
    with unit_of_work():
        second = messages.take_over(town.manager, message, "P. Bos", "bos@baken.example", message.version)
    row = town.rows()[0]
    with unit_of_work():
        audit.record(town.manager, "test.made", row)
        row.contact_email = "nieuw@baken.example"
    taken_back(town, second)
    assert (town.rows()[0].contact_name, town.rows()[0].contact_email) == ("P. Bos", "nieuw@baken.example")


@pytest.mark.parametrize(("yes", "state"), [(True, "confirmed"), (False, "declined")])
def test_an_answer_by_telephone_comes_late_and_goes_back(app: Flask, yes: bool, state: str) -> None:
    town = make_town(1)
    request = asked(town)
    mails(app)
    expire()
    by_telephone(town, yes)
    assert (town.states(), [i.outcome for i in items_now(request)]) == ([state], ["telephone"])
    steps = select(IntentionEvent.from_state, IntentionEvent.to_state).order_by(IntentionEvent.at)
    found = [tuple(r) for r in db.session.execute(steps)]
    assert found[-2:] == [("expired", "requested"), ("requested", state)]
    counted = response_of(town.manager, town.cohort)
    assert (counted.asked, counted.in_time) == (1, 1), "the call answers the mail; it is no second asking"
    row = town.rows()[0]
    with unit_of_work():
        undo_answer(town.coach, row, row.version)
    assert (town.states(), [i.outcome for i in items_now(request)]) == (["expired"], [None])
    assert [tuple(r) for r in db.session.execute(steps)] == found[:-2]


def test_a_call_about_what_staff_ended_counts_as_asking(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    mails(app)
    with unit_of_work():
        end_request(town.manager, one(IntentionRequest, request.id), request.version)
    by_telephone(town)
    counted = response_of(town.manager, town.cohort)
    assert (counted.asked, counted.in_time) == (1, 1)


def test_a_reply_reaches_who_answered_everything_meanwhile(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    path, client = link_of(app), app.test_client()
    reply(client, path, answer_0="question", question_0="Mag het ook 16 uur?")
    reply(client, path, answer_0="confirm")
    before, until = len(mails(app)), request_now(request).answer_by
    message = said()
    with unit_of_work():
        messages.reply(town.manager, one(IntentionMessage, message.id), "Ja, dat mag.", message.version)
    (mail,) = mails(app)[before:]
    assert "Ja, dat mag." in text_in(mail) and "U hebt alles beantwoord" in text_in(mail)
    assert "Ja, dat mag." in client.get(links_in(mail)[0]).text
    assert (request_now(request).state, request_now(request).answer_by) == ("closed", until)


def test_a_reply_about_a_question_that_was_ended_is_refused(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    reply(app.test_client(), link_of(app), answer_0="question", question_0="Mag het ook 16 uur?")
    with unit_of_work():
        end_request(town.manager, one(IntentionRequest, request.id), request_now(request).version)
    message, before = said(), len(mails(app))
    with pytest.raises(DomainError, match="ingetrokken"), unit_of_work():
        messages.reply(town.manager, one(IntentionMessage, message.id), "Ja.", message.version)
    assert (said().state, len(mails(app))) == ("open", before)


def test_two_questions_in_one_request_get_a_reply_each(app: Flask) -> None:
    town = make_town(2)
    asked(town)
    fields = {
        "answer_0": "question",
        "question_0": "vraag A",
        "answer_1": "question",
        "question_1": "vraag B",
    }
    reply(app.test_client(), link_of(app), **fields)
    before = len(mails(app))
    found = db.session.execute(unscoped(select(IntentionMessage), "test")).scalars().all()
    for message in found:  # both wait in the outbox before one leaves
        with unit_of_work():
            row = one(IntentionMessage, message.id)
            messages.reply(town.manager, row, f"antwoord op {row.text}", row.version)
    texts = [text_in(mail) for mail in mails(app)[before:]]
    for word in ("vraag A", "vraag B"):
        assert sum(f"antwoord op {word}" in text for text in texts) == 1


def test_what_got_a_question_is_not_taken_back(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    names = names_of(request)
    shown = answering.text_of(terms_of(town.rows()[0]), names, sha=True)
    given = [answering.Given(0, "question", shown, question="Hoe laat?")]
    with unit_of_work():
        answering.answer(town.boss, one(IntentionRequest, request.id), given, "Rob", "account")
    with pytest.raises(DomainError, match="vroeg al iets"):
        taken_back(town, request)


def test_a_second_press_while_the_mail_waits_sends_no_second_mail(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    path, client = link_of(app), app.test_client()
    with unit_of_work():
        send_again(town.manager, one(IntentionRequest, request.id))
    with pytest.raises(DomainError, match="onderweg"), unit_of_work():
        send_again(town.manager, one(IntentionRequest, request.id))
    data = {"csrf_token": token_in(client.get(path).text)}
    assert client.post(f"{path}/nieuwe-link", data=data).status_code == 200
    assert len(mails(app)) == 2


def kinds_of(request: IntentionRequest) -> list[tuple[str, int]]:
    """(kind, days after MONDAY) of the mails about a request."""
    db.session.rollback()
    statement = select(IntentionMail).where(IntentionMail.request_id == request.id)
    rows = db.session.execute(statement.order_by(IntentionMail.queued_at)).scalars()
    return [(m.kind, (m.queued_at - MONDAY).days) for m in rows]


def test_two_agencies_that_ask_one_address_both_remind(app: Flask) -> None:
    with clock.frozen(MONDAY):
        town = make_town(1)
        first = asked(town)
        agency = make_organisation("work_agency", "Ander werkbedrijf").id
        manager = make_actor(Role.PROGRAMME_MANAGER, agency, "Ander")
        route = route_version("zorg.wijkleerbedrijf", 2)
        assert route is not None
        with unit_of_work():
            new = NewCohort("l2", "Andere lichting", clock.today(), "midden")
            cohort = create_cohort(manager, agency, route, new)
            add_partner(manager, cohort, town.employer, "employer", since_on=cohort.starts_on)
            values = {**VALUES, "function": "F", "contact_email": CONTACT}
            row = draft(manager, cohort, town.employer, values)
            chosen, cohort_id = Chosen(row.id, row.version), cohort.id
        with unit_of_work():
            second = ask(manager, one(Cohort, cohort_id), [chosen])[0]
    for n in range(16):
        follow(n, app)
    for request in (first, second):
        assert [kind for kind, _day in kinds_of(request)].count("reminder") >= 2, kinds_of(request)


def test_reminders_begin_anew_with_our_reply(app: Flask) -> None:
    with clock.frozen(MONDAY):
        town = make_town(1)
        request = asked(town)
        reply(app.test_client(), link_of(app), answer_0="question", question_0="Hoe laat?")
    for n in range(1, 30):
        follow(n, app)
        if n == 12:
            with clock.frozen(MONDAY + timedelta(days=12, hours=6)):
                message = said()
                with unit_of_work():
                    row = one(IntentionMessage, message.id)
                    messages.reply(town.manager, row, "Om negen uur.", row.version)
                mails(app)
    assert kinds_of(request) == [("request", 0), ("reply", 12), *(("reminder", n) for n in (15, 19, 24))]
    assert request_now(request).state == "expired"


def test_nobody_is_reminded_of_or_asked_for_an_edition_that_ended(app: Flask) -> None:
    with clock.frozen(MONDAY):
        town = make_town(1)
        request = asked(town)
        path = link_of(app)
        fields = {"answer_0": "contact", "contact_name_0": "P. Bos", "contact_email_0": "b@baken.example"}
        reply(app.test_client(), path, **fields)
        message = said()
        with unit_of_work():
            change_state(town.manager, one(Cohort, town.cohort), "cancelled")
        row = one(IntentionMessage, message.id)
        with pytest.raises(DomainError, match="voorbij"), unit_of_work():
            messages.take_over(town.manager, row, "P. Bos", "b@baken.example", row.version)
        with unit_of_work():
            messages.leave(town.manager, one(IntentionMessage, message.id), said().version)
    for n in range(1, 16):
        follow(n, app)
    assert kinds_of(request) == [("request", 0)]
    assert request_now(request).state == "expired"


def test_who_answers_with_an_account_gets_the_receipt_itself(app: Flask) -> None:
    town = make_town(1)
    request = asked(town)
    mails(app)
    own = select(User.email).where(User.id == town.boss.user_id)
    address = db.session.execute(unscoped(own, "test")).scalar_one()
    row = town.rows()[0]
    shown = answering.text_of(terms_of(row), names_of(request_now(request)), sha=True)
    given = [answering.Given(0, "confirm", shown)]
    with unit_of_work():
        answering.answer(town.boss, one(IntentionRequest, request.id), given, "Rob", "account")
    receipt = mails(app)[-1]
    assert receipt["To"] == address and "Rob" in text_in(receipt)
    row = town.rows()[0]
    with unit_of_work():
        renew(town.boss, row, "confirm", terms_of(row), row.version)
    assert len(mails(app)) == 3
    assert mails(app)[-1]["To"] == address and "dit klopt nog steeds" in text_in(mails(app)[-1])


def test_what_is_answered_while_the_worker_waits_does_not_expire(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_town(1)
    request = asked(town)
    path, client = link_of(app), app.test_client()
    inside, codes = threading.Event(), []

    def slow(*args: Any) -> Any:
        inside.set()
        time.sleep(0.5)
        return names_of(*args)

    monkeypatch.setattr("inleer.intentions.answering.names_of", slow)

    def work() -> None:
        with app.app_context():
            codes.append(reply(client, path, answer_0="confirm").status_code)

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(10)
    expire()
    thread.join()
    assert codes == [303]
    assert (request_now(request).state, town.states()) == ("closed", ["confirmed"])


ACTS: dict[str, Callable[[Town, IntentionRequest], object]] = {
    "telephone": lambda town, _r: confirm_by_telephone(
        town.coach, _row(town), Answer(clock.today(), "Jan", 5, 20, 28), _row(town).version
    ),
    "refused": lambda town, _r: decline_by_telephone(
        town.coach, _row(town), Answer(clock.today(), "Jan", 5, 20, 28), _row(town).version
    ),
    "undo": lambda town, r: undo_ask(town.manager, one(IntentionRequest, r.id), r.version),
    "end": lambda town, r: end_request(town.manager, one(IntentionRequest, r.id), r.version),
    "worker": lambda _town, _r: follow_requests(system_actor("worker"), clock.today() + timedelta(days=15)),
}


def _row(town: Town) -> JobIntention:
    return one(JobIntention, town.intentions[0])


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("act", list(ACTS))
def test_everybody_locks_the_requests_before_the_intentions(app: Flask, act: str) -> None:
    town = make_town(1)
    request = request_now(asked(town))
    seen: list[str] = []

    def look(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FOR UPDATE" in statement or statement.startswith("UPDATE"):
            seen.append("intention_request" if "intention_request" in statement else statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        with unit_of_work():
            ACTS[act](town, request)
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
    first = next(n for n, text in enumerate(seen) if "job_intention" in text)
    assert "intention_request" in seen[:first], seen


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_link_and_a_call_at_once_wait_for_each_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each had locked what the other needed, and the database stopped one of them with an error."""
    town = make_town(1)
    asked(town)
    path, client = link_of(app), app.test_client()
    inside = threading.Event()
    said_: dict[str, Any] = {}

    def slow(*args: Any) -> Any:
        if "held" in said_:  # the second look, with the locks in hand
            inside.set()
            time.sleep(0.5)
        said_["held"] = True
        return items_of(*args)

    monkeypatch.setattr("inleer.intentions.answering.items_of", slow)

    def link() -> None:
        with app.app_context():
            said_["link"] = reply(client, path, answer_0="confirm").status_code

    def call() -> None:
        inside.wait(10)
        with app.app_context():
            try:
                with unit_of_work():
                    row = _row(town)
                    answer = Answer(clock.today(), "Jan", 5, 20, 28)
                    confirm_by_telephone(town.coach, row, answer, row.version)
                said_["call"] = "done"
            except Exception as error:
                said_["call"] = type(error).__name__

    threads = [threading.Thread(target=link), threading.Thread(target=call)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (said_["link"], said_["call"]) == (303, "StaleEdit"), said_
    assert town.states() == ["confirmed"]
