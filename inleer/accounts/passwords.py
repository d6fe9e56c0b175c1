"""Passwords: argon2id, long rather than complicated, and none that is tried first (ASVS 5.0 § 6.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from inleer.config import Settings
from inleer.errors import DomainError
from inleer.i18n import _

MIN_LENGTH = 12
MAX_LENGTH = 128
MIN_DIFFERENT = 5
# Words that everybody who guesses at this application tries, beside the person's own name and organisation.
CONTEXT = (
    "inleer",
    "wachtwoord",
    "welkom",
    "password",
    "werkbedrijf",
    "leerbedrijf",
    "leerhome",
    "gemeente",
    "zorg",
)
MIN_OWN = 6


def check_password(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long or tried first. Raises DomainError for field "password".

    ``about`` holds texts that say who the person is (name, e-mail address, organisation): their words do not count.
    """
    plain = normalise(password)
    if len(plain) < MIN_LENGTH:
        raise _refusal(_("Kies een langer wachtwoord: minstens %(n)s tekens. Een zin mag ook.", n=MIN_LENGTH))
    if len(plain) > MAX_LENGTH:
        raise _refusal(_("Kies een korter wachtwoord: hoogstens %(n)s tekens.", n=MAX_LENGTH))
    if plain.casefold() in _common() or len(set(plain.casefold())) < MIN_DIFFERENT:
        raise _refusal(
            _("Dit wachtwoord is makkelijk te raden. Kies een ander, bijvoorbeeld vier losse woorden.")
        )
    if _own_part(plain, about) < MIN_OWN:
        raise _refusal(
            _("Dit wachtwoord lijkt te veel op uw naam, uw organisatie of de naam van dit systeem.")
        )


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with salt and parameters in it."""
    return _hasher().hash(normalise(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the stored hash. Without one the work is done all the same (no enumeration)."""
    hasher = _hasher()
    try:
        hasher.verify(
            stored or _dummy(hasher.memory_cost, hasher.time_cost), normalise(password)[: MAX_LENGTH + 1]
        )
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's, so that it should be made anew."""
    return _hasher().check_needs_rehash(stored)


def normalise(password: str) -> str:
    """The same characters give the same bytes on every keyboard (NIST SP 800-63B § 3.1.1.2: NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _own_part(plain: str, about: Iterable[str]) -> int:
    """How many letters are left without digits, signs and the words that anybody would guess."""
    words = {w for text in about for w in re.split(r"[\W\d_]+", text.casefold()) if len(w) > 3} | set(CONTEXT)
    left = re.sub(r"[\W\d_]+", "", plain.casefold())
    if not left:
        return len(plain)  # digits and signs only: the list of common passwords judges those
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return len(left)


def _refusal(message: str) -> DomainError:
    return DomainError(message, "password")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Imported here: 30,000 words that only a change of password needs.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word.casefold() for word in FREQUENCY_LISTS["passwords"])


def _hasher() -> PasswordHasher:
    settings: Settings = current_app.config["INLEER"]
    return _make_hasher(settings.argon2_memory_kib, settings.argon2_time)


@lru_cache(maxsize=8)
def _make_hasher(memory_kib: int, time_cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache(maxsize=8)
def _dummy(memory_kib: int, time_cost: int) -> str:
    return _make_hasher(memory_kib, time_cost).hash("nobody has this password")
