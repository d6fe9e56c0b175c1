"""Personal links to a request: 256 bit, hashed at rest, 14 days, revocable. GET shows, POST does; none logs in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update

from inleer import clock
from inleer.accounts.secrets import new_token, token_hash
from inleer.config import Settings
from inleer.db import db, new_id
from inleer.intentions.models_requests import ConfirmToken, IntentionRequest
from inleer.intentions.rules_requests import LINK_LIFETIME
from inleer.policy import unscoped

PURPOSE = "intention"
PATH = "/antwoord/"


@dataclass(frozen=True)
class Found:
    """A token of ours that was not revoked: its request, and whether it still works."""

    request: IntentionRequest
    works: bool


def mint(request: IntentionRequest) -> str:
    """Make a link within the open unit of work and return its address. Links sent earlier stay valid."""
    token, now = new_token(), clock.now()
    db.session.add(
        ConfirmToken(
            id=new_id(),
            token_hash=token_hash(token),
            purpose=PURPOSE,
            organisation_id=request.agency_id,
            request_id=request.id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    settings: Settings = current_app.config["INLEER"]
    return f"{settings.base_url}{PATH}{request.agency_id}/{token}"


def find(organisation_id: UUID, token: str) -> Found | None:
    """The request behind a link of this organisation, by the hash of its token; None when not ours, or revoked."""
    statement = (
        select(ConfirmToken, IntentionRequest)
        .join(IntentionRequest, IntentionRequest.id == ConfirmToken.request_id)
        .where(
            ConfirmToken.token_hash == token_hash(token),
            ConfirmToken.organisation_id == organisation_id,
            ConfirmToken.purpose == PURPOSE,
            ConfirmToken.revoked_at.is_(None),
            IntentionRequest.state != "revoked",
        )
    )
    row = db.session.execute(unscoped(statement, "the link is the permission")).one_or_none()
    if row is None:
        return None
    return Found(row.IntentionRequest, row.ConfirmToken.expires_at > clock.now())


def revoke(request_id: UUID) -> None:
    """Make every link to a request worthless."""
    ending = update(ConfirmToken).where(
        ConfirmToken.request_id == request_id, ConfirmToken.revoked_at.is_(None)
    )
    db.session.execute(ending.values(revoked_at=clock.now()))
