"""Pages of the plugin, below /logistiek/COHORT: who has which certificates, and recording them.

The core's gate has loaded the cohort in the actor's scope before any of these runs; what else the address names
must lie in that cohort.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from inleer.plugin import (
    EXPORTS,
    Enrolment,
    NotVisible,
    VersionedForm,
    _,
    clock,
    current_cohort,
    download,
    guarded,
    posted_version,
    require_actor,
    tell,
)
from inleer_logistiek import actions, forms, rules, screens
from inleer_logistiek.access import MANAGE, VIEW
from inleer_logistiek.models import Certificate

blueprint: Final = Blueprint("logistiek", __name__, template_folder="templates")
View = Callable[..., Any]


@blueprint.app_template_global("logistiek_words")
def words() -> dict[str, Any]:
    """The Dutch words for kinds and states, for the templates of this plugin."""
    return {"kind": rules.KINDS, "short": rules.SHORT, "state": rules.STATES}


def about_certificate(view: View) -> View:
    """Guard a view that changes one certificate, and refuse one of another cohort than the address names."""

    @guarded(MANAGE, on=Certificate)
    @wraps(view)
    def run(cohort_id: UUID, certificate: Certificate) -> Any:
        if certificate.cohort_id != cohort_id:
            raise NotVisible
        return view(certificate)

    return run


def _person(certificate: Certificate) -> str:
    return url_for("logistiek.person", cohort_id=certificate.cohort_id, enrolment_id=certificate.enrolment_id)


def _done(certificate: Certificate, text: str, undo: str = "") -> Response:
    """Back to the participant, saying what was done and offering the way back."""
    ids: dict[str, Any] = {"cohort_id": certificate.cohort_id, "certificate_id": certificate.id}
    tell(text, url_for(undo, **ids) if undo else "", version=certificate.version)
    return redirect(_person(certificate), 303)


def _show(form: VersionedForm, page: dict[str, Any], back: str) -> tuple[str, int]:
    return render_template("logistiek/certificate_form.html", **page, form=form, back=back), form.status


@blueprint.get("/<uuid:cohort_id>/certificaten")
@guarded(VIEW)
def index(cohort_id: UUID) -> Any:
    """Who has what in the group; with ``format`` in the address the same list as a file."""
    actor, cohort, want = require_actor(), current_cohort(), screens.asked(request.args)
    kind = request.args.get("format", "")
    if kind in EXPORTS:
        rows = screens.file_rows(screens.narrowed(screens.choosable(actor, cohort), want))
        name = f"certificaten-{cohort.slug}-{clock.today().isoformat()}"
        return download(name, [_(c) for c in screens.COLUMNS], rows, kind)
    return render_template("logistiek/index.html", **screens.listing(actor, cohort, want))


@blueprint.get("/<uuid:cohort_id>/certificaten/<uuid:enrolment_id>")
@guarded(VIEW, on=Enrolment)
def person(cohort_id: UUID, enrolment: Enrolment) -> str:
    """The certificates of one participant."""
    page = screens.person(require_actor(), current_cohort(), enrolment.id)
    return render_template("logistiek/person.html", **page)


@blueprint.route("/<uuid:cohort_id>/certificaten/nieuw", methods=["GET", "POST"])
@guarded(MANAGE)
def new(cohort_id: UUID) -> Any:
    """Record a certificate; ``deelnemer`` in the address is who was chosen already."""
    actor, cohort = require_actor(), current_cohort()
    made: list[Certificate] = []
    form = forms.new_form(screens.choosable(actor, cohort), request.args.get("deelnemer", ""))
    if form.done(lambda: made.append(actions.add(actor, cohort_id, form.person, form.values()))):
        return _done(made[0], _("Het certificaat staat erbij."), "logistiek.remove")
    page = screens.frame(actor, cohort, certificate=None, holder=None)
    return _show(form, page, url_for("logistiek.index", cohort_id=cohort_id))


@blueprint.route("/<uuid:cohort_id>/certificaat/<uuid:certificate_id>", methods=["GET", "POST"])
@about_certificate
def change(certificate: Certificate) -> Any:
    """Change a certificate."""
    actor, form = require_actor(), forms.change_form(certificate)
    if form.done(lambda: actions.change(actor, certificate, form.values(), form.opened_version)):
        return _done(certificate, _("Het certificaat is gewijzigd."))
    page = screens.person(actor, current_cohort(), certificate.enrolment_id, certificate=certificate)
    return _show(form, page, _person(certificate))


@blueprint.post("/<uuid:cohort_id>/certificaat/<uuid:certificate_id>/verwijderen")
@about_certificate
def remove(certificate: Certificate) -> Response:
    """Take a certificate back; it can be put back."""
    actions.remove(require_actor(), certificate, posted_version())
    return _done(certificate, _("Het certificaat is verwijderd."), "logistiek.restore")


@blueprint.post("/<uuid:cohort_id>/certificaat/<uuid:certificate_id>/terugzetten")
@about_certificate
def restore(certificate: Certificate) -> Response:
    """Put a certificate back."""
    actions.restore(require_actor(), certificate, posted_version())
    return _done(certificate, _("Het certificaat staat er weer."), "logistiek.remove")
