"""One's own agenda feeds: make, see when they were last used, revoke; and the feed itself, without logging in."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from inleer.accounts import tokens
from inleer.agenda.forms import FeedForm
from inleer.agenda.ical import as_ical, etag
from inleer.agenda.queries import agenda_of
from inleer.config import Settings
from inleer.errors import DomainError, NotVisible
from inleer.forms import tell
from inleer.i18n import _
from inleer.policy import Actor, Perm, may_ever
from inleer.policy.guard import guarded, public, require_actor

blueprint = Blueprint("agenda", __name__)


@blueprint.route("/account/agenda", methods=["GET", "POST"])
@guarded(Perm.SESSION_LIST)
def feeds() -> Any:
    """My agenda feeds; a new one shows its address this once."""
    actor, form = require_actor(), FeedForm()
    if form.validate_on_submit():
        try:
            return _made(actor, tokens.mint(actor, tokens.ICAL, str(form.name.data)))
        except DomainError as error:
            form.refuse(error)
    return _page(actor, form), 422 if form.errors else 200


def _page(actor: Actor, form: FeedForm) -> str:
    return render_template(
        "agenda/feeds.html",
        form=form,
        actor=actor,
        feeds=tokens.working(actor.user_id, tokens.ICAL),
        most=tokens.MOST,
        days=tokens.LIFETIME[tokens.ICAL].days,
    )


def _made(actor: Actor, token: str) -> str:
    settings: Settings = current_app.config["INLEER"]
    address = settings.base_url + url_for("agenda.feed", token=token)
    return render_template(
        "agenda/made.html", address=address, days=tokens.LIFETIME[tokens.ICAL].days, actor=actor
    )


@blueprint.post("/account/agenda/<uuid:token_id>/intrekken")
@guarded(Perm.ACCOUNT_OWN)
def revoke(token_id: UUID) -> Response:
    """Make one of my feeds worthless, from the next request on."""
    tokens.revoke(require_actor(), token_id)
    tell(_("De agenda is ingetrokken. Het adres werkt niet meer."))
    back = "agenda.feeds" if may_ever(require_actor(), Perm.SESSION_LIST) else "account.index"
    return cast(Response, redirect(url_for(back), 303))


@blueprint.get("/agenda/<token>.ics")
@public(
    "the secret address is the permission: looked up by hash and purpose, and it reads one role's sessions"
)
def feed(token: str) -> Response:
    """The sessions of the role that made this address; 304 when nothing changed since the agenda last asked."""
    holder = tokens.find(tokens.ICAL, token)
    if holder is None or not may_ever(holder.actor, Perm.SESSION_LIST):
        raise NotVisible
    rows = agenda_of(holder.actor)
    tokens.note_use(holder)
    name = _("inleer: %(role)s", role=holder.actor.role_label)
    response = make_response()
    response.set_etag(etag(rows, name))
    response.headers["Cache-Control"] = "private, no-cache"  # kept by who asked, and asked for anew each time
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="inleer.ics"'
    if not request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.data = as_ical(rows, name)
        return response
    response.status_code = 304
    return response
