"""Forms for planning an edition. Queries stay outside: choices are filled by the view."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from inleer.cohorts.models import SESSION_KINDS
from inleer.cohorts.queries import PARTNER_WORDS, REGION_WORDS
from inleer.errors import DomainError
from inleer.extend.types import RouteDefinition
from inleer.forms import BaseForm, MultiCheckboxField, SelectChoice, VersionedForm
from inleer.i18n import _
from inleer.people.rules import fold

DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
KIND_WORDS = {
    "introduction": "introductie leerhome",
    "lesson": "les",
    "nt2": "NT2-les",
    "intervision": "intervisie",
    "practice": "praktijk",
    "information": "informatiebijeenkomst",
    "selection": "selectiedag",
    "other": "anders",
}


def day(label: str, *, required: bool = True, description: str = "") -> DateField:
    """A date field, typed or picked."""
    rule = InputRequired(_("Vul een datum in, bijvoorbeeld 19-10-2026.")) if required else Optional()
    return DateField(label, format=DATES, validators=[rule], description=description)


def choices(pairs: Iterable[tuple[str, str]], empty: str | None = None) -> list[SelectChoice]:
    """Options for a select; ``empty`` is the text of the option for nothing."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(value, label) for value, label in pairs)]


def _group_size(label: str) -> IntegerField:
    return IntegerField(
        label, validators=[Optional(), NumberRange(1, 500, _("Vul een aantal in van 1 tot 500."))]
    )


class NewCohortForm(BaseForm):
    """First step: which route, when and where, with whom."""

    class Meta:
        csrf = False  # a GET form: it only asks for the calendar

    route = SelectField(_("Route"), validators=[InputRequired(_("Kies een route."))])
    name = StringField(
        _("Naam van de lichting"),
        validators=[InputRequired(_("Vul een naam in.")), Length(max=200)],
        description=_("Bijvoorbeeld: WijkLeerbedrijf Zorg Lelystad 2026."),
    )
    starts_on = day(
        _("Startdatum"), description=_("De eerste dag van de groep. Werving en intake liggen ervoor.")
    )
    region = SelectField(_("Vakantieregio"), choices=choices(REGION_WORDS.items()))
    school = SelectField(_("School (ROC)"), validators=[Optional()])
    leerhome = SelectField(_("Leerhome"), validators=[Optional()])
    employers = MultiCheckboxField(
        _("Werkgevers"),
        validators=[Optional()],
        description=_("Partners kunnen later altijd worden toegevoegd of beëindigd."),
    )


class CreateCohortForm(BaseForm):
    """Second step: how many people, and the dates of the phases, whose fields :func:`calendar_form` adds."""

    slug = StringField(
        _("Korte naam"),
        validators=[InputRequired(_("Vul een korte naam in.")), Length(max=80)],
        description=_("Staat in adressen en bestandsnamen: kleine letters, cijfers en streepjes."),
    )
    group_target = _group_size(_("Aantal deelnemers"))
    group_min = _group_size(_("Minimaal"))
    group_max = _group_size(_("Maximaal"))
    generate = SelectField(
        _("Bijeenkomsten"),
        choices=choices(
            [
                ("no", _("komen uit het rooster van de school (importeren)")),
                ("yes", _("nu inplannen uit de weekindeling van de route")),
            ]
        ),
    )


def calendar_form(definition: RouteDefinition) -> type[CreateCohortForm]:
    """The second step for one route: a first and last day per phase."""
    fields: dict[str, Any] = {}
    for phase in definition.phases:
        is_open = str(phase.duration.unit) == "open"
        fields[f"start_{phase.key}"] = day(_("Eerste dag"))
        fields[f"end_{phase.key}"] = day(_("Laatste dag"), required=not is_open)
    return type("PhaseForm", (CreateCohortForm,), fields)


class PhaseForm(VersionedForm):
    """Move one phase."""

    starts_on = day(_("Eerste dag"))
    ends_on = day(_("Laatste dag"), required=False)


class StateForm(BaseForm):
    """The answer to the question whether an edition goes to another state."""

    state = HiddenField()

    def refuse(self, error: DomainError) -> None:
        """Nobody sees the hidden field: a refusal stands above the form."""
        self.form_errors.append(error.message)


class PartnerForm(BaseForm):
    """Add a partner."""

    organisation_id = SelectField(_("Organisatie"))
    named = StringField(
        _("Of: een school of leerhome van een ander werkbedrijf"),
        validators=[Length(max=200)],
        description=_(
            "De volledige naam, of de korte naam die de beheerder kent, precies zoals die daar staat."
        ),
    )
    kind = SelectField(
        _("Rol in deze lichting"),
        choices=choices(((k, v) for k, v in PARTNER_WORDS.items() if k != "lead"), empty=_("Kies een rol")),
        validators=[InputRequired(_("Kies een rol."))],
    )
    since_on = day(_("Doet mee vanaf"))


PERIOD_WORDS = {
    "vacation": "eigen vakantie",
    "no_vacation": "wel les (de regio heeft vakantie)",
    "closed": "gesloten, telt niet als vakantie",
}


class PeriodForm(BaseForm):
    """A period in the calendar of an institution."""

    kind = SelectField(_("Soort"), choices=choices(PERIOD_WORDS.items()))
    name = StringField(_("Naam"), validators=[InputRequired(_("Vul een naam in.")), Length(max=100)])
    starts_on = day(_("Eerste dag"))
    ends_on = day(_("Laatste dag"))


class EndPartnerForm(VersionedForm):
    """End a partner's part."""

    ended_on = day(_("Laatste dag"), description=_("Daarna zien de mensen van deze organisatie niets meer."))


class SessionForm(BaseForm):
    """Plan one session by hand."""

    title = StringField(_("Titel"), validators=[InputRequired(_("Vul een titel in.")), Length(max=200)])
    kind = SelectField(_("Soort"), choices=choices((k, KIND_WORDS[k]) for k in SESSION_KINDS))
    on = day(_("Dag"))
    starts = TimeField(_("Van"), validators=[InputRequired(_("Vul een tijd in, bijvoorbeeld 09:00."))])
    ends = TimeField(_("Tot"), validators=[InputRequired(_("Vul een tijd in, bijvoorbeeld 15:00."))])
    location = StringField(_("Plaats"), validators=[Optional(), Length(max=200)])
    organisation_id = SelectField(_("Organisator"), validators=[Optional()])


def organisation_choices(rows: Sequence[Any], empty: str | None) -> list[SelectChoice]:
    """Organisations as options."""
    return choices(((str(o.id), o.name) for o in rows), empty)


def chosen_id(raw: str | None) -> UUID | None:
    """The id that was chosen, None for nothing."""
    return UUID(raw) if raw else None


def slug_for(name: str, start: date) -> str:
    """A short name proposed from the name and the year."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-")
    year = str(start.year)
    return words if year in words or not words else f"{words}-{year}"
