"""Promise 20: an employer answers with a link from a mail, without an account; scanners change nothing."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from inleer import clock
from inleer.accounts.models import UserSession
from inleer.audit import AuditEvent
from inleer.db import db, unit_of_work
from inleer.intentions import links
from inleer.intentions.actions import Answer, change, confirm_by_telephone
from inleer.intentions.daily import follow_requests
from inleer.intentions.messages import leave, take_over
from inleer.intentions.messages import reply as reply_to
from inleer.intentions.models_requests import (
    IntentionMail,
    IntentionMessage,
    IntentionRequest,
    IntentionStatement,
)
from inleer.intentions.statements import sha256
from inleer.policy import system_actor, unscoped
from tests.employers import (
    Town,
    asked,
    form_of,
    items_now,
    link_of,
    links_in,
    mails,
    make_town,
    reply,
    request_now,
    text_in,
)
from tests.web.walk import differences, rows
from tests.world import browse, one, token_in


@pytest.fixture
def town(app: Flask) -> Town:
    return make_town(2, kinds=("intention", "guarantee"))


@pytest.fixture
def request_(town: Town) -> IntentionRequest:
    return asked(town)


@pytest.fixture
def path(app: Flask, request_: IntentionRequest) -> str:
    return link_of(app)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


def count(model: type[Any]) -> int:
    """All rows of a model."""
    db.session.rollback()
    statement = unscoped(select(func.count()).select_from(model), "test")
    return int(db.session.execute(statement).scalar_one())


def test_one_lowered_one_declined_and_a_receipt_with_the_text(
    app: Flask, town: Town, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    page = stranger.get(path).text
    assert " checked" not in page.split("<main", 1)[1]
    assert "inspanning, geen garantie" in page and "resultaat" in page
    sent = reply(stranger, path, answer_0="change", positions_0="3", answer_1="decline")
    assert (sent.status_code, sent.headers["Location"]) == (303, path)
    first, second = town.rows()
    assert (first.state, first.positions, first.hours_min, first.confirmed_on) == (
        "confirmed",
        3,
        20,
        clock.today(),
    )
    assert (second.state, second.positions) == ("declined", 5)
    assert request_now(request_).state == "closed"
    kept = list(db.session.execute(select(IntentionStatement).order_by(IntentionStatement.at)).scalars())
    assert len(kept) == 2 and all(s.sha256 == sha256(s.text) for s in kept)
    assert "Plekken: 3 plekken" in kept[0].text and "R. de Wit" in kept[0].text
    receipt = mails(app)[-1]
    for statement in kept:
        assert statement.text in text_in(receipt).replace("\r\n", "\n") and statement.sha256 in text_in(
            receipt
        )
    assert "/antwoord/" not in text_in(receipt)
    after = stranger.get(path).text
    assert "Dank voor uw antwoord" in after and "Karim Manager" in after and 'name="name"' not in after
    assert count(UserSession) == 0


def test_opening_it_a_hundred_times_changes_nothing(path: str, stranger: FlaskClient) -> None:
    before = rows(logs=True), rows()
    for _n in range(50):
        assert stranger.get(path).status_code == 200
        assert stranger.head(path).status_code == 200
    assert (rows(logs=True), rows()) == before


def test_a_scanner_that_presses_the_button_changes_nothing(
    town: Town, path: str, stranger: FlaskClient
) -> None:
    form = form_of(stranger.get(path).text)
    before = rows()
    for sent in (
        form,
        {**form, "name": "x"},
        {**form, "answer_0": "confirm"},
        {**form, "answer_0": "zzz", "name": "x"},
    ):
        assert stranger.post(path, data=sent).status_code == 422
    assert (
        stranger.post(path, data={**form, "csrf_token": "", "name": "x", "answer_0": "confirm"}).status_code
        == 400
    )
    assert stranger.post(path).status_code == 400
    assert differences(before, rows()) == []
    assert town.states() == ["requested", "requested"]


def test_half_of_it_can_be_answered_first(
    town: Town, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    assert reply(stranger, path, answer_1="confirm").status_code == 303
    assert town.states() == ["requested", "confirmed"]
    assert request_now(request_).state == "open"
    page = stranger.get(path).text
    assert 'name="answer_0"' in page and 'name="answer_1"' not in page


def test_a_refused_answer_keeps_the_input_and_changes_nothing(
    town: Town, path: str, stranger: FlaskClient
) -> None:
    refused = [
        ({"answer_0": "change"}, "Verander het aantal"),
        ({"answer_0": "change", "positions_0": "3", "hours_min_0": "30"}, "hoger dan het maximum"),
        ({"answer_0": "confirm", "positions_0": "3"}, "veranderde ook iets"),
        ({"answer_0": "confirm", "positions_0": ""}, "veranderde ook iets"),
        ({"answer_1": "change", "positions_1": ""}, "noemt een aantal"),
        ({"answer_0": "question"}, "Schrijf uw vraag"),
        ({"answer_0": "contact", "contact_name_0": "Jan", "contact_email_0": "jan"}, "e-mailadres"),
        # What is right is not saved beside what is wrong.
        ({"answer_0": "decline", "answer_1": "question"}, "Schrijf uw vraag"),
    ]
    before = rows()
    for fields, words in refused:
        answer = reply(stranger, path, **fields)
        assert answer.status_code == 422 and words in answer.text, fields
        assert 'value="R. de Wit"' in answer.text
    assert differences(before, rows()) == []


def test_fifty_at_once_have_one_effect_and_the_others_are_told(
    app: Flask, town: Town, path: str, stranger: FlaskClient
) -> None:
    clients = []
    for _n in range(50):
        client = app.test_client()
        clients.append(
            (client, {**form_of(client.get(path).text), "name": "R. de Wit", "answer_0": "confirm"})
        )
    answers: list[Any] = []
    start = threading.Barrier(10)

    def work(mine: list[Any]) -> None:
        start.wait()
        for client, data in mine:
            with app.app_context():
                answers.append(client.post(path, data=data))

    threads = [threading.Thread(target=work, args=(clients[n::10],)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(a.status_code for a in answers)
    assert codes == [303] + [409] * 49
    assert all("al beantwoord" in a.text.lower() for a in answers if a.status_code == 409)
    assert count(IntentionStatement) == 1
    assert town.states()[0] == "confirmed"


def test_what_staff_changed_meanwhile_is_shown_and_not_overwritten(
    town: Town, path: str, stranger: FlaskClient
) -> None:
    form = form_of(stranger.get(path).text)
    with unit_of_work():
        row = town.rows()[0]
        change(town.manager, row, {"positions": 4, "conditions": "rijbewijs"}, row.version)
    before = rows()
    answer = stranger.post(path, data={**form, "name": "R. de Wit", "answer_0": "confirm"})
    assert answer.status_code == 409
    assert "Intussen is er iets veranderd" in answer.text and "eerst 5, nu 4" in answer.text
    assert differences(before, rows()) == []
    again = {**form_of(answer.text), "name": "R. de Wit", "answer_0": "confirm"}
    assert again["positions_0"] == "4", "what was not typed shows what stands there now"
    assert stranger.post(path, data=again).status_code == 303
    assert "rijbewijs" in db.session.execute(select(IntentionStatement.text)).scalar_one()


def test_unknown_old_and_revoked_links_give_the_same_page(
    app: Flask, town: Town, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    def seen(address: str) -> str:
        answer = stranger.get(address)
        assert answer.status_code == 404
        text = re.sub(r'value="[^"]+"|[0-9a-f]{16}', "", answer.text)
        return text.replace(address, "")

    other_agency = path.replace(str(town.agency), str(town.employer))
    unknown = seen(path[:-3] + "xyz")
    assert seen(other_agency) == unknown
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert seen(path) == unknown
    assert "Deze link werkt niet meer" in unknown and "Stuur mij een nieuwe link" in unknown


def test_who_has_an_old_link_gets_a_fresh_one_at_most_three_mails_a_day(
    app: Flask, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    def ask_for(address: str) -> str:
        data = {"csrf_token": token_in(stranger.get(address).text)}
        answer = stranger.post(f"{address}/nieuwe-link", data=data)
        assert answer.status_code == 200
        mails(app)  # as long as one waits, no second is queued
        return answer.text

    with clock.frozen(clock.now() + timedelta(days=15)):
        texts = {ask_for(path) for _n in range(5)} | {ask_for(path[:-3] + "xyz")}
        assert len(texts) == 1, "it tells whether the link is ours"
        assert count(IntentionMail) == 1 + 3
        fresh = links_in(mails(app)[-1])[0]
        assert fresh != path and stranger.get(fresh).status_code == 200
        assert all(mail["To"] == request_.email for mail in mails(app))


def test_an_answer_that_comes_late_counts_and_both_steps_are_kept(
    app: Flask, town: Town, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    later = clock.now() + timedelta(days=15)
    with clock.frozen(later):
        with unit_of_work():
            follow_requests(system_actor("worker"), clock.today())
        assert town.states() == ["expired", "expired"]
        data = {"csrf_token": token_in(stranger.get(path).text)}
        stranger.post(f"{path}/nieuwe-link", data=data)
        fresh = links_in(mails(app)[-1])[0]
        assert "laatste dag om te antwoorden was" in stranger.get(fresh).text
        assert reply(stranger, fresh, answer_0="confirm", answer_1="decline").status_code == 303
    assert town.states() == ["confirmed", "declined"]
    assert request_now(request_).state == "closed"


def test_a_question_is_answered_by_mail_with_a_fresh_link(
    app: Flask, town: Town, request_: IntentionRequest, path: str, stranger: FlaskClient
) -> None:
    assert reply(stranger, path, answer_0="question", question_0="Mag het ook 16 uur?").status_code == 303
    assert town.states() == ["requested", "requested"]
    again = reply(stranger, path, answer_0="question", question_0="Mag het ook 16 uur?")
    assert again.status_code == 409
    message = db.session.execute(unscoped(select(IntentionMessage), "test")).scalar_one()
    with unit_of_work():
        reply_to(town.manager, one(IntentionMessage, message.id), "Ja, dat mag.", message.version)
    mail = mails(app)[-1]
    assert "Ja, dat mag." in text_in(mail) and "Mag het ook 16 uur?" in text_in(mail)
    page = stranger.get(links_in(mail)[0]).text
    assert "Ja, dat mag." in page
    assert [i.outcome for i in items_now(request_)] == [None, None]


def test_a_colleague_is_asked_by_staff_and_the_first_link_says_so(
    app: Flask, town: Town, path: str, stranger: FlaskClient
) -> None:
    fields = {"answer_0": "contact", "contact_name_0": "P. Bos", "contact_email_0": "Bos@baken.example"}
    assert reply(stranger, path, **fields).status_code == 303
    assert all(mail["To"] != "bos@baken.example" for mail in mails(app)), "staff send, not the employer"
    message = db.session.execute(unscoped(select(IntentionMessage), "test")).scalar_one()
    with unit_of_work():
        take_over(
            town.coach,
            one(IntentionMessage, message.id),
            "P. Bos",
            message.contact_email or "",
            message.version,
        )
    mail = mails(app)[-1]
    assert mail["To"] == "bos@baken.example" and "Beste P. Bos" in text_in(mail)
    assert "aan iemand anders gevraagd" in stranger.get(path).text
    assert town.rows()[0].contact_name == "P. Bos"
    assert reply(stranger, links_in(mail)[0], answer_0="confirm").status_code == 303
    assert town.states() == ["confirmed", "requested"]


def test_a_proposal_that_is_left_goes_on_as_before(town: Town, path: str, stranger: FlaskClient) -> None:
    fields = {"answer_0": "contact", "contact_name_0": "P. Bos", "contact_email_0": "bos@baken.example"}
    reply(stranger, path, **fields)
    message = db.session.execute(unscoped(select(IntentionMessage), "test")).scalar_one()
    with unit_of_work():
        leave(town.coach, one(IntentionMessage, message.id), message.version)
    assert town.states() == ["requested", "requested"]
    assert reply(stranger, path, answer_0="confirm").status_code == 303


def test_what_was_answered_is_in_the_log_of_the_agency(town: Town, path: str, stranger: FlaskClient) -> None:
    reply(stranger, path, answer_0="confirm", answer_1="decline")
    found = select(AuditEvent).where(AuditEvent.action.like("intention.%"), AuditEvent.role == "system")
    events = list(db.session.execute(found).scalars())
    assert {e.action for e in events} == {
        "intention.confirmed",
        "intention.declined",
        "intention.request_answered",
    }
    assert {e.organisation_id for e in events} == {town.agency}
    assert all(e.trace_id for e in events)
    assert "R. de Wit" not in str([e.details for e in events])


def test_the_token_is_in_no_log_line(path: str, stranger: FlaskClient, lines: list[str]) -> None:
    stranger.get(path)
    reply(stranger, path, answer_0="confirm", answer_1="decline")
    stranger.get(path[:-2] + "zz")
    assert path.rpartition("/")[2][:-2] not in "".join(str(line) for line in lines)


def test_a_token_in_a_log_line_is_found(
    path: str, stranger: FlaskClient, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the lookup of a link logs what it looks for."""
    known = links.find

    def careless(organisation_id: Any, token: str) -> Any:
        structlog.get_logger().warning("link_opened", token=token)
        return known(organisation_id, token)

    monkeypatch.setattr("inleer.intentions.links.find", careless)
    stranger.get(path)
    assert path.rpartition("/")[2][:-2] in "".join(str(line) for line in lines)


