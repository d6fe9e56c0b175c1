"""The calendar of a school or leerhome: its own vacations and closing days, beside those of the region."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.calendars.actions import add_period, remove_period
from inleer.calendars.queries import periods_of
from inleer.cohorts import forms, planning_partners
from inleer.cohorts.models import Cohort
from inleer.cohorts.views import bp
from inleer.errors import DomainError
from inleer.forms import given
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor


@bp.route("/<uuid:cohort_id>/partners/<uuid:partner_id>/kalender", methods=["GET", "POST"])
@guarded(Perm.COHORT_PLAN, on=Cohort)
def partner_calendar(cohort: Cohort, partner_id: UUID) -> Any:
    """The own periods of a partner; add one."""
    organisation = planning_partners.institution_of(require_actor(), cohort, partner_id)
    form = forms.PeriodForm()
    if form.validate_on_submit():
        try:
            days = given(form.starts_on.data), given(form.ends_on.data)
            add_period(require_actor(), organisation.id, form.kind.data, given(form.name.data).strip(), *days)
            planning_partners.calendar_changed(require_actor(), organisation.id)
            return _back(cohort, partner_id, _("De periode staat in de kalender."))
        except DomainError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    context = {"cohort": cohort, "partner_id": partner_id, "organisation": organisation, "form": form}
    return render_template(
        "planning/partner_calendar.html", periods=periods_of(organisation.id), **context
    ), status


@bp.post("/<uuid:cohort_id>/partners/<uuid:partner_id>/kalender/<uuid:period_id>/weg")
@guarded(Perm.COHORT_PLAN, on=Cohort)
def remove_calendar_period(cohort: Cohort, partner_id: UUID, period_id: UUID) -> Response:
    """Take a period out of a partner's calendar."""
    organisation = planning_partners.institution_of(require_actor(), cohort, partner_id)
    remove_period(require_actor(), planning_partners.period_in(organisation.id, period_id))
    planning_partners.calendar_changed(require_actor(), organisation.id)
    return _back(cohort, partner_id, _("De periode is uit de kalender gehaald."))


def _back(cohort: Cohort, partner_id: UUID, text: str) -> Response:
    flash(text, "ok")
    return redirect(url_for("planning.partner_calendar", cohort_id=cohort.id, partner_id=partner_id), 303)
