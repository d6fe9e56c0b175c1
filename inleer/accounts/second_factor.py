"""The second factor: codes by time (RFC 6238) that work once, and recovery codes. Pure: no session, no Flask."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp

STEP_SECONDS = 30
#: A last step that lies further ahead than this was stored by a clock that was wrong: it holds nobody up.
FAR_AHEAD = 24 * 60 * 60 // STEP_SECONDS
ISSUER = "inleer"
RECOVERY_CODES = 10
# Without letters and digits that look alike.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def new_secret() -> str:
    """A random secret of 160 bits, in base32."""
    return pyotp.random_base32()


def current_code(secret: str, now: datetime) -> str:
    """The code that an authenticator app shows at ``now``."""
    return pyotp.TOTP(secret).at(now)


def matching_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The time step that ``code`` belongs to: the present one or a neighbour, later than ``last_step``; else None.

    Storing the step that was found makes a code work once.
    """
    digits = "".join(c for c in code if c not in " -")
    present = int(now.timestamp()) // STEP_SECONDS
    if last_step is not None and last_step > present + FAR_AHEAD:
        last_step = None
    totp = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        fresh = last_step is None or step > last_step
        if (
            fresh
            and len(digits) == totp.digits
            and secrets.compare_digest(totp.generate_otp(step).encode(), digits.encode())
        ):
            return step
    return None


def qr_svg(secret: str, account: str) -> str:
    """The QR code for an authenticator app as an SVG element without style or script."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
    import segno  # here: asked for once in the life of an account

    svg: str = segno.make_qr(uri, error="m").svg_inline(scale=5, border=4, light="#ffffff", omitsize=True)
    return svg


def grouped(secret: str) -> str:
    """A secret in groups of four, for who types it over."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes of 79 bits, each for one time that the phone is gone."""
    return ["-".join(_group() for _i in range(_GROUPS)) for _n in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> str:
    """What is stored of a recovery code. Capitals, spaces and hyphens do not matter."""
    plain = "".join(c for c in code.lower() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def without_code(hashes: Sequence[str], code: str) -> list[str] | None:
    """The stored hashes that are left when ``code`` was one of them; None when it was not."""
    found = recovery_hash(code)
    return [h for h in hashes if h != found] if found in hashes else None


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _i in range(_GROUP))
