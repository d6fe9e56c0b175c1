"""Promise 4, in mail: no message that leaves, and nothing queued to leave, holds what its reader may not know."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import audit
from inleer.accounts import people
from inleer.accounts.models import Membership, User
from inleer.accounts.passwords import hash_password
from inleer.db import db, unit_of_work
from inleer.jobs import daily, mail
from inleer.jobs.mail import Mail
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import drain, enqueue
from inleer.people.models import Candidate
from inleer.policy import Actor, Role, system_actor, unscoped
from tests.accounts.logins import PASSWORD, change, post
from tests.policy.test_canary import FORBIDDEN
from tests.world import Side, World, browse, build, one, token_in

# What the world tells about candidates and cases; an account's mail never needs any of it, whoever reads it.
CASE = (
    "Achter0",
    "Voor0",
    "Notitie ",
    "Melding ",
    "Signaal ",
    "Helpende ",
    "Hulpvraag ",
    "Lichting ",
    "+3161234",
)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def everybody(side: Side) -> list[Actor]:
    return list(side.actors.values())


def address_of(actor: Actor) -> str:
    return str(db.session.execute(select(User.email).where(User.id == actor.user_id)).scalar_one())


def cause_mails(app: Flask, side: Side) -> None:
    """Each kind of mail to each actor of a side: about a password, a second factor, and a role."""
    admin = side.actors[Role.ADMINISTRATOR]
    stranger = app.test_client()
    for actor in everybody(side):
        change(User, actor.user_id, password_hash=hash_password(PASSWORD))
        assert post(stranger, "/wachtwoord-vergeten", email=address_of(actor)).status_code == 200
        with unit_of_work():
            enqueue(people.NOTICE_MAIL, {"user_id": str(actor.user_id), "what": "second_factor"})
            enqueue(people.NOTICE_MAIL, {"user_id": str(actor.user_id), "what": "password"})
    desk = browse(app, admin)
    token = token_in(desk.get("/beheer/mensen/uitnodigen").text)
    for actor in everybody(side):
        fields = {"name": "Nieuw Iemand", "role": "coach", "organisation": str(admin.organisation_id)}
        data = {"csrf_token": token, "email": address_of(actor), **fields}
        assert desk.post("/beheer/mensen/uitnodigen", data=data).status_code in (200, 422)


def letters(app: Flask) -> list[tuple[str, str]]:
    """(addressee, everything in the mail) of what leaves now."""
    drain()
    found = []
    for path in Path(app.config["INLEER"].var_dir, "mail").glob("*.eml"):
        read = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = read.get_body()
        assert body is not None
        found.append((str(read["To"]), f"{read.items()} {body.get_content()}"))
    return found


def leaks(app: Flask, world: World) -> list[tuple[str, str]]:
    """(role, text) of every text in a mail to an own actor that this role may not know."""
    readers = {address_of(actor): role for role, actor in world.own.actors.items()}
    found = []
    for to, text in letters(app):
        role = readers.get(to)
        if role is not None:
            forbidden = (world.foreign.canary, *CASE, *FORBIDDEN[role])
            found += [(role.value, word) for word in forbidden if word in text.replace(to, "")]
    return found


def test_no_mail_tells_more_than_its_reader_may_know(app: Flask, world: World) -> None:
    cause_mails(app, world.own)
    cause_mails(app, world.foreign)
    daily.run_due()
    assert leaks(app, world) == []
    told = {to for to, _text in letters(app)}
    assert {address_of(actor) for actor in everybody(world.own)} <= told, (
        "somebody got no mail: this sees nothing"
    )


def test_what_is_queued_holds_ids_only(app: Flask, world: World) -> None:
    cause_mails(app, world.own)
    daily.run_due()
    rows = db.session.execute(select(Outbox.payload)).scalars().all()
    assert rows
    for payload in rows:
        for name, value in payload.items():
            assert name == "what" or str(UUID(value)) == value, payload
    assert not any("KANARIE" in str(row) or "@" in str(row) for row in rows)


def test_a_mail_with_somebody_elses_name_is_found(app: Flask, world: World) -> None:
    """The planted fault: a mail that looks up a candidate without asking whose it is."""

    def careless(payload: dict[str, str]) -> Mail:
        reader = db.session.execute(
            select(User.email).where(User.id == UUID(payload["user_id"]))
        ).scalar_one()
        any_one = select(Candidate).where(Candidate.id == world.foreign.candidates[0])
        person = db.session.execute(unscoped(any_one, "planted fault")).scalar_one()
        return Mail(reader, "Let op", f"Er is iets met {person.first_name} {person.last_name}.")

    mail.register("test.careless", careless)
    with unit_of_work():
        enqueue("test.careless", {"user_id": str(world.own.actors[Role.COACH].user_id)})
    found = leaks(app, world)
    assert ("coach", world.foreign.canary) in found and ("coach", "Achter0") in found


def test_no_mail_goes_to_who_lost_the_role(app: Flask, world: World) -> None:
    """An invitation that was taken back before the mail left is not sent."""
    admin = world.own.actors[Role.ADMINISTRATOR]
    with unit_of_work():
        invited = people.invite(
            admin,
            name="Nieuw Iemand",
            email="nieuw@roc.example",
            role=Role.COACH,
            organisation_id=admin.organisation_id,
        )
    with unit_of_work():
        row = one(Membership, invited.id)
        row.ended_at = row.created_at
        audit.record(system_actor(), "test.ended", row)
    assert "nieuw@roc.example" not in {to for to, _text in letters(app)}
