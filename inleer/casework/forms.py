"""Forms of casework: a note with an audience, a message to the coach, and how it was resolved."""

from __future__ import annotations

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from inleer.casework.words import AUDIENCE_WORDS, CATEGORY_WORDS, CHANNEL_WORDS, URGENCY_WORDS
from inleer.forms import BaseForm, SelectChoice, VersionedForm
from inleer.i18n import _

REQUIRED = "Vul dit veld in."


class NoteForm(BaseForm):
    """A contact moment: when, how, what was said, and who may read it."""

    on = DateField("Datum van het contact", [InputRequired("Vul een datum in, zoals 17-11-2026.")])
    channel = SelectField(
        "Hoe", [InputRequired(REQUIRED)], choices=[SelectChoice(k, _(v)) for k, v in CHANNEL_WORDS.items()]
    )
    text = TextAreaField(
        "Wat is er besproken?",
        [InputRequired("Schrijf op wat er besproken is."), Length(max=10_000)],
        description="Geen medische gegevens en geen BSN.",
    )
    audience = RadioField(
        "Wie mag dit lezen?",
        [InputRequired("Kies wie dit mag lezen.")],
        choices=[SelectChoice(k, _(v)) for k, v in AUDIENCE_WORDS.items()],
    )


class EscalationForm(BaseForm):
    """The leerhome asks the coach to act."""

    category = SelectField(
        "Waar gaat het over?",
        [InputRequired("Kies waar het over gaat.")],
        choices=[SelectChoice("", _("Kies")), *(SelectChoice(k, _(v)) for k, v in CATEGORY_WORDS.items())],
    )
    urgency = RadioField(
        "Hoe dringend is het?",
        [InputRequired("Kies hoe dringend het is.")],
        choices=[SelectChoice(k, _(v)) for k, v in URGENCY_WORDS.items()],
    )
    text = TextAreaField(
        "Wat is er aan de hand?",
        [InputRequired("Schrijf op wat er aan de hand is."), Length(max=2000)],
        description="De werkcoach leest dit. Geen medische gegevens.",
    )


class ResolveForm(VersionedForm):
    """What the coach did about a message."""

    resolution = TextAreaField(
        "Wat is er gedaan of afgesproken?",
        [InputRequired("Schrijf op wat er is gedaan."), Length(max=2000)],
        description="De leerhome-coördinator leest dit.",
    )
