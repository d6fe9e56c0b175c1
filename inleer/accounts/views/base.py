"""What the account pages share: the blueprint, who is logged in, the cookie, and where to go next."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, g, make_response, redirect, render_template, session, url_for
from flask_login import current_user, login_user

from inleer.accounts import sessions
from inleer.accounts.sessions import SessionUser
from inleer.forms import BaseForm

blueprint = Blueprint("account", __name__)


@blueprint.after_app_request
def note_use(response: Response) -> Response:
    """The session was used: idle time starts again."""
    sessions.keep_alive()
    return response


def current_session() -> SessionUser:
    """Who is logged in; call it only behind the policy gate."""
    return cast(SessionUser, current_user._get_current_object())


def trace_id() -> str:
    """The id that joins this request's log lines and audit rows."""
    return str(g.get("trace_id", ""))


def carry(token: str) -> SessionUser:
    """Put a session's token in a cookie of which nothing else survives: no fixation, a new CSRF token."""
    current = sessions.load_user(token)
    if current is None:
        raise RuntimeError("a session that was just made must load")
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps the token of this request here
    login_user(current)
    return current


def landing_url() -> str:
    """The address that leads each role to its first page."""
    return url_for("today.index")


def show(template: str, form: BaseForm, status: int = 200, **context: Any) -> Response:
    """A page with a form; 422 when the form was sent and refused."""
    if form.errors and status == 200:
        status = 422
    return make_response(render_template(template, form=form, **context), status)


def go(url: str) -> Response:
    """Go on with a GET."""
    return cast(Response, redirect(url, 303))
