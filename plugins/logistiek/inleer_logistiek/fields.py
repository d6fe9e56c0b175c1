"""The questions that the intake for logistics adds: when somebody can work, and how they get there."""

from __future__ import annotations

from typing import Final

from inleer.plugin import FieldDef, FieldGroup, FieldKind, FieldTarget

_YES_NO: Final = (("ja", "ja"), ("nee", "nee"), ("onbekend", "nog niet besproken"))


def _hours(first: int, last: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"u{hour:02}", f"{hour:02}:00") for hour in range(first, last + 1))


INTAKE: Final = FieldGroup(
    key="logistiek.intake",
    name="Werktijden in de logistiek",
    target=FieldTarget.INTAKE,
    fields=(
        FieldDef(
            key="vroegst",
            label="Vroegste begintijd",
            kind=FieldKind.CHOICE,
            options=_hours(4, 12),
            help="Vanaf wanneer iemand op het werk kan zijn. Een ochtenddienst begint vaak om 06:00.",
        ),
        FieldDef(
            key="laatst",
            label="Laatste eindtijd",
            kind=FieldKind.CHOICE,
            options=_hours(13, 24),
            help="Tot wanneer iemand kan werken. Een middagdienst eindigt vaak om 23:00.",
        ),
        FieldDef(key="weekend", label="Werken in het weekend", kind=FieldKind.CHOICE, options=_YES_NO),
        FieldDef(key="nacht", label="Werken in de nacht", kind=FieldKind.CHOICE, options=_YES_NO),
        FieldDef(
            key="vervoer",
            label="Vervoer naar het werk",
            kind=FieldKind.MULTI,
            options=(
                ("lopend", "lopend"),
                ("fiets", "fiets"),
                ("scooter", "scooter"),
                ("auto", "auto"),
                ("bus", "openbaar vervoer"),
            ),
            help="Rond 06:00 en 23:00 rijdt er weinig openbaar vervoer.",
        ),
        FieldDef(
            key="reistijd",
            label="Langste reistijd in minuten",
            kind=FieldKind.INTEGER,
            minimum=0,
            maximum=180,
        ),
    ),
)
