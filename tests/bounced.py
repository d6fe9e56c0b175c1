"""Mails that come back, as mail servers write them (RFC 3464)."""

from __future__ import annotations

from uuid import UUID, uuid4

from inleer.db import unit_of_work
from inleer.jobs import bounces, outbox
from inleer.jobs.dsn import Returned
from inleer.policy import system_actor

NOTIFICATION = """\
From: MAILER-DAEMON@mail.example.nl
To: geen-antwoord@localhost
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.nl
Arrival-Date: Tue, 17 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; {email}
Original-Recipient: rfc822;{email}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{email}>: Recipient address rejected

--grens
Content-Type: {kind}

Message-ID: {message_id}
From: inleer <geen-antwoord@localhost>
To: {email}
Subject: Uitnodiging voor inleer

--grens--
"""


def notification(
    email: str,
    message_id: UUID,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    kind: str = "text/rfc822-headers",
    mail_id: str = "",
) -> bytes:
    """That a mail of ours to this address was not delivered."""
    ours = mail_id or f"<{message_id}@localhost>"
    return NOTIFICATION.format(email=email, action=action, status=status, kind=kind, message_id=ours).encode()


def shut(email: str, code: str = "5.1.1") -> UUID:
    """A mail to this address came back; returns the message that it was about."""
    with unit_of_work():
        made = outbox.enqueue("account.reset", {"user_id": str(uuid4())})
        assert bounces.note(system_actor(), Returned(email.lower(), code, made))
    return made
