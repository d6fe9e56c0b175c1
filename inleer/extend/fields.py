"""Fields that a route adds to the file of a person. No medical data, no citizen service number, no long free
text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from inleer.extend.checks import dotted, member, require, slug, text, tuple_of, unique

# Asking after these would make inleer hold medical data or a citizen service number: it holds neither.
_FORBIDDEN = re.compile(
    r"\b(bsn|burgerservicenummer|diagnos|medisch|medicatie|medicijn|ziekte|handicap|gezondheid(?!szorg)|verslaving|psychi)",
    re.IGNORECASE,
)


class FieldTarget(StrEnum):
    """What a field says something about: the person, or the intake talk for one edition."""

    CANDIDATE = "candidate"
    INTAKE = "intake"


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    CHOICE = "choice"
    MULTI = "multi"
    INTEGER = "integer"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDef:
    """One field of a group. ``options`` are (value, label) for choice and multi; the bounds are for integer.

    A text holds at most 200 characters. Fields that ask after health or a citizen service number are refused.
    """

    key: str
    label: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    help: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        slug(self.key, "Veld")
        text(self.label, f"Label van veld {self.key}")
        member(self, "kind", FieldKind)
        for words in (self.key, self.label):
            require(
                not _FORBIDDEN.search(words.replace("_", " ")),
                f"Veld {self.key}: inleer bewaart geen medische gegevens en geen BSN.",
            )
        tuple_of(self.options, tuple, f"Keuzes van veld {self.key}")
        needs = self.kind in (FieldKind.CHOICE, FieldKind.MULTI)
        require(
            bool(self.options) == needs,
            f"Veld {self.key}: alleen een keuzeveld heeft keuzes, en heeft ze altijd.",
        )
        for option in self.options:
            require(len(option) == 2, f"Veld {self.key}: een keuze is (waarde, label).")
            slug(option[0], f"Keuze van veld {self.key}")
            text(option[1], f"Label van keuze {option[0]}")
        unique((o[0] for o in self.options), f"Veld {self.key}: keuze")
        bounded = self.minimum is not None or self.maximum is not None
        require(
            not bounded or self.kind is FieldKind.INTEGER, f"Veld {self.key}: alleen een getal heeft grenzen."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Fields that a route adds to the file of a person. A route names the groups it uses."""

    key: str
    name: str
    target: FieldTarget
    fields: tuple[FieldDef, ...]

    def __post_init__(self) -> None:
        dotted(self.key, "Veldgroep")
        text(self.name, f"Naam van veldgroep {self.key}")
        member(self, "target", FieldTarget)
        tuple_of(self.fields, FieldDef, f"Velden van {self.key}")
        require(self.fields, f"Veldgroep {self.key} heeft geen velden.")
        unique((f.key for f in self.fields), f"Veldgroep {self.key}: veld")
