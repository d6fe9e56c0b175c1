"""Agenda feeds (promises 8 and 21): made and revoked by their owner, read without logging in, never with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

import icalendar
import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.accounts import tokens
from inleer.accounts.models import Membership
from inleer.accounts.models_tokens import PersonalToken
from inleer.accounts.people import deactivate, end_membership, reactivate
from inleer.accounts.secrets import token_hash
from inleer.audit import AuditEvent
from inleer.cohorts import sessions
from inleer.cohorts.models import Session
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.policy import Role
from tests.web.rules import readable
from tests.web.test_query_counts import counted
from tests.world import World, browse, build, one, token_in

READERS = (Role.TEACHER, Role.COACH, Role.LEERHOME_COORDINATOR, Role.PROGRAMME_MANAGER)
PAGE = "/account/agenda"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=2)


def make(client: FlaskClient, name: str = "telefoon") -> str:
    """Make a feed on the page; returns its path."""
    token = token_in(client.get(PAGE).text)
    answer = client.post(PAGE, data={"csrf_token": token, "name": name})
    assert answer.status_code == 200, answer.text
    found = re.search(r"https://localhost(/agenda/[\w-]+\.ics)", answer.text)
    assert found
    return found.group(1)


def feed_of(app: Flask, world: World, role: Role) -> str:
    return make(browse(app, world.own.actors[role]))


def events(answer: TestResponse) -> dict[str, Any]:
    """The events of a feed by UID."""
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def uid(session_id: object) -> str:
    return f"{session_id}@inleer"


def test_each_role_reads_its_own_sessions_and_no_name(app: Flask, world: World, client: FlaskClient) -> None:
    own = world.own
    wanted = {
        Role.TEACHER: own.sessions[:-1],
        Role.COACH: own.sessions,
        Role.LEERHOME_COORDINATOR: own.sessions,
        Role.PROGRAMME_MANAGER: own.sessions,
    }
    for role in READERS:
        answer = client.get(feed_of(app, world, role))
        assert set(events(answer)) == {uid(s) for s in wanted[role]}, role
        for nobody in (
            "Achter",
            "Voor0",
            own.canary.lower(),
            world.foreign.canary,
            "@kanarie",
            "docent KANARIE",
        ):
            assert nobody not in answer.text, (role, nobody)
        assert f"Lichting {own.canary}" in answer.text.replace("\r\n ", "")


def test_a_colleagues_lesson_and_anothers_caseload_stay_away(
    app: Flask, world: World, client: FlaskClient
) -> None:
    own = world.own
    assert own.other_teacher is not None
    path = make(browse(app, own.other_teacher))
    assert events(client.get(path)) == {}
    with unit_of_work():
        lesson = one(Session, own.sessions[0])
        sessions.substitute(own.actors[Role.TEACHER], lesson, own.other_teacher.user_id)
    assert set(events(client.get(path))) == {uid(own.sessions[0])}
    mine = feed_of(app, world, Role.TEACHER)
    assert uid(own.sessions[0]) not in events(client.get(mine))


def test_a_session_that_moves_or_is_cancelled_reaches_the_feed(
    app: Flask, world: World, client: FlaskClient
) -> None:
    manager, session_id = world.own.actors[Role.PROGRAMME_MANAGER], world.own.sessions[-1]
    path = feed_of(app, world, Role.COACH)
    before = events(client.get(path))[uid(session_id)]
    later = clock.now() + timedelta(minutes=5)
    with clock.frozen(later), unit_of_work():
        moved = one(Session, session_id)
        day = clock.today() + timedelta(days=3)
        times = {"starts_at": clock.at(day, time(10)), "ends_at": clock.at(day, time(12))}
        sessions.change_session(manager, moved, {**times, "location": "Buurthuis"})
    after = events(client.get(path))[uid(session_id)]
    assert after["UID"] == before["UID"]
    assert (after["DTSTART"].dt, after["DTEND"].dt) == (times["starts_at"], times["ends_at"])
    assert after["LOCATION"] == "Buurthuis"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt == later.replace(microsecond=0)
    assert after["STATUS"] == "CONFIRMED"
    with unit_of_work():
        sessions.cancel_session(manager, one(Session, session_id))
    cancelled = events(client.get(path))[uid(session_id)]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["SEQUENCE"] > after["SEQUENCE"]


def test_asking_again_is_cheap_until_something_changes(app: Flask, world: World, client: FlaskClient) -> None:
    path = feed_of(app, world, Role.TEACHER)
    first = client.get(path)
    mark = first.headers["ETag"]
    assert "no-store" not in first.headers["Cache-Control"]
    with counted() as sent:
        again = client.get(path, headers={"If-None-Match": mark})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", mark)
    assert len(sent) == 2, sent
    assert client.get(path, headers={"If-None-Match": f"W/{mark}"}).status_code == 304
    with unit_of_work():
        lesson = one(Session, world.own.sessions[0])
        sessions.change_session(world.own.actors[Role.PROGRAMME_MANAGER], lesson, {"location": "Zaal 3"})
    changed = client.get(path, headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != mark


def test_more_sessions_take_as_many_statements(app: Flask, world: World, client: FlaskClient) -> None:
    path = feed_of(app, world, Role.PROGRAMME_MANAGER)
    client.get(path)  # notes that it was used
    with counted() as few:
        client.get(path)
    manager, school = world.own.actors[Role.PROGRAMME_MANAGER], world.own.school
    with unit_of_work():
        for n in range(40):
            begin = clock.at(clock.today() + timedelta(days=n), time(9))
            new = sessions.NewSession(
                f"Extra {n}", "lesson", begin, begin + timedelta(hours=1), organisation_id=school
            )
            sessions.plan_session(manager, [world.own.cohort], new)
    with counted() as many:
        assert len(events(client.get(path))) == 43
    assert len(few) == len(many) == 2


def test_only_the_hash_is_kept_and_it_is_shown_once(app: Flask, world: World, client: FlaskClient) -> None:
    owner = browse(app, world.own.actors[Role.COACH])
    path = make(owner, "mijn telefoon")
    token = path.removeprefix("/agenda/").removesuffix(".ics")
    assert len(token) >= 43  # 256 bits
    row = db.session.execute(select(PersonalToken)).scalar_one()
    assert row.token_hash == token_hash(token)
    assert row.expires_at == row.created_at + timedelta(days=400)
    page = owner.get(PAGE).text
    assert token not in page
    assert "mijn telefoon" in page
    assert "nog nooit" in page
    client.get(path)
    assert "nog nooit" not in owner.get(PAGE).text
    actions = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.subject_kind == "personal_token")
    ).scalars()
    assert list(actions) == ["personal_token.made"]


def test_a_revoked_feed_is_like_one_that_never_was(app: Flask, world: World, client: FlaskClient) -> None:
    owner = browse(app, world.own.actors[Role.COACH])
    path = make(owner)
    kept = make(owner, "laptop")
    page = owner.get(PAGE).text
    row = db.session.execute(select(PersonalToken).where(PersonalToken.name == "telefoon")).scalar_one()
    url = f"{PAGE}/{row.id}/intrekken"
    assert url in page
    stranger = browse(app, world.own.actors[Role.TEACHER])
    data = {"csrf_token": token_in(stranger.get(PAGE).text)}
    assert stranger.post(url, data=data).status_code == 404
    assert client.get(path).status_code == 200
    data = {"csrf_token": token_in(page)}
    assert owner.post(url, data=data).status_code == 303
    gone, never = client.get(path), client.get("/agenda/" + "x" * 43 + ".ics")
    assert gone.status_code == never.status_code == 404
    reference = re.compile(r"[0-9a-f]{16}")
    assert reference.sub("", gone.text) == reference.sub("", never.text)
    assert client.get(kept).status_code == 200
    assert owner.post(url, data=data).status_code == 404


def test_it_ends_after_400_days_with_the_role_and_with_the_login(
    app: Flask, world: World, client: FlaskClient
) -> None:
    """Promise 8: at the next request, and it does not come back with the role or the login."""
    own = world.own
    administrator = own.actors[Role.ADMINISTRATOR]
    old, switched_off = feed_of(app, world, Role.COACH), feed_of(app, world, Role.TEACHER)
    with clock.frozen(clock.now() + timedelta(days=399)):
        assert client.get(old).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=401)):
        assert client.get(old).status_code == 404
    with unit_of_work():
        deactivate(administrator, one(Membership, own.actors[Role.TEACHER].membership_id))  # type: ignore[arg-type]
    assert client.get(switched_off).status_code == 404
    with unit_of_work():
        reactivate(administrator, one(Membership, own.actors[Role.TEACHER].membership_id))  # type: ignore[arg-type]
    assert client.get(switched_off).status_code == 404
    with unit_of_work():
        end_membership(administrator, one(Membership, own.actors[Role.COACH].membership_id))  # type: ignore[arg-type]
    assert client.get(old).status_code == 404


def test_a_person_has_at_most_a_few_and_must_name_each(app: Flask, world: World) -> None:
    client = browse(app, world.own.actors[Role.COACH])
    for n in range(tokens.MOST):
        make(client, f"apparaat {n}")
    with pytest.raises(DomainError, match="Trek er eerst een in"), unit_of_work():
        tokens.mint(world.own.actors[Role.COACH], tokens.ICAL, "nog een")
    client = browse(app, world.own.actors[Role.TEACHER])
    answer = client.post(PAGE, data={"csrf_token": token_in(client.get(PAGE).text), "name": " "})
    assert answer.status_code == 422
    assert "Vul in waar u de agenda gebruikt" in answer.text


def test_a_feed_opens_nothing_but_itself(app: Flask, world: World) -> None:
    """Promise 2, the row of the iCal token: as cookie, header or query it is nobody; another purpose finds nothing."""
    token = feed_of(app, world, Role.COACH).removeprefix("/agenda/").removesuffix(".ics")
    assert tokens.find("api", token) is None
    assert tokens.find(tokens.ICAL, token) is not None
    known = {"Authorization": f"Bearer {token}"}
    for endpoint, path in readable(app):
        bare, holder = app.test_client(), app.test_client()
        holder.set_cookie("__Host-inleer", token, domain="localhost", secure=True)
        answer = holder.get(f"{path}?token={token}", headers=known)
        assert answer.status_code == bare.get(f"{path}?token=x").status_code, endpoint


@contextmanager
def logged(app: Flask) -> Iterator[list[str]]:
    """Every line that is logged inside the block, at any level."""
    lines: list[str] = []

    def keep(_logger: object, _name: str, event: Any) -> Any:
        lines.append(str(dict(event)))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    yield lines


def test_no_log_line_holds_a_token(
    app: Flask,
    world: World,
    client: FlaskClient,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Promise 21: read, refused, and when the page itself breaks."""
    path = feed_of(app, world, Role.COACH)
    token = path.removeprefix("/agenda/").removesuffix(".ics")

    def breaks(_rows: object, _name: object) -> bytes:
        raise RuntimeError("planted")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with logged(app) as lines:
        assert client.get(path).status_code == 200
        assert client.get(path + "x").status_code == 404
        monkeypatch.setattr("inleer.agenda.views.as_ical", breaks)
        assert client.get(path).status_code == 500
    captured = capfd.readouterr()
    written = "\n".join([*lines, captured.err, captured.out])
    assert "agenda.feed" in written
    assert token not in written
