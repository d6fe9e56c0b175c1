"""The mailbox of the demo: the mails that nobody sent, to read and to follow their links.

Outside the demo there is no such page: a mail holds personal links, and whoever reads it could use them.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template

from inleer.config import Settings
from inleer.errors import NotVisible
from inleer.i18n import _
from inleer.policy.guard import public

MOST = 100
WHY = "the demo's mails are about fictional people, and an employer without an account reads them too"
blueprint = Blueprint("mailbox", __name__, url_prefix="/postbus")


@dataclass(frozen=True)
class Caught:
    """A mail as it lies in the mailbox."""

    id: UUID
    to: str
    subject: str
    at: datetime


def is_on(settings: Settings) -> bool:
    """Whether this is a demo that keeps its mail as files: only then does the mailbox exist."""
    return settings.demo and not settings.smtp_url


@blueprint.before_request
def _only_in_the_demo() -> None:
    if not is_on(current_app.config["INLEER"]):
        raise NotVisible


@blueprint.get("", endpoint="index")
@public(WHY)
def index() -> str:
    """The newest mails first."""
    newest = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:MOST]
    return render_template("mailbox/index.html", mails=[_caught(path) for path in newest], most=MOST)


@blueprint.get("/<uuid:mail_id>", endpoint="show")
@public(WHY)
def show(mail_id: UUID) -> str:
    """One mail in plain text, with links that work."""
    path = _path(mail_id)
    mail = _read(path)
    has_html = mail.get_body(("html",)) is not None
    return render_template(
        "mailbox/show.html", mail=_caught(path), text=_part(mail, "plain"), has_html=has_html
    )


@blueprint.get("/<uuid:mail_id>/opgemaakt", endpoint="show_html")
@public(WHY)
def show_html(mail_id: UUID) -> Response:
    """The same mail as a mail program shows its HTML; the headers of every page keep scripts and styles out."""
    return make_response(_part(_read(_path(mail_id)), "html"))


def _folder() -> Path:
    settings: Settings = current_app.config["INLEER"]
    return settings.var_dir / "mail"


def _path(mail_id: UUID) -> Path:
    path = _folder() / f"{mail_id}.eml"
    if not path.exists():
        raise NotVisible
    return path


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _caught(path: Path) -> Caught:
    mail = _read(path)
    at = mail["Date"].datetime
    return Caught(UUID(path.stem), str(mail["To"]), str(mail["Subject"] or _("zonder onderwerp")), at)


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    if body is None:
        raise NotVisible
    return str(body.get_content())
