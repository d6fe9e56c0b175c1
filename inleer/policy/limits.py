"""Limits on logging in (promise 15), kept in the database: they hold over all workers and survive a restart.

A try is noted in a transaction of its own before anything is looked up, and taken back when nothing was wrong with it.
So of many at once no more get through than may, and an error on the way leaves the try counted.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy import bindparam, delete, func, select

from inleer import clock
from inleer.config import Settings
from inleer.db import db, new_id, unit_of_work
from inleer.errors import DomainError, TooManyTries, UnknownFields
from inleer.forms import WRONG_SECRET, normal_email
from inleer.i18n import _, format_time
from inleer.policy.limit_rules import DAY, HOUR, KNOWN_FOR, full_until, place_of, waits_until
from inleer.policy.models import LoginTrace

PLACE, ACCOUNT, MAIL, KNOWN = "place", "account", "mail", "known"
_MOMENTS = select(LoginTrace.at).where(LoginTrace.key == bindparam("key"), LoginTrace.at > bindparam("since"))


@contextmanager
def counted(account: str) -> Iterator[None]:
    """What runs within tries a password or a code of ``account`` (:func:`account_here`).

    Raises TooManyTries, before anything runs, when this was tried too often from here or on this account.
    """
    g.pop(WRONG_SECRET, None)
    with unit_of_work():
        tries = _reserve(account)
    try:
        yield
    except UnknownFields:  # refused for what the form looks like
        _give_back(tries)
        raise
    _give_back(tries)


def account_here(user_id: UUID | None) -> str:
    """Whose secret the present request tries: of who is logged in, else of the address typed, else of the link."""
    if user_id is not None:
        return f"user:{user_id}"
    typed = request.form.get("email")
    return f"email:{normal_email(typed)}" if typed is not None else f"path:{request.path}"


def remember_place(email: str) -> None:
    """Note that the owner of this address is known where the present request came from: they logged in from here.

    Wrong passwords from elsewhere do not make them wait here. Within the open unit of work.
    """
    _note(KNOWN, _key(KNOWN, f"email:{normal_email(email)}", _place()))


def take_mail(email: str) -> None:
    """Count one mail about logging in to this address, within the open unit of work. Raises DomainError when it had
    too many within the hour; the sentence is the same whether somebody has that address or not."""
    key, now = _key(MAIL, normal_email(email)), clock.now()
    _lock(key)
    until = full_until(_moments(key, HOUR), _settings().login_mails, HOUR, now)
    if until is not None:
        raise DomainError(
            _(
                "Naar dit adres gingen het laatste uur al %(n)s mails. Kijk ook bij ongewenste mail, of probeer het na"
                " %(time)s opnieuw.",
                n=_settings().login_mails,
                time=_minute(until),
            ),
            "email",
        )
    _note(MAIL, key)


def forget(_actor: object, _day: object) -> None:
    """Delete what no limit looks at any more: a job of every day."""
    db.session.execute(delete(LoginTrace).where(LoginTrace.at <= clock.now() - KNOWN_FOR))


def _reserve(account: str) -> list[UUID]:
    """Note the try; returns the ids of what was noted. Raises TooManyTries, and notes nothing, when it may not be."""
    place = _place()
    keys = {PLACE: _key(PLACE, place), ACCOUNT: _key(ACCOUNT, account, _known_at(account, place))}
    for key in sorted(keys.values()):  # everybody in the same order
        _lock(key)
    now, settings = clock.now(), _settings()
    until = full_until(_moments(keys[PLACE], HOUR), settings.login_tries, HOUR, now)
    if until is not None:
        raise TooManyTries(
            _(
                "Vanaf uw internetverbinding is het laatste uur te vaak geprobeerd in te loggen. Probeer het na"
                " %(time)s opnieuw.",
                time=_minute(until),
            ),
            (until - now).total_seconds(),
        )
    until = waits_until(_moments(keys[ACCOUNT], DAY), settings.wrong_passwords, now)
    if until is not None:
        raise TooManyTries(
            _(
                "Er is te vaak een verkeerd wachtwoord of een verkeerde code ingevuld. Probeer het na %(time)s opnieuw."
                " Of kies bij het inloggen voor Wachtwoord vergeten.",
                time=_minute(until),
            ),
            (until - now).total_seconds(),
        )
    return [_note(kind, key) for kind, key in keys.items()]


def _known_at(account: str, place: str) -> str:
    """The place itself when the account's owner is known there: its tries are then counted apart; else empty."""
    return place if _moments(_key(KNOWN, account, place), KNOWN_FOR) else ""


def _give_back(tries: list[UUID]) -> None:
    if g.pop(WRONG_SECRET, False):
        return
    with unit_of_work():
        db.session.execute(delete(LoginTrace).where(LoginTrace.id.in_(tries)))


def _note(kind: str, key: str) -> UUID:
    row = LoginTrace(id=new_id(), kind=kind, key=key, at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row.id


def _moments(key: str, window: timedelta) -> list[datetime]:
    now = clock.now()
    found = db.session.execute(_MOMENTS, {"key": key, "since": now - window}).scalars()
    return [at for at in found if at <= now]


def _lock(key: str) -> None:
    """Hold off others who count the same key. SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def _key(*parts: str) -> str:
    """What is stored of an address: an HMAC, so that the table tells nobody who tried from where."""
    message = "\0".join(("login_trace", *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(_settings().secret_key.encode(), message, hashlib.sha256).hexdigest()


def _place() -> str:
    return place_of(request.remote_addr or "")


def _minute(moment: datetime) -> str:
    """The first whole minute after a moment, on an Amsterdam clock."""
    return format_time(moment + timedelta(seconds=59))


def _settings() -> Settings:
    settings: Settings = current_app.config["INLEER"]
    return settings
