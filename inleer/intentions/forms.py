"""Forms about job intentions: an employer's answer by telephone, and what was written down before it."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inleer.forms import BaseForm, SelectChoice, VersionedForm
from inleer.i18n import _
from inleer.intentions.rules import KIND_WORDS

_PLACES = "Laat leeg als de werkgever geen aantal noemt: dat telt als onbekend, niet als nul."
_HOURS = "Vul een getal in van 1 tot en met 40."
ANSWERS = {
    "yes": "Ja, de werkgever bevestigt",
    "no": "Nee, de werkgever zegt af",
}


class AnswerForm(VersionedForm):
    """What an employer said by telephone. Nothing is chosen beforehand."""

    answer = RadioField(
        "Wat zei de werkgever?",
        [InputRequired("Kies wat de werkgever zei.")],
        choices=[SelectChoice(k, _(v)) for k, v in ANSWERS.items()],
    )
    answered_by = StringField(
        "Met wie is er gesproken?", [InputRequired("Vul in met wie er is gesproken."), Length(max=200)]
    )
    on = DateField("Datum van het gesprek", [InputRequired("Vul een datum in, zoals 17-11-2026.")])
    positions = IntegerField(
        "Aantal plekken",
        [Optional(), NumberRange(1, 500, "Vul een aantal in van 1 tot en met 500.")],
        description=_PLACES,
    )
    hours_min = IntegerField("Uren per week, minstens", [Optional(), NumberRange(1, 40, _HOURS)])
    hours_max = IntegerField("Uren per week, hoogstens", [Optional(), NumberRange(1, 40, _HOURS)])
    remark = TextAreaField("Opmerking", [Length(max=500)])


class _Contact(BaseForm):
    """Whom to ask at the employer."""

    contact_name = StringField("Contactpersoon", [Length(max=200)])
    contact_email = StringField("E-mail van de contactpersoon", [Length(max=254)])

    def values(self) -> dict[str, Any]:
        """The fields of an intention as they are stored: what is left empty is unknown."""
        return {name: (self[name].data or "").strip() or None for name in ("contact_name", "contact_email")}


class _Written(_Contact):
    """What is known of a commitment before the employer confirms it."""

    function = StringField("Functie", [InputRequired("Vul een functie in."), Length(max=200)])
    kind = SelectField("Soort toezegging", choices=[SelectChoice(k, _(v)) for k, v in KIND_WORDS.items()])
    positions = IntegerField(
        "Aantal plekken",
        [Optional(), NumberRange(1, 500, "Vul een aantal in van 1 tot en met 500.")],
        description=_PLACES,
    )
    hours_min = IntegerField("Uren per week, minstens", [Optional(), NumberRange(1, 40, _HOURS)])
    hours_max = IntegerField("Uren per week, hoogstens", [Optional(), NumberRange(1, 40, _HOURS)])
    from_on = DateField("Vanaf", [Optional()])
    conditions = TextAreaField("Voorwaarden", [Length(max=1000)])

    def values(self) -> dict[str, Any]:
        """The fields of an intention as they are stored: what is left empty is unknown."""
        names = ("positions", "hours_min", "hours_max", "from_on")
        return {
            **super().values(),
            "function": (self.function.data or "").strip(),
            "kind": self.kind.data,
            **{name: self[name].data for name in names},
            "conditions": (self.conditions.data or "").strip() or None,
        }


class DraftForm(_Written):
    """A new intention of an employer that takes part in the cohort."""

    employer_id = SelectField("Werkgever", [InputRequired("Kies een werkgever.")])


class ChangeForm(_Written, VersionedForm):
    """Change what was written down."""


class ContactForm(_Contact, VersionedForm):
    """What changes of a confirmed commitment without an answer of the employer."""