def test_what_was_changed_is_kept_when_something_else_changed_meanwhile(
    town: Town, path: str, stranger: FlaskClient
) -> None:
    form = form_of(stranger.get(path).text)
    with unit_of_work():
        row = town.rows()[0]
        change(town.manager, row, {"positions": 4}, row.version)
    typed = {**form, "name": "R. de Wit", "answer_0": "change", "hours_min_0": "24"}
    answer = stranger.post(path, data=typed)
    assert answer.status_code == 409
    again = form_of(answer.text)
    assert (again["positions_0"], again["hours_min_0"]) == ("4", "24")
    sent = stranger.post(path, data={**again, "name": "R. de Wit", "answer_0": "change"})
    assert sent.status_code == 303
    assert (town.rows()[0].positions, town.rows()[0].hours_min) == (4, 24)


@pytest.mark.parametrize(
    "name", ["Jan de Baas\nOp: 1 januari 2020", "Jan\x00 de\tBaas\r\nOp: 1 januari 2020"]
)
def test_a_name_is_one_line_in_what_is_signed(path: str, stranger: FlaskClient, name: str) -> None:
    assert reply(stranger, path, name=name, answer_0="confirm").status_code == 303
    text = db.session.execute(select(IntentionStatement.text)).scalar_one()
    assert "Jan de Baas Op: 1 januari 2020" in text.splitlines()[-2] + text.splitlines()[-1]
    assert not any(line.startswith("Op: 1 januari 2020") for line in text.splitlines())


