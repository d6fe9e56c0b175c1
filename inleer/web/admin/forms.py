"""Forms of the administrator. Choices are filled by the views, limited to what the administrator manages."""

from __future__ import annotations

from datetime import date

from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from inleer.accounts.forms import clean, typed
from inleer.accounts.organisations import CREATABLE, KIND_LABELS, REGION_LABELS, OrganisationData
from inleer.attendance.rules import STATUSES
from inleer.forms import BaseForm, SelectChoice, VersionedForm
from inleer.i18n import _


def choices(*pairs: tuple[str, str], first: str = "") -> list[SelectChoice]:
    """Options of a select field from (value, label); ``first`` is the words of the empty one before them."""
    empty = [SelectChoice("", first or _("Maak een keuze"))]
    return empty + [SelectChoice(value, label) for value, label in pairs]


def _at_most(length: int) -> Length:
    return Length(max=length, message=_("Hoogstens %(n)s tekens.", n=length))


class OrganisationFields(BaseForm):
    """The details of an organisation."""

    name = StringField(_("Naam"), [DataRequired(_("Vul de naam in.")), _at_most(200)], filters=[clean])
    sector = StringField(_("Sector"), [_at_most(100)], filters=[clean])
    region = SelectField(
        _("Vakantieregio"),
        choices=choices(*REGION_LABELS.items(), first=_("Geen of onbekend")),
        description=_("Alleen voor een school, leerhome of werkbedrijf."),
        validators=[Optional()],
    )
    brin = StringField(
        _("BRIN"),
        [_at_most(6)],
        filters=[clean, str.upper],
        description=_("Alleen voor een school, zoals 25LN."),
    )
    contact_name = StringField(_("Contactpersoon"), [_at_most(200)], filters=[clean])
    contact_email = EmailField(
        _("E-mailadres"),
        [Optional(), _at_most(254), Email(_("Vul een e-mailadres in, zoals naam@voorbeeld.nl."))],
        filters=[clean],
    )
    contact_phone = TelField(_("Telefoon"), [_at_most(30)], filters=[clean])

    def values(self) -> OrganisationData:
        """What was filled in; empty texts are None."""
        names = ("sector", "region", "brin", "contact_name", "contact_email", "contact_phone")
        return OrganisationData(name=typed(self.name), **{n: self[n].data or None for n in names})


class NewOrganisationForm(OrganisationFields):
    """A new organisation: its kind too."""

    kind = SelectField(
        _("Soort"),
        [InputRequired(_("Kies een soort."))],
        choices=choices(*((k, KIND_LABELS[k]) for k in CREATABLE)),
    )


class OrganisationForm(OrganisationFields, VersionedForm):
    """Changing an organisation, with the version it was opened with."""


class InviteForm(BaseForm):
    """Inviting somebody to a role in an organisation."""

    name = StringField(_("Naam"), [DataRequired(_("Vul de naam in.")), _at_most(200)], filters=[clean])
    email = EmailField(
        _("E-mailadres"),
        [
            DataRequired(_("Vul het e-mailadres in.")),
            _at_most(254),
            Email(_("Vul een e-mailadres in, zoals naam@voorbeeld.nl.")),
        ],
        filters=[clean],
    )
    organisation = SelectField(_("Organisatie"), [InputRequired(_("Kies een organisatie."))])
    role = SelectField(_("Rol"), [InputRequired(_("Kies een rol."))])


class CodeForm(BaseForm):
    """A code in a school's files of attendance and what it means."""

    code = StringField(_("Code"), [InputRequired(_("Vul een code in.")), _at_most(10)])
    meaning = SelectField(
        _("Betekenis"),
        [InputRequired(_("Kies wat de code betekent."))],
        choices=choices(*((key, _(status.label_nl)) for key, status in STATUSES.items())),
    )


#: The answer that lateness counts, and the one that it does not.
COUNTS, COUNTS_NOT = "ja", "nee"


class LatenessForm(VersionedForm):
    """Whether lateness is unexcused at a school, from a day on."""

    counts = RadioField(
        _("Telt te laat en eerder weg als ongeoorloofd?"),
        [InputRequired(_("Kies ja of nee."))],
        choices=[
            SelectChoice(COUNTS, _("Ja, de gemiste minuten tellen als ongeoorloofd")),
            SelectChoice(COUNTS_NOT, _("Nee, zij staan apart en tellen niet voor de 16 uur")),
        ],
    )
    valid_from = DateField(_("Voor lessen vanaf"), [InputRequired(_("Vul een datum in."))])


class SettingForm(VersionedForm):
    """A value of a parameter from a day on."""

    value = IntegerField(_("Waarde"), [InputRequired(_("Vul een heel getal in."))])
    valid_from = DateField(_("Geldt vanaf"), [InputRequired(_("Vul een datum in."))])

    def values(self) -> tuple[date, int]:
        """The first day and the value. Call it on a form that was accepted."""
        if self.valid_from.data is None or self.value.data is None:
            raise ValueError("the form was not accepted")
        return self.valid_from.data, self.value.data
