"""Forms about placements: the plan, and an early end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inleer.errors import DomainError
from inleer.forms import BaseForm, MultiCheckboxField, SelectChoice, VersionedForm, given
from inleer.i18n import _
from inleer.placements.actions import Plan
from inleer.placements.models import Placement
from inleer.placements.rules import (
    ENDED_BY_WORDS,
    KIND_WORDS,
    MOST_HOURS,
    WEEKDAYS,
    WEEKDAYS_SHORT,
    days_sum,
)

_DATE = "Vul een datum in, zoals 17-11-2026."


class PlanForm(BaseForm):
    """Where somebody will work, from and until when, and on which days of the week."""

    kind = SelectField(
        "Soort",
        [InputRequired("Kies een soort.")],
        choices=[SelectChoice("", _("Kies")), *(SelectChoice(k, _(v)) for k, v in KIND_WORDS.items())],
    )
    host_id = SelectField(
        "Waar",
        [InputRequired("Kies een organisatie.")],
        description="Een organisatie die meedoet aan de lichting. Een nieuwe komt erbij op de planning.",
    )
    department = StringField("Directie of afdeling", [Length(max=200)])
    function = StringField(
        "Functie of werkplek", [InputRequired("Vul een functie of werkplek in."), Length(max=200)]
    )
    supervisor_name = StringField("Werkplekbegeleider", [Length(max=200)])
    phase_key = SelectField("Fase", description="De fase waar deze plaatsing bij hoort.")
    from_on = DateField("Eerste dag", [InputRequired(_DATE)])
    until_on = DateField("Laatste dag", [InputRequired(_DATE)])
    days = MultiCheckboxField(
        "Dagen van de week",
        [InputRequired("Kies minstens één dag van de week.")],
        choices=[SelectChoice(k, _(v)) for k, v in zip(WEEKDAYS_SHORT, WEEKDAYS, strict=True)],
    )
    hours = IntegerField(
        "Uren per week",
        [
            InputRequired("Vul een getal in van 1 tot en met 40."),
            NumberRange(1, MOST_HOURS, "Vul een getal in van 1 tot en met 40."),
        ],
    )
    contract_partner_id = SelectField(
        "Overeenkomst met", description="Alleen als een andere organisatie de overeenkomst tekent."
    )

    def offer(self, hosts: Sequence[tuple[UUID, str]], phases: Sequence[tuple[str, str]]) -> None:
        """What there is to choose from: organisations and phases of the cohort."""
        known = [SelectChoice(str(id_), name) for id_, name in hosts]
        self.host_id.choices = [SelectChoice("", _("Kies")), *known]
        self.contract_partner_id.choices = [SelectChoice("", _("dezelfde organisatie")), *known]
        self.phase_key.choices = [SelectChoice("", _("geen fase")), *(SelectChoice(k, v) for k, v in phases)]

    def plan(self) -> Plan:
        """The plan as it is stored: what is left empty is unknown."""
        other = self.contract_partner_id.data
        return Plan(
            kind=self.kind.data,
            host_id=UUID(self.host_id.data),
            function=(self.function.data or "").strip(),
            from_on=given(self.from_on.data),
            until_on=given(self.until_on.data),
            weekdays=days_sum(WEEKDAYS_SHORT.index(day) for day in self.days.data or ()),
            hours=given(self.hours.data),
            phase_key=self.phase_key.data or None,
            contract_partner_id=UUID(other) if other else None,
            department=(self.department.data or "").strip() or None,
            supervisor_name=(self.supervisor_name.data or "").strip() or None,
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal; the rules call the days by what is stored."""
        super().refuse(DomainError(error.message, "days") if error.field == "weekdays" else error)


class NewPlanForm(PlanForm):
    """A new placement."""

    agreed = BooleanField(
        "De afspraak met kandidaat en organisatie is al gemaakt",
        description="Zonder vinkje staat de plaatsing er als voorstel.",
    )


class ChangePlanForm(PlanForm, VersionedForm):
    """Change a plan."""


class EndForm(VersionedForm):
    """An early end: when, who took the initiative, and why."""

    never_began = BooleanField("De plaatsing is niet begonnen")
    ended_on = DateField(
        "Laatste dag", [Optional()], description="Leeg laten als de plaatsing niet is begonnen."
    )
    by = RadioField(
        "Wie nam het initiatief?",
        [InputRequired("Kies wie het initiatief nam.")],
        choices=[SelectChoice(k, _(v)) for k, v in ENDED_BY_WORDS.items()],
    )
    reason = TextAreaField(
        "Waarom stopt de plaatsing eerder?",
        [InputRequired("Schrijf op waarom de plaatsing eerder stopt."), Length(max=500)],
        description="Geen medische gegevens.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A last day, or that it never began; not both."""
        well: bool = super().validate(extra_validators)
        if self.ended_on.errors or bool(self.ended_on.data) != bool(self.never_began.data):
            return well
        if self.ended_on.data is None:
            text = _("Vul een datum in, of kies dat de plaatsing niet is begonnen.")
        else:
            text = _("Laat de datum leeg als de plaatsing niet is begonnen.")
        self.ended_on.errors = [text]
        return False


def filled(placement: Placement) -> dict[str, Any]:
    """What a form about a placement shows first."""
    names = ("kind", "function", "department", "supervisor_name", "from_on", "until_on", "hours")
    return {
        **{name: getattr(placement, name) for name in names},
        "host_id": str(placement.host_id),
        "contract_partner_id": str(placement.contract_partner_id or ""),
        "phase_key": placement.phase_key or "",
        "days": placement.days,
        "version": str(placement.version),
    }
