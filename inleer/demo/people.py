"""The fictional people of the demo, and how each of them comes to lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from inleer.extend.demo import DemoEdition, DemoPattern, DemoPerson

FIRST_NUMBER = 3100


@dataclass(frozen=True)
class Person:
    """One fictional candidate, with the details that chance gives."""

    about: DemoPerson
    birth_date: date
    postcode: str
    phone: str
    email: str
    number: str

    @property
    def pattern(self) -> DemoPattern:
        """How this person comes to lessons."""
        return self.about.pattern

    def values(self) -> dict[str, object]:
        """Personal details, as the actions take them."""
        keys = ("first_name", "tussenvoegsel", "last_name", "language_level", "startkwalificatie")
        details: dict[str, object] = {k: getattr(self.about, k) for k in keys}
        own = {k: getattr(self, k) for k in ("birth_date", "postcode", "phone", "email")}
        return {**details, **own}


def group_of(edition: DemoEdition) -> list[Person]:
    """The people of an edition, the same every time."""
    chance = Random(edition.chance)
    return [_made(person, edition.letter, n, chance) for n, person in enumerate(edition.people)]


def _made(person: DemoPerson, letter: str, n: int, chance: Random) -> Person:
    return Person(
        about=person,
        birth_date=date(person.born, chance.randint(1, 12), chance.randint(1, 28)),
        postcode=f"82{chance.randint(11, 45)} {chance.choice('ABDEGHJKLN')}{chance.choice('ABDEGHJKLN')}",
        phone=f"+31612{chance.randint(100000, 999999)}",
        email=f"{letter.lower()}{n + 1}@demo.example",
        number=f"{letter}{FIRST_NUMBER + n}",
    )


def mark_for(
    pattern: DemoPattern, lesson: int, total: int, minutes: int, chance: Random
) -> tuple[str, int | None]:
    """Status and minutes of one person at lesson ``lesson`` of ``total``; the last lessons decide the signals."""
    to_go = total - lesson
    if pattern == "often_away" and to_go in (4, 5, 7):
        return "unexcused", None
    if pattern == "no_shows" and to_go <= 2:
        return "unexcused", None
    if pattern == "away_lately" and to_go in (2, 4):
        return "unexcused", None
    if pattern == "ill_lately" and to_go <= 2:
        return "ill", None
    if pattern == "ill" and to_go in (2, 3, 5):
        return "ill", None
    if pattern == "late" and chance.random() < 0.25:
        return "late", min(minutes, chance.choice((10, 15, 20, 30)))
    if pattern == "reasonable" and chance.random() < 0.12:
        return chance.choice((("excused", None), ("ill", None), ("left_early", 45)))
    return "present", None
