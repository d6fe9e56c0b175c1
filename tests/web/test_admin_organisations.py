"""The administrator's organisations: list, new, change with versions (promise 24), archive with undo, tenancy."""

from __future__ import annotations

import html
import re
import threading
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from inleer.accounts.models import Organisation
from inleer.attendance.codes import own_codes
from inleer.attendance.queries import codes_of
from inleer.audit import AuditEvent
from inleer.db import db
from inleer.policy import Role, unscoped
from tests.accounts.logins import Login, make_login, post, sign_in, token_in
from tests.actors import make_organisation

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{0.__class__}",
    "</textarea><svg/onload=alert(1)>",
]


@pytest.fixture
def admin(app: Flask) -> Login:
    agency = make_organisation("work_agency", "Werkbedrijf Eigen")
    return make_login(Role.ADMINISTRATOR, agency.id, "Ine Beheer")


@pytest.fixture
def desk(client: FlaskClient, admin: Login) -> FlaskClient:
    sign_in(client, admin)
    return client


def stored(organisation_id: UUID) -> Organisation:
    db.session.rollback()
    statement = select(Organisation).where(Organisation.id == organisation_id)
    return db.session.execute(
        unscoped(statement.execution_options(populate_existing=True), "test")
    ).scalar_one()


def named(name: str) -> Organisation:
    db.session.rollback()
    return db.session.execute(
        unscoped(select(Organisation).where(Organisation.name == name), "test")
    ).scalar_one()


def test_new_organisation_shows_in_the_list(desk: FlaskClient, admin: Login):
    response = post(
        desk,
        "/beheer/organisaties/nieuw",
        name="  ROC   Polderland ",
        kind="school",
        region="midden",
        brin="25ln",
        contact_email="info@roc.example",
        contact_phone="0320 123 456",
    )
    assert response.status_code == 303, response.text
    made = named("ROC Polderland")
    assert made.managed_by_id == admin.actor.organisation_id
    assert (made.slug, made.brin, made.region, made.sector) == ("roc-polderland", "25LN", "midden", None)
    page = desk.get(response.location)
    assert "ROC Polderland is toegevoegd" in html.unescape(page.text)
    assert "ROC Polderland" in desk.get("/beheer/organisaties?q=polder&kind=school").text
    assert "ROC Polderland" not in desk.get("/beheer/organisaties?kind=employer").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "kind": "school"}, "Vul de naam in"),
        ({"name": "X", "kind": ""}, "Kies een soort"),
        ({"name": "X", "kind": "work_agency"}, "keuze"),
        ({"name": "X", "kind": "employer", "region": "noord"}, "vakantieregio hoort bij"),
        ({"name": "X", "kind": "employer", "brin": "25LN"}, "BRIN hoort bij een school"),
        ({"name": "X", "kind": "school", "brin": "ABCD"}, "BRIN hoort bij een school"),
        ({"name": "X", "kind": "employer", "contact_email": "geen adres"}, "e-mailadres"),
        ({"name": "X", "kind": "employer", "contact_phone": "bel mij"}, "telefoonnummer"),
        ({"name": "N" * 201, "kind": "employer"}, "Hoogstens 200 tekens"),
        ({"name": "\x00\x0b", "kind": "employer"}, "Vul de naam in"),
    ],
)
def test_refused_with_a_sentence_and_the_input_kept(desk: FlaskClient, fields: dict[str, str], words: str):
    response = post(desk, "/beheer/organisaties/nieuw", contact_name="Bewaard Blijven", **fields)
    assert response.status_code == 422
    text = html.unescape(response.text)
    assert words in text and "Bewaard Blijven" in text and "Er is iets niet goed ingevuld" in text


def test_unknown_fields_are_refused(desk: FlaskClient):
    path = "/beheer/organisaties/nieuw"
    response = post(desk, path, name="X", kind="employer", managed_by_id=str(UUID(int=0)), slug="x")
    assert response.status_code == 422
    assert (
        db.session.execute(unscoped(select(Organisation.id).where(Organisation.name == "X"), "test")).first()
        is None
    )


def test_another_agency_is_not_there(desk: FlaskClient):
    foreign_agency = make_organisation("work_agency", "Werkbedrijf Vreemd")
    foreign = make_organisation("employer", "Vreemde Werkgever", managed_by=foreign_agency.id)
    assert "Vreemd" not in desk.get("/beheer/organisaties").text
    missing = desk.get(f"/beheer/organisaties/{UUID(int=7)}")
    for organisation in (foreign, foreign_agency):
        for suffix in ("", "/wijzigen", "/archiveren"):
            response = desk.get(f"/beheer/organisaties/{organisation.id}{suffix}")
            assert response.status_code == 404
            assert without_reference(response.text) == without_reference(missing.text)
        assert (
            post(desk, f"/beheer/organisaties/{organisation.id}/terugzetten", "/account").status_code == 404
        )


