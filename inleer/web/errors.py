"""Errors as pages for people: a sentence, a reference number, nothing half-saved, the input kept."""

from __future__ import annotations

from math import ceil

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from inleer.accounts.views import session_ended
from inleer.db import db
from inleer.errors import DomainError, Forbidden, NotVisible, StaleEdit, TooManyTries, UnknownFields
from inleer.i18n import _
from inleer.policy.guard import LoginRequired, SecondFactorRequired
from inleer.web.conflict import conflict_response
from inleer.web.merged import merged_address

log = structlog.get_logger("inleer.web")
KNOWN_PAGES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 503)


def page(status: int, message: str | None = None) -> Response:
    """An error page. Foreign and non-existent things get the same bytes."""
    template = f"errors/{status}.html" if status in KNOWN_PAGES else "errors/500.html"
    reference = g.get("trace_id", "")
    try:
        return make_response(render_template(template, message=message, reference=reference), status)
    except Exception as error:
        # Not let through: the server would log the address that was asked for, which can hold an invitation.
        log.error("error_page", reference=reference, endpoint=request.endpoint, exc_info=error)
        answer = make_response(
            _("Er ging iets mis. Noem deze code als u belt: %(code)s", code=reference), 500
        )
        answer.mimetype = "text/plain"
        return answer


def _login(_error: Exception) -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request") and request.method != "GET":
        # A part of a page was sent: the page stays as it is, with what was typed on it.
        return make_response(render_template("errors/_session_ended.html"), 401)
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("account.login")
        return response
    if request.method != "GET":
        return session_ended()  # the login page, with what was typed
    return make_response(redirect(url_for("account.login", next=target), 303))


def _second_factor(_error: Exception) -> Response:
    return make_response(redirect(url_for("account.second_factor"), 303))


def _log(error: Exception, event: str, kind: str) -> None:
    """Note what went wrong and where; of ``exc_info`` the log keeps kinds, files and lines, never the message."""
    log.error(event, reference=g.get("trace_id", ""), endpoint=request.endpoint, kind=kind, exc_info=error)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    _log(error, "unexpected", type(error).__name__)
    return page(500)


def _busy(error: OperationalError) -> Response:
    db.session.rollback()
    _log(error, "database", type(error.orig).__name__)
    response = page(503)
    response.headers["Retry-After"] = "3"
    return response


def _forbidden(error: Forbidden) -> Response:
    log.info("forbidden", reason=error.reason, endpoint=request.endpoint)
    return page(403)


def _too_many(error: TooManyTries) -> Response:
    db.session.rollback()
    log.info("too_many_tries", endpoint=request.endpoint)
    response = page(429, error.message)
    response.headers["Retry-After"] = str(ceil(error.seconds))
    return response


def _not_visible(_error: NotVisible) -> Response:
    """Not there, or not for this person; an address of who was merged leads on to who that is now."""
    address = merged_address()
    return make_response(redirect(address, 303)) if address else page(404)


def install(app: Flask) -> None:
    """Register all error handlers."""
    app.register_error_handler(LoginRequired, _login)
    app.register_error_handler(SecondFactorRequired, _second_factor)
    app.register_error_handler(NotVisible, _not_visible)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(DomainError, lambda e: page(422, e.message))
    app.register_error_handler(UnknownFields, lambda _e: page(422))
    app.register_error_handler(StaleEdit, conflict_response)
    app.register_error_handler(StaleDataError, lambda _e: page(409))
    app.register_error_handler(IntegrityError, lambda _e: page(409))
    app.register_error_handler(CSRFError, lambda _e: page(400))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(HTTPException, lambda e: page(e.code or 500))
    app.register_error_handler(Exception, _unexpected)
