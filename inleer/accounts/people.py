"""People and their roles: inviting, ending, switching off. Writes; flush, never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from inleer import audit, clock
from inleer.accounts import links, signing_in
from inleer.accounts.models import Membership, Organisation, SecurityKey, User
from inleer.accounts.passwords import check_password, hash_password
from inleer.accounts.sessions import end_sessions
from inleer.accounts.signing_in import confirmed_user, locked_user
from inleer.accounts.tokens import end_tokens
from inleer.db import db, new_id
from inleer.errors import DomainError
from inleer.forms import normal_email
from inleer.i18n import _
from inleer.jobs.outbox import enqueue
from inleer.policy import (
    ROLE_KINDS,
    ROLE_LABELS,
    Actor,
    Perm,
    Role,
    fetch,
    limits,
    load,
    system_actor,
    unscoped,
    visible,
)

# Candidates get a login with the screens that are for them; nobody logs in as the system.
INVITABLE = tuple(role for role in ROLE_LABELS if role not in (Role.SYSTEM, Role.CANDIDATE))
INVITATION_MAIL = "account.invitation"
RESET_MAIL = "account.reset"
NOTICE_MAIL = "account.notice"


def invite(actor: Actor, *, name: str, email: str, role: Role, organisation_id: UUID) -> Membership:
    """Invite somebody to a role; the mail with the link leaves after the commit.

    The answer is the same whether the address has an account or not. A pending invitation is sent again, an ended
    role is offered anew. Raises NotVisible, Forbidden, or DomainError with the field it is about.
    """
    organisation = load(actor, Perm.USER_MANAGE, Organisation, organisation_id)
    _check_role(role, organisation)
    email = normal_email(email)
    user = db.session.execute(select(User).where(User.email == email)).scalar_one_or_none()
    if user is None:
        user = User(id=new_id(), email=email, name=name, active=True, created_at=clock.now())
        db.session.add(user)
        db.session.flush()
    member = db.session.execute(
        unscoped(
            select(Membership).where(
                Membership.user_id == user.id,
                Membership.organisation_id == organisation.id,
                Membership.role == role.value,
            ),
            "the organisation was loaded in scope",
        )
    ).scalar_one_or_none()
    if member is None:
        member = Membership(
            id=new_id(),
            user_id=user.id,
            organisation_id=organisation.id,
            role=role.value,
            created_at=clock.now(),
        )
        db.session.add(member)
    elif member.ended_at is None and member.invited_as is None:
        raise DomainError(_("Deze persoon heeft deze rol al."), "email")
    member.ended_at, member.invited_as = None, name
    limits.take_mail(email)
    audit.record(actor, "membership.invited", member, details={"role": role.value}, covers=[user])
    enqueue(INVITATION_MAIL, {"membership_id": str(member.id)})
    return member


def invitation_link(member: Membership) -> str:
    """A link of the inviter's own to hand over; shown once, not stored. The one in the mail is another."""
    return links.mint(links.INVITATION, member.user_id, member.id)


def invite_again(actor: Actor, member: Membership) -> None:
    """Send a pending invitation once more. Raises DomainError when it was accepted or taken back."""
    if member.invited_as is None or member.ended_at is not None:
        raise DomainError(_("Deze uitnodiging loopt niet meer."))
    limits.take_mail(signing_in.email_of(member.user_id))
    audit.record(actor, "membership.invited_again", member)
    enqueue(INVITATION_MAIL, {"membership_id": str(member.id)})


def end_membership(actor: Actor, member: Membership) -> None:
    """End a role; its sessions, agenda feeds and invitations stop working. Raises DomainError for one's own."""
    if member.user_id == actor.user_id:
        raise DomainError(_("De eigen rol kan alleen een andere beheerder beëindigen."))
    if member.ended_at is not None:
        raise DomainError(_("Deze rol is al beëindigd."))
    member.ended_at = clock.now()
    end_sessions(membership_id=member.id)
    end_tokens(membership_id=member.id)
    links.retire(links.INVITATION, member.user_id, member.id)
    audit.record(actor, "membership.ended", member)


def deactivate(actor: Actor, member: Membership) -> None:
    """Switch a login off: its sessions and agenda feeds end. Raises DomainError for one's own or one used elsewhere."""
    user = _managed_user(actor, member)
    user.active = False
    end_sessions(user_id=user.id)
    end_tokens(user_id=user.id)
    audit.record(actor, "user.deactivated", user)


