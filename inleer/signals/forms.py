"""The form with which a signal is handled."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from inleer.forms import VersionedForm


class HandleForm(VersionedForm):
    """What was done about a signal."""

    note = TextAreaField(
        "Wat is er gedaan of afgesproken?",
        [InputRequired("Schrijf kort op wat er is gedaan of afgesproken."), Length(max=1000)],
        description="Dit blijft bij het signaal staan. Geen medische gegevens.",
    )
