"""Forms of the plugin. Queries stay outside: who can be chosen is filled in by the view."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import (
    DateField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from inleer.plugin import SelectChoice, VersionedForm, _, clock, given
from inleer_logistiek.actions import CertificateInput
from inleer_logistiek.models import Certificate
from inleer_logistiek.rows import Holder
from inleer_logistiek.rules import KINDS

DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


def options(pairs: Iterable[tuple[str, str]], empty: str) -> list[SelectChoice]:
    """Options of a select; ``empty`` is the text of the first one, that stands for nothing."""
    return [SelectChoice("", empty), *(SelectChoice(value, label) for value, label in pairs)]


class PersonForm(VersionedForm):
    """Whose certificate it is; before the other fields, on the page and in the list of what is wrong."""

    enrolment_id = SelectField(_("Deelnemer"), [InputRequired(_("Kies een deelnemer."))])

    @property
    def person(self) -> UUID:
        """Who was chosen."""
        return UUID(self.enrolment_id.data)


class CertificateForm(VersionedForm):
    """A certificate that somebody has."""

    kind = SelectField(
        _("Soort certificaat"),
        [InputRequired(_("Kies een soort certificaat."))],
        choices=options(KINDS.items(), _("Kies een soort")),
    )
    obtained_on = DateField(
        _("Behaald op"),
        [InputRequired(_("Vul een datum in, bijvoorbeeld 19-10-2026."))],
        format=DATES,
    )
    valid_until = DateField(
        _("Geldig tot en met"),
        [Optional()],
        format=DATES,
        description=_("Laat leeg als er geen einddatum op het certificaat staat."),
    )
    issuer = StringField(_("Uitgegeven door"), [Length(max=80, message=_("Hoogstens %(n)s tekens.", n=80))])
    number = StringField(
        _("Nummer van het certificaat"),
        [Length(max=40, message=_("Hoogstens %(n)s tekens.", n=40))],
        description=_("Geen burgerservicenummer en geen nummer van een rijbewijs."),
    )

    def values(self) -> CertificateInput:
        """What was filled in."""
        return CertificateInput(
            self.kind.data,
            given(self.obtained_on.data),
            self.valid_until.data,
            self.issuer.data or "",
            self.number.data or "",
        )


class NewCertificateForm(PersonForm, CertificateForm):
    """A certificate, and whose it is."""


def new_form(people: Iterable[Holder], chosen: str) -> NewCertificateForm:
    """The form for a new certificate, obtained today, by who was ``chosen`` on the page before (an id, or empty)."""
    form = NewCertificateForm(data={"obtained_on": clock.today(), "enrolment_id": chosen})
    form.enrolment_id.choices = options(((str(p.enrolment_id), p.name) for p in people), _("Kies"))
    return form


def change_form(certificate: Certificate) -> CertificateForm:
    """The form that changes a certificate."""
    return CertificateForm(obj=certificate)
