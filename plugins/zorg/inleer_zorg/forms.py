"""Forms of the plugin. Queries stay outside: who can be chosen is filled in by the view."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inleer.plugin import SelectChoice, VersionedForm, _, clock, given
from inleer_zorg.actions import VisitInput
from inleer_zorg.models import HelpRequest, Visit
from inleer_zorg.rows import Person
from inleer_zorg.rules import MOST_MINUTES, TASKS, WEEKDAYS

#: Weeks in which the form for a visit looks for an agreed day that has none yet.
LOOK_BACK: Final = 4

DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


def options(pairs: Iterable[tuple[str, str]], empty: str) -> list[SelectChoice]:
    """Options of a select; ``empty`` is the text of the first one, that stands for nothing."""
    return [SelectChoice("", empty), *(SelectChoice(value, label) for value, label in pairs)]


def _day(label: str, description: str = "") -> DateField:
    rule = InputRequired(_("Vul een datum in, bijvoorbeeld 19-10-2026."))
    return DateField(label, [rule], format=DATES, description=description)


def _minutes() -> NumberRange:
    return NumberRange(1, MOST_MINUTES, _("Vul een aantal minuten in van 1 tot %(most)s.", most=MOST_MINUTES))


class HelpRequestForm(VersionedForm):
    """What a resident asks for, and what was agreed."""

    requester = StringField(
        _("Bewoner"),
        [InputRequired(_("Vul een voornaam of voorletters in.")), Length(max=40)],
        description=_("Alleen een voornaam of voorletters, bijvoorbeeld “Mevr. J.”. Geen achternaam."),
    )
    area = StringField(
        _("Wijk"),
        [InputRequired(_("Vul de wijk in.")), Length(max=60)],
        description=_("De naam van de wijk of buurt. Geen adres."),
    )
    task = SelectField(
        _("Soort hulp"),
        [InputRequired(_("Kies een soort hulp."))],
        choices=options(TASKS.items(), _("Kies een soort hulp")),
    )
    description = StringField(
        _("Korte omschrijving"),
        [Length(max=200, message=_("Hoogstens 200 tekens."))],
        description=_("Wat er gedaan wordt, in een paar woorden. Geen medische gegevens."),
    )
    weekday = SelectField(
        _("Vaste dag"),
        [Optional()],
        choices=options(((str(n), name) for n, name in enumerate(WEEKDAYS)), _("nog niet afgesproken")),
    )
    starts = TimeField(_("Vaste tijd"), [Optional()])
    agreed_minutes = IntegerField(_("Duur van een bezoek"), [Optional(), _minutes()])
    asked_on = _day(_("Gevraagd op"))

    def values(self) -> dict[str, Any]:
        """What was filled in, under the names of the columns."""
        return {
            "requester": self.requester.data,
            "task": self.task.data,
            "description": self.description.data or "",
            "area": self.area.data,
            "weekday": int(self.weekday.data) if self.weekday.data else None,
            "starts": self.starts.data,
            "agreed_minutes": self.agreed_minutes.data,
            "asked_on": self.asked_on.data,
        }


class AssignForm(VersionedForm):
    """Who does a help request."""

    enrolment_id = SelectField(_("Deelnemer"), [InputRequired(_("Kies een deelnemer."))])


class VisitForm(VersionedForm):
    """A visit to a resident."""

    enrolment_id = SelectField(_("Wie ging er?"), [InputRequired(_("Kies een deelnemer."))])
    on = _day(_("Dag"))
    minutes = IntegerField(_("Duur"), [InputRequired(_("Vul het aantal minuten in.")), _minutes()])
    remark = TextAreaField(
        _("Opmerking"),
        [Length(max=300, message=_("Hoogstens 300 tekens."))],
        description=_("Hoe het ging, in een paar woorden. Geen medische gegevens."),
    )

    def visit(self) -> VisitInput:
        """What was filled in."""
        return VisitInput(
            UUID(self.enrolment_id.data),
            given(self.on.data),
            given(self.minutes.data),
            self.remark.data or "",
        )


def new_request_form() -> HelpRequestForm:
    """The form for a new help request, asked today."""
    return HelpRequestForm(data={"asked_on": clock.today()})


def request_form(help_request: HelpRequest) -> HelpRequestForm:
    """The form that changes a help request."""
    return HelpRequestForm(obj=help_request)


def assign_form(help_request: HelpRequest, people: Iterable[Person]) -> AssignForm:
    """The form that gives a help request to a participant; who has nothing to do stands first."""
    form = AssignForm(obj=help_request)
    taking_part = sorted((p for p in people if p.takes_part), key=lambda p: p.requests > 0)
    form.enrolment_id.choices = options(((str(p.enrolment_id), _load_of(p)) for p in taking_part), _("Kies"))
    return form


def visit_form(help_request: HelpRequest, people: Iterable[Person], visit: Visit | None = None) -> VisitForm:
    """The form for a visit; a new one is by whoever does the help request, as long as was agreed."""
    agreed = {
        "enrolment_id": str(help_request.enrolment_id or ""),
        "minutes": help_request.agreed_minutes,
    }
    form = VisitForm(data=agreed) if visit is None else VisitForm(obj=visit)
    form.enrolment_id.choices = options(((str(p.enrolment_id), p.name) for p in people), _("Kies"))
    return form


def agreed_day(help_request: HelpRequest, visited: Collection[date]) -> date | None:
    """The last agreed weekday up to and including today that is not in ``visited``, at most LOOK_BACK weeks ago.

    Without an agreed weekday that is today. None when every such day has its visit: then somebody fills it in.
    """
    today = clock.today()
    if help_request.weekday is None:
        return None if today in visited else today
    last = today - timedelta(days=(today.weekday() - help_request.weekday) % 7)
    days = (last - timedelta(weeks=n) for n in range(LOOK_BACK))
    return next((day for day in days if day not in visited and day >= help_request.asked_on), None)


def _load_of(person: Person) -> str:
    if person.requests == 0:
        return _("%(name)s (heeft nog geen hulpvraag)", name=person.name)
    return _("%(name)s (heeft er %(n)s)", name=person.name, n=person.requests)
