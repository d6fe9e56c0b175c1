"""One raw cell to one value. Each parser returns the value or raises ImportProblem with a Dutch sentence that says
how to mend it; row and column are added by whoever knows them. A parser is never given an empty cell.

Names, numbers of persons, contacts, days and times have modules of their own beside this one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from fractions import Fraction
from math import isfinite

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell
from inleer.i18n import _

MAX_TEXT = 200
MAX_DIGITS = 15  # Excel keeps no more; what follows was already lost

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters that Unicode sees as letters of their own; people write them with and without the stroke or the dot.
_PLAIN = str.maketrans("ıİøØđĐðÐłŁ", "iIoOdDdDlL")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032`\u00b4", "'"))
# UTF-8 that somebody opened as Windows text: ë became Ã«.
_MISREAD = re.compile(
    "[\u00c3\u00c4\u00c5]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


def shown(value: Cell, longest: int = 40) -> str:
    """A value as it may stand in a message: short, on one line, without characters that play tricks."""
    text = str(value)
    visible = "".join(letter if letter.isprintable() else "·" for letter in text[:longest])
    return visible + ("…" if len(text) > longest else "")


def clean(text: str) -> str:
    """Text as it is stored: NFC, spaces and line ends single and trimmed, invisible characters gone.

    Zero-width characters (also inside emoji) are left out; NBSP, tabs and line ends become a space. Raises
    ImportProblem for control characters, for characters that turn the reading direction, and for misread UTF-8.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not _BIDI.isdisjoint(text):
        raise ImportProblem(
            _("Hier staat een onzichtbaar teken dat de leesrichting omkeert. Typ de tekst opnieuw.")
        )
    if _MISREAD.search(text):
        raise ImportProblem(
            _(
                "De letters zijn verkeerd omgezet (%(text)s). Sla het bestand op als CSV (UTF-8).",
                text=shown(text),
            )
        )
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if kind in ("Zs", "Zl", "Zp") or letter in "\t\r\n":
            kept.append(" ")
        elif kind in ("Cc", "Cs", "Co", "Cn"):
            raise ImportProblem(
                _(
                    "Hier staat een teken dat niet in tekst hoort (%(code)s). Typ de tekst opnieuw.",
                    code=f"U+{ord(letter):04X}",
                )
            )
        elif kind != "Cf":
            kept.append(letter)
    return " ".join("".join(kept).split())


def parse_text(value: Cell, longest: int = MAX_TEXT) -> str:
    """Free text of at most ``longest`` characters. A number is written as one would; a date or a yes/no that Excel
    made of a text is refused, and so is what a spreadsheet would take for a formula."""
    text = clean(value) if isinstance(value, str) else _written_number(value)
    if not text:
        raise ImportProblem(_("Hier staan alleen onzichtbare tekens. Vul een tekst in of maak de cel leeg."))
    if text[0] in "=@":
        raise ImportProblem(_("Dit lijkt een formule (%(text)s). Vul gewone tekst in.", text=shown(text)))
    if len(text) > longest:
        raise ImportProblem(too_long(len(text), longest))
    return text


def _written_number(value: Cell) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise ImportProblem(
            _(
                "Excel heeft hier een datum, tijd of ja/nee van gemaakt. Maak van de kolom tekst en vul hem opnieuw in."
            )
        )
    return whole_text(value) if float(value).is_integer() else repr(value)


def whole_text(value: int | float) -> str:
    """The digits of a whole number from a cell: 123.0 is "123". Raises ImportProblem for a fraction, for what is no
    number, and for more digits than Excel keeps."""
    if not isfinite(value) or value != int(value):
        raise ImportProblem(_("Hier hoort een heel getal; er staat %(value)s.", value=shown(value)))
    digits = str(int(value))
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ImportProblem(
            _("Dit getal heeft te veel cijfers; Excel bewaart de laatste niet. Maak van de kolom tekst.")
        )
    return digits


def too_long(size: int, limit: int) -> str:
    """What to say of a text of ``size`` characters where ``limit`` fit."""
    return _("Deze tekst is te lang: %(size)s tekens, hoogstens %(limit)s.", size=size, limit=limit)


def fold(text: str) -> str:
    """A text for comparing: lower case, without accents, punctuation and spaces."""
    spread = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).translate(_PLAIN)).casefold()
    return "".join(letter for letter in spread if letter.isalnum())


def straight_apostrophes(text: str) -> str:
    """The text with every kind of apostrophe, and the accents used for one, as '."""
    return text.translate(_APOSTROPHES)


# Numbers


