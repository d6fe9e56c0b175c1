"""Where the address of a candidate leads who was entered twice and is one with another since."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from inleer.merging.queries import leads_to
from inleer.people.models import Candidate
from inleer.policy import Perm, fetch, visible
from inleer.policy.guard import current_actor


def merged_address() -> str:
    """The same page about who the candidate is now; empty for anything else, and for who may not see that one."""
    actor, asked = current_actor(), (request.view_args or {}).get("candidate_id")
    if actor is None or request.method != "GET" or not isinstance(asked, UUID) or not request.endpoint:
        return ""
    kept = leads_to(asked)
    if kept is None:
        return ""
    statement = visible(actor, Candidate, Perm.CANDIDATE_VIEW).where(Candidate.id == kept)
    if fetch(actor, statement).first() is None:
        return ""
    return url_for(request.endpoint, **{**(request.view_args or {}), "candidate_id": kept})
