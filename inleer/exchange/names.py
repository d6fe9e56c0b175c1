"""Names of persons, and the numbers that organisations give them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell
from inleer.exchange.values import clean, fold, shown, straight_apostrophes, whole_text
from inleer.i18n import _

MAX_NAME = 200
MAX_TUSSENVOEGSEL = 40
MAX_NUMBER = 40

_ARTICLE = r"(?:de|den|der|dem|het|'t|’t)"
_TUSSENVOEGSEL = (
    rf"(?:(?:van|von)(?:\s+{_ARTICLE})?|(?:in|op|aan|bij|onder|over|uit|voor|tot|achter)\s+{_ARTICLE}"
    r"|de|den|der|het|'t|te|ten|ter|vom|zu|zum|zur)"
)
_LEADING = re.compile(rf"({_TUSSENVOEGSEL})\s+(\S.*)", re.IGNORECASE)
_TRAILING = re.compile(rf"(\S.*?),\s*({_TUSSENVOEGSEL})", re.IGNORECASE)
_INSIDE = re.compile(rf"(\S.*?)\s+({_TUSSENVOEGSEL})\s+(\S.*)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z ./_-]*", re.ASCII)


class PersonName(NamedTuple):
    """A name as it is stored; ``first`` and ``tussenvoegsel`` may be empty, ``last`` never is."""

    first: str
    tussenvoegsel: str
    last: str


def parse_name(value: Cell, longest: int = MAX_NAME) -> str:
    """A part of a person's name: letters of any script, spaces, and ' - . , ( ) ·.

    NFKC, so that é in one or two characters, the ligature ĳ and wide letters are one spelling; every apostrophe
    becomes '. Capitals stay as they are sent. Words like Null or True are names. Digits, emoji, formulas, control
    characters and characters that turn the reading direction are refused.
    """
    if not isinstance(value, str):
        raise ImportProblem(
            _("Hier hoort een naam; er staat %(value)s. Maak van de kolom tekst.", value=shown(value))
        )
    name = unicodedata.normalize("NFKC", straight_apostrophes(clean(value)))
    if not any(letter.isalpha() for letter in name):
        raise ImportProblem(_("Hier hoort een naam; er staat “%(value)s”.", value=shown(value)))
    foreign = next((letter for letter in name if not _in_name(letter)), None)
    if foreign or not (name[0].isalpha() or name[0] in "'("):
        raise ImportProblem(
            _(
                "In een naam hoort geen “%(letter)s”; er staat “%(value)s”.",
                letter=foreign or name[0],
                value=shown(value),
            )
        )
    if len(name) > longest:
        raise ImportProblem(
            _("Deze naam is te lang: %(size)s tekens, hoogstens %(limit)s.", size=len(name), limit=longest)
        )
    return name


def _in_name(letter: str) -> bool:
    return letter.isalpha() or letter in " '-.,()·" or unicodedata.category(letter) in ("Mn", "Mc", "Lm")


def parse_tussenvoegsel(value: Cell) -> str:
    """What stands between first and last name: van den, in 't, el; at most 40 characters."""
    return parse_name(value, MAX_TUSSENVOEGSEL)


def split_last_name(last: str, tussenvoegsel: str = "") -> tuple[str, str]:
    """(tussenvoegsel, last name) where a sender wrote both in one column: "van den Berg" or "Berg, van den".

    Both are kept as written, so "Van den Broek-de Vries" gives ("Van den", "Broek-de Vries"). d'Ancona and El
    Amrani stay whole. A tussenvoegsel that has its own column and is repeated here is left out.
    """
    leading, trailing = _LEADING.fullmatch(last), _TRAILING.fullmatch(last)
    if tussenvoegsel:
        repeated = last.casefold().startswith(f"{tussenvoegsel.casefold()} ")
        return tussenvoegsel, last[len(tussenvoegsel) + 1 :].strip() if repeated else last
    if leading:
        return leading.group(1), leading.group(2)
    return (trailing.group(2), trailing.group(1)) if trailing else ("", last)


