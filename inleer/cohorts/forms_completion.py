"""Forms with which a phase is completed: for one person, for several at once, and the way back."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from inleer.forms import BaseForm, MultiCheckboxField

_REASON_HELP = (
    "Nodig als niet elke regel is voldaan. De reden blijft bij de fase bewaard. Geen medische gegevens."
)


class PhaseForm(BaseForm):
    """One person: the day, and why when not every rule is fulfilled."""

    on = DateField("Afgerond op", [InputRequired("Vul een datum in, zoals 17-11-2026.")])
    reason = TextAreaField("Reden om toch af te ronden", [Length(max=500)], description=_REASON_HELP)


class PhaseGroupForm(PhaseForm):
    """Several people of a cohort at once. Who is offered depends on the page, so the action checks the choice."""

    people = MultiCheckboxField("Wie heeft deze fase afgerond?", validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody has to be chosen."""
        right = bool(super().validate(extra_validators))
        if not self.people.data:
            self.people.errors = [*self.people.errors, "Kies minstens één deelnemer."]
            return False
        return right


class TakeBackForm(BaseForm):
    """The button that takes a completion back. ``back`` is the page to return to: "" (the person) or "lichting"."""

    back = HiddenField()


class TakeBackBatchForm(BaseForm):
    """The button that takes back what was recorded in one go."""

    batch = HiddenField()
