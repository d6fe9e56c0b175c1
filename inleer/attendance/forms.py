"""Forms of lessons. The register is one form for everybody in it, read at once: a form object per cell is slow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from inleer.attendance.actions import MarkInput
from inleer.attendance.rules import STATUSES, check_minutes
from inleer.attendance.stamps import Stamp, clean, fingerprint, read_stamp
from inleer.errors import DomainError, UnknownFields
from inleer.forms import TECHNICAL, VersionedForm
from inleer.i18n import _

NOTE_LENGTH = 500
PARTS = ("status", "minutes", "note", "version")
# What a person chooses from, in this order; "gemeld" and "niet van toepassing" come from elsewhere.
CHOICES = ("present", "late", "left_early", "ill", "excused", "unexcused")
ACCEPTED = frozenset({*CHOICES, "not_applicable"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell as it was sent: ``mark`` when it says something, ``touched`` when it differs from what was shown.

    A mark without a status empties the cell. ``errors``: field (status, minutes or note) → Dutch sentence. ``minutes``
    and ``note`` are as typed.
    """

    enrolment_id: UUID
    stamp: Stamp
    status: str
    minutes: str
    note: str
    touched: bool
    mark: MarkInput | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_cell(
    enrolment_id: UUID, values: Mapping[str, str], planned: int, *, clearable: bool = False
) -> Typed:
    """One cell of a session of ``planned`` minutes. Raises DomainError when the page's stamp is missing or wrong.

    ``clearable``: nothing at all means that the cell must become empty.
    """
    shown = read_stamp(values.get("version", ""))
    status, typed = values.get("status", ""), values.get("minutes", "").strip()
    note = clean(values.get("note", ""))
    errors: dict[str, str] = {}
    minutes = _minutes(typed, errors)
    touched = fingerprint(status, minutes, note) != shown.seen or bool(errors)
    clears = clearable and not (status or typed or note) and shown.version > 0
    if clears:
        status = ""
    elif not status:
        errors.setdefault("status", _("Kies eerst een aanwezigheid."))
    elif status not in ACCEPTED:
        errors["status"] = _("Kies een aanwezigheid.")
    elif not errors:
        _check_minutes(status, planned, minutes, errors)
    if len(note) > NOTE_LENGTH:
        errors["note"] = _("Een notitie heeft hoogstens %(n)s tekens.", n=NOTE_LENGTH)
    mark = None if errors else MarkInput(enrolment_id, status, minutes, shown.version, note, shown.seen)
    return Typed(enrolment_id, shown, status, typed, note, touched, mark, errors)


def read_register(
    form: MultiDict[str, str], enrolment_ids: Iterable[UUID], planned: int, also: Iterable[str] = ()
) -> dict[UUID, Typed]:
    """The cells of a register that was sent as a whole, by enrolment. Cells that were not sent are left out.

    ``also``: other names that the form may have. Raises UnknownFields for a field that belongs to nobody in the
    register, or that was sent twice; DomainError for a stamp that is not ours.
    """
    known = {str(i): i for i in enrolment_ids}
    sent: dict[UUID, dict[str, str]] = {}
    unknown = []
    for name, values in form.lists():
        part, _dash, owner = name.partition("-")
        if part in PARTS and owner in known and len(values) == 1:
            sent.setdefault(known[owner], {})[part] = values[0]
        elif name not in TECHNICAL and name not in also:
            unknown.append(name)
    if unknown:
        raise UnknownFields(tuple(sorted(unknown)))
    return {i: read_cell(i, values, planned) for i, values in sent.items()}


def read_stamps(form: Mapping[str, str], enrolment_ids: Iterable[UUID]) -> dict[UUID, Stamp]:
    """The stamps of an undo: ``version-ID`` per cell. Raises UnknownFields, DomainError."""
    known = {f"version-{i}": i for i in enrolment_ids}
    unknown = set(form) - set(known) - TECHNICAL
    if unknown:
        raise UnknownFields(tuple(sorted(unknown)))
    return {known[name]: read_stamp(value) for name, value in form.items() if name in known}


def whole_number(text: str) -> int | None:
    """Minutes as typed: None for nothing. Raises DomainError (field "minutes") for anything but digits."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise DomainError(_("Vul hele minuten in, zoals 15."), "minutes")
    return int(text)


def _minutes(text: str, errors: dict[str, str]) -> int | None:
    try:
        return whole_number(text)
    except DomainError as error:
        errors["minutes"] = error.message
        return None


def _check_minutes(status: str, planned: int, minutes: int | None, errors: dict[str, str]) -> None:
    try:
        check_minutes(STATUSES[status], planned, minutes)
    except DomainError as error:
        errors["minutes"] = error.message


class CorrectionForm(VersionedForm):
    """Change a mark after the register closed."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is wrong at once: minutes that a status asks for too, not one thing per round."""
        sound: bool = super().validate(extra_validators)
        status = STATUSES.get(self.mark.data or "")
        if status is not None and not (self.minutes.data or "").strip():
            try:
                check_minutes(status, 1, None)
            except DomainError as error:
                self.refuse(error)
                return False
        return sound

    mark = RadioField(_("Wat klopt"), validators=[InputRequired(_("Kies een aanwezigheid."))])
    minutes = StringField(
        _("Gemiste minuten"),
        validators=[Optional(), Length(max=4)],
        description=_(
            "Verplicht bij te laat en eerder weg. Bij ziek, geoorloofd en ongeoorloofd: leeg is de hele les."
        ),
    )
    reason = TextAreaField(
        _("Waarom verandert dit?"),
        validators=[InputRequired(_("Vul de reden van de verandering in.")), Length(max=500)],
        description=_("Dit blijft zichtbaar bij de les. Geen medische gegevens."),
    )


class LessonForm(VersionedForm):
    """Time, place and who teaches."""

    on = DateField(
        _("Dag"),
        format=["%Y-%m-%d", "%d-%m-%Y"],
        validators=[InputRequired(_("Vul een datum in, bijvoorbeeld 17-11-2026."))],
    )
    starts = TimeField(_("Van"), validators=[InputRequired(_("Vul een tijd in, bijvoorbeeld 09:00."))])
    ends = TimeField(_("Tot"), validators=[InputRequired(_("Vul een tijd in, bijvoorbeeld 15:30."))])
    location = StringField(_("Plaats"), validators=[Optional(), Length(max=200)])
    given_by = SelectField(
        _("Wie geeft de les"),
        validators=[Optional()],
        description=_("Een collega die vervangt, ziet de les bij de eigen lessen."),
    )
