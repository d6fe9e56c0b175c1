"""The administrator's settings, plugins and audit log; and that no case content is anywhere on these pages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from inleer import audit, clock
from inleer.audit import AuditEvent
from inleer.config import ConfigError, Settings, from_environment
from inleer.db import db, unit_of_work
from inleer.extend.faults import Fault
from inleer.i18n import format_date
from inleer.parameters import CATALOGUE, parameter
from inleer.policy import Role
from tests.accounts.logins import Login, make_login, post, sign_in
from tests.actors import make_actor, make_organisation
from tests.web.walk import Forms

KEY = "intention.stale_days"


@pytest.fixture
def admin(app: Flask) -> Login:
    return make_login(
        Role.ADMINISTRATOR, make_organisation("work_agency", "Werkbedrijf Eigen").id, "Ine Beheer"
    )


@pytest.fixture
def desk(client: FlaskClient, admin: Login) -> FlaskClient:
    sign_in(client, admin)
    return client


def test_all_settings_with_their_source(desk: FlaskClient):
    page = html.unescape(desk.get("/beheer/instellingen").text)
    for item in CATALOGUE:
        assert item.name in page and item.source in page
        assert item.name in html.unescape(desk.get(f"/beheer/instellingen/{item.key}").text)
    assert desk.get("/beheer/instellingen/bestaat.niet").status_code == 404


def test_a_value_from_a_day_on(desk: FlaskClient, admin: Login):
    today, later = clock.today(), clock.today() + timedelta(days=30)
    path = f"/beheer/instellingen/{KEY}"
    before = parameter(KEY, today, admin.actor.organisation_id)
    response = post(desk, path, value="45", valid_from=later.isoformat(), version="0")
    assert response.status_code == 303
    assert f"De waarde geldt vanaf {format_date(later, 'lang')}" in desk.get(path).text
    assert f"45 dagen vanaf {format_date(later)}" in desk.get("/beheer/instellingen").text
    db.session.rollback()
    assert parameter(KEY, today, admin.actor.organisation_id) == before
    assert parameter(KEY, later, admin.actor.organisation_id) == 45
    other = make_organisation("work_agency")
    assert parameter(KEY, later, other.id) == before
    again = {"value": "50", "valid_from": later.isoformat(), "version": shown_version(desk)}
    assert post(desk, path, **again).status_code == 303
    db.session.rollback()
    assert parameter(KEY, later, admin.actor.organisation_id) == 50


def shown_version(desk: FlaskClient) -> str:
    """The version in the form for a new value."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', desk.get(f"/beheer/instellingen/{KEY}").text)
    assert found is not None
    return found.group(1)


def planned(desk: FlaskClient, **values: int) -> list[str]:
    """Own values from so many days on ("d30"); returns their days."""
    days = []
    for name, value in values.items():
        days.append((clock.today() + timedelta(days=int(name[1:]))).isoformat())
        fields = {"value": str(value), "valid_from": days[-1], "version": shown_version(desk)}
        assert post(desk, f"/beheer/instellingen/{KEY}", **fields).status_code == 303
    return days


def test_a_planned_value_can_be_taken_away_and_put_back(desk: FlaskClient, admin: Login):
    agency, (sooner, later) = admin.actor.organisation_id, planned(desk, d30=45, d60=50)
    page = desk.get(f"/beheer/instellingen/{KEY}").text
    assert f"/beheer/instellingen/{KEY}/weg/{sooner}" in page and f"weg/{later}" in page
    path = f"/beheer/instellingen/{KEY}/weg/{later}"
    question = html.unescape(desk.get(path).text)
    assert (
        "zou 50 dagen gelden" in question and "blijft op die dag gelden wat ervoor gold: 45 dagen" in question
    )
    assert post(desk, path, version=shown_version(desk)).status_code == 303
    db.session.rollback()
    assert parameter(KEY, date.fromisoformat(later), agency) == 45
    told = db.session.execute(select(AuditEvent).where(AuditEvent.action == "setting.removed")).scalar_one()
    assert told.details == {"key": KEY, "from": later, "value": 50}
    after = desk.get(f"/beheer/instellingen/{KEY}").text
    assert f"weg/{later}" not in after and "is weggehaald" in after
    back = next(f for _m, action, f in Forms(after).found if f.get("value") == "50" and action.endswith(KEY))
    assert post(desk, f"/beheer/instellingen/{KEY}", **back).status_code == 303
    db.session.rollback()
    assert parameter(KEY, date.fromisoformat(later), agency) == 50


