"""Logging in and out: password, second factor, choice of role. Everything here runs in the open unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from inleer import audit, clock
from inleer.accounts import second_factor
from inleer.accounts.models import Membership, Organisation, SecurityKey, User, UserSession
from inleer.accounts.passwords import hash_password, outdated, verify_password
from inleer.accounts.secrets import Unreadable, decrypt, encrypt
from inleer.accounts.sessions import (
    EFFECTIVE,
    MembershipChoice,
    SessionUser,
    end_sessions,
    id_of,
    needs_second_factor,
    renew_session,
    start_session,
)
from inleer.db import db
from inleer.errors import DomainError, Forbidden, NotVisible, WrongSecret
from inleer.forms import normal_email
from inleer.i18n import _
from inleer.policy import Actor, Role, unscoped

TOTP = "totp"  # the purpose under which second-factor secrets are encrypted
#: Between the id of the session that may see a waiting secret and that secret.
OF_SESSION = ":"
_BY_EMAIL = select(User).where(User.email == bindparam("email")).with_for_update()
_CHOICES = unscoped(
    select(Membership.id, Membership.role, Membership.organisation_id, Organisation.name)
    .join(Organisation, EFFECTIVE)
    .where(Membership.user_id == bindparam("user_id"))
    .order_by(Organisation.name, Membership.role),
    "the roles of the person who logs in",
)
_LAST_USED = (
    select(UserSession.membership_id)
    .where(UserSession.user_id == bindparam("user_id"))
    .order_by(UserSession.last_seen_at.desc())
    .limit(1)
)


def authenticate(email: str, password: str) -> User | None:
    """The user with this address and password, or None. Takes the same work when there is no such user."""
    user = db.session.execute(_BY_EMAIL, {"email": normal_email(email)}).scalar_one_or_none()
    right = verify_password(user.password_hash if user else None, password)
    return user if user is not None and right and user.active else None


def choices_of(user_id: UUID) -> tuple[MembershipChoice, ...]:
    """The roles a user can work in now, by organisation and role."""
    rows = db.session.execute(_CHOICES, {"user_id": user_id})
    return tuple(MembershipChoice(r.id, Role(r.role), r.organisation_id, r.name) for r in rows)


def open_session(user: User, password: str, user_agent: str, trace_id: str) -> str:
    """Start a session for a user whose password was right; return its token.

    The role is the one last worked in. Raises DomainError when the person has no role left. Who needs a second
    factor and has none yet gets a secret to set it up with: a new one at every log-in, for that session alone.
    """
    choices = choices_of(user.id)
    if not choices:
        raise DomainError(_("U hebt nu geen rol bij een organisatie. Vraag uw beheerder om een uitnodiging."))
    last = db.session.execute(_LAST_USED, {"user_id": user.id}).scalar_one_or_none()
    choice = next((c for c in choices if c.id == last), choices[0])
    if user.password_hash is not None and outdated(user.password_hash):
        user.password_hash = hash_password(password)
    required = needs_second_factor([c.role for c in choices], False)
    token = start_session(user.id, choice.id, user_agent, second_factor=False)
    if required and user.totp_secret is None and not has_key(user.id):
        user.totp_pending = _new_pending(id_of(token))
    audit.record(
        actor_as(user, choice, trace_id), "login.started", user, details={"membership": str(choice.id)}
    )
    return token


def actor_as(user: User, choice: MembershipChoice, trace_id: str) -> Actor:
    """The actor of somebody who acts before a session is loaded (logging in, accepting an invitation)."""
    return Actor(
        user_id=user.id,
        organisation_id=choice.organisation_id,
        role=choice.role,
        name=user.name,
        organisation_name=choice.organisation_name,
        membership_id=choice.id,
        trace_id=trace_id,
    )


def end_session(current: SessionUser) -> None:
    """Log out: the session's row ends, so that its token is worthless wherever it is."""
    end_sessions(session_id=current.session_id)
    audit.record(current.actor, "login.ended", ("user_session", current.session_id))


