"""Where to go after the login: a path of our own, or nowhere (no open redirect)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

MAX_LENGTH = 2000


def safe_next(target: str | None) -> str | None:
    """``target`` when it is a relative path on this site, else None.

    Refused are other sites in every disguise that a browser takes for one: scheme, //, backslashes, control
    characters, and the same things percent-encoded.
    """
    if not target or len(target) > MAX_LENGTH:
        return None
    if not _plain(target):
        return None
    path = urlsplit(target).path
    for _round in range(3):
        path = unquote(path)
        if not _plain(path):
            return None
    return target


def _plain(text: str) -> bool:
    if not text.startswith("/") or text.startswith("//"):
        return False
    if "\\" in text or any(ord(char) < 0x20 or ord(char) == 0x7F for char in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