def test_control_characters_in_a_question_are_left_out(path: str, stranger: FlaskClient) -> None:
    fields = {"answer_0": "question", "question_0": "Hoe\x00 laat?\r\nEn waar?"}
    assert reply(stranger, path, **fields).status_code == 303
    message = db.session.execute(unscoped(select(IntentionMessage), "test")).scalar_one()
    assert message.text == "Hoe laat? En waar?"


def test_what_staff_noted_of_a_call_is_not_shown_to_the_employer(app: Flask, town: Town) -> None:
    row = town.rows()[0]
    said = Answer(clock.today(), "Jan", 5, 20, 28, "Lastige man; denk aan Fatima")
    with unit_of_work():
        confirm_by_telephone(town.coach, row, said, row.version)
    assert "Fatima" not in browse(app, town.boss).get(f"/mijn-intenties/{row.id}").text
    assert "Fatima" in browse(app, town.manager).get(f"/werkgevers/{town.employer}").text


def test_an_answer_by_telephone_can_be_written_down_after_the_last_day(
    app: Flask, town: Town, request_: IntentionRequest
) -> None:
    mails(app)
    with unit_of_work():
        follow_requests(system_actor("worker"), clock.today() + timedelta(days=15))
    row = town.rows()[0]
    page = browse(app, town.coach).get(f"/intenties/{row.id}/antwoord").text
    assert 'name="answered_by"' in page and "geen nieuw antwoord" not in page


