"""Forms about a person: details, an intake field group as the route defines it, and cover for a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from inleer.extend.types import FieldDef, FieldGroup, FieldKind
from inleer.forms import BaseForm, MultiCheckboxField, SelectChoice, VersionedForm
from inleer.i18n import _

LEVELS = ("NT1", "A0", "A1", "A2", "B1", "B2", "C1", "C2", "1F", "2F", "3F", "4F")
UNKNOWN = "onbekend"
YES_NO = {"yes": "ja", "no": "nee", "unknown": UNKNOWN}


def _trimmed(value: str | None) -> str | None:
    return value.strip() if value else value


def _choices(pairs: Mapping[str, str], first: str = "") -> list[Any]:
    blank = [SelectChoice("", _(first))] if first else []
    return [*blank, *(SelectChoice(key, _(label)) for key, label in pairs.items())]


class DetailsForm(VersionedForm):
    """Personal details. Unknown is an answer of its own; there is no field for a BSN or for health."""

    first_name = StringField("Voornaam", [Length(max=200)], filters=[_trimmed])
    tussenvoegsel = StringField("Tussenvoegsel", [Length(max=40)], filters=[_trimmed])
    last_name = StringField(
        "Achternaam", [InputRequired("Vul een achternaam in."), Length(max=200)], filters=[_trimmed]
    )
    birth_date = DateField("Geboortedatum", [Optional()])
    postcode = StringField(
        "Postcode",
        [Optional(), Regexp(r"[1-9][0-9]{3} ?[A-Za-z]{2}$", message="Vul een postcode in zoals 8232 AB.")],
        filters=[_trimmed],
    )
    phone = StringField(
        "Telefoon",
        [Optional(), Regexp(r"[+0-9 ()-]{6,20}$", message="Vul een telefoonnummer in, zoals 06 12345678.")],
        filters=[_trimmed],
    )
    email = StringField(
        "E-mail",
        [
            Optional(),
            Length(max=254),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="Vul een e-mailadres in, zoals naam@voorbeeld.nl."),
        ],
        filters=[_trimmed],
    )
    language_level = SelectField("Taalniveau", choices=_choices({k: k for k in LEVELS}, UNKNOWN))
    driving_licence = RadioField("Rijbewijs", choices=_choices(YES_NO))
    startkwalificatie = RadioField(
        "Startkwalificatie",
        choices=_choices(YES_NO),
        description="Een diploma op mbo-niveau 2, havo of vwo. Dit bepaalt wat 16 uur verzuim betekent.",
    )
    benefit = StringField(
        "Uitkering", [Length(max=60)], filters=[_trimmed], description="Bijvoorbeeld P-wet of WW."
    )
    children = IntegerField("Thuiswonende kinderen", [Optional(), NumberRange(0, 20)])

    def values(self) -> dict[str, Any]:
        """What was filled in, as the model stores it: nothing filled in is unknown."""
        licence = {"yes": True, "no": False}.get(self.driving_licence.data)
        texts = ("postcode", "phone", "email", "language_level", "benefit")
        return {
            "first_name": self.first_name.data or "",
            "tussenvoegsel": self.tussenvoegsel.data or "",
            "last_name": self.last_name.data or "",
            "birth_date": self.birth_date.data,
            "driving_licence": licence,
            "startkwalificatie": self.startkwalificatie.data,
            "children": self.children.data,
            **{name: self[name].data or None for name in texts},
        }


class CoachForm(VersionedForm):
    """Another coach for one candidate."""

    coach_id = SelectField("Nieuwe werkcoach", [InputRequired("Kies een werkcoach.")])
    on = DateField(
        "Vanaf welke dag?",
        [InputRequired("Vul een datum in, zoals 17-11-2026.")],
        description="Vandaag, of de dag waarop het is afgesproken. Het werkt meteen na het opslaan.",
    )
    reason = StringField(
        "Reden",
        [DataRequired("Schrijf kort op waarom."), Length(max=500)],
        filters=[_trimmed],
        description="Geen medische gegevens. Wie het dossier mag lezen, leest ook deze reden.",
    )


class HandOverForm(BaseForm):
    """A colleague for several candidates of one coach."""

    candidates = MultiCheckboxField(
        "Wie gaan over?",
        [InputRequired("Kies minstens één kandidaat.")],
        description="Iedereen is aangekruist.",
    )
    coach_id = SelectField("Nieuwe werkcoach", [InputRequired("Kies een werkcoach.")])
    on = DateField(
        "Vanaf welke dag?",
        [InputRequired("Vul een datum in, zoals 17-11-2026.")],
        description="Vandaag, of de dag waarop het is afgesproken. Het werkt meteen na het opslaan.",
    )
    reason = StringField(
        "Reden",
        [DataRequired("Schrijf kort op waarom."), Length(max=500)],
        filters=[_trimmed],
        description="Geen medische gegevens. Wie een dossier mag lezen, leest ook deze reden.",
    )

    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, as hidden fields of the page that shows what will happen."""
        people = [("candidates", one) for one in self.candidates.data or ()]
        day = self.on.data.isoformat() if self.on.data else ""
        return [*people, ("coach_id", self.coach_id.data), ("on", day), ("reason", self.reason.data or "")]


