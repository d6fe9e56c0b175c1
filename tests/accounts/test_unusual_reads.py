"""Promise 59: who opens unusually many dossiers is told to the administrators of the agency, and to nobody else."""

from __future__ import annotations

import email
import email.policy
import html
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import insert, select

from inleer import clock
from inleer.accounts.models import Membership, User
from inleer.accounts.unusual_reads import ACTION, SETTING, look_back
from inleer.audit import AuditEvent, ReadLog
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import Settings
from inleer.db import db, new_id, unit_of_work
from inleer.jobs import daily
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import drain
from inleer.parameters import set_parameter
from inleer.policy import Actor, Role, system_actor
from tests.accounts.logins import change
from tests.actors import make_actor, make_organisation
from tests.fixtures import identifiers
from tests.world import World, browse, build, one

TUESDAY = date(2026, 3, 3)
MONDAY = TUESDAY - timedelta(days=1)
MOST = 20
PEOPLE = [str(person) for person in identifiers(400)]


@pytest.fixture
def administrator(app: Flask) -> Actor:
    made = make_actor(Role.ADMINISTRATOR, name="Ine Beheerster")
    with unit_of_work():
        set_parameter(made, SETTING, date(2026, 1, 1), MOST)
    return made


@pytest.fixture
def coach(administrator: Actor) -> Actor:
    return make_actor(Role.COACH, administrator.organisation_id, "Kees Kijker")


def opened(actor: Actor, day: date, people: int, at: time = time(10)) -> None:
    """Pages of this day that show this many people; each page shows the last of the one before too."""
    row = {
        "user_id": actor.user_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role.value,
        "endpoint": "x",
        "subject_kind": "candidate",
        "trace_id": "",
    }
    rows = [
        {
            **row,
            "id": new_id(),
            "at": clock.at(day, at),
            "subject_ids": PEOPLE[max(0, n - 1) : min(n + 9, people)],
        }
        for n in range(0, people, 9)
    ]
    with unit_of_work() as session:
        session.execute(insert(ReadLog), rows)


def told(day: date = TUESDAY) -> int:
    """For how many people an alert is made on this morning."""
    with unit_of_work():
        return look_back(system_actor("worker"), day)


def mailed() -> list[UUID]:
    rows = db.session.scalars(select(Outbox.payload).where(Outbox.kind == "account.unusual_reads"))
    return sorted(UUID(payload["user_id"]) for payload in rows)


@pytest.mark.parametrize(
    ("number", "days_before", "alerts"),
    [
        (MOST, (), 0),
        (MOST + 1, (), 1),
        (61, (20, 20, 20), 1),
        (60, (20, 20, 20), 0),  # not more than three times what is usual
        (61, (1, 20, 300), 1),  # one large day is not what is usual
        (60, (1, 20, 300), 0),
        (21, (1, 1, 1), 1),
        (15, (1, 1, 1), 0),  # unusual, and yet few
    ],
)
def test_more_than_the_setting_and_more_than_usual(
    coach: Actor, number: int, days_before: tuple[int, ...], alerts: int
) -> None:
    for weeks, people in enumerate(days_before, start=1):
        opened(coach, MONDAY - timedelta(days=7 * weeks), people)
    opened(coach, MONDAY, number)
    assert told() == alerts
    assert len(mailed()) == alerts


def test_only_the_day_before_counts_by_our_clocks(coach: Actor) -> None:
    opened(coach, MONDAY - timedelta(days=1), 25, time(23, 59))
    opened(coach, TUESDAY, 200, time(0, 0))
    assert told() == 0
    opened(coach, MONDAY, 80, time(23, 59))
    assert told() == 1


def test_what_was_seen_long_ago_is_not_usual(coach: Actor) -> None:
    opened(coach, MONDAY - timedelta(days=29), 100)
    opened(coach, MONDAY, 30)
    assert told() == 1


