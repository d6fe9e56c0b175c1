"""What an edition is made of, as plain records: the only thing generator and oracle have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Qualification = Literal["yes", "no", "unknown"]
Kind = Literal["candidates", "sessions", "attendance", "intentions"]


@dataclass(frozen=True)
class Candidate:
    """A person; ``joined`` is the first day of taking part, ``None`` means the start of the edition."""

    number: str
    first: str
    infix: str
    last: str
    born: date
    joined: date | None = None
    qualification: Qualification = "unknown"


@dataclass(frozen=True)
class Session:
    """A meeting; ``code`` tells it apart from another on the same day, ``minutes`` is its planned length."""

    day: date
    code: str
    minutes: int
    cancelled: bool = False


@dataclass(frozen=True)
class Mark:
    """One judged mark: ``status`` is one of A TL VV Z G O, ``missed`` the minutes missed."""

    number: str
    day: date
    code: str
    status: str
    missed: int


@dataclass(frozen=True)
class Intention:
    """What one employer intends; ``positions`` is None when the employer gave no number."""

    employer: str
    function: str
    positions: int | None
    kind: str
    hours: tuple[int, int]


@dataclass
class Facts:
    """One edition as it stands after the good rows of all its files were taken in."""

    start: date
    region: str
    candidates: list[Candidate] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    intentions: list[Intention] = field(default_factory=list)
    # kind of file -> row numbers as in the sheet, 1-based, that must be refused
    rejected: dict[Kind, list[int]] = field(
        default_factory=lambda: {"candidates": [], "sessions": [], "attendance": [], "intentions": []}
    )
