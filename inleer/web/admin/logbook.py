"""The audit log: searched by action, person, thing and period; whether the chain is whole."""

from __future__ import annotations

from flask import Response

from inleer.audit import verify_chain
from inleer.db import db
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin import queries
from inleer.web.admin.base import asked_day, asked_id, asked_page, asked_text, blueprint, show
from inleer.web.admin.queries import AuditFilter


@blueprint.get("/logboek", endpoint="audit")
@guarded(Perm.AUDIT_VIEW)
def index() -> Response:
    """The newest changes first; the filters are in the address."""
    asked = AuditFilter(
        action=asked_text("action"),
        user=asked_id("user"),
        kind=asked_text("kind"),
        subject=asked_text("subject"),
        since=asked_day("since"),
        until=asked_day("until"),
        page=asked_page(),
    )
    actor = require_actor()
    actions, kinds, users = queries.audit_choices(actor)
    page = queries.audit_events(actor, asked)
    return show(
        "admin/audit.html",
        page=page,
        asked=asked,
        actions=[(name, name) for name in actions],
        kinds=[(name, name) for name in kinds],
        users=users,
    )


@blueprint.get("/logboek/keten", endpoint="audit_chain")
@guarded(Perm.AUDIT_VIEW, rate="costly")
def chain() -> Response:
    """Count the whole chain after, on request: each line must fit the one before."""
    problems = verify_chain(db.session())
    return show("admin/audit_chain.html", problems=problems)
