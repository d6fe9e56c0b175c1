"""Settings with dates: numbers of laws and agreements, their source, and the work agency's own values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, flash, g, make_response, render_template, url_for

from inleer import clock
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.forms import VersionedForm, tell
from inleer.i18n import _, format_date, format_hours, format_number
from inleer.parameters import (
    Parameter,
    Planned,
    history,
    known_parameters,
    planned_value,
    remove_planned,
    set_parameter,
    version_of,
)
from inleer.parameters.values import DatedValue
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show
from inleer.web.admin.forms import SettingForm
from inleer.web.conflict import ConflictField


@dataclass(frozen=True)
class SettingRow:
    """A parameter with its value of today and the next one, when that is known."""

    parameter: Parameter
    now: DatedValue
    upcoming: DatedValue | None


def in_words(parameter: Parameter, value: int) -> str:
    """A value with its unit, minutes in hours first: "80 %", "8 uur (480 minuten)"."""
    plain = f"{format_number(value)} {_(parameter.unit)}"
    if parameter.unit == "minuten" and value >= 60:
        return _("%(hours)s (%(minutes)s)", hours=format_hours(value), minutes=plain)
    return plain


@blueprint.get("/instellingen", endpoint="settings")
@guarded(Perm.SETTING_MANAGE)
def index() -> Response:
    """All parameters with the value of today."""
    today, agency_id = clock.today(), require_actor().organisation_id
    rows = []
    for parameter in known_parameters().values():
        dated = history(parameter.key, agency_id)
        later = [value for value in dated if value.valid_from > today]
        now = [value for value in dated if value.valid_from <= today][-1]
        rows.append(SettingRow(parameter, now, later[0] if later else None))
    return show("admin/settings.html", rows=rows, in_words=in_words)


@blueprint.route("/instellingen/<key>", methods=["GET", "POST"], endpoint="settings_show")
@guarded(Perm.SETTING_MANAGE)
def details(key: str) -> Response:
    """One parameter: all its values, and a form for a new one from a day on."""
    parameter = known_parameters().get(key)
    if parameter is None:
        raise NotVisible
    actor = require_actor()
    form = SettingForm(data={"version": str(version_of(key, actor.organisation_id))})
    if form.validate_on_submit():
        try:
            valid_from, value = form.values()
            set_parameter(actor, key, valid_from, value, form.opened_version)
            flash(_("De waarde geldt vanaf %(day)s.", day=format_date(valid_from, "lang")), "ok")
            return go(url_for("admin.settings_show", key=key))
        except DomainError as error:
            form.refuse(error)
        except StaleEdit:
            return _conflict(
                form, history(key, actor.organisation_id), version_of(key, actor.organisation_id)
            )
    dated = history(key, actor.organisation_id)
    return show(
        "admin/setting.html", form, parameter=parameter, dated=dated, today=clock.today(), in_words=in_words
    )


@blueprint.route("/instellingen/<key>/weg/<day>", methods=["GET", "POST"], endpoint="settings_remove")
@guarded(Perm.SETTING_MANAGE)
def remove(key: str, day: str) -> Response:
    """Ask whether a value that has yet to begin may go, with what will count then; and take it away."""
    parameter, valid_from = known_parameters().get(key), _day(day)
    if parameter is None:
        raise NotVisible
    agency_id = require_actor().organisation_id
    form = VersionedForm(data={"version": str(version_of(key, agency_id))})
    changed = False
    if form.validate_on_submit():
        try:
            return _gone(remove_planned(require_actor(), key, valid_from, form.opened_version), key)
        except StaleEdit:
            changed = True
            form.version.data = str(version_of(key, agency_id))
            form.refuse(DomainError(_("Iemand anders was eerder. Kijk of dit nog steeds weg mag.")))
    planned = planned_value(key, valid_from, agency_id)
    if planned is None:
        raise NotVisible
    page = show("admin/setting_remove.html", form, parameter=parameter, planned=planned, in_words=in_words)
    page.status_code = 409 if changed else page.status_code
    return page


def _gone(planned: Planned, key: str) -> Response:
    """Say so, with the way back: the same value from the same day on."""
    tell(
        _("De waarde vanaf %(day)s is weggehaald.", day=format_date(planned.valid_from, "lang")),
        url_for("admin.settings_show", key=key),
        value=planned.value,
        valid_from=planned.valid_from.isoformat(),
        version=version_of(key, require_actor().organisation_id),
    )
    return go(url_for("admin.settings_show", key=key))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotVisible from None


def _conflict(form: SettingForm, dated: Sequence[DatedValue], version: int) -> Response:
    """Somebody set this parameter since the page was opened: what holds on that day, and what was typed (409)."""
    day, value = form.values()
    now = [known.value for known in dated if known.valid_from <= day][-1]
    fields = [
        ConflictField("value", form.value.label.text, str(now), str(value)),
        ConflictField("valid_from", form.valid_from.label.text, format_date(day), format_date(day)),
    ]
    reference = g.get("trace_id", "")
    page = render_template(
        "errors/409.html", message=None, reference=reference, fields=fields, version=version
    )
    return make_response(page, 409)
