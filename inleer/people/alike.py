"""Which people could be one person who was entered twice: pure over names, dates of birth and how to reach them.

Sources of the rules: the names of the bad-input corpus (docs/trust.md). A pair is only a question to a person; nothing
is ever joined by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from inleer.people.rules import fold

#: Words inside a name that say nothing about who it is, wherever they were typed.
_WORDS_BETWEEN = """
    van von de den der dem het 't t in op aan bij te ten ter tot uit over onder voor achter el al d d' s 's
"""
TUSSENVOEGSELS = frozenset(_WORDS_BETWEEN.split())
#: What makes two people alike, and its words in Dutch.
REASONS: dict[str, str] = {
    "name": "dezelfde naam",
    "name_swapped": "voor- en achternaam verwisseld",
    "name_like": "een naam die erop lijkt",
    "birth_date": "dezelfde geboortedatum",
    "birth_date_swapped": "dag en maand van de geboortedatum verwisseld",
    "email": "hetzelfde e-mailadres",
    "phone": "hetzelfde telefoonnummer",
}
# More people than this with one address or number share a house or an office; that says nothing.
_AT_MOST = 12
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a person. Empty texts and None are unknown."""

    id: UUID
    first_name: str
    tussenvoegsel: str
    last_name: str
    birth_date: date | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who are alike; ``reasons`` are keys of REASONS. The smaller id comes first."""

    low: UUID
    high: UUID
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A person as it is compared: the words of the name, and the address and number in one spelling."""

    known: Known
    first: tuple[str, ...]
    last: tuple[str, ...]
    words: frozenset[str]
    email: str
    phone: str


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that say who it is: folded, without tussenvoegsels, a double name as two words."""
    bare = fold(name).replace("d'", "d' ").replace("'t", "'t ")
    found = tuple(word.strip("'") for word in _WORDS.findall(bare.replace("-", " ").replace(".", " ")))
    real = tuple(word for word in found if word and word not in TUSSENVOEGSELS)
    return real or found


def same_email(text: str | None) -> str:
    """An e-mail address as it is compared: without capitals, without what follows a +, without a dot at the end."""
    name, at, house = (text or "").strip().casefold().rstrip(".").partition("@")
    return f"{name.partition('+')[0]}@{house}" if name and at and house else ""


def same_phone(text: str | None) -> str:
    """A telephone number as it is compared: digits only, +31 and 0031 as 0. Empty under 9 digits."""
    digits = re.sub(r"[^0-9+]", "", text or "")
    for prefix in ("+31", "0031"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
    digits = digits.lstrip("+")
    return digits if len(digits) >= 9 else ""


def pairs(people: Iterable[Known], different: Collection[frozenset[UUID]] = ()) -> list[Pair]:
    """Everybody who could be entered twice, each pair once. ``different``: pairs that somebody said are two people."""
    read = [_read(person) for person in people]
    found: dict[frozenset[UUID], Pair] = {}
    for one, other in _candidates(read):
        key = frozenset((one.known.id, other.known.id))
        if len(key) < 2 or key in found or key in different:
            continue
        reasons = _reasons(one, other)
        if reasons:
            low, high = sorted(key)
            found[key] = Pair(low, high, reasons)
    return sorted(found.values(), key=lambda pair: (pair.low, pair.high))


def _read(person: Known) -> _Read:
    first, last = words_of(person.first_name), words_of(f"{person.tussenvoegsel} {person.last_name}")
    email, phone = same_email(person.email), same_phone(person.phone)
    return _Read(person, first, last, frozenset(first + last), email, phone)


def _candidates(read: Sequence[_Read]) -> Iterator[tuple[_Read, _Read]]:
    """Pairs worth comparing: with the same words in their names, day of birth, address or number."""
    groups: dict[tuple[str, object], list[_Read]] = {}
    for person in read:
        born = person.known.birth_date
        groups.setdefault(("name", person.words), []).append(person)
        if born is not None:
            groups.setdefault(("born", (born.year, *sorted((born.month, born.day)))), []).append(person)
        for kind, value in (("email", person.email), ("phone", person.phone)):
            if value:
                groups.setdefault((kind, value), []).append(person)
    for (kind, _value), group in groups.items():
        if kind in ("name", "born") or len(group) <= _AT_MOST:
            yield from combinations(group, 2)


def _reasons(one: _Read, other: _Read) -> tuple[str, ...]:
    """Why these two could be one person; nothing when they could not.

    The name must agree, and something beside it must or nothing may speak against it. A known day of birth that is
    another one speaks against it: parents, children and namesakes share names, addresses and telephones.
    """
    name, born = _name(one, other), _born(one.known.birth_date, other.known.birth_date)
    reach = [
        kind
        for kind in ("email", "phone")
        if getattr(one, kind) and getattr(one, kind) == getattr(other, kind)
    ]
    if not name or born == "other":
        return ()
    strong = name != "name_like"
    if born or reach or strong:
        return tuple(reason for reason in (name, born, *reach) if reason)
    return ()


def _name(one: _Read, other: _Read) -> str:
    if not one.words or not other.words:
        return ""
    if one.words == other.words:
        swapped = one.first == other.last and one.last == other.first and one.first != one.last
        return "name_swapped" if swapped else "name"
    shared = one.words & other.words
    if not any(len(word) > 1 for word in shared):
        return ""
    return "name_like" if _rest_fits(one.words - shared, other.words - shared) else ""


def _rest_fits(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what the names do not share does not contradict: a part is missing, an initial, or one letter differs."""
    if not one or not other:
        return True
    return all(
        any(_close(word, word_) for word_ in there)
        for here, there in ((one, other), (other, one))
        for word in here
    )


def _close(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, of = one[at:], other[at:]
    typed = rest[:2] == of[1::-1] and rest[2:] == of[2:]  # two letters in the other order
    return typed or rest[1:] == of[1:] or rest == of[1:] or rest[1:] == of


def _born(one: date | None, other: date | None) -> str:
    """ "birth_date", "birth_date_swapped", "other", or nothing when one of them is unknown."""
    if one is None or other is None:
        return ""
    if one == other:
        return "birth_date"
    swapped = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    return "birth_date_swapped" if swapped else "other"
