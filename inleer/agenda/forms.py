"""The form for a new feed."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from inleer.forms import BaseForm
from inleer.i18n import _


def _trimmed(value: str | None) -> str | None:
    return " ".join(value.split()) if value else value


class FeedForm(BaseForm):
    """Where the feed is used, so that its maker knows later which one to revoke."""

    name = StringField(
        _("Waar gebruikt u deze agenda?"),
        [
            DataRequired(_("Vul in waar u de agenda gebruikt, zoals: telefoon.")),
            Length(max=60, message=_("Dit is te lang. Gebruik hoogstens 60 tekens.")),
        ],
        filters=[_trimmed],
    )
