"""Mail: a feature composes it when it leaves, one of two transports takes it away (SMTP, or files under var/)."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from markupsafe import Markup

from inleer.config import ConfigError, Settings
from inleer.db import unit_of_work
from inleer.jobs import bounces, outbox
from inleer.jobs.dsn import Returned, status_in
from inleer.jobs.outbox import Message
from inleer.jobs.texts import Filled
from inleer.policy import system_actor

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Mail:
    """A mail in plain text, and perhaps the same in HTML. ``to`` is one address; ``subject`` one line."""

    to: str
    subject: str
    text: str
    html: str = ""


Compose = Callable[[dict[str, Any]], Mail | None]


def register(kind: str, compose: Compose) -> None:
    """Say how mails of this outbox kind are written.

    ``compose`` gets the payload when the mail is about to leave, in a unit of work: it looks up the addressee and
    mints the link, which is thus nowhere stored in clear. None means that the mail is no longer wanted.
    """

    def handle(message: Message) -> None:
        with unit_of_work():
            mail = compose(message.payload)
            if mail is not None and bounces.shut([mail.to]):
                raise bounces.AddressShut
        if mail is not None:
            _send(message, mail)

    outbox.register(kind, handle)


def _send(message: Message, mail: Mail) -> None:
    settings: Settings = current_app.config["INLEER"]
    try:
        deliver(settings, envelope(settings, message, mail))
    except smtplib.SMTPRecipientsRefused as refused:
        said = " ".join(reply.decode("ascii", "replace") for _code, reply in refused.recipients.values())
        back = Returned(mail.to.lower(), status_in(said), message.id)
        if not back.permanent:
            raise
        with unit_of_work():
            bounces.note(system_actor("worker"), back)
        raise bounces.AddressShut from refused


def envelope(settings: Settings, message: Message, mail: Mail) -> EmailMessage:
    """The mail as it travels. Message-ID and date are the same at every attempt, so that a second copy is seen as one.

    Raises ValueError for a line break in the address or the subject.
    """
    made = EmailMessage()
    sender = parseaddr(settings.mail_from)[1]
    made["From"] = settings.mail_from
    made["To"] = mail.to
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(message.created_at)
    made["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2] or 'inleer'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    if mail.html:
        made.add_alternative(mail.html, subtype="html")
    return made


def letter(to: str, filled: Filled) -> Mail:
    """A mail from a text that was filled in, in plain text and in HTML."""
    return Mail(
        to, filled.subject, filled.text, str(part("frame", subject=filled.subject, content=filled.html))
    )


def part(template: str, **known: Any) -> Markup:
    """HTML for a mail, from ``templates/mail/TEMPLATE.html``; what is filled in is escaped. Needs no request."""
    return Markup(current_app.jinja_env.get_template(f"mail/{template}.html").render(**known))  # nosec B704 - rendered with autoescape


def deliver(settings: Settings, mail: EmailMessage) -> None:
    """Hand a mail to INLEER_SMTP_URL, or keep it as a file in var/mail when that is not set."""
    if settings.smtp_url:
        send_by_smtp(settings.smtp_url, mail)
    else:
        keep_as_file(settings.var_dir / "mail", mail)


def send_by_smtp(url: str, mail: EmailMessage) -> None:
    """Send over smtps://, or over smtp:// with STARTTLS where the server offers it.

    Raises ConfigError when a password would travel unencrypted, OSError or SMTPException when sending fails.
    """
    parts = urlsplit(url)
    host, encrypted, context = parts.hostname or "localhost", parts.scheme == "smtps", _tls()
    connection: smtplib.SMTP
    if encrypted:
        connection = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo()
        if not encrypted and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            encrypted = True
        if parts.username:
            if not encrypted:
                raise ConfigError(
                    "INLEER_SMTP_URL heeft een wachtwoord, maar de mailserver versleutelt niet."
                )
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(mail)


@cache
def _tls() -> ssl.SSLContext:
    """Whom to trust is read once: it costs more than sending a mail."""
    return ssl.create_default_context()


def keep_as_file(folder: Path, mail: EmailMessage) -> Path:
    """Write a mail as .eml that only we can read; a second attempt overwrites the first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    path = folder / f"{name}.eml"
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(mail.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path
