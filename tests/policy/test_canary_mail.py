"""Promise 4, in mail: no message that leaves, and nothing queued to leave, holds what its reader may not know."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from inleer import audit, clock
from inleer.accounts import people, plugin_faults, unusual_reads
from inleer.accounts.models import Membership, User
from inleer.accounts.passwords import hash_password
from inleer.db import db, unit_of_work
from inleer.intentions import answering, messages
from inleer.intentions.answering import Given
from inleer.intentions.daily import follow_requests
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionMessage, IntentionRequest
from inleer.intentions.own import renew
from inleer.intentions.queries_requests import names_of
from inleer.intentions.statements import terms_of
from inleer.jobs import daily, mail
from inleer.jobs.mail import Mail
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import drain, enqueue
from inleer.people.models import Candidate
from inleer.policy import Actor, Role, system_actor, unscoped
from inleer.reports import digest
from tests.accounts.logins import PASSWORD, change, post
from tests.employers import mails, text_in
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
            enqueue(unusual_reads.MAIL, {"user_id": str(actor.user_id)})
            stopped = {"plugin": "zorg", "until": clock.now().isoformat()}
            enqueue(plugin_faults.MAIL, {"user_id": str(actor.user_id), **stopped})
            enqueue(
                digest.MAIL, {"membership_id": str(actor.membership_id), "day": clock.today().isoformat()}
            )
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
        # Every mail has both, so that no program shows an empty page.
        found.append((str(read["To"]), f"{read.items()} {text_in(read)} {text_in(read, 'html')}"))
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


def test_the_mail_of_the_day_has_numbers_and_no_names(app: Flask, world: World) -> None:
    cause_mails(app, world.own)
    found = {to: text for to, text in letters(app) if digest.TEXT.subject in text}
    coach = found[address_of(world.own.actors[Role.COACH])]
    assert "Signalen: " in coach
    assert leaks(app, world) == []


def test_what_is_queued_holds_ids_only(app: Flask, world: World) -> None:
    cause_mails(app, world.own)
    daily.run_due()
    rows = db.session.execute(select(Outbox.payload)).scalars().all()
    assert rows
    for payload in rows:
        for name, value in payload.items():
            assert name in {"what", "plugin", "until", "day"} or str(UUID(value)) == value, payload
    assert not any("KANARIE" in str(row) or "@" in str(row) for row in rows)


def test_a_mail_with_somebody_elses_name_is_found(app: Flask, world: World) -> None:
    """The planted fault: a mail that looks up a candidate without asking whose it is."""

    def careless(payload: dict[str, str]) -> Mail:
        reader = db.session.execute(
            select(User.email).where(User.id == UUID(payload["user_id"]))
        ).scalar_one()
        any_one = select(Candidate).where(Candidate.id == world.foreign.candidates[0])
        person = db.session.execute(unscoped(any_one, "planted fault")).scalar_one()
        text = f"Er is iets met {person.first_name} {person.last_name}."
        return Mail(reader, "Let op", text, text)

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


# What no mail to an employer may tell; names of its own functions, contacts and editions it knows.
PEOPLE = (
    "Achter0",
    "Voor0",
    "Notitie ",
    "Melding ",
    "Signaal ",
    "Hulpvraag ",
    "Opmerking ",
    "+3161234",
    *FORBIDDEN[Role.EMPLOYER],
)


def cause_employer_mails(app: Flask, side: Side) -> None:
    """Each kind of mail to an employer and its account: asked, replied, taken over, reminded, and both receipts."""
    manager, boss = side.actors[Role.PROGRAMME_MANAGER], side.actors[Role.EMPLOYER]
    mails(app)
    for kind in ("question", "contact"):
        message = one(IntentionMessage, side.others[f"intention_message_{kind}"])
        with unit_of_work():
            if kind == "question":
                messages.reply(manager, message, "Dat kan.", message.version)
            else:
                to = message.contact_email or ""
                messages.take_over(manager, message, "Collega", to, message.version)
    mails(app)
    with clock.frozen(clock.now() + timedelta(days=4)):
        with unit_of_work():
            follow_requests(system_actor("worker"), clock.today())
        mails(app)
    request, row = (
        one(IntentionRequest, side.others["intention_request"]),
        one(JobIntention, side.others["asked"]),
    )
    given = [Given(0, "confirm", answering.text_of(terms_of(row), names_of(request), sha=True))]
    with unit_of_work():
        answering.answer(boss, request, given, "Rob", "account")
    row = one(JobIntention, row.id)
    with unit_of_work():
        renew(boss, row, "confirm", terms_of(row), row.version)


def told_employers(app: Flask, world: World) -> tuple[set[str], list[tuple[str, str]]]:
    """(subjects up to the colon, leaks) of the mails to the own employer."""
    cause_employer_mails(app, world.own)
    account = address_of(world.own.actors[Role.EMPLOYER])
    mine = [m for m in mails(app) if m["To"] == account or m["To"].endswith("bedrijf-kanariea.example")]
    found = []
    for letter in mine:
        text = f"{letter.items()} {text_in(letter)} {text_in(letter, 'html')}".replace(letter["To"], "")
        found += [(letter["Subject"], w) for w in (world.foreign.canary, *PEOPLE) if w in text]
    return {str(m["Subject"]).split(":")[0].split("?")[0] for m in mine}, found


def test_no_mail_to_an_employer_tells_of_people(app: Flask, world: World) -> None:
    subjects, found = told_employers(app, world)
    assert subjects == {
        "Klopt uw toezegging nog",
        "Antwoord op uw vraag",
        "Herinnering",
        "Ontvangstbewijs",
    }
    assert found == []


def test_a_mail_to_an_employer_that_names_somebody_is_found(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the first sentence names a candidate of the edition."""
    monkeypatch.setattr("inleer.intentions.mails.opening", lambda _kind, _part: "Het gaat om Voor0 Achter0.")
    _subjects, found = told_employers(app, world)
    assert {word for _subject, word in found} >= {"Voor0", "Achter0"}
