"""Search: one box for people, editions and employers, within what the actor may see."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from inleer import audit
from inleer.cohorts.rules import STATE_WORDS
from inleer.policy import Perm, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports.searching import MOST, SHORTEST, search, words_of

blueprint = Blueprint("search", __name__)


@blueprint.get("/zoeken")
@guarded(Perm.SEARCH_USE, rate="search")
def index() -> str:
    """What ``?q=`` finds, and what of it matched. Who is shown stands in the read log."""
    actor, question = require_actor(), request.args.get("q", "").strip()
    found = search(actor, question)
    audit.shown(actor, "candidate", [person.id for person in found.people])
    return render_template(
        "search/index.html",
        question=question[:100],
        words=words_of(question),
        found=found,
        most=MOST,
        shortest=SHORTEST,
        sees_boards=may_ever(actor, Perm.COHORT_BOARD),
        sees_employers=may_ever(actor, Perm.EMPLOYER_VIEW),
        state_words=STATE_WORDS,
    )