def test_the_administrators_of_the_agency_are_told_and_nobody_else(
    administrator: Actor, coach: Actor
) -> None:
    second = make_actor(Role.ADMINISTRATOR, administrator.organisation_id)
    left = make_actor(Role.ADMINISTRATOR, administrator.organisation_id)
    switched_off = make_actor(Role.ADMINISTRATOR, administrator.organisation_id)
    make_actor(Role.ADMINISTRATOR)
    assert left.membership_id is not None
    change(Membership, left.membership_id, ended_at=clock.now())
    change(User, switched_off.user_id, active=False)
    opened(coach, MONDAY, 50)
    opened(administrator, MONDAY, 50)
    assert told() == 2
    assert mailed() == sorted([administrator.user_id, second.user_id]), "one mail each, whatever the number"


def test_a_teacher_belongs_to_the_agency_that_keeps_the_school(administrator: Actor) -> None:
    school = make_organisation("school", managed_by=administrator.organisation_id)
    opened(make_actor(Role.TEACHER, school.id), MONDAY, 50)
    assert told() == 1
    assert mailed() == [administrator.user_id]


def test_the_audit_trail_says_who_when_and_how_many(app: Flask, administrator: Actor, coach: Actor) -> None:
    opened(coach, MONDAY - timedelta(days=7), 12)
    opened(coach, MONDAY, 50)
    assert told() == 1
    event = db.session.execute(select(AuditEvent).where(AuditEvent.action == ACTION)).scalar_one()
    assert (event.subject_kind, event.subject_id) == ("user_account", str(coach.user_id))
    assert event.details == {"day": "2026-03-02", "people": 50, "usual": 12, "most": MOST}
    page = html.unescape(browse(app, administrator).get(f"/beheer/logboek?action={ACTION}").text)
    assert "Kees Kijker: 50 dossiers op 2 mrt 2026; gewoon is 12, de grens is 20" in page
    assert "melding" in page and "setting" not in page.partition("<tbody")[2]
    elsewhere = browse(app, make_actor(Role.ADMINISTRATOR)).get(f"/beheer/logboek?action={ACTION}").text
    assert "Kees Kijker" not in elsewhere and str(coach.user_id) not in elsewhere


def test_the_mail_leads_to_the_log_and_names_nobody_else(
    app: Flask, settings: Settings, administrator: Actor, coach: Actor
) -> None:
    opened(coach, MONDAY, 50)
    told()
    assert drain().sent == 1
    (path,) = Path(settings.var_dir, "mail").glob("*.eml")
    sent = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = sent.get_body()
    assert body is not None
    text = body.get_content()
    assert sent["To"] == one(User, administrator.user_id).email
    assert "Ine Beheerster" in text and "Kees Kijker" not in text and str(coach.user_id) not in text
    address = f"/beheer/logboek?action={ACTION}"
    assert settings.base_url + address in text
    assert browse(app, administrator).get(address).status_code == 200


def test_a_day_is_told_once_and_a_missed_day_later(
    app: Flask, coach: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "_jobs", {})
    daily.register(look_back)
    morning = datetime.combine(TUESDAY, time(7), clock.local(clock.now()).tzinfo)
    with clock.frozen(morning - timedelta(days=1)):
        daily.run_due()
    opened(coach, MONDAY, 50)
    for days in (2, 2, 3):
        with clock.frozen(morning + timedelta(days=days)):
            daily.run_due()
    assert len(mailed()) == 1


def test_what_pages_show_is_what_counts(app: Flask) -> None:
    """Real pages: a list of candidates and a file, opened by a coach."""
    world: World = build(app, people=12, weeks=1)
    administrator = world.own.actors[Role.ADMINISTRATOR]
    with unit_of_work():
        set_parameter(administrator, SETTING, date(2026, 1, 1), 10)
    visitor = browse(app, world.own.actors[Role.COACH])
    today = clock.today()
    for candidate in world.own.candidates[:10]:
        assert visitor.get(f"/kandidaten/{candidate}").status_code == 200
    assert told(today + timedelta(days=1)) == 0
    assert visitor.get("/kandidaten").status_code == 200
    assert told(today + timedelta(days=1)) == 1
    assert mailed() == [administrator.user_id]


def test_the_worker_does_it(settings: Settings) -> None:
    done = CliRunner().invoke(main, ["worker", "--once"], obj=Cli(settings))
    assert done.exit_code == 0
    assert f"{look_back.__module__}.{look_back.__qualname__}" in daily.registered()
