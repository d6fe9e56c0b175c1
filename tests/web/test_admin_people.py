"""The administrator's people: list, invite (same answer for known and unknown), end, switch off, sessions."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer.accounts.models import Membership, Organisation, User
from inleer.db import db
from inleer.policy import Role, unscoped
from tests.accounts.logins import Login, add_role, make_login, post, sign_in, token_in
from tests.actors import make_actor, make_organisation


@pytest.fixture
def admin(app: Flask) -> Login:
    return make_login(
        Role.ADMINISTRATOR, make_organisation("work_agency", "Werkbedrijf Eigen").id, "Ine Beheer"
    )


@pytest.fixture
def desk(client: FlaskClient, admin: Login) -> FlaskClient:
    sign_in(client, admin)
    return client


def school_of(admin: Login) -> Organisation:
    return make_organisation("school", "ROC Polderland", managed_by=admin.actor.organisation_id)


def membership_of(email: str) -> Membership:
    db.session.rollback()
    statement = select(Membership).join(User, User.id == Membership.user_id).where(User.email == email)
    return db.session.execute(
        unscoped(statement.execution_options(populate_existing=True), "test")
    ).scalar_one()


def test_list_filters_and_order(desk: FlaskClient, admin: Login):
    school = school_of(admin)
    teacher = make_actor(Role.TEACHER, school.id, "Zeger Docent")
    make_actor(Role.COACH, admin.actor.organisation_id, "Aya Coach")
    make_actor(Role.COACH, None, "Vreemde Coach")
    text = desk.get("/beheer/mensen").text.partition("<table")[2]
    assert text.index("Aya Coach") < text.index("Ine Beheer") < text.index("Zeger Docent")
    assert "Vreemde Coach" not in text
    turned = desk.get("/beheer/mensen?sort=role&dir=desc").text
    assert turned.index("Zeger Docent") < turned.index("Aya Coach")
    for query, shown in (
        (f"organisation={school.id}", "Zeger"),
        ("role=teacher", "Zeger"),
        ("q=ZEGER", "Zeger"),
        ("state=active&role=teacher", "Zeger"),
    ):
        text = desk.get(f"/beheer/mensen?{query}").text
        assert shown in text and "Aya Coach" not in text
    assert "Niemand gevonden" in desk.get("/beheer/mensen?state=ended").text
    assert desk.get(f"/beheer/mensen/{teacher.membership_id}").status_code == 200
    for odd in ("x", "%00", "1e3", "' OR 1=1--", str(UUID(int=0))):
        assert (
            desk.get(f"/beheer/mensen?organisation={odd}&role={odd}&state={odd}&q={odd}").status_code == 200
        )


def test_invite_shows_a_link_once(desk: FlaskClient, admin: Login):
    school = school_of(admin)
    response = post(
        desk,
        "/beheer/mensen/uitnodigen",
        name="Noor Nieuw",
        email="Noor@Example.nl ",
        organisation=str(school.id),
        role="teacher",
    )
    assert response.status_code == 200
    link = re.search(r"https://localhost(/uitnodiging/[\w-]{43})", response.text)
    assert link
    row = membership_of("noor@example.nl")
    assert (row.role, row.organisation_id, row.invited_as) == ("teacher", school.id, "Noor Nieuw")
    page = desk.get(f"/beheer/mensen/{row.id}").text
    assert "uitgenodigd" in page and "/uitnodiging/" not in page and "Uitnodiging opnieuw sturen" in page
    path = f"/beheer/mensen/{row.id}/opnieuw-uitnodigen"
    assert post(desk, path, f"/beheer/mensen/{row.id}").status_code == 303
    stranger = desk.application.test_client()
    assert stranger.get(link.group(1)).status_code == 200


def test_inviting_does_not_tell_who_has_an_account(app: Flask, desk: FlaskClient, admin: Login):
    """Promise 16: the page of the invitation, the list and the person read the same."""
    known = make_login(Role.EMPLOYER, name="Echte Naam")
    seen = []
    for email in (known.email, "onbekend@example.nl"):
        response = post(
            desk,
            "/beheer/mensen/uitnodigen",
            name="Zelfde Naam",
            email=email,
            organisation=str(admin.actor.organisation_id),
            role="coach",
        )
        row = db.session.execute(
            unscoped(
                select(Membership)
                .join(User, User.id == Membership.user_id)
                .where(User.email == email, Membership.organisation_id == admin.actor.organisation_id),
                "test",
            )
        ).scalar_one()
        person = desk.get(f"/beheer/mensen/{row.id}")
        texts = []
        for page in (response, person):
            text = page.text.replace(email, "").replace(str(row.id), "").replace(token_in(page), "")
            texts.append(
                re.sub(
                    r"/uitnodiging/[\w-]+|<time.*?</time>|value=\"[^\"]{40,}\"|content=\"[^\"]{40,}\"",
                    "",
                    text,
                )
            )
        seen.append((response.status_code, person.status_code, *texts))
        assert "Echte Naam" not in desk.get("/beheer/mensen").text
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Vul de naam in"),
        ({"email": "geen adres"}, "e-mailadres"),
        ({"email": "a@b.nl\r\nBcc: c@d.nl"}, "e-mailadres"),
        ({"role": "coach"}, "past niet bij"),
        ({"role": "system"}, "keuze"),
        ({"role": "candidate"}, "keuze"),
        ({"organisation": str(UUID(int=3))}, "keuze"),
    ],
)
def test_refused_invitations(desk: FlaskClient, admin: Login, fields: dict[str, str], words: str):
    good = {
        "name": "Noor",
        "email": "noor@example.nl",
        "organisation": str(school_of(admin).id),
        "role": "teacher",
    }
    response = post(desk, "/beheer/mensen/uitnodigen", **{**good, **fields})
    assert response.status_code == 422 and words in html.unescape(response.text)
    assert db.session.execute(select(User).where(User.email == "noor@example.nl")).first() is None


def test_nobody_is_invited_to_a_foreign_organisation(desk: FlaskClient):
    foreign = make_organisation("work_agency", "Vreemd")
    fields = {"name": "X", "email": "x@example.nl", "organisation": str(foreign.id), "role": "administrator"}
    assert post(desk, "/beheer/mensen/uitnodigen", **fields).status_code == 422
    assert db.session.execute(select(User).where(User.email == "x@example.nl")).first() is None


def test_foreign_people_are_not_there(desk: FlaskClient):
    foreign = make_actor(Role.COACH)
    for suffix in ("", "/beeindigen", "/uitzetten", "/tweede-factor"):
        assert desk.get(f"/beheer/mensen/{foreign.membership_id}{suffix}").status_code == 404
    for suffix in (
        "beeindigen",
        "uitzetten",
        "tweede-factor",
        "aanzetten",
        "sessies-beeindigen",
        "opnieuw-uitnodigen",
    ):
        assert post(desk, f"/beheer/mensen/{foreign.membership_id}/{suffix}", "/account").status_code == 404


def test_ending_a_role_asks_first_and_can_be_offered_anew(app: Flask, desk: FlaskClient, admin: Login):
    coach = make_login(Role.COACH, admin.actor.organisation_id, "Cees Coach")
    at_work = app.test_client()
    sign_in(at_work, coach)
    path = f"/beheer/mensen/{coach.actor.membership_id}/beeindigen"
    question = desk.get(path)
    assert "Rol van Cees Coach beëindigen?" in question.text
    assert at_work.get("/account").status_code == 200
    assert post(desk, path).status_code == 303
    assert at_work.get("/account").status_code == 303
    assert post(desk, path).status_code == 422
    assert "Cees Coach" in desk.get("/beheer/mensen?state=ended").text
    fields = {
        "name": "Cees",
        "email": coach.email,
        "organisation": str(admin.actor.organisation_id),
        "role": "coach",
    }
    assert post(desk, "/beheer/mensen/uitnodigen", **fields).status_code == 200
    row = membership_of(coach.email)
    assert row.id == coach.actor.membership_id and row.ended_at is None and row.invited_as == "Cees"


@pytest.mark.parametrize("action", ["uitzetten", "tweede-factor", "sessies-beeindigen"])
def test_logged_out_at_once(app: Flask, desk: FlaskClient, admin: Login, action: str):
    coach = make_login(Role.COACH, admin.actor.organisation_id)
    at_work = app.test_client()
    sign_in(at_work, coach)
    person = f"/beheer/mensen/{coach.actor.membership_id}"
    assert post(desk, f"{person}/{action}", person).status_code == 303
    assert urlsplit(at_work.get("/account").location).path == "/inloggen"


def test_login_with_roles_elsewhere_keeps_its_switch(desk: FlaskClient, admin: Login):
    coach = make_login(Role.COACH, admin.actor.organisation_id)
    add_role(coach, Role.COACH, make_organisation("work_agency").id)
    person = f"/beheer/mensen/{coach.actor.membership_id}"
    page = desk.get(person).text
    assert "Account uitzetten" not in page and "een organisatie buiten dit beheer" in page
    assert post(desk, f"{person}/uitzetten", "/account").status_code == 422


def test_own_role_offers_nothing(desk: FlaskClient, admin: Login):
    page = desk.get(f"/beheer/mensen/{admin.actor.membership_id}").text
    assert "Dit is het eigen account" in page and "Rol beëindigen" not in page
    assert post(desk, f"/beheer/mensen/{admin.actor.membership_id}/beeindigen").status_code == 422
