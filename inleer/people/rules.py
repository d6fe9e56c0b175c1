"""Pure rules about people: how names sort and are compared, which days of birth can be."""

from __future__ import annotations

import unicodedata
from datetime import date

from inleer.errors import DomainError
from inleer.i18n import _

YOUNGEST, OLDEST = 14, 100

_STROKES = str.maketrans(
    {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ı": "i", "ß": "ss", "æ": "ae"}
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})


def fold(text: str) -> str:
    """Lower case without diacritics, ij as two letters, one kind of apostrophe: for sorting and comparing."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).translate(_STROKES)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def sort_name(last_name: str, first_name: str) -> str:
    """The key under which a name is listed: last name without tussenvoegsel, then first name."""
    key = f"{fold(last_name)}, {fold(first_name)}"
    return key.lstrip("'").strip()


def search_key(first_name: str | None, tussenvoegsel: str | None, last_name: str | None) -> str:
    """What a search for a name looks in: first name, tussenvoegsel and last name, folded."""
    return fold(f"{first_name or ''} {tussenvoegsel or ''} {last_name or ''}")


def search_words(text: str) -> tuple[str, ...]:
    """The words of a question as :func:`search_key` holds them; what no keyboard types is left out."""
    return tuple(fold("".join(c if c.isprintable() else " " for c in text)).split())


def check_birth_date(born: date, today: date) -> None:
    """Refuse a day of birth that is a mistake of the keyboard. Raises DomainError unless the person is 14 to 100."""
    if born > today:
        raise DomainError(
            _("Geboortedatum %(day)s ligt in de toekomst.", day=f"{born:%d-%m-%Y}"), "birth_date"
        )
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        raise DomainError(
            _(
                "Geboortedatum %(day)s: deze persoon is dan %(age)s jaar. Kijk het jaar na.",
                day=f"{born:%d-%m-%Y}",
                age=age,
            ),
            "birth_date",
        )
