"""What the reads of certificates give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from inleer_logistiek import rules

TAKING_PART: Final = ("selected", "active", "paused")
#: States in which somebody has, or had, a place in the list.
TOOK_PART: Final = (*TAKING_PART, "completed", "dropped_out", "moved")


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that somebody has. ``state`` is a key of rules.STATES, on the day it was read."""

    id: UUID
    kind: str
    obtained_on: date
    valid_until: date | None
    issuer: str
    number: str
    recorded_by_name: str
    version: int
    state: str

    @property
    def last(self) -> date:
        """The last day, for putting certificates in order."""
        return self.valid_until or date.max


@dataclass(frozen=True)
class Holder:
    """A participant of the cohort with their certificates; those that were taken back are apart and count nowhere."""

    enrolment_id: UUID
    cohort_id: UUID
    first_name: str
    tussenvoegsel: str
    last_name: str
    state: str
    held: tuple[Held, ...] = ()
    removed: tuple[Held, ...] = ()

    @property
    def name(self) -> str:
        """The name as it stands in a list, under the last name."""
        given = " ".join(part for part in (self.first_name, self.tussenvoegsel) if part)
        return f"{self.last_name}, {given}" if given else self.last_name

    @property
    def takes_part(self) -> bool:
        """Whether this person can be given a certificate now."""
        return self.state in TAKING_PART

    @cached_property
    def best(self) -> Mapping[str, Held]:
        """Of each kind the certificate that is valid longest."""
        return {one.kind: one for one in sorted(self.held, key=lambda h: h.last)}

    @cached_property
    def valid_kinds(self) -> tuple[str, ...]:
        """The kinds of which this person has a valid certificate, in the order of rules.KINDS."""
        return tuple(kind for kind in rules.KINDS if kind in self.best and self.best[kind].state != "expired")

    @property
    def may_drive(self) -> bool:
        """Whether this person has a valid certificate for a truck in the warehouse."""
        return any(kind in rules.TRUCKS for kind in self.valid_kinds)

    def in_state(self, state: str) -> tuple[Held, ...]:
        """What of this person is valid, expiring or expired; a certificate that was renewed is no worry any more."""
        return tuple(one for one in self.best.values() if one.state == state)
