"""Whether being late or leaving early is unexcused at a school, from a day on."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.attendance.lateness import counts_on, remove_rule, rules_of, set_rule, version_of_rules
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.forms import given, posted_version, tell
from inleer.i18n import _, format_date
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show
from inleer.web.admin.forms import COUNTS, COUNTS_NOT, LatenessForm
from inleer.web.admin.organisations import PATH


@blueprint.route(f"{PATH}/te-laat", methods=["GET", "POST"], endpoint="lateness")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def index(organisation: Organisation) -> Response:
    """The rules of a school by day, with a form for another one."""
    _school(organisation)
    form = LatenessForm(data={"version": str(version_of_rules(organisation.id))})
    status = 0
    if form.validate_on_submit():
        try:
            return _set(organisation, form)
        except DomainError as error:
            form.refuse(error)
        except StaleEdit:
            status = 409
            form.version.data = str(version_of_rules(organisation.id))
            form.refuse(
                DomainError(
                    _("Iemand anders was eerder. Kijk hieronder wat er nu geldt en sla dan nog eens op.")
                )
            )
    rules, today = rules_of(organisation.id), clock.today()
    page = show(
        "admin/lateness.html",
        form,
        organisation=organisation,
        rules=rules,
        today=today,
        now=counts_on(rules, today),
        current=next((rule for rule in reversed(rules) if rule.valid_from <= today), None),
    )
    page.status_code = status or page.status_code
    return page


def _set(organisation: Organisation, form: LatenessForm) -> Response:
    day = given(form.valid_from.data)
    set_rule(require_actor(), organisation.id, day, form.counts.data == COUNTS, form.opened_version)
    tell(_("Opgeslagen. De regel geldt voor lessen vanaf %(day)s.", day=format_date(day, "lang")))
    return go(url_for("admin.lateness", organisation_id=organisation.id))


@blueprint.post(f"{PATH}/te-laat/<uuid:rule_id>/weg", endpoint="lateness_remove")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def remove(organisation: Organisation, rule_id: UUID) -> Response:
    """Take a rule away that has yet to begin; the message has the way back."""
    _school(organisation)
    gone = remove_rule(require_actor(), organisation.id, rule_id, posted_version())
    tell(
        _("De regel vanaf %(day)s is weggehaald.", day=format_date(gone.valid_from, "lang")),
        url_for("admin.lateness", organisation_id=organisation.id),
        counts=COUNTS if gone.value else COUNTS_NOT,
        valid_from=gone.valid_from.isoformat(),
        version=version_of_rules(organisation.id),
    )
    return go(url_for("admin.lateness", organisation_id=organisation.id))


def _school(organisation: Organisation) -> None:
    if organisation.kind != "school":
        raise NotVisible
