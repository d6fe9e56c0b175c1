"""Forms of asking and answering; their fields follow from the intentions that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inleer.accounts.forms import clean
from inleer.errors import DomainError
from inleer.forms import BaseForm, MultiCheckboxField, SelectChoice, VersionedForm
from inleer.i18n import _
from inleer.intentions.answering import Given
from inleer.intentions.queries_requests import ItemView

#: What can be answered, in the order of the screen. Nothing is chosen beforehand.
CHOICES: Mapping[str, str] = {
    "confirm": "Ja, dit klopt",
    "change": "Ja, maar anders",
    "decline": "Nee, het kan niet meer",
    "question": "Ik heb eerst een vraag",
    "contact": "Dit is niet voor mij: vraag een collega",
}
NUMBERS = ("positions", "hours_min", "hours_max", "from_on")
_HOURS = "Vul een getal in van 1 tot en met 40."


def number_fields() -> dict[str, Field]:
    """The fields of what can be different in an answer."""
    return {
        "positions": IntegerField(
            _("Aantal plekken"),
            [Optional(), NumberRange(1, 500, _("Vul een aantal in van 1 tot en met 500."))],
        ),
        "hours_min": IntegerField(_("Uren per week, minstens"), [Optional(), NumberRange(1, 40, _(_HOURS))]),
        "hours_max": IntegerField(_("Uren per week, hoogstens"), [Optional(), NumberRange(1, 40, _(_HOURS))]),
        "from_on": DateField(_("Vanaf"), [Optional()]),
    }


def _item_fields(place: int) -> dict[str, Field]:
    fields: dict[str, Field] = {
        "answer": RadioField(
            _("Klopt dit nog?"),
            choices=[SelectChoice(k, _(v)) for k, v in CHOICES.items()],
            validate_choice=False,
        ),
        **number_fields(),
        "question": TextAreaField(_("Uw vraag"), [Length(max=1000)], filters=[clean]),
        "contact_name": StringField(_("Naam van uw collega"), [Length(max=200)], filters=[clean]),
        "contact_email": StringField(_("E-mailadres van uw collega"), [Length(max=254)]),
        "shown": HiddenField(),
    }
    return {f"{name}_{place}": field for name, field in fields.items()}


def answers_form(items: Sequence[ItemView], name: str = "") -> Any:
    """The form of one screen: for each item that waits an answer and what belongs to it, and the name once."""
    fields: dict[str, Field] = {}
    for item in items:
        fields |= _item_fields(item.place)
    # One line: the name stands in the text that is signed, where a line break could forge a line.
    fields["name"] = StringField(
        _("Uw naam"), [InputRequired(_("Vul uw naam in.")), Length(max=200)], default=name, filters=[clean]
    )
    known = {f"{n}_{i.place}": getattr(i.terms, n) for i in items for n in NUMBERS}
    known |= {f"shown_{i.place}": i.shown for i in items}
    return type("AnswersForm", (BaseForm,), fields)(data=known)


def given_in(form: Any, items: Sequence[ItemView]) -> list[Given]:
    """What was chosen. Raises DomainError when a number was changed and "this is right" chosen all the same."""
    found = []
    for item in items:
        value: dict[str, Any] = {n: form[f"{n}_{item.place}"].data for n in (*NUMBERS, "answer", "shown")}
        if value["answer"] not in CHOICES:
            continue
        same = value["shown"] == item.shown  # else it is told that something changed meanwhile
        if value["answer"] == "confirm" and same and _differs(form, item):
            raise DomainError(
                _("U koos dat dit klopt, en veranderde ook iets. Kies “Ja, maar anders”, of zet het terug."),
                f"answer_{item.place}",
            )
        text: dict[str, Any] = {
            n: (form[f"{n}_{item.place}"].data or "") for n in ("question", "contact_name", "contact_email")
        }
        found.append(Given(place=item.place, **value, **text))
    return found


def _differs(form: Any, item: ItemView) -> bool:
    """Whether a number that was sent, emptied too, is another one than what stands there now."""
    fields = {n: form[f"{n}_{item.place}"] for n in NUMBERS}
    return any(f.raw_data and f.data != getattr(item.terms, n) for n, f in fields.items())


def bring_up_to_date(form: Any, items: Sequence[ItemView]) -> None:
    """After "something changed meanwhile": what the employer did not change itself shows what stands there now."""
    for item in items:
        changes = form[f"answer_{item.place}"].data == "change"
        if form[f"shown_{item.place}"].data == item.shown:
            continue
        for name in NUMBERS:
            field = form[f"{name}_{item.place}"]
            if not changes or field.data == getattr(item.asked, name):
                field.data, field.raw_data = getattr(item.terms, name), None


def ask_form(rows: Sequence[Any]) -> Any:
    """Whom to ask: intentions to choose from, with an address where it is missing and the version on the screen."""
    fields: dict[str, Field] = {
        "chosen": MultiCheckboxField(
            _("Welke toezeggingen?"),
            choices=[SelectChoice(str(r.id), f"{r.employer}: {r.function}") for r in rows],
        ),
        "step": HiddenField(),
    }
    for row in rows:
        fields[f"email_{row.id.hex}"] = StringField(_("E-mail van de contactpersoon"), [Length(max=254)])
        fields[f"version_{row.id.hex}"] = HiddenField(default=str(row.version))
    return type("AskForm", (BaseForm,), fields)(data={f"version_{r.id.hex}": str(r.version) for r in rows})


class ReplyForm(VersionedForm):
    """The answer to an employer's question."""

    reply = TextAreaField(
        "Uw antwoord", [InputRequired("Schrijf een antwoord."), Length(max=2000)], description=""
    )


class TakeOverForm(VersionedForm):
    """The colleague whom the employer named, to ask instead."""

    contact_name = StringField(
        "Naam", [InputRequired("Vul de naam van de collega in."), Length(max=200)], filters=[clean]
    )
    contact_email = StringField(
        "E-mailadres", [InputRequired("Vul een e-mailadres in, zoals naam@bedrijf.nl."), Length(max=254)]
    )


OWN_CHOICES: Mapping[str, str] = {
    "confirm": "Bevestig opnieuw: dit klopt",
    "change": "Verander het aantal, de uren of de datum",
    "decline": "Trek in: het kan niet meer",
}


class OwnForm(VersionedForm):
    """What an employer with an account does with what it confirmed. Nothing is chosen beforehand."""

    answer = RadioField(
        "Wat wilt u doen?",
        [InputRequired("Kies wat u wilt doen.")],
        choices=[SelectChoice(k, _(v)) for k, v in OWN_CHOICES.items()],
    )
    positions = IntegerField(
        "Aantal plekken", [Optional(), NumberRange(1, 500, "Vul een aantal in van 1 tot en met 500.")]
    )
    hours_min = IntegerField("Uren per week, minstens", [Optional(), NumberRange(1, 40, _HOURS)])
    hours_max = IntegerField("Uren per week, hoogstens", [Optional(), NumberRange(1, 40, _HOURS)])
    from_on = DateField("Vanaf", [Optional()])


class OwnContactForm(VersionedForm):
    """Whom to ask at the employer."""

    contact_name = StringField(
        "Contactpersoon", [InputRequired("Vul een naam in."), Length(max=200)], filters=[clean]
    )
    contact_email = StringField(
        "E-mail van de contactpersoon",
        [InputRequired("Vul een e-mailadres in, zoals naam@bedrijf.nl."), Length(max=254)],
    )
