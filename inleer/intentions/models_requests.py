"""Asking employers: the request by mail, its links, what was said, and what an employer asks or proposes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inleer.db import Base, Id, Versioned

REQUEST_STATES = ("open", "closed", "expired", "revoked")
OUTCOMES = ("confirmed", "changed", "declined", "telephone", "replaced", "ended")
MESSAGE_KINDS = ("question", "contact")
MESSAGE_STATES = ("open", "done", "left")
MAIL_KINDS = ("request", "reminder", "resend", "reply")


class IntentionRequest(Versioned, Base):
    """One question to one contact of an employer: a fixed set of intentions of an edition, in one mail.

    ``answer_by`` is the last day to answer; ``stage`` how many of the reminders are behind it. It is closed when
    every intention in it has an answer.
    """

    __tablename__ = "intention_request"
    __table_args__ = (
        CheckConstraint(f"state IN {REQUEST_STATES!r}", name="state"),
        Index("ix_intention_request_email", "agency_id", "email"),
    )

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"), index=True)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    contact_name: Mapped[str | None] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    asked_on: Mapped[date]
    answer_by: Mapped[date]
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    sender_name: Mapped[str] = mapped_column(String(200))
    stage: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="open")


class RequestItem(Base):
    """An intention in a request, as it was when it was asked: its version and values.

    ``outcome`` is empty until it is answered, or no longer asked: "replaced" by a later request, or "ended" by staff.
    ``before`` is its state before it was asked, for the way back; ``replaced_contact`` the contact in whose place
    somebody else was asked ({"name", "email", "message_id"}), empty when the contact stayed.
    """

    __tablename__ = "intention_request_item"
    __audited__ = False  # covered by the events on the request and its intentions
    __table_args__ = (
        CheckConstraint(f"outcome IS NULL OR outcome IN {OUTCOMES!r}", name="outcome"),
        Index("ix_intention_request_item_one", "request_id", "intention_id", unique=True),
    )

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("intention_request.id"))
    intention_id: Mapped[UUID] = mapped_column(ForeignKey("job_intention.id"), index=True)
    place: Mapped[int]
    asked_version: Mapped[int]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[str] = mapped_column(String(12))
    replaced_contact: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[str | None] = mapped_column(String(200))


class ConfirmToken(Base):
    """A personal link to a request: only the SHA-256 is kept. Several links to one request can be valid."""

    __tablename__ = "confirm_token"
    __audited__ = False  # asking, reminding and revoking are audited on the request

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("intention_request.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IntentionMail(Base):
    """A mail with a link that was queued for a request: for the limit a day, and for when it left.

    ``message_id`` is the message of the outbox; one reminder can be about several requests.
    """

    __tablename__ = "intention_mail"
    __audited__ = False  # the action that queued it is audited
    __table_args__ = (
        CheckConstraint(f"kind IN {MAIL_KINDS!r}", name="kind"),
        Index("ix_intention_mail_email", "email", "queued_at"),
    )

    id: Mapped[Id]
    message_id: Mapped[UUID] = mapped_column(index=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("intention_request.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(10))
    queued_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class IntentionStatement(Base):
    """What an employer stated, word for word, with the SHA-256 of the text in UTF-8. Never changed."""

    __tablename__ = "intention_statement"
    __audited__ = False  # covered by the event on its intention

    id: Mapped[Id]
    intention_id: Mapped[UUID] = mapped_column(ForeignKey("job_intention.id"), index=True)
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("intention_request.id"), index=True)
    at: Mapped[datetime]
    stated_by: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class IntentionMessage(Versioned, Base):
    """A question of an employer, or a colleague whom to ask instead, until staff did something with it.

    ``state`` "left": the proposed contact is not taken over.
    """

    __tablename__ = "intention_message"
    __table_args__ = (
        CheckConstraint(f"kind IN {MESSAGE_KINDS!r}", name="kind"),
        CheckConstraint(f"state IN {MESSAGE_STATES!r}", name="state"),
    )

    id: Mapped[Id]
    intention_id: Mapped[UUID] = mapped_column(ForeignKey("job_intention.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("intention_request.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(1000), default="")
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    asked_by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(4), default="open")
    reply: Mapped[str] = mapped_column(String(2000), default="")
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(200))
