"""Postcode, telephone number and e-mail address, each in one notation."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell
from inleer.exchange.values import clean, shown, whole_text
from inleer.i18n import _

MAX_EMAIL = 254

_POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Z]{2})", re.ASCII)
# PostNL never gave out these letters.
_NO_LETTERS = frozenset({"SA", "SD", "SS"})
_EXTENSION_ZERO = re.compile(r"\(0\)")
_PHONE_LAYOUT = re.compile(r"[\s().\-/–]+")


def parse_postcode(value: Cell) -> str:
    """A Dutch postcode as "1234 AB". The letters SA, SD and SS, and a leading zero, do not exist."""
    text = clean(value).upper() if isinstance(value, str) else ""
    match = _POSTCODE.fullmatch(text)
    if match is None or match.group(2) in _NO_LETTERS:
        raise ImportProblem(
            _(
                "Postcode “%(value)s” bestaat niet. Schrijf vier cijfers en twee letters, zoals 1234 AB.",
                value=shown(value),
            )
        )
    return f"{match.group(1)} {match.group(2)}"


def parse_phone(value: Cell) -> str:
    """A telephone number in E.164: "06-12345678", "0031 6 12345678" and "+31 (0)6 12345678" are +31612345678.

    A number cell has lost its leading zero or plus; nine digits are then Dutch, and eleven with 31 in front too.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = _without_zero(whole_text(value))
    elif isinstance(value, str):
        number = _PHONE_LAYOUT.sub("", _EXTENSION_ZERO.sub("", clean(value)))
        number = f"+{number[2:]}" if number.startswith("00") else number
        number = (
            f"+31{number[1:]}" if re.fullmatch(r"0[1-9][0-9]{8}", number, re.ASCII) else _without_zero(number)
        )
    else:
        number = ""
    dutch = number.startswith("+31")
    if not re.fullmatch(r"\+31[1-9][0-9]{8}" if dutch else r"\+[1-9][0-9]{7,14}", number, re.ASCII):
        raise ImportProblem(
            _(
                "Telefoonnummer “%(value)s” klopt niet. Schrijf tien cijfers (06-12345678) of begin met + en het land.",
                value=shown(value),
            )
        )
    return number


def _without_zero(digits: str) -> str:
    if re.fullmatch(r"[1-9][0-9]{8}", digits, re.ASCII):
        return f"+31{digits}"
    return f"+{digits}" if re.fullmatch(r"31[1-9][0-9]{8}", digits, re.ASCII) else digits


def parse_email(value: Cell) -> str:
    """An e-mail address in lower case, at most 254 characters; a domain may have accents (IDN).

    No look-up of the domain. Refused: line ends (they would add headers to a mail), letters of another alphabet
    that look like ours, letters with accents before the @.
    """
    text = value.strip() if isinstance(value, str) else ""
    reason = _why_no_email(text)
    if reason is None:
        try:
            found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
            return found.normalized.lower()
        except EmailNotValidError:
            reason = _("Schrijf het als naam@voorbeeld.nl.")
    raise ImportProblem(
        _("E-mailadres “%(value)s” klopt niet. %(reason)s", value=shown(value), reason=reason)
    )


def _why_no_email(text: str) -> str | None:
    if len(text) > MAX_EMAIL:
        return _("Het is te lang: hoogstens %(limit)s tekens.", limit=MAX_EMAIL)
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text):
        return _("Er staat een regeleinde of een onzichtbaar teken in.")
    if any(
        letter.isalpha() and not letter.isascii() and "LATIN" not in unicodedata.name(letter, "")
        for letter in text
    ):
        return _("Er staat een letter uit een ander alfabet in.")
    return None