class CoverForm(BaseForm):
    """Who stands in for whom, from and until a day (both included)."""

    coach_id = SelectField("Wie is afwezig?", [InputRequired("Kies een collega.")])
    substitute_id = SelectField("Wie neemt waar?", [InputRequired("Kies een collega.")])
    from_on = DateField("Eerste dag", [InputRequired("Vul een datum in, zoals 17-11-2026.")])
    until_on = DateField("Laatste dag", [InputRequired("Vul een datum in, zoals 17-11-2026.")])


def group_form(group: FieldGroup) -> type[VersionedForm]:
    """The form of a field group, as the core or a plugin defines it."""
    fields = {field.key: _field(field) for field in group.fields}
    return type("FieldGroupForm", (VersionedForm,), {"__doc__": group.name, **fields})


def _field(field: FieldDef) -> Any:
    needed = (
        [InputRequired(_("Geef hier een antwoord: dit is verplicht."))] if field.required else [Optional()]
    )
    options = dict(field.options)
    match field.kind:
        case FieldKind.CHOICE if field.required and len(options) <= 6:
            return RadioField(field.label, needed, choices=_choices(options), description=field.help)
        case FieldKind.CHOICE:
            return SelectField(
                field.label, needed, choices=_choices(options, UNKNOWN), description=field.help
            )
        case FieldKind.MULTI:
            return MultiCheckboxField(
                field.label, [Optional()], choices=_choices(options), description=field.help
            )
        case FieldKind.INTEGER:
            low, high = field.minimum, field.maximum
            message = _range(low, high)
            bounds = [NumberRange(low, high, message)] if message else []
            return IntegerField(field.label, [*needed, *bounds], description=field.help)
        case FieldKind.BOOLEAN if field.required:
            known = {key: word for key, word in YES_NO.items() if key != "unknown"}
            return RadioField(field.label, needed, choices=_choices(known), description=field.help)
        case FieldKind.BOOLEAN:
            return RadioField(
                field.label, choices=_choices(YES_NO), default="unknown", description=field.help
            )
        case _:
            return StringField(
                field.label, [*needed, Length(max=200)], filters=[_trimmed], description=field.help
            )


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return _("Vul een getal in van %(low)s tot en met %(high)s.", low=low, high=high)
    if low is not None:
        return _("Vul %(low)s of meer in.", low=low)
    return "" if high is None else _("Vul hoogstens %(high)s in.", high=high)


def answers(group: FieldGroup, form: VersionedForm) -> dict[str, Any]:
    """The answers as they are stored: yes/no as true/false, nothing for what was left open."""
    found: dict[str, Any] = {}
    for field in group.fields:
        value = form[field.key].data
        if field.kind is FieldKind.BOOLEAN and isinstance(value, str):
            value = {"yes": True, "no": False}.get(value)
        if value not in (None, "", []):
            found[field.key] = value
    return found


def stored(group: FieldGroup, given: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the form shows them."""
    shown = dict(given)
    for field in group.fields:
        if field.kind is FieldKind.BOOLEAN:
            word = {True: "yes", False: "no"}.get(given.get(field.key))  # type: ignore[arg-type]
            shown[field.key] = word if word or field.required else "unknown"
    return shown


def spoken(field: FieldDef, value: Any) -> str | None:
    """A stored answer in words; None when it is unknown."""
    if value in (None, "", []):
        return None
    labels = dict(field.options)
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return ", ".join(labels.get(v, str(v)) for v in value)
    return labels.get(value, str(value)) if isinstance(value, str) else str(value)
