"""Forms for logging in and for one's own account. Dutch messages; unknown fields are refused by the base."""

from __future__ import annotations

import unicodedata

from wtforms import EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length

from inleer.forms import BaseForm
from inleer.i18n import _


def clean(text: str | None) -> str:
    """A line of text as it is stored: composed characters, single spaces, nothing that cannot be printed."""
    composed = unicodedata.normalize("NFC", text or "")
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


_EMAIL = [
    DataRequired(_("Vul uw e-mailadres in.")),
    Length(max=254, message=_("Dit e-mailadres is te lang.")),
    Email(_("Vul een e-mailadres in, zoals naam@voorbeeld.nl.")),
]


def typed(field: Field) -> str:
    """What was typed in a text field; empty when nothing was."""
    return str(field.data or "")


_NAME = [DataRequired(_("Vul uw naam in.")), Length(max=200, message=_("Deze naam is te lang."))]
# A password is judged by its own rules; this only keeps a whole book out.
_LONG = Length(max=1000, message=_("Dit is te lang."))


class OnwardForm(BaseForm):
    """Carries where to go and the kept input through the steps of logging in."""

    next = HiddenField()
    kept = HiddenField()


class LoginForm(OnwardForm):
    """E-mail address and password."""

    email = EmailField(_("E-mailadres"), _EMAIL)
    password = PasswordField(_("Wachtwoord"), [DataRequired(_("Vul uw wachtwoord in.")), _LONG])


class CodeForm(OnwardForm):
    """A code of the second factor, or a recovery code."""

    code = StringField(
        _("Code"), [DataRequired(_("Vul de code in.")), Length(max=40, message=_("Dit is te lang."))]
    )


# The largest answers hold a certificate; all are far below this.
_ANSWER = [DataRequired(), Length(max=20_000)]
_KEY_NAME = [
    DataRequired(_("Geef de sleutel een naam, zoals Sleutelbos of Laptop.")),
    Length(max=60, message=_("Deze naam is te lang: hoogstens 60 tekens.")),
]


class KeyAnswerForm(OnwardForm):
    """What a security key signed, as JSON of the browser."""

    answer = HiddenField(validators=_ANSWER)


class KeyMadeForm(BaseForm):
    """The security key that the browser made, and its name."""

    name = HiddenField(validators=_KEY_NAME, filters=[clean])
    answer = HiddenField(validators=_ANSWER)


class EmailForm(BaseForm):
    """Where the reset link goes."""

    email = EmailField(_("E-mailadres"), _EMAIL)


class NewPasswordForm(BaseForm):
    """A new password, typed once: it can be shown, and pasted."""

    password = PasswordField(_("Nieuw wachtwoord"), [DataRequired(_("Kies een wachtwoord.")), _LONG])


class WelcomeForm(BaseForm):
    """The first time: name and password."""

    name = StringField(_("Uw naam"), _NAME, filters=[clean])
    password = PasswordField(_("Wachtwoord"), [DataRequired(_("Kies een wachtwoord.")), _LONG])


class AcceptForm(BaseForm):
    """Taking a further role with the account that one has."""

    password = PasswordField(_("Uw wachtwoord"), [DataRequired(_("Vul uw wachtwoord in.")), _LONG])


class ConfirmForm(BaseForm):
    """The present password, before something that matters."""

    current = PasswordField(_("Huidig wachtwoord"), [DataRequired(_("Vul uw huidige wachtwoord in.")), _LONG])


class NewKeyForm(ConfirmForm):
    """The name of a new security key, and the present password."""

    name = StringField(_("Naam van de sleutel"), _KEY_NAME, filters=[clean])


class ChangePasswordForm(ConfirmForm):
    """The present and the new password."""

    password = PasswordField(_("Nieuw wachtwoord"), [DataRequired(_("Kies een nieuw wachtwoord.")), _LONG])


class NameForm(BaseForm):
    """One's own name."""

    name = StringField(_("Naam"), _NAME, filters=[clean])


class EmptyForm(BaseForm):
    """A button: no fields of its own."""
