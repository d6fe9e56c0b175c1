"""What a plugin says of itself beside what it shows: names of its actions, personal data it keeps, commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from inleer.db import Base
from inleer.extend.checks import dotted, require, text

if TYPE_CHECKING:
    import click

_ACTION = re.compile(r"[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditActionDef:
    """Something that a plugin records in the audit trail, "thing.verb", with its name in Dutch.

    ``thing`` is the plugin's name, or starts with it and an underscore as its tables do.
    """

    key: str
    name: str

    def __post_init__(self) -> None:
        require(_ACTION.fullmatch(self.key), f"Handeling {self.key!r}: schrijf ding.werkwoord.")
        text(self.name, f"Naam van handeling {self.key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataDef:
    """The personal data in one table of a plugin.

    ``link`` is the column that leads to the person: ``enrolment_id``, ``candidate_id``, or a column that refers to
    another table that is declared. None: the data are about somebody who is no candidate. ``columns`` says of each
    column with personal data what it holds, in Dutch; ``other`` names the columns with text that say nothing about a
    person. Every column with text is in one of the two, else the contract suite fails.
    """

    key: str
    name: str
    model: type[Base]
    columns: Mapping[str, str]
    link: str | None = None
    other: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        dotted(self.key, "Persoonsgegevens")
        text(self.name, f"Naam van persoonsgegevens {self.key}")
        there = set(self.model.__table__.columns.keys())
        linked = set() if self.link is None else {self.link}
        unknown = (set(self.columns) | set(self.other) | linked) - there
        require(not unknown, f"{self.key} noemt kolommen die er niet zijn: {', '.join(sorted(unknown))}.")
        require(self.columns, f"{self.key}: noem minstens één kolom met persoonsgegevens.")
        for column, what in self.columns.items():
            text(what, f"{self.key}, kolom {column}")
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        object.__setattr__(self, "other", frozenset(self.other))


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDef:
    """A command ``inleer PLUGIN NAME``. It runs in the application's context; ``key`` is "plugin.name"."""

    key: str
    command: click.Command

    def __post_init__(self) -> None:
        dotted(self.key, "Opdracht")
        named = self.key.partition(".")[2].replace("_", "-")
        require(self.command.name == named, f"Opdracht {self.key}: de click-opdracht heet {named}.")
        require(
            (self.command.help or "").strip(), f"Opdracht {self.key}: schrijf in de docstring wat hij doet."
        )
