"""Forms of the plugin. Queries stay outside: what can be chosen is filled in by the view."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from inleer.plugin import BaseForm, SelectChoice, VersionedForm, _, given
from inleer_gemeente.actions import MOST_PLACES, PlaceInput, WorkplaceInput
from inleer_gemeente.assignments import AssignmentInput
from inleer_gemeente.models import Assignment, Workplace
from inleer_gemeente.words import PROFILES

DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
_DAY = _("Vul een datum in, bijvoorbeeld 1-9-2026.")
_LONG = Length(max=120, message=_("Hoogstens %(n)s tekens.", n=120))
_NUMBER = _("Vul een getal in van 1 tot en met %(n)s.", n=MOST_PLACES)
_HOURS = _("Vul een getal in van 1 tot en met %(n)s.", n=40)


class MultiCheckboxField(SelectMultipleField):
    """Several answers from a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def options(pairs: Iterable[tuple[str, str]], empty: str = "") -> list[SelectChoice]:
    """Options of a select; ``empty`` is the text of a first one that stands for nothing."""
    first = [SelectChoice("", empty)] if empty else []
    return [*first, *(SelectChoice(value, label) for value, label in pairs)]


class WorkplaceForm(VersionedForm):
    """Places for trainees in a function of a directorate."""

    host_id = SelectField(_("Organisatie"), [InputRequired(_("Kies een organisatie."))])
    directorate = StringField(_("Directie"), [InputRequired(_("Vul een directie in.")), _LONG])
    function = StringField(_("Functie"), [InputRequired(_("Vul een functie in.")), _LONG])
    profile = SelectField(
        _("Profiel"), [InputRequired(_("Kies een profiel."))], choices=options(PROFILES.items(), _("Kies"))
    )
    places = IntegerField(
        _("Aantal plaatsen"), [InputRequired(_NUMBER), NumberRange(1, MOST_PLACES, _NUMBER)], default=1
    )
    from_on = DateField(_("Eerste dag"), [InputRequired(_DAY)], format=DATES)
    until_on = DateField(_("Laatste dag"), [InputRequired(_DAY)], format=DATES)
    supervisor_name = StringField(_("Werkplekbegeleider"), [_LONG])
    supervisor_trained_on = DateField(
        _("Begeleider getraind op"),
        [Optional()],
        format=DATES,
        description=_(
            "Voor de eerste dag van een periode. Tot dan kan een plaatsing niet worden afgesproken."
        ),
    )

    def values(self) -> WorkplaceInput:
        """What was filled in."""
        return WorkplaceInput(
            UUID(self.host_id.data),
            self.directorate.data or "",
            self.function.data or "",
            self.profile.data,
            given(self.from_on.data),
            given(self.until_on.data),
            given(self.places.data),
            self.supervisor_name.data or "",
            self.supervisor_trained_on.data,
        )


class AssignmentForm(VersionedForm):
    """A group assignment and who work on it."""

    title = StringField(_("Opdracht"), [InputRequired(_("Vul in wat de opdracht is.")), _LONG])
    client = StringField(_("Opdrachtgever"), [InputRequired(_("Vul in voor wie het is.")), _LONG])
    from_on = DateField(_("Eerste dag"), [InputRequired(_DAY)], format=DATES)
    until_on = DateField(_("Laatste dag"), [InputRequired(_DAY)], format=DATES)
    members = MultiCheckboxField(_("Trainees"))

    def values(self) -> AssignmentInput:
        """What was filled in."""
        members = tuple(UUID(key) for key in self.members.data or ())
        return AssignmentInput(
            self.title.data or "",
            self.client.data or "",
            given(self.from_on.data),
            given(self.until_on.data),
            members,
        )


class ProfileForm(BaseForm):
    """The profile of a trainee."""

    profile = SelectField(
        _("Profiel"), [InputRequired(_("Kies een profiel."))], choices=options(PROFILES.items(), _("Kies"))
    )


class PlaceForm(BaseForm):
    """Where a trainee will be in a period."""

    phase_key = SelectField(_("Periode"), [InputRequired(_("Kies een periode."))])
    workplace_id = SelectField(_("Werkplek"), [InputRequired(_("Kies een werkplek."))])
    hours = IntegerField(_("Uren per week"), [InputRequired(_HOURS), NumberRange(1, 40, _HOURS)], default=28)
    agreed = BooleanField(
        _("Afgesproken met trainee en directie"),
        description=_(
            "Leeg: een voorstel. Afspreken kan als de functie nieuw is en de begeleider getraind is."
        ),
    )

    def values(self) -> PlaceInput:
        """What was chosen."""
        return PlaceInput(
            UUID(self.workplace_id.data), self.phase_key.data, given(self.hours.data), bool(self.agreed.data)
        )


def workplace_form(hosts: Iterable[tuple[str, str]], workplace: Workplace | None = None) -> WorkplaceForm:
    """The form for a workplace at one of these partners."""
    form = WorkplaceForm(obj=workplace)
    form.host_id.choices = options(hosts, _("Kies"))
    return form


def assignment_form(
    people: Iterable[tuple[str, str]], assignment: Assignment | None = None, members: Iterable[UUID] = ()
) -> AssignmentForm:
    """The form for a group assignment of these trainees."""
    form = AssignmentForm(obj=assignment, data={"members": [str(key) for key in members]})
    form.members.choices = options(people)
    return form
