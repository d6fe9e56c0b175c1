"""The fictional people of the demo, and how each of them comes to lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

# (first name, tussenvoegsel, last name, birth year, language level, qualification, pattern of attendance)
_GROUP = (
    ("Łukasz", "", "Kowalczyk", 2004, "B1", "no", "often_away"),
    ("Fatima", "", "El Amrani", 2001, "A2", "no", "no_shows"),
    ("Olena", "", "Shevchenko", 1996, "B1", "unknown", "away_lately"),
    ("Samira", "", "Haddad", 1989, "A2", "no", "ill_lately"),
    ("Abdi", "", "Osman", 1998, "B1", "no", "ill"),
    ("Tesfay", "", "Gebremedhin", 1985, "A2", "unknown", "late"),
    ("Kevin", "van 't", "Hof", 2005, "NT1", "no", "late"),
    ("Mehmet", "", "Şahin", 1991, "B2", "yes", "good"),
    ("Zoë", "", "Aydın", 2000, "NT1", "yes", "good"),
    ("Inês", "", "Bakker-Öztürk", 1993, "B2", "yes", "good"),
    ("Rachid", "van den", "Berg", 1982, "NT1", "no", "good"),
    ("Björn", "", "D’Angelo", 1999, "NT1", "no", "reasonable"),
    ("Wendy", "", "Visser", 1987, "NT1", "no", "good"),
    ("Jeroen", "de", "Vries", 2003, "NT1", "no", "reasonable"),
    ("Hülya", "in 't", "Veld", 1990, "B1", "unknown", "good"),
    ("Noor", "", "Jansen", 2006, "NT1", "no", "joins_late"),
    ("Sanne", "van der", "Meulen", 1995, "NT1", "yes", "good"),
    ("Daniël", "", "Nguyễn", 1988, "B1", "unknown", "reasonable"),
    ("IJsbrand", "", "Postma", 1979, "NT1", "no", "good"),
    ("Şeyma", "ter", "Horst", 1997, "B1", "no", "stopped"),
)
_NEXT_GROUP = (
    ("Amira", "", "Bouzidi", 1994, "B1", "unknown", "good"),
    ("Joost", "van", "Loon", 2002, "NT1", "no", "good"),
    ("Thi Mai", "", "Trần", 1986, "A2", "unknown", "good"),
    ("Chantal", "", "Wiersma", 1983, "NT1", "no", "good"),
    ("Yusuf", "", "Demir", 2004, "NT1", "no", "good"),
    ("Ada", "", "Owusu", 1992, "B1", "unknown", "good"),
    ("Femke", "", "Dijkstra", 1990, "NT1", "yes", "good"),
    ("Ibrahim", "", "Diallo", 1999, "A2", "no", "good"),
    ("Petra", "de", "Boer", 1977, "NT1", "no", "good"),
)


@dataclass(frozen=True)
class Person:
    """One fictional candidate."""

    first_name: str
    tussenvoegsel: str
    last_name: str
    birth_date: date
    language_level: str
    startkwalificatie: str
    pattern: str
    postcode: str
    phone: str
    email: str
    number: str

    def values(self) -> dict[str, object]:
        """Personal details, as the actions take them."""
        keys = (
            "first_name",
            "tussenvoegsel",
            "last_name",
            "birth_date",
            "language_level",
            "startkwalificatie",
        )
        details: dict[str, object] = {k: getattr(self, k) for k in keys}
        return {**details, "postcode": self.postcode, "phone": self.phone, "email": self.email}


def running_group() -> list[Person]:
    """Twenty people of the edition that runs."""
    return _made(_GROUP, "V", 1)


def next_group() -> list[Person]:
    """The people selected so far for the edition that comes."""
    return _made(_NEXT_GROUP, "W", 2)


def _made(rows: tuple[tuple[str, str, str, int, str, str, str], ...], letter: str, seed: int) -> list[Person]:
    chance = Random(seed)
    return [
        Person(
            first_name=first,
            tussenvoegsel=between,
            last_name=last,
            birth_date=date(year, chance.randint(1, 12), chance.randint(1, 28)),
            language_level=level,
            startkwalificatie=qualification,
            pattern=pattern,
            postcode=f"82{chance.randint(11, 45)} {chance.choice('ABDEGHJKLN')}{chance.choice('ABDEGHJKLN')}",
            phone=f"+31612{chance.randint(100000, 999999)}",
            email=f"{letter.lower()}{n + 1}@demo.example",
            number=f"{letter}{3100 + n}",
        )
        for n, (first, between, last, year, level, qualification, pattern) in enumerate(rows)
    ]


def mark_for(pattern: str, lesson: int, total: int, minutes: int, chance: Random) -> tuple[str, int | None]:
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
