"""Settings with dates: numbers of laws and agreements, their source, and the work agency's own values."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, url_for

from inleer import clock
from inleer.errors import DomainError, NotVisible
from inleer.i18n import _, format_date
from inleer.parameters import CATALOGUE, Parameter, history, set_parameter
from inleer.parameters.catalogue import BY_KEY
from inleer.parameters.values import DatedValue
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show
from inleer.web.admin.forms import SettingForm


@dataclass(frozen=True)
class SettingRow:
    """A parameter with its value of today and the next one, when that is known."""

    parameter: Parameter
    now: DatedValue
    upcoming: DatedValue | None


@blueprint.get("/instellingen", endpoint="settings")
@guarded(Perm.SETTING_MANAGE)
def index() -> Response:
    """All parameters with the value of today."""
    today, agency_id = clock.today(), require_actor().organisation_id
    rows = []
    for parameter in CATALOGUE:
        dated = history(parameter.key, agency_id)
        later = [value for value in dated if value.valid_from > today]
        now = [value for value in dated if value.valid_from <= today][-1]
        rows.append(SettingRow(parameter, now, later[0] if later else None))
    return show("admin/settings.html", rows=rows)


@blueprint.route("/instellingen/<key>", methods=["GET", "POST"], endpoint="settings_show")
@guarded(Perm.SETTING_MANAGE)
def details(key: str) -> Response:
    """One parameter: all its values, and a form for a new one from a day on."""
    parameter = BY_KEY.get(key)
    if parameter is None:
        raise NotVisible
    actor, form = require_actor(), SettingForm()
    if form.validate_on_submit():
        try:
            valid_from, value = form.values()
            set_parameter(actor, key, valid_from, value)
            flash(_("De waarde geldt vanaf %(day)s.", day=format_date(valid_from, "lang")), "ok")
            return go(url_for("admin.settings_show", key=key))
        except DomainError as error:
            form.refuse(error)
    dated = history(key, actor.organisation_id)
    return show("admin/setting.html", form, parameter=parameter, dated=dated, today=clock.today())
