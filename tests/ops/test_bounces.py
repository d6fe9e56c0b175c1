"""Mail that comes back: the address is marked, nothing goes there any more until somebody says that it works."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from inleer import clock
from inleer.accounts import signing_in
from inleer.accounts.people import NOTICE_MAIL
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.config import Settings
from inleer.db import unit_of_work
from inleer.jobs import bounces, dsn, mail, outbox
from inleer.jobs.dsn import Returned, returned
from inleer.jobs.models import MailBounce, Outbox
from inleer.policy import Actor, Role, system_actor
from tests.accounts.logins import make_login, post, sign_in
from tests.actors import make_actor, make_organisation
from tests.bounced import notification, shut
from tests.employers import CONTACT, asked, mails, make_town
from tests.web.cases.common import first
from tests.world import browse

WHO = "jan@voorbeeld.nl"


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_notification_says_which_address_why_and_about_which_mail(kind: str) -> None:
    ours = uuid4()
    assert returned(notification("Jan@Voorbeeld.nl", ours, kind=kind)) == [Returned(WHO, "5.1.1", ours)]


@pytest.mark.parametrize(
    "raw",
    [
        notification(WHO, uuid4(), action="delayed", status="4.4.1"),
        notification(WHO, uuid4(), status="raar"),
        notification("geen adres", uuid4()),
        notification("x" * 260 + "@voorbeeld.nl", uuid4()),
        notification(WHO, uuid4(), mail_id="<iets-anders@voorbeeld.nl>"),
        notification(WHO, uuid4()).replace(b"multipart/report", b"multipart/mixed"),
        b"From: jan@voorbeeld.nl\nSubject: Ik ben op vakantie\n\nTot maandag.",
        b"",
        b"\x00\xff\xfe",
    ],
)
def test_what_is_no_failure_of_a_mail_of_ours_says_nothing(raw: bytes) -> None:
    assert returned(raw) == []


@given(st.binary(max_size=300), st.integers(0, 900), st.integers(0, 200))
def test_nothing_that_strangers_send_raises(noise: bytes, at: int, gone: int) -> None:
    whole = notification(WHO, uuid4())
    returned(noise)
    returned(whole[:at] + noise + whole[at + gone :])


@pytest.fixture
def coach(app: Flask) -> Actor:
    return make_actor(Role.COACH, make_organisation("work_agency", "Werkbedrijf Eigen").id, "Jan Vis")


def email_of(actor: Actor) -> str:
    return signing_in.email_of(actor.user_id)


def tell(actor: Actor) -> Any:
    """A mail to this person waits."""
    with unit_of_work():
        return outbox.enqueue(NOTICE_MAIL, {"user_id": str(actor.user_id), "what": "password"})


def state(message_id: Any) -> tuple[str, str | None]:
    row = first(Outbox, Outbox.id == message_id)
    return row.state, row.error


def test_the_command_marks_the_address_and_no_mail_goes_there_until_it_is_mended(
    app: Flask, settings: Settings, coach: Actor, tmp_path: Path
) -> None:
    sent = tell(coach)
    assert outbox.drain().sent == 1
    box = tmp_path / "maildir"
    (box / "new").mkdir(parents=True)
    (box / "new" / "1").write_bytes(notification(email_of(coach), sent))
    (box / "new" / "2").write_bytes(b"Subject: vakantie\n\nTot maandag")
    run = CliRunner().invoke(main, ["mail", "bounces", str(box)], obj=Cli(settings, app))
    assert run.exit_code == 0, run.output
    assert "Gelezen: 2. Nieuw gemerkt: 1. Geen bericht over een mail van inleer: 1." in run.output
    again = CliRunner().invoke(main, ["mail", "bounces", str(box)], obj=Cli(settings, app))
    assert "Nieuw gemerkt: 0." in again.output
    with app.app_context():
        held = tell(coach)
        assert outbox.drain().failed == 1
        assert state(held) == ("failed", "AddressShut"), "a dead letter at once"
        with unit_of_work():
            bounces.mend(system_actor(), email_of(coach))
        old = CliRunner().invoke(main, ["mail", "bounces", str(box / "new" / "1")], obj=Cli(settings, app))
        assert "Nieuw gemerkt: 0." in old.output, "what came back before it was mended is old news"
        tell(coach)
        assert outbox.drain().sent == 2, "this one, and the one that was held back"


def test_what_was_held_back_long_ago_or_for_another_stays_away(app: Flask, coach: Actor) -> None:
    other = make_actor(Role.COACH, coach.organisation_id, "Els Vis")
    for actor in (coach, other):
        shut(email_of(actor))
    long_ago = clock.now() - timedelta(days=15)
    with clock.frozen(long_ago):
        old = tell(coach)
    held = [tell(coach), tell(other)]
    outbox.drain()
    with unit_of_work():
        bounces.mend(system_actor(), email_of(coach))
    outbox.drain()
    assert [state(one)[0] for one in (old, *held)] == ["failed", "sent", "failed"]


def test_a_message_about_a_mail_that_we_never_made_marks_nothing(app: Flask) -> None:
    with unit_of_work():
        assert not bounces.note(system_actor(), Returned(WHO, "5.1.1", uuid4()))
    assert first(MailBounce) is None


def test_a_full_mailbox_for_now_shuts_nothing(app: Flask, coach: Actor) -> None:
    shut(email_of(coach), "4.2.2")
    message = tell(coach)
    outbox.drain()
    assert state(message) == ("sent", None)


def test_a_new_failure_after_it_was_mended_shuts_it_again(app: Flask, coach: Actor) -> None:
    shut(WHO)
    with unit_of_work():
        bounces.mend(system_actor(), WHO)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        shut(WHO)
    assert WHO in bounces.shut([WHO])


@pytest.mark.parametrize(
    ("said", "closed"), [(b"5.1.1 no such user", True), (b"4.2.1 later", False), (b"no", False)]
)
def test_a_server_that_refuses_the_address_at_once_counts_too(
    app: Flask, coach: Actor, monkeypatch: pytest.MonkeyPatch, said: bytes, closed: bool
) -> None:
    def refuses(_settings: Settings, made: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({made["To"]: (550, said)})

    monkeypatch.setattr(mail, "deliver", refuses)
    message = tell(coach)
    outbox.drain()
    assert state(message) == (("failed", "AddressShut") if closed else ("waiting", "SMTPRecipientsRefused"))
    assert bool(bounces.shut([email_of(coach)])) is closed


def test_the_administrator_sees_it_and_says_that_it_works_again(app: Flask, coach: Actor) -> None:
    shut(email_of(coach))
    desk, admin = app.test_client(), make_login(Role.ADMINISTRATOR, coach.organisation_id, "Ine Beheer")
    sign_in(desk, admin)
    assert "Adressen die niet werken" in desk.get("/beheer/berichten").text
    page = f"/beheer/mensen/{coach.membership_id}"
    assert "Mail aan dit adres komt terug" in desk.get(page).text
    assert post(desk, f"{page}/adres-werkt", page).status_code == 303
    assert "Mail aan dit adres komt terug" not in desk.get(page).text
    assert bounces.shut([email_of(coach)]) == {}
    log = desk.get("/beheer/logboek").text
    assert "adres werkt weer" in log and email_of(coach) not in log
    other = make_login(Role.ADMINISTRATOR, make_organisation("work_agency", "Ander").id, "Piet Beheer")
    shut(email_of(coach))
    sign_in(elsewhere := app.test_client(), other)
    assert "Adressen die niet werken" not in elsewhere.get("/beheer/berichten").text


def test_who_asked_an_employer_sees_it_and_nothing_goes_there(app: Flask) -> None:
    town = make_town()
    request = asked(town)
    assert len(mails(app)) == 1
    shut(CONTACT)
    page = f"/werkgevers/{town.employer}"
    desk = browse(app, town.manager)
    assert "mail komt terug" in desk.get(page).text
    post(desk, f"/vragen/{request.id}/opnieuw", page)
    assert len(mails(app)) == 1, "nothing left"
    assert first(Outbox, Outbox.state == "failed").error == "AddressShut"
    assert post(desk, f"/vragen/{request.id}/adres-werkt", page).status_code == 303
    assert "mail komt terug" not in desk.get(page).text
    assert len(mails(app)) == 2, "what was held back"


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    whole = notification(WHO, uuid4())
    assert returned(whole + b"x" * dsn.MOST_BYTES) == returned(whole)
