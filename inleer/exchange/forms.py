"""Forms of imports. Queries stay outside: choices are filled by the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from inleer.errors import DomainError, UnknownFields
from inleer.forms import TECHNICAL, BaseForm, VersionedForm, read_version
from inleer.i18n import _


class UploadForm(BaseForm):
    """A file of one kind."""

    file = FileField(_("Bestand"), validators=[FileRequired(_("Kies een bestand."))])
    sender_id = SelectField(
        _("Van wie is dit bestand?"),
        validators=[Optional()],
        description=_("Wat u van de kolommen aanwijst, wordt voor deze organisatie onthouden."),
    )


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


class ConfirmForm(VersionedForm):
    """Saving what the preview showed: the file as it was at that version."""

    skip_invalid = BooleanField(_("Sla de foute rijen over en sla de goede op"))


_CELL = re.compile(r"cell-([0-9]{1,3})", re.ASCII)
_COLUMN = "column-"


@dataclass(frozen=True, slots=True)
class RowInput:
    """One row as it was sent: its number, the version it was shown with, and texts by place."""

    row: int
    version: int
    texts: Mapping[int, str]


def row_input(sent: Mapping[str, str]) -> RowInput:
    """Reads the form of one row. Raises UnknownFields for a field it does not have, DomainError for no number."""
    unknown = [n for n in sent if n not in TECHNICAL | {"row", "version"} and not _CELL.fullmatch(n)]
    if unknown:
        raise UnknownFields(tuple(sorted(unknown)))
    texts = {int(found.group(1)): sent[name] for name in sent if (found := _CELL.fullmatch(name))}
    row = read_version(sent.get("row"))
    if not row:
        raise DomainError(_("Deze rij staat niet in het bestand. Open de bladzijde opnieuw."))
    return RowInput(row, read_version(sent.get("version")), texts)


def columns_form(columns: Sequence[tuple[int, str, str]], choices: Sequence[tuple[str, str]]) -> BaseForm:
    """A form with one select for each column of a file. ``columns``: (place, header, chosen key); ``choices``: (key,
    label) of what a column can be."""
    fields = {
        f"{_COLUMN}{place}": SelectField(name, choices=list(choices), default=key, validators=[Optional()])
        for place, name, key in columns
    }
    form: BaseForm = type("ColumnsForm", (BaseForm,), fields)()
    return form


def columns_chosen(form: BaseForm) -> dict[int, str]:
    """What was chosen, by place."""
    return {
        int(name.removeprefix(_COLUMN)): value or ""
        for name, value in form.data.items()
        if name.startswith(_COLUMN)
    }