def test_what_got_a_question_has_no_button_to_take_it_back(app: Flask, town: Town) -> None:
    asked(town)
    page = browse(app, town.manager).get(f"/werkgevers/{town.employer}").text
    assert "Tegenhouden" in page
    boss = browse(app, town.boss)
    request = db.session.execute(unscoped(select(IntentionRequest), "test")).scalar_one()
    path = f"/mijn-intenties/vraag/{request.id}"
    assert reply(boss, path, answer_0="question", question_0="Hoe laat?").status_code == 303
    page = browse(app, town.manager).get(f"/werkgevers/{town.employer}").text
    assert "Tegenhouden" not in page and "Vraag intrekken" in page


@pytest.mark.parametrize("version", ["abc", "99999999999999999999", ""])
def test_a_version_that_is_none_is_refused(app: Flask, town: Town, version: str) -> None:
    path, manager = f"/lichtingen/{town.cohort}/vragen", browse(app, town.manager)
    row = town.rows()[0]
    data = {"csrf_token": token_in(manager.get(path).text), "step": "send", "chosen": str(row.id)}
    answer = manager.post(path, data={**data, f"version_{row.id.hex}": version})
    assert answer.status_code == 422 and "niet compleet" in answer.text
    assert town.states() == ["draft", "draft"]


def test_the_preview_takes_the_same_statements_whatever_the_number_of_contacts(app: Flask) -> None:
    town = make_town(6)
    for n, row in enumerate(town.rows()):
        with unit_of_work():
            change(town.manager, row, {"contact_email": f"a{n}@baken.example"}, row.version)
    path, manager, found = f"/lichtingen/{town.cohort}/vragen", browse(app, town.manager), town.rows()
    data = {"csrf_token": token_in(manager.get(path).text), "step": "preview"}
    data |= {f"version_{r.id.hex}": str(r.version) for r in found}
    ids, counts = [str(r.id) for r in found], []
    for number in (1, 6):
        seen: list[str] = []

        def look(_c: Any, _cursor: Any, statement: str, *_more: Any, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", look)
        page = manager.post(path, data={**data, "chosen": ids[:number]})
        event.remove(db.engine, "before_cursor_execute", look)
        assert page.status_code == 200 and page.text.count("@baken.example") >= number
        assert "na 3, 7 en 12 dagen" in page.text
        counts.append(len(seen))
    assert counts[0] == counts[1]
