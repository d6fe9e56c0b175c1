"""Pages about a person: personal details."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from inleer.events import person_changed
from inleer.forms import tell
from inleer.i18n import _
from inleer.people import actions
from inleer.people.forms import DetailsForm
from inleer.people.models import Candidate
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("people", __name__)


#: What the meaning of 16 hours depends on: when it changes, signals change with it.
_DECIDES = frozenset({"birth_date", "startkwalificatie"})


def _details_form(candidate: Candidate) -> DetailsForm:
    licence = {True: "yes", False: "no", None: "unknown"}[candidate.driving_licence]
    now = {name: getattr(candidate, name) for name in actions.PERSONAL}
    fixed = {"driving_licence": licence, "language_level": candidate.language_level or ""}
    return DetailsForm(data={**now, **fixed, "version": str(candidate.version)})


@blueprint.route("/kandidaten/<uuid:candidate_id>/gegevens", methods=["GET", "POST"])
@guarded(Perm.CANDIDATE_CHANGE, on=Candidate, reads=True)
def details(candidate: Candidate) -> Any:
    """Change personal details."""
    form, actor = _details_form(candidate), require_actor()

    def save() -> None:
        changed = actions.update_candidate(actor, candidate, form.values(), form.opened_version)
        if _DECIDES & set(changed):
            person_changed.fire(actor, [candidate.id])

    if form.done(save):
        tell(_("De gegevens zijn opgeslagen."))
        return redirect(url_for("candidates.show", candidate_id=candidate.id), 303)
    return render_template("candidates/details.html", form=form, candidate=candidate), form.status
