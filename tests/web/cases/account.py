"""The administrator's pages, logging in and one's own account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from inleer import clock
from inleer.accounts import links, second_factor
from inleer.accounts.models import (
    Membership,
    Organisation,
    OwnMailText,
    SecurityKey,
    UserSession,
)
from inleer.attendance.codes import own_codes
from inleer.attendance.lateness import rules_of
from inleer.attendance.models import AttendanceCode
from inleer.db import unit_of_work
from inleer.jobs.models import Outbox
from inleer.jobs.outbox import FAILED, enqueue
from inleer.parameters import Setting
from inleer.policy import Role
from tests.accounts.logins import (
    add_role,
    change,
    code_of,
    forget_last_step,
    give_password,
    post,
    waiting_secret,
)
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_security_keys import asked, begin, options_in
from tests.actors import make_organisation
from tests.bounced import shut
from tests.web.cases.common import (
    ADMINISTRATOR,
    COACH,
    NEW_PASSWORD,
    first,
    today,
)
from tests.web.walk import Case, Fields, Scene
from tests.world import browse


def _member(s: Scene) -> Fields:
    """Somebody with a password and a second factor, who is logged in."""
    actor = s.login("beheerd").actor
    if "at work" not in s.kept:
        s.kept["at work"] = browse(s.app, actor)
    return {"membership_id": actor.membership_id}


def _member_without_mail(s: Scene) -> Fields:
    """The same person, to whose address mail does not arrive."""
    if "mail came back" not in s.kept:
        s.kept["mail came back"] = True
        shut(s.login("beheerd").email)
    return _member(s)


def _invited(s: Scene) -> Fields:
    return {"membership_id": first(Membership, Membership.invited_as == "Nieuwe Docent").id}


def _school(s: Scene) -> Fields:
    return {"organisation_id": s.own.school}


def _code(s: Scene) -> Fields:
    return {**_school(s), "code_id": own_codes(s.own.school)[0].id}


def _version_of_code(s: Scene) -> Fields:
    return s.version(AttendanceCode, own_codes(s.own.school)[0].id)


def _rule(s: Scene) -> Fields:
    return {**_school(s), "rule_id": rules_of(s.own.school)[-1].id}


def _version_of_rule(s: Scene) -> Fields:
    return s.version(Setting, rules_of(s.own.school)[-1].id)


def _mail(_scene: Scene) -> Fields:
    return {"key": "account.invitation"}


def _version_of_mail(s: Scene) -> Fields:
    return s.version(OwnMailText, first(OwnMailText).id)


def _dead_letter(s: Scene) -> Fields:
    """A message that was given up; each call while there is none makes another."""
    found = first(Outbox, Outbox.state == FAILED)
    if found is None:
        with unit_of_work():
            made = enqueue("account.reset", {"user_id": str(s.actor(ADMINISTRATOR).user_id)})
        change(Outbox, made, state=FAILED, error="TimeoutError", attempts=8)
        found = first(Outbox, Outbox.state == FAILED)
    return {"message_id": found.id}


def _none_but_a_dead_letter(s: Scene) -> Fields:
    _dead_letter(s)
    return {}


def _organisation(s: Scene) -> Fields:
    return {"organisation_id": first(Organisation, Organisation.name == "Zorg aan Zee").id}


ADMIN = [
    Case(
        "admin.organisations_new",
        ADMINISTRATOR,
        fields=lambda s: {"name": "Zorg aan Zee", "kind": "employer", "contact_name": "R. de Wit"},
        page="",
    ),
    Case("admin.organisations_edit", ADMINISTRATOR, _organisation, lambda s: {"sector": "zorg"}, page=""),
    Case("admin.organisations_archive", ADMINISTRATOR, _organisation, page=""),
    Case("admin.organisations_restore", ADMINISTRATOR, _organisation),
    Case("admin.codes", ADMINISTRATOR, _school, lambda s: {"code": "ABS", "meaning": "unexcused"}, page=""),
    Case("admin.codes_remove", ADMINISTRATOR, _code, _version_of_code),
    Case(
        "admin.lateness", ADMINISTRATOR, _school, lambda s: {"counts": "ja", "valid_from": today(30)}, page=""
    ),
    Case("admin.lateness_remove", ADMINISTRATOR, _rule, _version_of_rule),
    Case(
        "admin.people_invite",
        ADMINISTRATOR,
        fields=lambda s: {
            "name": "Nieuwe Docent",
            "email": "nieuw@voorbeeld.nl",
            "organisation": str(s.own.school),
            "role": "teacher",
        },
        page="",
    ),
    Case("admin.people_invite_again", ADMINISTRATOR, _invited),
    Case("admin.people_end_sessions", ADMINISTRATOR, _member),
    Case("admin.people_second_factor", ADMINISTRATOR, _member, page=""),
    Case("admin.people_deactivate", ADMINISTRATOR, _member, page=""),
    Case("admin.people_reactivate", ADMINISTRATOR, _member),
    Case("admin.people_address_works", ADMINISTRATOR, _member_without_mail),
    Case("admin.people_end", ADMINISTRATOR, _member, page=""),
    Case(
        "admin.messages_texts_show",
        ADMINISTRATOR,
        _mail,
        lambda s: {"subject": "Welkom", "body": "Dag {naam}: {link}"},
        page="",
        optional=("preview",),
    ),
    Case("admin.messages_texts_reset", ADMINISTRATOR, _mail, _version_of_mail),
    Case("admin.messages_retry", ADMINISTRATOR, _dead_letter),
    Case("admin.messages_retry_all", ADMINISTRATOR, fields=_none_but_a_dead_letter),
    Case(
        "admin.settings_show",
        ADMINISTRATOR,
        lambda s: {"key": "warning.attendance_percent"},
        lambda s: {"value": "70", "valid_from": today(40)},
        page="",
    ),
    Case(
        "admin.settings_remove",
        ADMINISTRATOR,
        lambda s: {"key": "warning.attendance_percent", "day": today(40)},
        page="",
    ),
]


def _with_password(s: Scene) -> FlaskClient:
    """Somebody who gave the password, and not yet the second factor."""
    client, login = s.app.test_client(), s.login("halverwege")
    assert give_password(client, login).status_code == 303
    forget_last_step(login)
    return client


def _account(name: str) -> Any:
    def browser(s: Scene) -> FlaskClient:
        forget_last_step(s.login(name))
        return s.browser_of(s.login(name))

    return browser


def _setting_up(s: Scene) -> FlaskClient:
    """The session that asked for a new second factor; no other may finish it."""
    client: FlaskClient = _account("account")(s)
    begin, page = "/tweede-factor/opnieuw", "/account/tweede-factor"
    assert post(client, begin, page, current=s.login("account").password).status_code == 303
    return client


KEY = "sleutel"


def _half_with_key(s: Scene) -> FlaskClient:
    """Somebody with a key who gave the password only."""
    client, login = s.app.test_client(), s.login(KEY)
    assert give_password(client, login).status_code == 303
    return client


def _adding_key(s: Scene) -> FlaskClient:
    """The session that named a key and gave the password; what the browser is asked is kept."""
    client: FlaskClient = _account(KEY)(s)
    s.kept["new key"], s.kept["made for"] = SoftKey(), options_in(begin(client, s.login(KEY)))
    return client


def _asked_for_key(s: Scene) -> FlaskClient:
    client = _half_with_key(s)
    s.kept["asked"] = asked(client)[1]
    return client


def _made_key(s: Scene) -> Fields:
    return {"name": "Sleutelbos", "answer": s.kept["new key"].make(s.kept["made for"])}


def _own_key(s: Scene) -> Fields:
    return {"key_id": first(SecurityKey, SecurityKey.name == "Sleutelbos").id}


def _anonymous(s: Scene) -> FlaskClient:
    return s.app.test_client()


def _elsewhere(s: Scene) -> Fields:
    """Another session of the person with the name "account"."""
    if "elsewhere" not in s.kept:
        actor = s.login("account").actor
        browse(s.app, actor)
        row = first(
            UserSession,
            UserSession.user_id == actor.user_id,
            UserSession.ended_at.is_(None),
            order=UserSession.created_at.desc(),
        )
        s.kept["elsewhere"] = row.id
    return {"session_id": s.kept["elsewhere"]}


def _new_code(s: Scene) -> Fields:
    login = s.login("account")
    with s.app.app_context():
        secret = waiting_secret(login)
    assert secret is not None
    return {"code": second_factor.current_code(secret, clock.now())}


def _second_role(s: Scene) -> Fields:
    if "role" not in s.kept:
        s.kept["role"] = add_role(s.login("wissel"), Role.TEACHER, make_organisation("school").id)
    return {"membership_id": s.kept["role"]}


def _link(purpose: str, name: str) -> Any:
    def token(s: Scene) -> Fields:
        if purpose + name not in s.kept:
            login = s.login(name)
            with unit_of_work():
                membership = login.actor.membership_id if purpose == links.INVITATION else None
                s.kept[purpose + name] = links.mint(purpose, login.actor.user_id, membership)
            if purpose == links.INVITATION:
                assert login.actor.membership_id is not None
                change(Membership, login.actor.membership_id, invited_as="Genodigde")
        return {"token": urlsplit(s.kept[purpose + name]).path.rsplit("/", 1)[1]}

    return token


def _password(s: Scene) -> Fields:
    return {"current": s.login("account").password}


ACCOUNT = [
    Case(
        "account.login",
        _anonymous,
        fields=lambda s: {"email": s.login("account").email, "password": s.login("account").password},
        page="",
    ),
    Case(
        "account.second_factor",
        _with_password,
        fields=lambda s: {"code": code_of(s.login("halverwege"))},
        page="",
    ),
    Case("account.notices", COACH, fields=lambda s: {"digest": "nee"}, page=""),
    Case("account.name", _account("account"), fields=lambda s: {"name": "Andere Naam"}, page=""),
    Case("account.recovery_codes", _account("account"), fields=_password, page=""),
    Case(
        "account.new_key",
        _account(KEY),
        fields=lambda s: {"name": "Sleutelbos", "current": s.login(KEY).password},
        page="",
    ),
    Case("account.add_key", _adding_key, fields=_made_key),
    Case("account.ask_key", _half_with_key, page="/tweede-factor"),
    Case(
        "account.use_key",
        _asked_for_key,
        fields=lambda s: {"answer": s.kept["new key"].sign(s.kept["asked"])},
        optional=("next", "kept"),
    ),
    Case(
        "account.remove_key",
        _account(KEY),
        _own_key,
        lambda s: {"current": s.login(KEY).password},
        page="",
    ),
    Case("account.end_session", _account("account"), _elsewhere),
    Case(
        "account.begin_setup",
        _account("account"),
        fields=_password,
        page="/account/tweede-factor",
    ),
    Case("account.setup", _setting_up, fields=_new_code, page=""),
    Case(
        "account.password",
        lambda s: browse(s.app, s.login("account").actor),
        fields=lambda s: {**_password(s), "password": NEW_PASSWORD},
        page="",
    ),
    Case("account.switch", _account("wissel"), _second_role),
    Case("account.logout", _account("wissel")),
    Case("account.forgot", _anonymous, fields=lambda s: {"email": s.login("wissel").email}, page=""),
    Case(
        "account.reset",
        _anonymous,
        _link(links.RESET, "wissel"),
        lambda s: {"password": NEW_PASSWORD},
        page="",
    ),
    Case(
        "account.invitation",
        _anonymous,
        _link(links.INVITATION, "genodigd"),
        lambda s: {"password": s.login("genodigd").password},
        page="",
    ),
]
