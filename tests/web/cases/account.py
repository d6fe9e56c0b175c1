"""The administrator's pages, logging in and one's own account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from inleer import clock
from inleer.accounts import links, second_factor
from inleer.accounts.models import Membership, Organisation, UserSession
from inleer.accounts.signing_in import pending_secret
from inleer.db import unit_of_work
from inleer.policy import Role
from tests.accounts.logins import add_role, change, code_of, forget_last_step, give_password
from tests.actors import make_organisation
from tests.web.cases.common import (
    ADMINISTRATOR,
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


def _invited(s: Scene) -> Fields:
    return {"membership_id": first(Membership, Membership.invited_as == "Nieuwe Docent").id}


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
    Case("admin.people_end", ADMINISTRATOR, _member, page=""),
    Case(
        "admin.settings_show",
        ADMINISTRATOR,
        lambda s: {"key": "warning.attendance_percent"},
        lambda s: {"value": "70", "valid_from": today(40)},
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
        secret = pending_secret(login.actor.user_id)
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
    Case("account.name", _account("account"), fields=lambda s: {"name": "Andere Naam"}, page=""),
    Case("account.recovery_codes", _account("account"), fields=_password, page=""),
    Case("account.end_session", _account("account"), _elsewhere),
    Case(
        "account.begin_setup",
        _account("account"),
        fields=_password,
        page="/account/tweede-factor",
    ),
    Case("account.setup", _account("account"), fields=_new_code, page=""),
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
