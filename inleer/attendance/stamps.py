"""What a page carries for each cell of a register: the version it showed, and a fingerprint of what it showed. Pure.

The fingerprint tells two things that a version cannot. A form that is sent as a whole also sends the cells that
nobody touched; those are left alone, so that two people in different cells both win. And a cell that was emptied
and filled again starts at version 1 again; the fingerprint differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from inleer.errors import DomainError
from inleer.i18n import _

REPORTED = "reported"
_HIGHEST = 2**31 - 1


@dataclass(frozen=True)
class Stamp:
    """The version of a mark that a page showed (0: empty) and the fingerprint of its status, minutes and note."""

    version: int
    seen: str

    def __str__(self) -> str:
        return f"{self.version}-{self.seen}"


def clean(text: str) -> str:
    """Text on one line, without control characters: as a note is kept and compared."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def fingerprint(status: str | None, minutes: int | None, note: str | None) -> str:
    """Eight hexadecimal digits; equal for equal values. None and "" are the same.

    So is an absence that was only reported: on the page nothing is chosen for it yet.
    """
    chosen = "" if status in (None, REPORTED) else status
    text = "\n".join((chosen or "", "" if minutes is None else str(minutes), clean(note or "")))
    return f"{crc32(text.encode()):08x}"


def stamp(version: int, status: str | None, minutes: int | None, note: str | None) -> Stamp:
    """The stamp of a mark as it is stored."""
    return Stamp(version, fingerprint(status, minutes, note))


def read_stamp(text: str) -> Stamp:
    """The stamp that a page sent back. Raises DomainError when it is not one of ours."""
    version, _dash, seen = text.partition("-")
    whole = version.isascii() and version.isdecimal() and len(version) <= 10
    if not whole or int(version) > _HIGHEST or len(seen) != 8 or not set(seen) <= set("0123456789abcdef"):
        raise DomainError(_("Laad deze bladzijde opnieuw: het formulier is niet compleet."))
    return Stamp(int(version), seen)
