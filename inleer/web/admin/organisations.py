"""Organisations: list, details, new, change, archive and back."""

from __future__ import annotations

from flask import Response, flash, url_for

from inleer.accounts import organisations, queries
from inleer.accounts.forms import EmptyForm
from inleer.accounts.models import Organisation
from inleer.accounts.organisations import KIND_LABELS
from inleer.accounts.queries import OrganisationFilter, PeopleFilter
from inleer.errors import DomainError
from inleer.forms import tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import (
    asked_choice,
    asked_page,
    asked_text,
    blueprint,
    go,
    is_descending,
    show,
)
from inleer.web.admin.forms import NewOrganisationForm, OrganisationForm

PATH = "/organisaties/<uuid:organisation_id>"


@blueprint.get("/organisaties", endpoint="organisations")
@guarded(Perm.ORGANISATION_MANAGE)
def index() -> Response:
    """All organisations that the administrator manages."""
    asked = OrganisationFilter(
        text=asked_text("q"),
        kind=asked_choice("kind", KIND_LABELS),
        archived=asked_choice("archived", ("1",)) == "1",
        sort=asked_choice("sort", ("name", "kind", "people")) or "name",
        descending=is_descending(),
        page=asked_page(),
    )
    page = queries.organisations(require_actor(), asked)
    return show("admin/organisations.html", page=page, asked=asked, kinds=KIND_LABELS)


@blueprint.route("/organisaties/nieuw", methods=["GET", "POST"], endpoint="organisations_new")
@guarded(Perm.ORGANISATION_MANAGE)
def new() -> Response:
    """Add an organisation."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        try:
            made = organisations.create(require_actor(), form.kind.data, form.values())
            flash(_("%(name)s is toegevoegd.", name=made.name), "ok")
            return go(url_for("admin.organisations_show", organisation_id=made.id))
        except DomainError as error:
            form.refuse(error)
    return show("admin/organisation_form.html", form, organisation=None)


@blueprint.get(PATH, endpoint="organisations_show")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def details(organisation: Organisation) -> Response:
    """One organisation and its people."""
    people = queries.people(require_actor(), PeopleFilter(organisation=organisation.id))
    own = organisation.id == require_actor().organisation_id
    return show(
        "admin/organisation.html", organisation=organisation, people=people, own=own, kinds=KIND_LABELS
    )


@blueprint.route(f"{PATH}/wijzigen", methods=["GET", "POST"], endpoint="organisations_edit")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def edit(organisation: Organisation) -> Response:
    """Change an organisation; of two who save at the same time the second sees both versions (409)."""
    form = OrganisationForm(obj=organisation)
    if form.validate_on_submit():
        try:
            organisations.change(require_actor(), organisation, form.opened_version, form.values())
            flash(_("De wijzigingen zijn opgeslagen."), "ok")
            return go(url_for("admin.organisations_show", organisation_id=organisation.id))
        except DomainError as error:
            form.refuse(error)
    return show("admin/organisation_form.html", form, organisation=organisation)


@blueprint.route(f"{PATH}/archiveren", methods=["GET", "POST"], endpoint="organisations_archive")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def archive(organisation: Organisation) -> Response:
    """Archive an organisation, after a question; it can be undone."""
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            organisations.archive(require_actor(), organisation)
            way_back = url_for("admin.organisations_restore", organisation_id=organisation.id)
            tell(_("%(name)s is gearchiveerd.", name=organisation.name), undo_url=way_back)
            return go(url_for("admin.organisations"))
        except DomainError as error:
            form.refuse(error)
    return show("admin/organisation_archive.html", form, organisation=organisation)


@blueprint.post(f"{PATH}/terugzetten", endpoint="organisations_restore")
@guarded(Perm.ORGANISATION_MANAGE, on=Organisation)
def restore(organisation: Organisation) -> Response:
    """Bring an organisation back from the archive."""
    organisations.restore(require_actor(), organisation)
    flash(_("%(name)s is weer in gebruik.", name=organisation.name), "ok")
    return go(url_for("admin.organisations_show", organisation_id=organisation.id))