def parse_whole(value: Cell, lowest: int, highest: int) -> int:
    """A whole number from ``lowest`` to ``highest``; words and fractions are refused."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = int(whole_text(value))
    else:
        text = clean(value) if isinstance(value, str) else ""
        match = re.fullmatch(r"(-?[0-9]{1,15})(?:[.,]0+)?", text, re.ASCII)
        if match is None:
            raise ImportProblem(
                _("Vul een heel getal in cijfers in; er staat “%(value)s”.", value=shown(value))
            )
        number = int(match.group(1))
    if not lowest <= number <= highest:
        raise ImportProblem(
            _(
                "Vul een getal van %(lowest)s tot en met %(highest)s in; er staat %(value)s.",
                lowest=lowest,
                highest=highest,
                value=number,
            )
        )
    return number


def parse_positions(value: Cell) -> int:
    """A number of places, 1 to 999. Unknown is an empty cell, never 0 and never a word."""
    try:
        return parse_whole(value, 1, 999)
    except ImportProblem as fault:
        raise ImportProblem(
            _("%(problem)s Is het aantal nog niet bekend? Laat de cel dan leeg.", problem=fault.message)
        ) from fault


_CLOCK = re.compile(r"([0-9]{1,3})\s*[:u]\s*([0-5][0-9])", re.ASCII)
_DECIMAL = re.compile(r"([0-9]{1,5})?(?:[.,]([0-9]{1,6}))?", re.ASCII)
_PARTS = {"¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4)}
_DAY = 24 * 60


def parse_minutes(value: Cell) -> int:
    """Minutes, 0 to 1440: 30, "30 min", "0:30" or a time cell."""
    if isinstance(value, (time, timedelta)) or (isinstance(value, str) and ":" in value):
        return parse_hours(value)
    if isinstance(value, str):
        value = re.sub(r"\s*(min|minuten|minuut|m)\.?$", "", clean(value), flags=re.IGNORECASE)
    return parse_whole(value, 0, _DAY)


def parse_hours(value: Cell, highest: int = 24) -> int:
    """Hours as whole minutes, 0 to ``highest`` hours: 7.5, "7,5", "7:30", "7½", "7,5 uur" or a time cell.

    Not taken: negative, more than ``highest``, powers (1e3), infinite, NaN.
    """
    minutes = _hours_as_minutes(value)
    if minutes is None:
        raise ImportProblem(
            _("Vul een aantal uren in, zoals 7,5 of 7:30; er staat “%(value)s”.", value=shown(value))
        )
    if not 0 <= minutes <= highest * 60:
        raise ImportProblem(
            _("Vul 0 tot en met %(highest)s uur in; er staat %(value)s.", highest=highest, value=shown(value))
        )
    return round(minutes)


def _hours_as_minutes(value: Cell) -> Fraction | None:
    if isinstance(value, time):
        return Fraction(value.hour * 60 + value.minute) + Fraction(value.second, 60)
    if isinstance(value, timedelta):
        return Fraction(value // timedelta(seconds=1), 60)
    if value is None or isinstance(value, (bool, date)):
        return None
    if isinstance(value, (int, float)):
        return Fraction(str(value)) * 60 if isfinite(value) else None
    return _hours_in_text(clean(value))


def _hours_in_text(text: str) -> Fraction | None:
    text = re.sub(r"\s*(uur|uren|u)\.?(?:\s*per week|\s*p\.?w\.?|/week)?$", "", text, flags=re.IGNORECASE)
    negative = text.startswith(("-", "−"))
    clock = _CLOCK.fullmatch(text)
    if clock:
        return Fraction(int(clock.group(1)) * 60 + int(clock.group(2)))
    part = _PARTS.get(text[-1:], Fraction(0))
    match = _DECIMAL.fullmatch(text[:-1].rstrip() if part else text.lstrip("-−"))
    if match is None or not (part or match.group(1) or match.group(2)) or (part and match.group(2)):
        return None
    hours = Fraction(f"{match.group(1) or 0}.{match.group(2) or 0}") + part
    return -hours * 60 if negative else hours * 60


def parse_week_hours(value: Cell) -> int:
    """Contract hours per week: a whole number from 0 to 60 (the most the Arbeidstijdenwet allows in a week)."""
    minutes = parse_hours(value, highest=60)
    if minutes % 60:
        raise ImportProblem(_("Vul hele uren per week in; er staat %(value)s.", value=shown(value)))
    return minutes // 60


def parse_week_hours_range(value: Cell) -> tuple[int, int]:
    """Least and most hours per week from one cell: "20-28", "20 tot 28 uur", or 24 for both."""
    if isinstance(value, str):
        ends = re.split(r"\s*(?:-|–|—|/|t/m|tot en met|tot)\s*", clean(value), maxsplit=1)
        if len(ends) == 2 and all(ends):
            low, high = parse_week_hours(ends[0]), parse_week_hours(ends[1])
            check_hours(low, high)
            return low, high
    hours = parse_week_hours(value)
    return hours, hours


def check_hours(low: int | None, high: int | None) -> None:
    """Refuses a minimum above the maximum; unknown on either side is fine."""
    if low is not None and high is not None and low > high:
        raise ImportProblem(
            _("Het minimum (%(low)s uur) is meer dan het maximum (%(high)s uur).", low=low, high=high)
        )
