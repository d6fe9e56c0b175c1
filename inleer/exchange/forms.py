"""Forms of imports. Queries stay outside: choices are filled by the page."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from inleer.forms import BaseForm
from inleer.i18n import _


class UploadForm(BaseForm):
    """A file of one kind."""

    file = FileField(_("Bestand"), validators=[FileRequired(_("Kies een bestand."))])


class CandidatesForm(UploadForm):
    """A file of candidates: whose caseload those without a coach come into."""

    coach_id = SelectField(
        _("Werkcoach van wie er nog geen heeft"),
        validators=[Optional()],
        validate_choice=True,
        description=_(
            "Een kolom Werkcoach in het bestand gaat voor. Zonder werkcoach ziet nog geen enkele coach het dossier."
        ),
    )


class ConfirmForm(BaseForm):
    """Saving what the preview showed."""

    skip_invalid = BooleanField(_("Sla de foute rijen over en sla de goede op"))
