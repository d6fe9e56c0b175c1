"""Promise 54: an administrator words the mails of the own work agency with fixed places, and sets them back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inleer.accounts import mail_texts, people
from inleer.accounts.models import OwnMailText
from inleer.db import unit_of_work
from inleer.jobs.texts import check
from inleer.policy import Actor, Role
from tests.accounts.logins import Login, make_login, post, sign_in
from tests.actors import make_organisation
from tests.employers import asked, links_in, mails, make_town, text_in
from tests.web.cases.common import first

KEY = "account.invitation"
PATH = f"/beheer/mailteksten/{KEY}"
OWN = {"subject": "Welkom bij {organisatie}", "body": "Dag {naam},\n\nKlik op {link}.", "version": "0"}
ATTACKS = ("{{x.__init__}}", "{0.__class__}", "{naam.__class__}", "{% raw %}")


@pytest.fixture
def admin(app: Flask) -> Login:
    agency = make_organisation("work_agency", "Werkbedrijf <b>Eigen</b>").id
    return make_login(Role.ADMINISTRATOR, agency, "Ine Beheer")


@pytest.fixture
def desk(client: FlaskClient, admin: Login) -> FlaskClient:
    sign_in(client, admin)
    return client


def invite(actor: Actor, email: str) -> None:
    """Invite somebody to the actor's agency."""
    with unit_of_work():
        people.invite(
            actor, name="Jan <i>Vis</i>", email=email, role=Role.COACH, organisation_id=actor.organisation_id
        )


def test_every_text_of_inleer_passes_its_own_check(app: Flask) -> None:
    assert {text.key for text in mail_texts.texts()} > {KEY, "today.digest", "intentions.receipt"}
    for text in mail_texts.texts():
        check(text, text.subject, text.body)
        assert text.places.keys() == text.example.keys()


def test_an_own_text_is_in_the_mail_and_escaped_and_set_back(
    app: Flask, desk: FlaskClient, admin: Login
) -> None:
    assert "tekst van inleer" in desk.get("/beheer/mailteksten").text
    assert post(desk, PATH, PATH, **OWN).status_code == 303
    assert "eigen tekst" in desk.get("/beheer/mailteksten").text
    invite(admin.actor, "jan@voorbeeld.nl")
    mail = mails(app)[-1]
    assert mail["Subject"] == "Welkom bij Werkbedrijf <b>Eigen</b>"
    assert text_in(mail).startswith("Dag Jan <i>Vis</i>,\n\nKlik op https://localhost/")
    as_html = text_in(mail, "html")
    assert "<p>Dag Jan &lt;i&gt;Vis&lt;/i&gt;,</p>" in as_html and "<i>" not in as_html
    assert re.search(r'<a href="https://localhost/[^"]+">Uitnodiging aannemen</a>', as_html)
    row = first(OwnMailText, OwnMailText.key == KEY)
    assert post(desk, f"{PATH}/terug", PATH, version=str(row.version)).status_code == 303
    page = desk.get(PATH).text
    assert "De mail heeft weer de tekst van inleer." in page and "Ongedaan maken" in page
    invite(admin.actor, "els@voorbeeld.nl")
    assert mails(app)[-1]["Subject"] == "Uitnodiging voor inleer"
    assert post(desk, PATH, PATH, **OWN).status_code == 303, "the way back"
    log = desk.get("/beheer/logboek").text
    assert "tekst van een mail gewijzigd" in log and "tekst van een mail teruggezet" in log


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_no_place_is_refused_and_kept_on_the_screen(desk: FlaskClient, attack: str) -> None:
    page = post(desk, PATH, PATH, **{**OWN, "body": f"{{link}} {attack} blijft staan"})
    assert page.status_code == 422
    assert "geen invulveld" in page.text and "blijft staan" in page.text
    assert first(OwnMailText) is None


def test_the_link_cannot_be_left_out(desk: FlaskClient) -> None:
    page = post(desk, PATH, PATH, **{**OWN, "body": "Dag {naam}"})
    assert page.status_code == 422 and "{link}" in page.text and "zonder dat werkt de mail niet" in page.text


def test_a_preview_has_made_up_values_and_saves_nothing(desk: FlaskClient) -> None:
    page = post(desk, PATH, PATH, **OWN, preview="1")
    assert page.status_code == 200
    assert "Welkom bij ROC Voorbeeldstad" in page.text and "Dag Fatima Voorbeeld," in page.text
    assert "Klik op {link}." in page.text, "what was typed is still in the form"
    assert first(OwnMailText) is None


def test_of_two_who_save_the_second_sees_both_versions(desk: FlaskClient) -> None:
    assert post(desk, PATH, PATH, **OWN).status_code == 303
    page = post(desk, PATH, PATH, **{**OWN, "subject": "Anders"})
    assert page.status_code == 409
    assert "Welkom bij {organisatie}" in page.text and "Anders" in page.text


def test_another_agency_keeps_its_own_words(app: Flask, desk: FlaskClient) -> None:
    assert post(desk, PATH, PATH, **OWN).status_code == 303
    other = make_login(Role.ADMINISTRATOR, make_organisation("work_agency", "Ander").id, "Piet Beheer")
    invite(other.actor, "kees@voorbeeld.nl")
    assert mails(app)[-1]["Subject"] == "Uitnodiging voor inleer"
    elsewhere = app.test_client()
    sign_in(elsewhere, other)
    assert "Welkom bij" not in elsewhere.get(PATH).text


def test_an_employer_gets_the_words_of_the_agency_and_still_its_link(app: Flask, client: FlaskClient) -> None:
    town = make_town()
    sign_in(client, make_login(Role.ADMINISTRATOR, town.agency, "Ine Beheer"))
    path = "/beheer/mailteksten/intentions.link.request"
    own = {
        "subject": "Vraag over {lichting}",
        "body": "Goedemorgen {naam}.\n{vragen}\nTot ziens",
        "version": "0",
    }
    assert post(client, path, path, **own).status_code == 303
    asked(town)
    mail = mails(app)[-1]
    assert mail["Subject"] == "Vraag over Lichting 2026"
    assert text_in(mail).startswith("Goedemorgen R. de Wit.\nWoonzorg Het Baken sprak uit")
    assert len(links_in(mail)) == 1 and text_in(mail).endswith("Tot ziens\n")
    assert f'href="https://localhost{links_in(mail)[0]}"' in text_in(mail, "html")
    assert app.test_client().get(links_in(mail)[0]).status_code == 200


def test_an_unknown_mail_does_not_exist(desk: FlaskClient) -> None:
    assert desk.get("/beheer/mailteksten/bestaat.niet").status_code == 404
    assert post(desk, f"{PATH}/terug", PATH, version="1").status_code == 404
