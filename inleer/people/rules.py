"""Pure rules about people: how names sort and are compared."""

from __future__ import annotations

import unicodedata

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