def test_a_value_that_counts_stays(desk: FlaskClient, admin: Login):
    (today,) = planned(desk, d0=45)
    path = f"/beheer/instellingen/{KEY}/weg/{today}"
    assert desk.get(path).status_code == 404
    refused = post(desk, path, version=shown_version(desk))
    assert refused.status_code == 422 and "Deze waarde telt al" in html.unescape(refused.text)
    db.session.rollback()
    assert parameter(KEY, clock.today(), admin.actor.organisation_id) == 45
    assert f"weg/{today}" not in desk.get(f"/beheer/instellingen/{KEY}").text
    for day in ("2000-01-01", "2099-01-01", "morgen", "2026-02-30"):
        assert desk.get(f"/beheer/instellingen/{KEY}/weg/{day}").status_code == 404, day


def test_who_looked_at_other_values_takes_nothing_away(desk: FlaskClient, admin: Login):
    first, second = planned(desk, d30=45, d60=50)
    opened = shown_version(desk)
    path = f"/beheer/instellingen/{KEY}/weg/{first}"
    assert post(desk, path, version=opened).status_code == 303
    planned(desk, d90=70)  # as many values as before, and another one
    path = f"/beheer/instellingen/{KEY}/weg/{second}"
    late = post(desk, path, version=opened)
    assert late.status_code == 409 and "Iemand anders was eerder" in late.text
    db.session.rollback()
    assert parameter(KEY, date.fromisoformat(second), admin.actor.organisation_id) == 50
    assert post(desk, path, version=shown_version(desk)).status_code == 303


def test_another_agency_loses_nothing(desk: FlaskClient, admin: Login):
    (day,) = planned(desk, d30=45)
    other = make_login(Role.ADMINISTRATOR, make_organisation("work_agency").id, "Andere Beheerder")
    stranger = desk.application.test_client()
    sign_in(stranger, other)
    path = f"/beheer/instellingen/{KEY}/weg/{day}"
    assert stranger.get(path).status_code == 404
    assert post(stranger, path, version="0").status_code == 422
    db.session.rollback()
    assert parameter(KEY, date.fromisoformat(day), admin.actor.organisation_id) == 45


def test_of_two_who_set_a_value_the_second_sees_both(desk: FlaskClient, admin: Login):
    path, today = f"/beheer/instellingen/{KEY}", clock.today()
    version = re.search(r'name="version"[^>]*value="(\d+)"', desk.get(path).text)
    assert version is not None
    fields = {"valid_from": today.isoformat(), "version": version.group(1)}
    assert post(desk, path, value="45", **fields).status_code == 303
    late = post(desk, path, value="60", **fields)  # opened before that
    assert late.status_code == 409
    assert "45" in late.text and "60" in late.text and "Iemand anders was eerder" in late.text
    db.session.rollback()
    assert parameter(KEY, today, admin.actor.organisation_id) == 45
    now = re.search(r'name="version"[^>]*value="(\d+)"', late.text)
    assert now is not None
    assert post(desk, path, value="60", **{**fields, "version": now.group(1)}).status_code == 303
    db.session.rollback()
    assert parameter(KEY, today, admin.actor.organisation_id) == 60


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "1"},
        {"value": "9999"},
        {"value": "veel"},
        {"value": ""},
        {"valid_from": "31-4-2026"},
        {"valid_from": ""},
    ],
)
def test_refused_values(desk: FlaskClient, fields: dict[str, str]):
    good = {"value": "45", "valid_from": clock.today().isoformat(), "version": "0"}
    assert post(desk, f"/beheer/instellingen/{KEY}", **{**good, **fields}).status_code == 422


def test_plugins_on_off_missing_and_slow(app: Flask, desk: FlaskClient):
    registry = app.extensions["inleer"]
    page = desk.get("/beheer/plugins").text
    assert "zorg" in page and "staat aan" in page and "zorg.wijkleerbedrijf" in page
    registry.faults.add(
        Fault(clock.now(), "zorg", "zorg.hulpvragen", "fault", "ValueError in seed, regel 3", 0.01)
    )
    registry.faults.add(Fault(clock.now(), "zorg", "zorg.traag", "slow", "", 1.75))
    page = desk.get("/beheer/plugins").text
    assert "zorg.hulpvragen" in page and "ValueError" in page and "1,75" in page and "traag" in page
    app.extensions["inleer"] = replace(registry, plugins=(), missing=("installatie",))
    page = desk.get("/beheer/plugins").text
    assert "staat uit" in page and "installatie" in page and "niet geïnstalleerd" in page


