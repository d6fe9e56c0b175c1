"""The questions that the intake for a traineeship adds."""

from __future__ import annotations

from typing import Final

from inleer.plugin import FieldDef, FieldGroup, FieldKind, FieldTarget
from inleer_gemeente.words import PROFILES

INTAKE: Final = FieldGroup(
    key="gemeente.intake",
    name="Opleiding en voorkeur",
    target=FieldTarget.INTAKE,
    fields=(
        FieldDef(
            key="niveau",
            label="Niveau van de mbo-opleiding",
            kind=FieldKind.CHOICE,
            options=(("mbo_3", "mbo 3"), ("mbo_4", "mbo 4")),
        ),
        FieldDef(
            key="jaar",
            label="Jaar van afstuderen",
            kind=FieldKind.INTEGER,
            minimum=2000,
            maximum=2100,
            help="Hoogstens twee jaar voor de start van de lichting.",
        ),
        FieldDef(
            key="voorkeur",
            label="Profielen die passen",
            kind=FieldKind.MULTI,
            options=tuple(PROFILES.items()),
        ),
    ),
)
