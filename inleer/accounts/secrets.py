"""Keeping secrets: encryption with keys derived from the secret key, and random tokens of which only a hash is kept.

Every purpose has a key of its own, so a text encrypted for one purpose cannot be presented for another. Former keys
(INLEER_SECRET_KEY_FALLBACKS) still decrypt; what is written anew is encrypted with the present one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from inleer.config import Settings

TOKEN_BYTES = 32


class Unreadable(Exception):
    """A text was not encrypted by us for this purpose, is too old, or its key is gone."""


def encrypt(purpose: str, text: str) -> str:
    """Encrypt ``text`` for ``purpose`` with the present key; the result is safe in HTML and in a column."""
    return _box(purpose).encrypt(text.encode()).decode("ascii")


def decrypt(purpose: str, sealed: str, max_age: int | None = None) -> str:
    """The text sealed by :func:`encrypt`, at most ``max_age`` seconds ago. Raises Unreadable."""
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable(purpose) from error


def is_current(purpose: str, sealed: str) -> bool:
    """Whether the present key alone opens a sealed text: false while a rotation still has to reach it."""
    settings: Settings = current_app.config["INLEER"]
    try:
        _fernet(settings.secret_key, purpose).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def new_token() -> str:
    """A random token of 256 bits for a link or a session cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a token: its SHA-256. Enough, because the token is random and long."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _box(purpose: str) -> MultiFernet:
    settings: Settings = current_app.config["INLEER"]
    keys = (settings.secret_key, *settings.secret_key_fallbacks)
    return MultiFernet([_fernet(key, purpose) for key in keys])


@lru_cache(maxsize=64)
def _fernet(key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"inleer", info=purpose.encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
