"""The intake of a candidate: the field groups that the route asks for, of the core and of plugins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, url_for

from inleer.errors import NotVisible
from inleer.extend import Registry
from inleer.extend.types import FieldGroup
from inleer.forms import tell
from inleer.i18n import _
from inleer.leerroutes.queries import definition_by_id
from inleer.people import actions
from inleer.people.forms import answers, group_form, spoken, stored
from inleer.people.models import Candidate
from inleer.people.queries import answers_by_group
from inleer.policy import Actor, Perm
from inleer.policy.guard import guarded, require_actor
from inleer.reports.candidate import enrolments_of
from inleer.reports.enrolment import route_versions
from inleer.web.candidate_page import head_of
from inleer.web.candidates import blueprint


def _groups(actor: Actor, candidate_id: UUID) -> list[FieldGroup]:
    """The field groups of the routes that the candidate follows, each once."""
    registry: Registry = current_app.extensions["inleer"]
    found: dict[str, FieldGroup] = {}
    for version_id in route_versions(actor, candidate_id):
        for group in registry.field_groups(definition_by_id(version_id)):
            found.setdefault(group.key, group)
    return list(found.values())


@blueprint.get("/<uuid:candidate_id>/intake")
@guarded(Perm.CANDIDATE_INTAKE, on=Candidate, reads=True)
def intake(candidate: Candidate) -> str:
    """All field groups with their answers."""
    actor = require_actor()
    return render_template(
        "candidates/intake.html",
        **head_of(actor, candidate, enrolments_of(actor, candidate.id)),
        groups=_groups(actor, candidate.id),
        given=answers_by_group(candidate.id),
        spoken=spoken,
    )


@blueprint.route("/<uuid:candidate_id>/intake/<group_key>", methods=["GET", "POST"])
@guarded(Perm.CANDIDATE_INTAKE, on=Candidate, reads=True)
def intake_group(candidate: Candidate, group_key: str) -> Any:
    """Fill in one field group."""
    actor = require_actor()
    group = next((g for g in _groups(actor, candidate.id) if g.key == group_key), None)
    if group is None:
        raise NotVisible
    known = answers_by_group(candidate.id).get(group_key)
    now = {**stored(group, known.answers if known else {}), "version": str(known.version if known else 0)}
    form = group_form(group)(data=now)
    if form.done(
        lambda: actions.save_answers(actor, candidate, group.key, answers(group, form), form.opened_version)
    ):
        tell(_("De antwoorden zijn opgeslagen."))
        return redirect(url_for("candidates.intake", candidate_id=candidate.id), 303)
    page = render_template("candidates/intake_group.html", form=form, group=group, candidate=candidate)
    return page, form.status