def without_reference(text: str) -> str:
    return re.sub(r'<code class="reference">[0-9a-f]+</code>|value="[^"]{40,}"|content="[^"]{40,}"', "", text)


def test_other_roles_are_refused(app: Flask):
    agency = make_organisation("work_agency")
    for role in (Role.COACH, Role.PROGRAMME_MANAGER, Role.STEERING_GROUP):
        desk = app.test_client()
        sign_in(desk, make_login(role, agency.id))
        for path in (
            "organisaties",
            "organisaties/nieuw",
            "mensen",
            "mensen/uitnodigen",
            "instellingen",
            "plugins",
            "logboek",
        ):
            assert desk.get(f"/beheer/{path}").status_code == 403, (role, path)


def edit_form(desk: FlaskClient, organisation_id: UUID) -> tuple[str, dict[str, str]]:
    path = f"/beheer/organisaties/{organisation_id}/wijzigen"
    page = desk.get(path)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert version
    return path, {"csrf_token": token_in(page), "version": version.group(1)}


def test_second_saver_sees_both_versions_and_keeps_the_input(app: Flask, admin: Login, desk: FlaskClient):
    colleague = app.test_client()
    sign_in(colleague, make_login(Role.ADMINISTRATOR, admin.actor.organisation_id, "Anne Ander"))
    organisation = make_organisation("employer", "Zorggroep", managed_by=admin.actor.organisation_id)
    path, mine = edit_form(desk, organisation.id)
    _path, theirs = edit_form(colleague, organisation.id)
    assert (
        colleague.post(path, data={**theirs, "name": "Zorggroep", "sector": "thuiszorg"}).status_code == 303
    )
    stale = desk.get(path)
    for payload in XSS:
        stale = desk.post(path, data={**mine, "name": payload, "sector": "gehandicaptenzorg"})
        assert stale.status_code == 409
        text = html.unescape(stale.text)
        assert (
            "Anne Ander" in text and "thuiszorg" in text and "gehandicaptenzorg" in text and payload in text
        )
        if payload.startswith(("<", '"')):
            assert payload not in stale.text
    assert stored(organisation.id).sector == "thuiszorg"
    version = re.search(r'name="version" value="(\d+)"', stale.text)
    assert version
    again = {
        "csrf_token": token_in(stale),
        "version": version.group(1),
        "name": "Nieuw",
        "sector": "gehandicaptenzorg",
    }
    assert desk.post(path, data=again).status_code == 303
    assert (stored(organisation.id).name, stored(organisation.id).sector) == ("Nieuw", "gehandicaptenzorg")


def test_a_forged_version_saves_nothing(desk: FlaskClient, admin: Login):
    organisation = make_organisation("employer", "Zorggroep", managed_by=admin.actor.organisation_id)
    path, form = edit_form(desk, organisation.id)
    for version, status in (("0", 409), ("99", 409), ("x", 422), ("", 422), ("-1", 422)):
        assert desk.post(path, data={**form, "version": version, "name": "Fout"}).status_code == status
    assert stored(organisation.id).name == "Zorggroep"


def test_no_lost_update_among_parallel_savers(app: Flask, admin: Login):
    """200 parallel saves: who comes second hears 409, and every acknowledged save is exactly one version."""
    made = make_organisation("employer", "Begin", managed_by=admin.actor.organisation_id)
    organisation_id = made.id  # the threads may not touch an object of this thread's session
    desks = [app.test_client() for _n in range(4)]
    for desk in desks:
        sign_in(desk, admin)
    outcomes: list[int] = []

    def save(desk: FlaskClient, number: int) -> None:
        with app.app_context():
            path, form = edit_form(desk, organisation_id)
            for turn in range(50):
                data = {
                    **form,
                    "version": str(stored(organisation_id).version),
                    "name": f"Naam {number}-{turn}",
                }
                outcomes.append(desk.post(path, data=data).status_code)

    before = stored(organisation_id).version
    db.session.rollback()  # nothing stays open while the others are busy
    threads = [threading.Thread(target=save, args=(b, n)) for n, b in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {303, 409} and len(outcomes) == 200
    assert stored(organisation_id).version - before == outcomes.count(303) > 0


def test_archive_asks_and_can_be_undone(desk: FlaskClient, admin: Login):
    organisation = make_organisation("employer", "Zorggroep", managed_by=admin.actor.organisation_id)
    path = f"/beheer/organisaties/{organisation.id}/archiveren"
    assert "Archiveren" in desk.get(path).text
    assert stored(organisation.id).archived_at is None
    response = post(desk, path)
    assert urlsplit(response.location).path == "/beheer/organisaties"
    page = desk.get(response.location)
    assert "is gearchiveerd" in page.text and "Ongedaan maken" in page.text
    assert "Zorggroep" in desk.get("/beheer/organisaties?archived=1").text
    assert post(desk, f"/beheer/organisaties/{organisation.id}/terugzetten", "/account").status_code == 303
    assert stored(organisation.id).archived_at is None
    actions = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.subject_id == str(organisation.id))
    )
    assert {"organisation.archived", "organisation.restored"} <= set(actions.scalars())