def end_own_session(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions, on another device. Raises NotVisible when it is not one's own."""
    if end_sessions(user_id=actor.user_id, session_id=session_id) == 0:
        raise NotVisible
    audit.record(actor, "login.ended", ("user_session", session_id))


def switch(current: SessionUser, membership_id: UUID) -> str:
    """Work in another role from now on; return the session's new token. Raises NotVisible for a foreign one."""
    if membership_id not in {choice.id for choice in current.memberships}:
        raise NotVisible
    audit.record(
        current.actor,
        "login.switched",
        ("user_session", current.session_id),
        details={"from": str(current.actor.membership_id), "to": str(membership_id)},
    )
    return renew_session(current.session_id, membership_id=membership_id)


def pass_second_factor(current: SessionUser, code: str) -> str:
    """Accept a code by time or a recovery code, once; return the session's new token. Raises DomainError."""
    user, now = locked_user(current.actor.user_id), clock.now()
    if not current.second_factor_set:
        raise Forbidden("no second factor is set up")
    step = None
    if user.totp_secret is not None:
        step = second_factor.matching_step(unsealed(user.totp_secret), code, now, user.totp_last_step)
    left = None if step is not None else second_factor.without_code(user.recovery_hashes or [], code)
    if step is not None:
        user.totp_last_step = step
    elif left is not None:
        user.recovery_hashes = left
    else:
        raise WrongSecret(
            _("Deze code klopt niet of is al gebruikt. Wacht op de volgende code in uw app."), "code"
        )
    kind = "totp" if step is not None else "recovery"
    audit.record(current.actor, "second_factor.passed", user, details={"kind": kind})
    return renew_session(current.session_id, second_factor_at=now)


def begin_setup(current: SessionUser, password: str) -> None:
    """Prepare a new second factor; the old one works until the new one is confirmed.

    Raises DomainError for a wrong password, Forbidden while the old factor was not given in this session.
    """
    require_old_factor(current)
    user = confirmed_user(current.actor, password)
    user.totp_pending = _new_pending(current.session_id)
    audit.record(current.actor, "second_factor.begun", user)


def pending_secret(current: SessionUser) -> str | None:
    """The secret that waits for its first code, or None. No other session than the one that asked for it gets it.

    Raises Forbidden while the old factor was not given in this session.
    """
    require_old_factor(current)
    statement = select(User.totp_pending).where(User.id == current.actor.user_id)
    return _pending_of(current, db.session.execute(statement).scalar_one())


def _new_pending(session_id: UUID) -> str:
    """A new secret, sealed together with the session that may see it."""
    return encrypt(TOTP, f"{session_id}{OF_SESSION}{second_factor.new_secret()}")


def _pending_of(current: SessionUser, sealed: str | None) -> str | None:
    if sealed is None:
        return None
    session_id, _mark, secret = unsealed(sealed).partition(OF_SESSION)
    return secret if session_id == str(current.session_id) and secret else None


def finish_setup(current: SessionUser, code: str) -> tuple[str, Sequence[str]]:
    """Confirm a new second factor with its first code; return the session's new token and the recovery codes.

    Raises DomainError for a wrong code, Forbidden when nothing waits or the old factor was not given yet.
    """
    require_old_factor(current)
    user = locked_user(current.actor.user_id)
    secret, now = _pending_of(current, user.totp_pending), clock.now()
    if secret is None:
        raise Forbidden("nothing to confirm in this session")
    step = second_factor.matching_step(secret, code, now, None)
    if step is None:
        raise WrongSecret(
            _("Deze code klopt niet. Controleer of de tijd van uw telefoon goed staat."), "code"
        )
    user.totp_secret, user.totp_pending = encrypt(TOTP, secret), None
    user.totp_confirmed_at, user.totp_last_step = now, step
    codes = give_recovery_codes(user)
    end_sessions(user_id=user.id, but=current.session_id)
    audit.record(current.actor, "second_factor.enabled", user)
    return renew_session(current.session_id, second_factor_at=now), codes


def give_recovery_codes(user: User) -> Sequence[str]:
    """New recovery codes; former ones stop working."""
    codes = second_factor.new_recovery_codes()
    user.recovery_hashes = [second_factor.recovery_hash(c) for c in codes]
    return codes


def has_key(user_id: UUID) -> bool:
    """Whether a user has a security key."""
    statement = select(SecurityKey.id).where(SecurityKey.user_id == user_id).limit(1)
    return db.session.execute(statement).first() is not None


def require_old_factor(current: SessionUser) -> None:
    """Raises Forbidden when a second factor is set up and was not given in this session."""
    if current.second_factor_set and not current.second_factor_done:
        raise Forbidden("the present second factor comes first")


def new_recovery_codes(actor: Actor, password: str) -> Sequence[str]:
    """Replace the recovery codes; the former ones stop working. Raises DomainError for a wrong password."""
    user = confirmed_user(actor, password)
    if user.totp_secret is None and not has_key(user.id):
        raise Forbidden("no second factor is set up")
    codes = give_recovery_codes(user)
    audit.record(actor, "second_factor.codes_renewed", user)
    return codes


def confirmed_user(actor: Actor, password: str) -> User:
    """The actor's own user row, when the password is right. Raises DomainError for field "current"."""
    user = locked_user(actor.user_id)
    if not verify_password(user.password_hash, password):
        raise WrongSecret(_("Dit is niet uw huidige wachtwoord."), "current")
    return user


def locked_user(user_id: UUID) -> User:
    """A user, locked until the unit of work ends, so that a code works once."""
    return db.session.execute(
        select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def unsealed(sealed: str) -> str:
    """A second-factor secret in clear. Raises DomainError when its key is gone."""
    try:
        return decrypt(TOTP, sealed)
    except Unreadable as error:
        raise DomainError(
            _("Uw tweede factor is niet meer leesbaar. Vraag uw beheerder om hem opnieuw in te stellen.")
        ) from error


def email_of(user_id: UUID) -> str:
    """A user's e-mail address, for the name of the account in an authenticator app."""
    return db.session.execute(select(User.email).where(User.id == user_id)).scalar_one()


def recovery_codes_left(user_id: UUID) -> int:
    """How many recovery codes a user has not used yet."""
    return len(db.session.execute(select(User.recovery_hashes).where(User.id == user_id)).scalar_one() or [])
