"""What a plugin brings for the demo: fictional editions of its routes, and data of its own in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from inleer.extend.checks import DefinitionError, dotted, member, require, text, tuple_of, unique

if TYPE_CHECKING:
    from inleer.policy import Actor


class DemoPattern(StrEnum):
    """How somebody comes to lessons: most signals of a demo follow from these."""

    GOOD = "good"
    REASONABLE = "reasonable"
    LATE = "late"
    ILL = "ill"
    ILL_LATELY = "ill_lately"
    OFTEN_AWAY = "often_away"
    NO_SHOWS = "no_shows"
    AWAY_LATELY = "away_lately"
    JOINS_LATE = "joins_late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class DemoNote:
    """A contact moment, so many days ago; channel and audience are codes of the core's notes."""

    days_ago: int
    channel: str
    audience: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoEscalation:
    """What the leerhome asks of the coach: category and urgency are codes of the core."""

    category: str
    urgency: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A fictional candidate: names, year of birth, language level, startkwalificatie (yes, no, unknown).

    ``note`` replaces the contact moment that everybody gets; ``silent`` people have none.
    """

    first_name: str
    tussenvoegsel: str
    last_name: str
    born: int
    language_level: str
    startkwalificatie: str
    pattern: DemoPattern = DemoPattern.GOOD
    note: DemoNote | None = None
    silent: bool = False
    escalation: DemoEscalation | None = None

    def __post_init__(self) -> None:
        member(self, "pattern", DemoPattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoIntention:
    """What an employer has in mind: places (None: unknown), hours a week, and how many days ago it answered (None: it
    did not yet)."""

    places: int | None
    hours: tuple[int, int]
    answered_days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class DemoEmployer:
    """A fictional employer that is a partner; without an intention nothing was asked of it yet."""

    slug: str
    name: str
    sector: str
    intention: DemoIntention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEdition:
    """A fictional edition of one of the plugin's routes.

    ``name`` gets the year and the season after it. ``weeks`` is when it starts, counted from this week's Monday: below
    zero it runs. ``letter`` stands before the client numbers and is another one in each edition; ``chance`` decides
    birthdays and addresses, the same in every demo. ``function`` is what the employers look for. School and leerhome of
    the demo are partners when a weekly strand of the route is theirs. ``lesson_today`` is the title of a lesson that is
    added on days without one, so that there is always one to record (empty: not). With ``second_team`` the second coach
    and the second teacher do the work, else the first ones.
    """

    slug: str
    name: str
    route_key: str
    version: int
    weeks: int
    letter: str
    chance: int
    function: str
    people: tuple[DemoPerson, ...]
    employers: tuple[DemoEmployer, ...]
    lesson_today: str = ""
    second_team: bool = False

    def __post_init__(self) -> None:
        text(self.slug, "Kenmerk van een demo-editie", 40)
        text(self.name, f"Naam van demo-editie {self.slug}")
        dotted(self.route_key, f"Route van demo-editie {self.slug}")
        require(len(self.letter) == 1 and self.letter.isupper(), f"{self.slug}: geef één hoofdletter.")
        text(self.function, f"Functie bij demo-editie {self.slug}")
        tuple_of(self.people, DemoPerson, f"Mensen van demo-editie {self.slug}")
        tuple_of(self.employers, DemoEmployer, f"Werkgevers van demo-editie {self.slug}")
        unique((e.slug for e in self.employers), f"Werkgever van demo-editie {self.slug}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDef:
    """Demo data of a plugin: the editions that the demo makes, and what ``seed`` adds to them.

    ``seed`` gets the system actor and the id of a demo cohort of one of the plugin's routes, adds what is missing
    there (running it twice adds nothing) and returns how many rows it added.
    """

    key: str
    seed: Callable[[Actor, UUID], int]
    editions: tuple[DemoEdition, ...] = ()

    def __post_init__(self) -> None:
        dotted(self.key, "Demo")
        require(callable(self.seed), f"Demo {self.key}: seed is geen functie.")
        tuple_of(self.editions, DemoEdition, f"Edities van demo {self.key}")
        owner = self.key.partition(".")[0]
        for edition in self.editions:
            if not edition.route_key.startswith(f"{owner}."):
                raise DefinitionError(f"Demo-editie {edition.slug} is van een route van een ander.")


__all__ = [
    "DemoDef",
    "DemoEdition",
    "DemoEmployer",
    "DemoEscalation",
    "DemoIntention",
    "DemoNote",
    "DemoPattern",
    "DemoPerson",
]
