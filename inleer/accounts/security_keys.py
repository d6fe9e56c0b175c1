"""Security keys and passkeys as second factor (WebAuthn level 3), checked by py_webauthn. In the open unit of work.

What a key must sign is made here, kept in the session's row, and taken once: an answer that was seen before, that was
given to another session, another site or another purpose, is worthless.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from inleer import audit, clock
from inleer.accounts.models import SecurityKey, User, UserSession
from inleer.accounts.sessions import SessionUser, end_sessions, renew_session
from inleer.accounts.signing_in import confirmed_user, give_recovery_codes, locked_user, require_old_factor
from inleer.config import Settings
from inleer.db import db, new_id
from inleer.errors import DomainError, Forbidden, NotVisible, WrongSecret
from inleer.i18n import _
from inleer.jobs.outbox import enqueue

REGISTER, USE = "register", "use"
CHALLENGE_BYTES = 32
CHALLENGE_LIFE = timedelta(minutes=5)
MOST_KEYS = 10
NOTICE_MAIL = "account.notice"
# What a browser sends; py_webauthn raises these two beside its own errors for what is no answer of a browser at all.
_ODD = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class KeyRow:
    """A key of one's own, for the list."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


def possible() -> bool:
    """Whether a browser will do this at the address people use: not at a bare internet address (WebAuthn § 5.1.3)."""
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def keys_of(user_id: UUID) -> tuple[KeyRow, ...]:
    """The keys of a user, the oldest first."""
    columns = select(SecurityKey.id, SecurityKey.name, SecurityKey.created_at, SecurityKey.used_at)
    mine = columns.where(SecurityKey.user_id == user_id)
    rows = db.session.execute(mine.order_by(SecurityKey.created_at, SecurityKey.id))
    return tuple(KeyRow(*row) for row in rows)


def begin_adding(current: SessionUser, password: str) -> str:
    """What the browser needs to make a key, as JSON; the person gives the password first.

    Raises WrongSecret for a wrong password, DomainError when there are too many keys, Forbidden while the present
    second factor was not given in this session.
    """
    require_old_factor(current)
    user = confirmed_user(current.actor, password)
    known = _rows(user.id)
    if len(known) >= MOST_KEYS:
        raise DomainError(
            _("U hebt al %(n)s sleutels. Verwijder er eerst een die u niet meer gebruikt.", n=MOST_KEYS)
        )
    audit.record(current.actor, "security_key.begun", user)
    options = generate_registration_options(
        rp_id=_host(),
        rp_name="inleer",
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        challenge=_new_challenge(current, REGISTER),
        exclude_credentials=[_descriptor(row) for row in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.DISCOURAGED,
        ),
    )
    return options_to_json(options)


def add(current: SessionUser, name: str, answer: str) -> tuple[str, Sequence[str]]:
    """Keep the key that the browser made; return the session's new token, and recovery codes for a first factor.

    Raises WrongSecret for an answer that is not to what was asked in this session just now.
    """
    require_old_factor(current)
    user = locked_user(current.actor.user_id)
    challenge = _take_challenge(current, REGISTER)
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin()
        )
        transports = _transports(answer)
    except _ODD as error:
        raise WrongSecret(_("De sleutel is niet toegevoegd. Probeer het opnieuw.")) from error
    credential_id = bytes_to_base64url(made.credential_id)
    taken = select(func.count()).select_from(SecurityKey).where(SecurityKey.credential_id == credential_id)
    if db.session.execute(taken).scalar_one():
        raise DomainError(_("Deze sleutel is al toegevoegd."))
    row = SecurityKey(
        id=new_id(),
        user_id=user.id,
        name=name,
        credential_id=credential_id,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        transports=transports,
        created_at=clock.now(),
    )
    db.session.add(row)
    codes = [] if current.second_factor_set else give_recovery_codes(user)
    user.totp_pending = None
    end_sessions(user_id=user.id, but=current.session_id)
    audit.record(current.actor, "security_key.added", row, covers=[user])
    enqueue(NOTICE_MAIL, {"user_id": str(user.id), "what": "key_added"})
    return renew_session(current.session_id, second_factor_at=clock.now()), codes