def test_the_log_shows_own_changes_without_values(app: Flask, desk: FlaskClient, admin: Login):
    foreign = make_login(Role.ADMINISTRATOR, make_organisation("work_agency").id, "Vreemde Beheerder")
    elsewhere = app.test_client()
    sign_in(elsewhere, foreign)
    own = make_organisation("employer", "Werkgever Een", managed_by=admin.actor.organisation_id)
    page = desk.get(f"/beheer/organisaties/{own.id}/wijzigen")
    assert page.status_code == 200
    response = post(
        desk,
        f"/beheer/organisaties/{own.id}/wijzigen",
        name="Werkgever Twee",
        contact_name="Geheime Naam",
        version="1",
    )
    assert response.status_code == 303
    log = desk.get("/beheer/logboek").text
    assert "organisation.changed" in log and "contact_name, name" in log and str(own.id) in log
    assert "Ine Beheer" in log and "functioneel beheerder" in log
    assert "Geheime Naam" not in log and "Werkgever Twee" not in log
    assert "Vreemde Beheerder" not in log
    assert str(foreign.actor.user_id) not in log


def test_filters_of_the_log(desk: FlaskClient, admin: Login):
    for number in range(60):
        with unit_of_work():
            audit.record(admin.actor, "test.done", ("thing", str(number)))
    assert "test.done" in desk.get("/beheer/logboek").text
    assert ">login.started</small>" in desk.get("/beheer/logboek?page=2").text
    assert ">login.started</small>" not in desk.get("/beheer/logboek?action=test.done&page=2").text
    second = desk.get("/beheer/logboek?action=test.done&page=2").text
    assert ">9</a>" in second and ">59</a>" not in second
    one = desk.get("/beheer/logboek?kind=thing&subject=7").text
    assert ">7</a>" in one and ">8</a>" not in one
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert "Niets gevonden" in desk.get(f"/beheer/logboek?since={tomorrow}").text
    assert "test.done" in desk.get(f"/beheer/logboek?until={clock.today()}&since={clock.today()}").text
    assert "Niets gevonden" in desk.get(f"/beheer/logboek?user={make_actor(Role.COACH).user_id}").text
    for odd in ("x", "%00", "0001-01-01", "9999-12-31", "' OR 1=1--", "1e3", "-1"):
        query = f"action={odd}&user={odd}&kind={odd}&subject={odd}&since={odd}&until={odd}&page={odd}"
        assert desk.get(f"/beheer/logboek?{query}").status_code == 200


def test_the_chain_is_counted_after(desk: FlaskClient, admin: Login):
    assert "De keten is heel" in desk.get("/beheer/logboek/keten").text
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                .scalars()
                .all()
            )
            for name in triggers:
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit_event SET action = 'iets.anders' WHERE sequence = 2"))
    page = desk.get("/beheer/logboek/keten").text
    assert "De keten is verbroken" in page and "regel 2 is veranderd" in page


def test_weak_or_unknown_settings_stop_the_start():
    base = {"INLEER_SECRET_KEY": "kQ3v9-xT7_pL2mZ8sD4wF6yB1nH5jR0cA"}
    assert isinstance(from_environment(base), Settings)
    for key in ("", "secret", "changeme" * 8, "a" * 64, "abcabcabc" * 8, "x" * 31):
        with pytest.raises(ConfigError):
            from_environment({"INLEER_SECRET_KEY": key, "INLEER_VAR_DIR": "/nonexistent-inleer"})
    with pytest.raises(ConfigError):
        from_environment({**base, "INLEER_SECRET_KEY_FALLBACKS": "kort"})
    with pytest.raises(ConfigError):
        from_environment({**base, "INLEER_SECRT": "x"})


def test_key_file_must_be_private(tmp_path: Path):
    path = tmp_path / "secret.key"
    path.write_text("kQ3v9-xT7_pL2mZ8sD4wF6yB1nH5jR0cA")
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        from_environment({"INLEER_VAR_DIR": str(tmp_path)})
    path.chmod(0o600)
    assert from_environment({"INLEER_VAR_DIR": str(tmp_path)}).secret_key.startswith("kQ3v9")


def test_database_away_shows_a_page_without_a_menu(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    """Promise 57: when nobody can say who is logged in, nobody is."""

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("select", {}, SimpleNamespace(args=("away",)))  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("inleer.accounts.sessions.db.session.execute", away)
        response = desk.get("/beheer/mensen")
    assert response.status_code == 503 and "Ine Beheer" not in response.text
    assert desk.get("/beheer/mensen").status_code == 200
