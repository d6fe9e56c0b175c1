"""Rotating the secret key: what was encrypted with a former key is encrypted anew, so that the former one can go."""

from __future__ import annotations

from datetime import date

from flask import current_app
from sqlalchemy import or_, select

from inleer import audit
from inleer.accounts.models import User
from inleer.accounts.secrets import Unreadable, decrypt, encrypt, is_current
from inleer.accounts.signing_in import TOTP
from inleer.db import db
from inleer.policy import Actor, unscoped

SEALED = ("totp_secret", "totp_pending")
_WITH_SECRET = unscoped(
    select(User).where(or_(User.totp_secret.is_not(None), User.totp_pending.is_not(None))).order_by(User.id),
    "rotation of the key, nobody is shown",
)


def outdated() -> list[User]:
    """People whose second factor the present key does not open. Call it in an app context."""
    people = db.session.execute(_WITH_SECRET).scalars().all()
    return [user for user in people if any(_is_old(user, name) for name in SEALED)]


def rotate(actor: Actor, _day: date | None = None) -> int:
    """Encrypt second factors anew with the present key, within a unit of work; returns for how many people.

    A daily job. What no known key opens stays as it is: its owner sets up a new second factor.
    """
    if not current_app.config["INLEER"].secret_key_fallbacks:
        return 0
    count = 0
    for user in outdated():
        changed = [name for name in SEALED if _encrypt_anew(user, name)]
        if changed:
            audit.record(actor, "second_factor.reencrypt", user)
            count += 1
    return count


def _is_old(user: User, name: str) -> bool:
    sealed = getattr(user, name)
    return sealed is not None and not is_current(TOTP, sealed)


def _encrypt_anew(user: User, name: str) -> bool:
    if not _is_old(user, name):
        return False
    try:
        opened = decrypt(TOTP, getattr(user, name))
    except Unreadable:
        return False
    setattr(user, name, encrypt(TOTP, opened))
    return True
