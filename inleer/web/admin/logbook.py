"""The audit log: searched by action, person, thing and period; whether the chain is whole."""

from __future__ import annotations

from flask import Response, current_app

from inleer.audit import verify_chain
from inleer.audit.words import ACTIONS, KINDS
from inleer.db import db
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin import queries
from inleer.web.admin.base import asked_day, asked_id, asked_page, asked_text, blueprint, show
from inleer.web.admin.queries import AuditFilter


def action_name(key: str) -> str:
    """What an action is called in Dutch; the key itself for that of a plugin that is off."""
    owned = current_app.extensions["inleer"].audit_action(key)
    return owned.value.name if owned else _(ACTIONS.get(key, key))


def kind_name(kind: str) -> str:
    """What a kind of thing is called in Dutch; the name itself for that of a plugin."""
    return _(KINDS.get(kind, kind))


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
        actions=sorted(((key, action_name(key)) for key in actions), key=lambda pair: pair[1]),
        action_name=action_name,
        kinds=sorted(((kind, kind_name(kind)) for kind in kinds), key=lambda pair: pair[1]),
        kind_name=kind_name,
        users=users,
    )


@blueprint.get("/logboek/keten", endpoint="audit_chain")
@guarded(Perm.AUDIT_VIEW, rate="costly")
def chain() -> Response:
    """Count the whole chain after, on request: each line must fit the one before."""
    problems = verify_chain(db.session())
    return show("admin/audit_chain.html", problems=problems)