def test_own_organisation_stays(desk: FlaskClient, admin: Login):
    response = post(desk, f"/beheer/organisaties/{admin.actor.organisation_id}/archiveren")
    assert response.status_code == 422 and "De eigen organisatie kan niet" in response.text


def test_search_takes_signs_literally(desk: FlaskClient, admin: Login):
    for name in ("Honderd % zorg", "Onder_streep", "Gewoon"):
        make_organisation("employer", name, managed_by=admin.actor.organisation_id)
    assert "Gewoon" not in desk.get("/beheer/organisaties?q=%25").text
    assert "Honderd" in desk.get("/beheer/organisaties?q=%25").text
    assert "Gewoon" not in desk.get("/beheer/organisaties?q=_").text
    for odd in ("'+OR+1%3D1--", "%00", "%F0%9F%9A%B2", "\\", "a" * 3000):
        assert (
            desk.get(f"/beheer/organisaties?q={odd}&sort={odd}&dir={odd}&page={odd}&kind={odd}").status_code
            == 200
        )


def test_pages_and_order(desk: FlaskClient, admin: Login):
    for number in range(55):
        make_organisation("employer", f"Werkgever {number:02}", managed_by=admin.actor.organisation_id)
    first, second = desk.get("/beheer/organisaties").text, desk.get("/beheer/organisaties?page=2").text
    assert "Werkgever 00" in first and "Werkgever 54" in second and "Werkgever 54" not in first
    turned = desk.get("/beheer/organisaties?dir=desc").text
    assert "Werkgever 54" in turned and turned.index("Werkgever 54") < turned.index("Werkgever 53")
    assert desk.get("/beheer/organisaties?page=99").status_code == 200


def test_a_schools_own_codes_mean_something_in_its_files(desk: FlaskClient, admin: Login):
    school = make_organisation("school", "ROC Eigen", admin.actor.organisation_id)
    path = f"/beheer/organisaties/{school.id}/codes"
    assert f'href="{path}"' in desk.get(f"/beheer/organisaties/{school.id}").text
    assert codes_of(school.id).get("ABS") is None
    assert post(desk, path, code=" abs ", meaning="unexcused").status_code == 303
    assert post(desk, path, code="Z", meaning="excused").status_code == 303  # instead of the usual meaning
    assert (codes_of(school.id)["ABS"], codes_of(school.id)["Z"]) == ("unexcused", "excused")
    for code, status in (("ABS", "ill"), ("", "ill"), ("A B", "ill"), ("QQ", "verzonnen"), ("a" * 11, "ill")):
        assert post(desk, path, code=code, meaning=status).status_code == 422, code
    (row,) = [known for known in own_codes(school.id) if known.code == "ABS"]
    assert post(desk, f"{path}/{row.id}/weg", path, version="9").status_code == 409
    assert post(desk, f"{path}/{row.id}/weg", path, version=str(row.version)).status_code == 303
    assert codes_of(school.id).get("ABS") is None
    actions = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.subject_kind == "attendance_code")
    )
    assert sorted(actions.scalars()) == [*["attendance_code.added"] * 2, "attendance_code.removed"]


def test_codes_are_for_schools_that_one_manages(desk: FlaskClient, admin: Login):
    own = make_organisation("leerhome", managed_by=admin.actor.organisation_id)
    foreign = make_organisation("school", managed_by=make_organisation("work_agency").id)
    for organisation in (own, foreign):
        assert desk.get(f"/beheer/organisaties/{organisation.id}/codes").status_code == 404
    mine = make_organisation("school", managed_by=admin.actor.organisation_id)
    other = make_organisation("school", managed_by=admin.actor.organisation_id)
    assert post(desk, f"/beheer/organisaties/{mine.id}/codes", code="X", meaning="ill").status_code == 303
    (row,) = own_codes(mine.id)
    page = f"/beheer/organisaties/{other.id}/codes"
    assert post(desk, f"{page}/{row.id}/weg", page, version=str(row.version)).status_code == 404
