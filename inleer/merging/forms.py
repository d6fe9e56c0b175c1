"""The form with which two candidates are joined."""

from __future__ import annotations

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from inleer.forms import BaseForm


class MergeForm(BaseForm):
    """Whose row stays. ``seen``: the versions of both as they were compared."""

    keep = RadioField(
        "Wie blijft?",
        [InputRequired("Kies wie blijft.")],
        description="Wat daar onbekend is, wordt aangevuld uit de ander. Verder blijven deze gegevens zoals ze zijn.",
    )
    seen = HiddenField()
