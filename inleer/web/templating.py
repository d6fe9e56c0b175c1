"""What every template can use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from flask import (
    Flask,
    current_app,
    g,
    get_flashed_messages,
    has_request_context,
    url_for,
)
from flask.globals import request_ctx
from flask_login import current_user

from inleer.accounts.sessions import SessionUser
from inleer.db import db
from inleer.i18n import _
from inleer.policy import ROLE_LABELS, Perm, Role, may_ever
from inleer.web import filters, navigation
from inleer.web.links import link

log = structlog.get_logger("inleer.web")


class Messages:
    """The messages that wait for this person: (tone, text). Taken only when a page really shows them."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        waiting: list[Any] = get_flashed_messages(with_categories=True)
        return iter(waiting)


def install(app: Flask) -> None:
    """Add filters, functions and what base.html expects to the template environment."""
    filters.install(app)
    app.jinja_env.globals["role_label"] = role_label
    app.context_processor(header)


def role_label(role: str) -> str:
    """The Dutch name of a role. Raises ValueError for something that is no role."""
    return _(ROLE_LABELS[Role(role)])


def header() -> dict[str, Any]:
    """Who is logged in, the menu, the roles to switch to, and what waits to be told."""
    if not has_request_context() or request_ctx.url_adapter is None:
        return {"current_actor": None}  # a request for another host: there are no addresses to offer
    demo = current_app.config["INLEER"].demo
    common = {"messages": Messages(), "demo": demo, "mailbox_url": link("mailbox.index")}
    user = _who()
    if user is None:
        return {**common, "current_actor": None}
    return {
        **common,
        "current_actor": user.actor,
        "home_url": url_for("today.index"),
        "nav": navigation.menu(user.actor),
        "search_url": url_for("search.index") if may_ever(user.actor, Perm.SEARCH_USE) else "",
        "switches": [
            (choice.label, url_for("account.switch", membership_id=choice.id))
            for choice in user.memberships
            if choice.id != user.actor.membership_id
        ],
        "account_links": [(_("Mijn account"), url_for("account.index"))],
        "logout_url": url_for("account.logout"),
    }


def _who() -> SessionUser | None:
    """Who is fully logged in; nobody when that cannot be said (an error page needs no menu, and must appear).

    Every fault: a page that needs to know who it is for asked in its gate, before anything was rendered.
    """
    try:
        user = current_user._get_current_object()
    except Exception as error:
        db.session.rollback()
        log.warning("header_without_user", reference=g.get("trace_id", ""), kind=type(error).__name__)
        return None
    return user if isinstance(user, SessionUser) and user.second_factor_done else None
