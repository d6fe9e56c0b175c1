"""Forms about one enrolment: start later, pause, come back, stop, finish, move, and the steps before the start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from inleer.cohorts.rules import DROPOUT_REASONS, INITIATORS, WOULD_RETURN
from inleer.forms import SelectChoice, VersionedForm
from inleer.i18n import _

_DAY = "Vul een datum in, zoals 17-11-2026."
_REASON = "Schrijf kort op waarom."


def choices(pairs: Iterable[tuple[Any, str]], first: str = "") -> list[Any]:
    """Options of a select or radio field; ``first`` is the empty one."""
    blank = [SelectChoice("", _(first))] if first else []
    return [*blank, *(SelectChoice(str(key), label) for key, label in pairs)]


class LaterForm(VersionedForm):
    """Another first day."""

    on = DateField(
        "Eerste dag",
        [InputRequired(_DAY)],
        description="Lessen voor deze dag tellen niet mee in de aanwezigheid.",
    )
    reason = StringField("Reden", [InputRequired(_REASON), Length(max=500)])


class PauseForm(VersionedForm):
    """A pause has a last day and an owner: pauses without them mostly end in stopping."""

    from_on = DateField("Eerste dag van de pauze", [InputRequired(_DAY)])
    until_on = DateField(
        "Laatste dag van de pauze",
        [InputRequired(_DAY)],
        description="Is deze dag voorbij, dan staat de pauze bij Vandaag.",
    )
    owner_id = SelectField(
        "Wie houdt contact?", [InputRequired("Kies wie contact houdt en de terugkeer regelt.")]
    )
    reason = StringField(
        "Reden", [InputRequired(_REASON), Length(max=500)], description="Geen medische gegevens."
    )


class ProlongForm(VersionedForm):
    """Until when the pause lasts now, and who keeps contact."""

    until_on = DateField("Laatste dag van de pauze", [InputRequired(_DAY)])
    owner_id = SelectField(
        "Wie houdt contact?", [InputRequired("Kies wie contact houdt en de terugkeer regelt.")]
    )


class ResumeForm(VersionedForm):
    """The first day back."""

    on = DateField("Eerste dag terug", [InputRequired(_DAY)])


class DropOutForm(VersionedForm):
    """First who took the initiative, then the reasons that belong to it. "Unknown" is not among them.

    There is one list of reasons per initiator; only that of the chosen one counts, with scripts or without.
    """

    left_on = DateField("Laatste dag", [InputRequired(_DAY)])
    initiator = RadioField(
        "Wie nam het initiatief?",
        [InputRequired("Kies wie het initiatief nam.")],
        choices=choices((k, _(v)) for k, v in INITIATORS.items()),
    )
    reason_candidate = SelectField("Reden van de kandidaat", [Optional()])
    reason_school = SelectField("Reden van de school", [Optional()])
    reason_employer = SelectField("Reden van de werkgever", [Optional()])
    reason_agency = SelectField("Reden van het werkbedrijf", [Optional()])
    would_return = RadioField(
        "Zou de kandidaat terug willen komen?",
        [InputRequired("Kies of de kandidaat terug zou willen komen.")],
        choices=choices((k, _(v)) for k, v in WOULD_RETURN.items()),
    )
    remark = TextAreaField("Toelichting", [Length(max=500)], description="Geen medische gegevens.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for initiator in INITIATORS:
            reasons = ((k, _(v)) for k, v in DROPOUT_REASONS[initiator].items())
            self.reasons[initiator].choices = choices(reasons, "Kies een reden")

    @property
    def reasons(self) -> dict[str, Any]:
        """The field with reasons per initiator."""
        return {initiator: self[f"reason_{initiator}"] for initiator in INITIATORS}

    @property
    def reason(self) -> str:
        """The reason that was chosen for the chosen initiator; empty when there is none."""
        field = self.reasons.get(self.initiator.data or "")
        return (field.data or "") if field is not None else ""

    def validate(self, extra_validators: Any = None) -> bool:
        """A reason is needed from the list of the initiator."""
        right = bool(super().validate(extra_validators))
        field = self.reasons.get(self.initiator.data or "")
        if field is not None and not field.data:
            field.errors = [*field.errors, _("Kies een reden.")]
            return False
        return right


class CompleteForm(VersionedForm):
    """How somebody finished: one of the route's exits, each of which counts as success."""

    left_on = DateField("Laatste dag", [InputRequired(_DAY)])
    exit_kind = RadioField("Waarmee?", [InputRequired("Kies waarmee de kandidaat de route afrondt.")])


class MoveForm(VersionedForm):
    """To another edition of the same agency. That is no dropout."""

    cohort_id = SelectField("Naar welke lichting?", [InputRequired("Kies een lichting.")])
    last_day = DateField("Laatste dag in deze lichting", [InputRequired(_DAY)])
    first_day = DateField(
        "Eerste dag in de nieuwe lichting",
        [Optional()],
        description="Leeg laten kan: dan is het de eerste dag die kan, na de laatste dag hier.",
    )
    reason = StringField("Reden", [InputRequired(_REASON), Length(max=500)])


class StepForm(VersionedForm):
    """A step before the start."""

    state = RadioField("Volgende stap", [InputRequired("Kies de volgende stap.")])
    on = DateField("Datum", [InputRequired(_DAY)])
    reason = StringField("Toelichting", [Length(max=500)])
