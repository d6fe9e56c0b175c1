"""The questions that the intake for the neighbourhood placement adds. Nothing about health is asked."""

from __future__ import annotations

from typing import Final

from inleer.plugin import FieldDef, FieldGroup, FieldKind, FieldTarget

INTAKE: Final = FieldGroup(
    key="zorg.intake",
    name="Zorg in de wijk",
    target=FieldTarget.INTAKE,
    fields=(
        FieldDef(
            key="affiniteit",
            label="Affiniteit met zorg",
            kind=FieldKind.CHOICE,
            options=(
                ("veel", "veel: wil graag in de zorg werken"),
                ("enige", "enige: wil het ontdekken"),
                ("twijfel", "twijfelt nog"),
            ),
            required=True,
        ),
        FieldDef(
            key="ervaring",
            label="Ervaring met zorgen voor anderen",
            kind=FieldKind.MULTI,
            options=(
                ("mantelzorg", "als mantelzorger"),
                ("vrijwilliger", "als vrijwilliger"),
                ("betaald", "in betaald werk"),
            ),
            help="Vraag niet voor wie of waarom: dat leggen we niet vast.",
        ),
        FieldDef(
            key="vog",
            label="Verklaring omtrent het gedrag (VOG)",
            kind=FieldKind.CHOICE,
            options=(
                ("heeft", "heeft er een"),
                ("wil", "wil er een aanvragen"),
                ("niet", "wil er geen aanvragen"),
                ("onbekend", "nog niet besproken"),
            ),
            required=True,
            help="Bewoners ontvangen alleen mensen met een VOG.",
        ),
        FieldDef(
            key="vervoer",
            label="Vervoer in de wijk",
            kind=FieldKind.MULTI,
            options=(
                ("lopend", "lopend"),
                ("fiets", "fiets"),
                ("scooter", "scooter"),
                ("auto", "auto"),
                ("bus", "openbaar vervoer"),
            ),
        ),
        FieldDef(
            key="dagen",
            label="Dagen voor bezoeken in de wijk",
            kind=FieldKind.MULTI,
            options=(
                ("ma", "maandag"),
                ("di", "dinsdag"),
                ("wo", "woensdag"),
                ("do", "donderdag"),
                ("vr", "vrijdag"),
                ("za", "zaterdag"),
                ("zo", "zondag"),
            ),
            help="De lesdag valt af.",
        ),
    ),
)
