"""Logging in and out, the second factor, and switching between roles."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Response, request, session, url_for
from flask_login import current_user, logout_user

from inleer.accounts import second_factor, security_keys, sessions, signing_in
from inleer.accounts.forms import CodeForm, ConfirmForm, EmptyForm, LoginForm, OnwardForm, typed
from inleer.accounts.kept_input import keep, open_kept
from inleer.accounts.safe_next import safe_next
from inleer.accounts.sessions import SessionUser
from inleer.accounts.views.base import blueprint, carry, current_session, go, landing_url, show, trace_id
from inleer.errors import DomainError, WrongSecret
from inleer.i18n import _
from inleer.policy import Perm, limits
from inleer.policy.guard import guarded, public

log = structlog.get_logger("inleer.accounts")


@blueprint.route("/inloggen", methods=["GET", "POST"])
@public("logging in", rate="login")
def login() -> Response:
    """E-mail address and password."""
    form = LoginForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("account/login.html", form, ended=False)
    try:
        user = signing_in.authenticate(typed(form.email), typed(form.password))
        if user is None:
            log.info("login_refused")
            raise WrongSecret(_("Het e-mailadres of het wachtwoord klopt niet."))
        if current_user.is_authenticated:
            sessions.end_sessions(session_id=current_session().session_id)
        limits.remember_place(user.email)
        agent = request.user_agent.string
        return onward(carry(signing_in.open_session(user, typed(form.password), agent, trace_id())), form)
    except DomainError as error:
        form.refuse(error)
        return show("account/login.html", form, ended=False)


def session_ended() -> Response:
    """The answer to a form that came without a session: log in here, the input is kept (401)."""
    owner = sessions.owner_of_cookie()
    form = LoginForm(formdata=None, kept=keep(owner) if owner else "")
    return show("account/login.html", form, 401, ended=True)


@blueprint.route("/tweede-factor", methods=["GET", "POST"], endpoint="second_factor")
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def second_factor_code() -> Response:
    """The code of the second factor."""
    current, form = current_session(), CodeForm(next=request.args.get("next", ""))
    if current.second_factor_done or not current.second_factor_set:
        return onward(current, form)
    if not form.validate_on_submit():
        return _ask_code(current, form)
    try:
        return onward(carry(signing_in.pass_second_factor(current, typed(form.code))), form)
    except DomainError as error:
        form.refuse(error)
        return _ask_code(current, form)


def _ask_code(current: SessionUser, form: CodeForm) -> Response:
    """The page that asks for the second factor, in each way that this person has."""
    key = current.has_key and security_keys.possible()
    return show("account/second_factor.html", form, app=current.has_app, key=key)


@blueprint.route("/tweede-factor/instellen", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def setup() -> Response:
    """Set up an authenticator app: scan, type the first code, keep the recovery codes."""
    current, form = current_session(), CodeForm(next=request.args.get("next", ""))
    if current.second_factor_set and not current.second_factor_done:
        return go(url_for("account.second_factor", next=safe_next(typed(form.next))))
    secret = signing_in.pending_secret(current)
    if secret is None:
        return show("account/begin_setup.html", ConfirmForm(formdata=None))
    if form.validate_on_submit():
        try:
            token, codes = signing_in.finish_setup(current, typed(form.code))
            carry(token)
            target = safe_next(typed(form.next)) or landing_url()
            return show("account/recovery_codes.html", EmptyForm(formdata=None), codes=codes, onward=target)
        except DomainError as error:
            form.refuse(error)
    qr = second_factor.qr_svg(secret, signing_in.email_of(current.actor.user_id))
    grouped, key = second_factor.grouped(secret), security_keys.possible()
    return show("account/setup.html", form, qr=qr, secret=grouped, key=key)


@blueprint.post("/tweede-factor/opnieuw")
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def begin_setup() -> Response:
    """Ask for a new second factor, with the password."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            signing_in.begin_setup(current_session(), typed(form.current))
            return go(url_for("account.setup"))
        except DomainError as error:
            form.refuse(error)
    return show("account/begin_setup.html", form)


@blueprint.post("/uitloggen")
@public("logging out works without a session too")
def logout() -> Response:
    """End the session here and clear what the browser keeps."""
    if current_user.is_authenticated:
        signing_in.end_session(current_session())
    logout_user()
    session.clear()
    response = go(url_for("account.login"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.post("/rol/<uuid:membership_id>")
@guarded(Perm.ACCOUNT_OWN)
def switch(membership_id: UUID) -> Response:
    """Work in another role or organisation from now on."""
    carry(signing_in.switch(current_session(), membership_id))
    return go(landing_url())


def onward(current: SessionUser, form: OnwardForm) -> Response:
    """The next step of logging in: the second factor, the kept input, or the page that was asked for."""
    target = safe_next(typed(form.next))
    if not current.second_factor_done:
        step = "account.second_factor" if current.second_factor_set else "account.setup"
        if typed(form.kept) and current.second_factor_set:
            return _ask_code(current, CodeForm(formdata=None, kept=typed(form.kept)))
        return go(url_for(step, next=target))
    kept = open_kept(typed(form.kept), current.actor.user_id) if typed(form.kept) else None
    if kept is not None:
        return show("account/kept_input.html", EmptyForm(formdata=None), kept=kept)
    return go(target or landing_url())