def begin_using(current: SessionUser) -> str:
    """What the browser needs to ask one of the person's keys, as JSON. Raises Forbidden without a key."""
    if not current.has_key:
        raise Forbidden("no security key")
    audit.record(current.actor, "security_key.asked", ("user_session", current.session_id))
    options = generate_authentication_options(
        rp_id=_host(),
        challenge=_new_challenge(current, USE),
        allow_credentials=[_descriptor(row) for row in _rows(current.actor.user_id)],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return options_to_json(options)


def use(current: SessionUser, answer: str) -> str:
    """Accept what a key of this person signed, once; return the session's new token. Raises WrongSecret."""
    user = locked_user(current.actor.user_id)
    challenge = _take_challenge(current, USE)
    try:
        row = _key_in(answer, user)
        seen = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
        )
    except _ODD as error:
        raise WrongSecret(_("Deze sleutel is niet geaccepteerd. Probeer het opnieuw.")) from error
    row.sign_count, row.used_at = seen.new_sign_count, clock.now()
    details = {"kind": "key", "key": str(row.id)}
    audit.record(current.actor, "second_factor.passed", user, details=details, covers=[row])
    return renew_session(current.session_id, second_factor_at=clock.now())


def remove(current: SessionUser, key_id: UUID, password: str) -> None:
    """Take a key of one's own away, with the password.

    Raises NotVisible for a key of somebody else, WrongSecret for a wrong password, DomainError for the last second
    factor of a professional.
    """
    row = _own(current, key_id)
    user = confirmed_user(current.actor, password)
    last = user.totp_secret is None and len(_rows(user.id)) == 1
    if last and current.second_factor_needed:
        raise DomainError(
            _("Dit is uw enige tweede factor. Voeg eerst een andere sleutel toe, of koppel een app.")
        )
    if last:
        user.recovery_hashes = None
    db.session.delete(row)
    audit.record(current.actor, "security_key.removed", row, covers=[user])
    enqueue(NOTICE_MAIL, {"user_id": str(user.id), "what": "key_removed"})


def name_of(current: SessionUser, key_id: UUID) -> str:
    """The name of a key of one's own. Raises NotVisible for one of somebody else."""
    return _own(current, key_id).name


def _own(current: SessionUser, key_id: UUID) -> SecurityKey:
    statement = select(SecurityKey).where(
        SecurityKey.id == key_id, SecurityKey.user_id == current.actor.user_id
    )
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotVisible
    return row


def _key_in(answer: str, user: User) -> SecurityKey:
    """The key of this user that an answer says it comes from. Raises ValueError for any other."""
    said = json.loads(answer)
    for row in _rows(user.id):
        if isinstance(said, dict) and said.get("id") == row.credential_id:
            return row
    raise ValueError("no key of this person")


def _rows(user_id: UUID) -> list[SecurityKey]:
    statement = select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.created_at)
    return list(db.session.execute(statement).scalars())


def _new_challenge(current: SessionUser, purpose: str) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row = _session_row(current)
    row.key_challenge, row.key_purpose = bytes_to_base64url(challenge), purpose
    row.key_until = clock.now() + CHALLENGE_LIFE
    return challenge


def _take_challenge(current: SessionUser, purpose: str) -> bytes:
    """What was asked in this session, for this purpose, and not answered yet. Raises WrongSecret when there is none."""
    row, now = _session_row(current), clock.now()
    waiting, until = row.key_challenge, row.key_until
    fits = row.key_purpose == purpose and until is not None and now < until <= now + CHALLENGE_LIFE
    row.key_challenge = row.key_purpose = row.key_until = None
    if waiting is None or not fits:
        raise WrongSecret(_("Dit duurde te lang, of is al gebruikt. Probeer het opnieuw."))
    return base64url_to_bytes(waiting)


def _session_row(current: SessionUser) -> UserSession:
    statement = select(UserSession).where(UserSession.id == current.session_id).with_for_update()
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def _descriptor(row: SecurityKey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id))


def _transports(answer: str) -> list[str]:
    """How the browser may reach the key, as far as it says so in words of the standard."""
    said: Any = json.loads(answer)["response"].get("transports") or []
    known = {"usb", "nfc", "ble", "smart-card", "hybrid", "internal"}
    return sorted(known & {word for word in said if isinstance(word, str)})


def _origin() -> str:
    settings: Settings = current_app.config["INLEER"]
    return settings.base_url


def _host() -> str:
    return urlsplit(_origin()).hostname or ""
