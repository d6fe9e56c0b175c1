"""What the style guide shows: every component with fictional people, employers and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange

from inleer.forms import MultiCheckboxField, SelectChoice
from inleer.policy.guard import public
from inleer.web.columns import Columns
from inleer.web.saved_views import Views
from inleer.web.svg import Phase

blueprint = Blueprint("stijlgids", __name__)

TODAY = date(2026, 11, 17)


def _choices(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in labels.items()]


class SampleForm(Form):
    """One field of every kind, required and not."""

    name = StringField("Naam", [InputRequired("Vul een naam in.")])
    email = EmailField("E-mailadres", description="Hier komt de uitnodiging binnen.")
    password = PasswordField("Wachtwoord", [InputRequired()])
    start = DateField("Begint op", [InputRequired()])
    hours = IntegerField("Uren per week", [NumberRange(1, 40, "Vul een getal van 1 tot en met 40 in.")])
    region = SelectField("Vakantieregio", choices=_choices(noord="Noord", midden="Midden", zuid="Zuid"))
    answer = RadioField(
        "Klopt dit nog?",
        [InputRequired()],
        choices=_choices(
            yes="Ja, dit klopt",
            change="Ja, maar anders",
            no="Nee, het kan niet meer",
            question="Ik heb eerst een vraag",
        ),
    )
    places = IntegerField("Aantal plekken")
    days = MultiCheckboxField("Dagen", choices=_choices(ma="maandag", di="dinsdag", wo="woensdag"))
    note = TextAreaField("Toelichting")
    file = FileField("Bestand")
    agree = BooleanField("Ik heb de tekst gelezen")


@dataclass(frozen=True)
class SampleCell:
    """A card of the register."""

    enrolment_id: str
    name: str
    recent: tuple[str, ...]
    status: str = ""
    minutes: int | None = None
    note: str = ""
    reported: str = ""
    judged: bool = True
    saved: str = ""
    version: int = 1
    url: str = "#"
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Any = None
    locked: bool = False
    correct_url: str = ""


def sample_form() -> SampleForm:
    """A form as it comes back after a mistake: the input kept, the errors next to their fields."""
    form = SampleForm(data={"name": "", "hours": 60, "region": "midden", "answer": "change", "days": ["di"]})
    form.name.errors = ["Vul een naam in."]
    form.hours.errors = ["Vul een getal van 1 tot en met 40 in."]
    return form


def sample_phases() -> list[Phase]:
    """The phases of a route as they lie on the calendar."""
    return [
        Phase("Werving en intake", date(2026, 5, 4), date(2026, 9, 4), "mei – aug"),
        Phase("Introductie leerhome", date(2026, 9, 7), date(2026, 10, 2), "4 weken · t/m 2 okt"),
        Phase(
            "ROC + wijkstage", date(2026, 10, 5), date(2027, 2, 26), "1 dag les, 16 uur stage · t/m 26 feb"
        ),
        Phase("ADL-stage", date(2027, 3, 1), date(2027, 7, 2), "1 mrt – 2 jul"),
        Phase("Selectiedag", date(2027, 6, 10), date(2027, 6, 10), "10 jun"),
        Phase("BBL-baan", date(2027, 9, 6), date(2028, 7, 7), "jaar 2 · vanaf 6 sep 2027"),
        Phase("Nazorg", date(2028, 7, 10), None, "3, 6 en 12 maanden"),
    ]


def _row(name: str, marks: str, minutes: int, unexcused: int, *rest: Any) -> SimpleNamespace:
    codes = {
        "p": "present",
        "d": "partial",
        "x": "absent",
        "z": "ill",
        "g": "excused",
        "-": "none",
        "?": "open",
    }
    neighbourhood, employer, signal, tone, days = rest
    return SimpleNamespace(
        name=name,
        marks=[codes[mark] for mark in marks],
        minutes=minutes,
        unexcused=unexcused,
        neighbourhood=neighbourhood,
        employer=employer,
        signal=signal,
        tone=tone,
        days=days,
    )


def sample_rows() -> list[SimpleNamespace]:
    """A group on a cohort board."""
    return [
        _row(
            "Kowalczyk, Łukasz",
            "pxpxx-pxp",
            1440,
            18,
            "Boswijk",
            "Woonzorg Het Baken",
            "16 uur bereikt",
            "bad",
            2,
        ),
        _row("El Amrani, Fatima", "pgpzp-pxx", 1440, 12, "Atolwijk", None, "8 uur in 4 weken", "warn", 4),
        _row("Haddad, Samira", "pxppp-pxp", 2160, 4, None, "Woonzorg Het Baken", "onder 80 %", "warn", 7),
        _row("Hof, Kevin van 't", "dppxp-ppp", 2520, 2, "Atolwijk", "Woonzorg Het Baken", "", "", 12),
        _row("Aydın, Zoë", "ppppp-pp?", 2880, 0, "Boswijk", "Stichting Polderlicht", "", "", 2),
    ]


def sample_cells() -> list[SampleCell]:
    """A register that is half filled, with a report beforehand, an error, a conflict and a locked card."""
    conflict = SimpleNamespace(
        by="S. Yilmaz", moment=datetime(2026, 11, 17, 8, 12, tzinfo=UTC), status="Z", minutes=None, note=""
    )
    return [
        SampleCell("1", "Aydın, Zoë", ("present",) * 3, "A", saved="09:05"),
        SampleCell("2", "Bakker-Öztürk, Inês", ("present", "partial", "present"), "L", 20, saved="09:06"),
        SampleCell(
            "3", "Berg, Rachid van den", ("present",) * 3, "G", reported="afspraak gemeente", judged=False
        ),
        SampleCell("4", "D’Angelo, Björn", ("present", "present", "absent"), note="Komt na de pauze."),
        SampleCell(
            "5", "El Amrani, Fatima", ("present", "absent", "absent"), "L", 30, conflict=conflict, version=3
        ),
        SampleCell(
            "6",
            "Gebremedhin, Tesfay",
            ("ill", "excused", "present"),
            "V",
            errors={"minutes": "Vul in hoeveel minuten Tesfay eerder weg was."},
        ),
        SampleCell("7", "Hof, Kevin van 't", ("open", "none", "present"), "O", locked=True, correct_url="#"),
    ]


def sample_context() -> dict[str, Any]:
    """Everything that ``stijlgids/index.html`` needs besides the ordinary page context."""
    return {
        "sample_columns": Columns(
            "kandidaten",
            (("signaal", "Signaal"), ("contact", "Contact")),
            frozenset({"signaal"}),
            from_url=False,
            own=True,
            back="/stijlgids",
        ),
        "sample_views": Views("kandidaten", (("Mijn zorgen", "/stijlgids?signaal=ja", False),), "zoek=berg"),
        "form": sample_form(),
        "phases": sample_phases(),
        "rows": sample_rows(),
        "cells": sample_cells(),
        "today": TODAY,
        "moment": datetime(2026, 11, 17, 8, 7, tzinfo=UTC),
        "dropout": [
            ("Geld", 3),
            ("Kinderopvang", 2),
            ("Vervoer", 1),
            ("Andere baan gevonden", 4),
            ("Vorige lichting", None),
        ],
    }


@blueprint.get("/stijlgids")
@public("every component, with fictional people only")
def index() -> str:
    """The style guide."""
    return render_template("stijlgids/index.html", **sample_context())