def split_full_name(name: str) -> PersonName:
    """A whole name from one column: "Rachid van den Berg", "Berg, Rachid van den" or "Berg, van den, Rachid".

    Without tussenvoegsel or comma the first word is the first name; a single word is a last name.
    """
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) > 1:
        return _name_after_comma(parts)
    inside, leading = _INSIDE.fullmatch(name), _LEADING.fullmatch(name)
    if leading:
        return PersonName("", leading.group(1), leading.group(2))
    if inside:
        return PersonName(*inside.groups())
    first, _space, last = name.partition(" ")
    return PersonName(first, "", last) if last else PersonName("", "", first)


def _name_after_comma(parts: list[str]) -> PersonName:
    particle = re.compile(_TUSSENVOEGSEL, re.IGNORECASE)
    between = next((part for part in parts[1:] if particle.fullmatch(part)), "")
    first = " ".join(part for part in parts[1:] if part != between)
    after = re.fullmatch(rf"(.*?)\s+({_TUSSENVOEGSEL})", first, re.IGNORECASE)
    if after and not between:
        first, between = after.groups()
    between, last = split_last_name(parts[0], between)
    return PersonName(first, between, last)


def without_shouting(name: PersonName) -> PersonName:
    """The name with a part in capitals only (JANSEN, VAN DEN, D'ANGELO) as people write it (Jansen, van den, D'Angelo).

    Initials, and a part of one or two letters (O, Ng), stay as they are sent: nothing tells how they are written.
    """
    between = name.tussenvoegsel
    return PersonName(
        _lowered(name.first), between.lower() if between.isupper() else between, _lowered(name.last)
    )


def _lowered(part: str) -> str:
    longest = max((len(word) for word in _WORD.findall(part)), default=0)
    return _WORD.sub(_capital, part) if part.isupper() and longest > 2 else part


def _capital(word: re.Match[str]) -> str:
    text = word.group()
    dutch_ij = 2 if text.startswith("IJ") else 1
    return text[:dutch_ij] + text[dutch_ij:].lower()


def person_key(first: str, last: str) -> str:
    """Equal for spellings of one name: without accents, capitals, apostrophes and spaces; ĳ is ij."""
    return f"{fold(first)} {fold(last)}"


def person_or_email(name: str) -> str:
    """Equal for spellings of a professional's name ("Graaf, Mirjam de" too); an e-mail address stays itself."""
    if "@" in name:
        return name.casefold().strip()
    last, comma, rest = name.partition(",")
    return person_key("", f"{rest} {last}" if comma else name)


def parse_number(value: Cell) -> str:
    """A client or student number: letters, digits and . / _ - inside, at most 40, letters in capitals.

    Leading zeros stay; a number cell gives its digits (123.0 is "123").
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = whole_text(value)
    else:
        number = unicodedata.normalize("NFKC", clean(value)).upper() if isinstance(value, str) else ""
    if not _NUMBER.fullmatch(number):
        raise ImportProblem(
            _("Hier hoort een nummer van letters en cijfers; er staat “%(value)s”.", value=shown(value))
        )
    if len(number) > MAX_NUMBER:
        raise ImportProblem(_("Dit nummer is te lang: hoogstens %(limit)s tekens.", limit=MAX_NUMBER))
    return number


_BSN_NOTATION = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){8}(?![0-9])", re.ASCII)


def is_bsn(text: str) -> bool:
    """Whether a text is nine digits (dots, spaces and hyphens aside) that pass the elfproef of a BSN.

    One in eleven numbers of nine digits does so by chance. No BSN begins with 00.
    """
    if not _BSN_NOTATION.fullmatch(text.strip()):
        return False
    digits = [int(letter) for letter in text if letter.isdigit()]
    if digits[:2] == [0, 0]:
        return False
    return (
        sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11
        == 0
    )


def holds_bsn(text: str) -> bool:
    """Whether a BSN stands somewhere in a text."""
    return any(is_bsn(found.group()) for found in _BSN_NOTATION.finditer(text))


def no_bsn(text: str) -> str:
    """The text itself. Raises ImportProblem when a BSN stands in it: inleer never stores one."""
    if holds_bsn(text):
        raise ImportProblem(
            _("Hier staat een getal dat een BSN kan zijn. Een BSN mag niet in inleer. Haal het weg.")
        )
    return text
