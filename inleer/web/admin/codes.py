"""What the codes in a school's files of attendance mean: the usual ones, and the school's own."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, url_for

from inleer.accounts.models import Organisation
from inleer.attendance.codes import add_code, own_codes, remove_code
from inleer.attendance.rules import IMPORT_CODES, STATUSES
from inleer.errors import DomainError, NotVisible
from inleer.forms import posted_version
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show
from inleer.web.admin.forms import CodeForm
from inleer.web.admin.organisations import PATH


@blueprint.route(f"{PATH}/codes", methods=["GET", "POST"], endpoint="codes")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def index(organisation: Organisation) -> Response:
    """The codes of a school, with a form for one more."""
    _school(organisation)
    form = CodeForm()
    if form.validate_on_submit():
        try:
            made = add_code(require_actor(), organisation.id, form.code.data or "", form.meaning.data)
            flash(_("Code %(code)s geldt vanaf de volgende inlezing.", code=made.code), "ok")
            return go(url_for("admin.codes", organisation_id=organisation.id))
        except DomainError as error:
            form.refuse(error)
    own = own_codes(organisation.id)
    usual = {code: key for code, key in IMPORT_CODES.items() if code not in {known.code for known in own}}
    words = {key: _(status.label_nl) for key, status in STATUSES.items()}
    return show("admin/codes.html", form, organisation=organisation, own=own, usual=usual, words=words)


@blueprint.post(f"{PATH}/codes/<uuid:code_id>/weg", endpoint="codes_remove")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def remove(organisation: Organisation, code_id: UUID) -> Response:
    """Take an own code of a school away."""
    _school(organisation)
    gone = remove_code(require_actor(), organisation.id, code_id, posted_version())
    flash(_("Code %(code)s is weggehaald.", code=gone.code), "ok")
    return go(url_for("admin.codes", organisation_id=organisation.id))


def _school(organisation: Organisation) -> None:
    if organisation.kind != "school":
        raise NotVisible
