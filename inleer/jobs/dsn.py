"""Reading what mail servers send back: a delivery status notification (RFC 3464). Pure; strangers wrote it.

What is not one, or is not about a mail of ours, gives nothing. Nothing in it raises.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

_STATUS = re.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
#: A whole mail with its history fits; more of it is not looked at.
MOST_BYTES = 1_000_000
_LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Returned:
    """A mail of ours that was not delivered. ``code`` is that of RFC 3463; ``message_id`` our outbox message."""

    email: str
    code: str
    message_id: UUID

    @property
    def permanent(self) -> bool:
        """Whether trying again makes no sense."""
        return self.code.startswith("5")


def returned(raw: bytes) -> list[Returned]:
    """The mails of ours that this notification says were not delivered; nothing for another kind of mail."""
    mail = email.message_from_bytes(raw[:MOST_BYTES])
    parts = list(mail.walk())
    about = next((found for part in parts if (found := _about(part)) is not None), None)
    if about is None or mail.get_content_type() != "multipart/report":
        return []
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    return [Returned(address, code, about) for part in statuses for address, code in _failed(part)]


def status_in(text: str) -> str:
    """The code of RFC 3463 in what a mail server said; empty without one."""
    found = _STATUS.search(text)
    return found.group(1) if found else ""


def _about(part: Message) -> UUID | None:
    """Our message, when this part is the mail that came back, or its headers."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        text = str(part.get_payload())
    elif kind == "message/rfc822":
        inner = next((one for one in part.walk() if one is not part), None)
        text = f"Message-ID: {inner.get('Message-ID', '')}" if inner is not None else ""
    else:
        return None
    line = re.search(r"^message-id:(.*)$", text, re.IGNORECASE | re.MULTILINE)
    found = _OURS.search(line.group(1)) if line else None
    return UUID(found.group(1)) if found else None


def _failed(part: Message) -> Iterator[tuple[str, str]]:
    """(address, code) of each recipient to whom it could not be delivered; a delay is no failure."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
            continue
        named = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        address = named.rpartition(";")[2].strip().strip("<>").lower()
        code = status_in(str(block.get("Status", "")))
        if "@" in address and len(address) <= _LONGEST_ADDRESS and code:
            yield address, code