def reactivate(actor: Actor, member: Membership) -> None:
    """Switch a login on again. Raises DomainError when it is used elsewhere."""
    user = _managed_user(actor, member)
    user.active = True
    audit.record(actor, "user.reactivated", user)


def end_all_sessions(actor: Actor, member: Membership) -> int:
    """Log a person out everywhere where this role is at work. Returns how many sessions ended."""
    ended = end_sessions(membership_id=member.id)
    audit.record(actor, "membership.sessions_ended", member, details={"ended": ended})
    return ended


def forget_second_factor(actor: Actor, member: Membership) -> None:
    """After the loss of phone, keys and recovery codes: the second factor is set up anew at the next login.

    All sessions end and the person gets a mail. Raises DomainError for one's own or a login used elsewhere.
    """
    user = _managed_user(actor, member)
    user.totp_secret = user.totp_pending = user.totp_confirmed_at = None
    user.totp_last_step = user.recovery_hashes = None
    keys = db.session.execute(select(SecurityKey).where(SecurityKey.user_id == user.id)).scalars().all()
    for key in keys:
        db.session.delete(key)
    end_sessions(user_id=user.id)
    audit.record(actor, "second_factor.cleared", user, covers=keys)
    enqueue(NOTICE_MAIL, {"user_id": str(user.id), "what": "second_factor"})


def manages_login(actor: Actor, user_id: UUID) -> bool:
    """Whether every role of this login is in an organisation that the actor manages."""
    mine = set(fetch(actor, _ids(visible(actor, Membership, Perm.USER_MANAGE), user_id)).scalars())
    everywhere = unscoped(select(Membership), "only counted, to find roles elsewhere")
    return set(db.session.execute(_ids(everywhere, user_id)).scalars()) <= mine


def change_password(actor: Actor, current: str, new: str) -> None:
    """Change one's own password; other sessions end, a mail tells. Raises DomainError with the field."""
    user = confirmed_user(actor, current)
    check_password(new, (user.name, user.email, actor.organisation_name))
    user.password_hash = hash_password(new)
    end_sessions(user_id=user.id, but=actor.session_id)
    audit.record(actor, "password.changed", user)
    enqueue(NOTICE_MAIL, {"user_id": str(user.id), "what": "password"})


def change_name(actor: Actor, name: str) -> None:
    """Change one's own name as others see it."""
    user = locked_user(actor.user_id)
    user.name = name
    audit.record(actor, "user.changed", user, fields=["name"])


def request_reset(email: str, trace_id: str) -> None:
    """Ask for a reset link. Whether the address is known shows in nothing: the same rows are written.

    Raises DomainError when the address, known or not, had too many mails.
    """
    limits.take_mail(email)
    user = db.session.execute(
        select(User).where(User.email == normal_email(email), User.active, User.password_hash.is_not(None))
    ).scalar_one_or_none()
    user_id = user.id if user is not None else new_id()
    audit.record(
        replace(system_actor("web"), trace_id=trace_id), "password.reset_requested", ("user_account", user_id)
    )
    enqueue(RESET_MAIL, {"user_id": str(user_id)})


def roles_for(kinds: Sequence[str]) -> tuple[Role, ...]:
    """The roles to which one can be invited in organisations of these kinds."""
    return tuple(role for role in INVITABLE if ROLE_KINDS[role] & set(kinds))


def _check_role(role: Role, organisation: Organisation) -> None:
    if role not in INVITABLE or organisation.kind not in ROLE_KINDS[role]:
        raise DomainError(
            _("Deze rol past niet bij %(name)s. Kies een andere rol of organisatie.", name=organisation.name),
            "role",
        )
    if organisation.archived_at is not None:
        raise DomainError(_("Deze organisatie is gearchiveerd. Zet haar eerst terug."), "organisation")


def _managed_user(actor: Actor, member: Membership) -> User:
    if member.user_id == actor.user_id:
        raise DomainError(_("Dit kan niet met het eigen account. Vraag een andere beheerder."))
    if member.invited_as is not None or not manages_login(actor, member.user_id):
        raise DomainError(
            _(
                "Dit account is ook van een organisatie buiten dit beheer. "
                "Beëindig alleen de rol bij de eigen organisatie."
            )
        )
    return locked_user(member.user_id)


def _ids(statement: Select[*tuple[Any, ...]], user_id: UUID) -> Select[*tuple[Any, ...]]:
    return statement.with_only_columns(Membership.id).where(
        Membership.user_id == user_id, Membership.ended_at.is_(None), Membership.invited_as.is_(None)
    )
