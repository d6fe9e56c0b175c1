"""Pages about people who could be one: the list, comparing two, joining them, and the ways back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from inleer import audit
from inleer.errors import DomainError, Forbidden, NotVisible
from inleer.forms import tell
from inleer.i18n import _
from inleer.merging import actions
from inleer.merging import queries as reads
from inleer.merging.forms import MergeForm
from inleer.merging.models import CandidateMerge
from inleer.merging.obstacles import obstacles
from inleer.people.alike import REASONS, Pair
from inleer.people.models import Candidate
from inleer.policy import Perm, load, may_ever
from inleer.policy.guard import guarded, parse_id, require_actor

blueprint = Blueprint("merging", __name__, url_prefix="/kandidaten")


@blueprint.get("/dubbel")
@guarded(Perm.DUPLICATE_VIEW)
def index() -> str:
    """Everybody who could be entered twice, as far as the actor may see both."""
    actor = require_actor()
    found = reads.possible(actor)
    known = reads.twins(actor, found)
    audit.shown(actor, "candidate", known)
    joins = may_ever(actor, Perm.CANDIDATE_MERGE)
    pairs = [(pair, reads.names_of(pair, known)) for pair in found]
    return render_template(
        "merging/index.html",
        pairs=[(pair, both) for pair, both in pairs if len(both) == 2],
        reasons=REASONS,
        joins=joins,
        merged=reads.merges(actor) if joins else [],
        different=reads.said_different(actor) if joins else [],
    )


def _other(candidate: Candidate) -> Candidate | None:
    """The other one, named in the address; None when there is none whom the actor may join."""
    try:
        other = load(require_actor(), Perm.CANDIDATE_MERGE, Candidate, parse_id(request.args.get("met")))
    except (NotVisible, Forbidden):
        return None
    return None if other.id == candidate.id else other


def _gone() -> Any:
    """Without the other one there is nothing to compare: back to the list."""
    tell(_("Kies twee kandidaten uit de lijst."))
    return redirect(url_for("merging.index"), 303)


@blueprint.route("/<uuid:candidate_id>/samenvoegen", methods=["GET", "POST"])
@guarded(Perm.CANDIDATE_MERGE, on=Candidate, reads=True)
def merge(candidate: Candidate) -> Any:
    """Compare two candidates, choose who stays, join them."""
    actor, other = require_actor(), _other(candidate)
    if other is None:
        return _gone()
    audit.shown(actor, "candidate", [other.id])
    both = sorted((candidate, other), key=lambda one: (one.created_at, one.id))
    seen = "-".join(str(one.version) for one in both)
    form = MergeForm(data={"seen": seen})
    form.keep.choices = [(str(one.id), one.name) for one in both]
    made: list[CandidateMerge] = []
    if form.done(lambda: made.append(_save(form, both, seen))):
        text = _("De twee zijn nu één kandidaat: %(name)s.", name=both[0].name)
        tell(text, url_for("merging.take_back", candidate_merge_id=made[0].id))
        return redirect(url_for("candidates.show", candidate_id=made[0].kept_id), 303)
    one, two = both
    page = render_template(
        "merging/merge.html",
        form=form,
        both=both,
        twins=reads.twins(actor, [Pair(one.id, two.id, ())]),
        stops=[obstacles(one, two), obstacles(two, one)],
        born=actions.born_differently(one, two),
        answered=actions.answered_twice(one, two),
        candidate=candidate,
        other=other,
    )
    return page, form.status


def _save(form: MergeForm, both: list[Candidate], seen: str) -> CandidateMerge:
    if form.seen.data != seen:
        raise DomainError(_("Een van beide is intussen veranderd. Vergelijk ze opnieuw en kies dan."))
    kept, gone = both if form.keep.data == str(both[0].id) else both[::-1]
    return actions.merge(require_actor(), kept, gone)


@blueprint.post("/samenvoegingen/<uuid:candidate_merge_id>/ongedaan")
@guarded(Perm.CANDIDATE_MERGE, on=CandidateMerge)
def take_back(candidate_merge: CandidateMerge) -> Any:
    """Two people again."""
    kept, gone = actions.take_back(require_actor(), candidate_merge)
    tell(_("%(one)s en %(other)s zijn weer twee kandidaten.", one=kept.name, other=gone.name))
    return redirect(url_for("merging.index"), 303)


@blueprint.post("/<uuid:candidate_id>/niet-dezelfde")
@guarded(Perm.CANDIDATE_MERGE, on=Candidate)
def different(candidate: Candidate) -> Any:
    """Remember that these are two people."""
    other = _other(candidate)
    if other is None:
        return _gone()
    actions.not_the_same(require_actor(), candidate, other)
    back = url_for("merging.ask_again", candidate_id=candidate.id, met=other.id)
    tell(_("Onthouden: dit zijn twee mensen. Ze komen niet meer in de lijst."), back)
    return redirect(url_for("merging.index"), 303)


@blueprint.post("/<uuid:candidate_id>/toch-vergelijken")
@guarded(Perm.CANDIDATE_MERGE, on=Candidate)
def ask_again(candidate: Candidate) -> Any:
    """They could be one person after all."""
    other = _other(candidate)
    if other is None:
        return _gone()
    actions.ask_again(require_actor(), candidate, other)
    tell(_("Deze twee staan weer in de lijst."))
    return redirect(url_for("merging.index"), 303)
