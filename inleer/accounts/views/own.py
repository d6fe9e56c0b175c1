"""One's own account: name, password, second factor, sessions."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, url_for

from inleer.accounts import own_sessions, people, security_keys, signing_in
from inleer.accounts.forms import ChangePasswordForm, ConfirmForm, EmptyForm, NameForm, typed
from inleer.accounts.views.base import blueprint, current_session, go, show
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import Perm, may_ever
from inleer.policy.guard import guarded


@blueprint.get("/account")
@guarded(Perm.ACCOUNT_OWN)
def index() -> Response:
    """My details, my roles, my second factor, my sessions."""
    current = current_session()
    user_id = current.actor.user_id
    return show(
        "account/index.html",
        EmptyForm(formdata=None),
        current=current,
        email=signing_in.email_of(user_id),
        open_sessions=own_sessions.open_sessions(user_id),
        keys=security_keys.keys_of(user_id),
        key_possible=security_keys.possible(),
        codes_left=signing_in.recovery_codes_left(user_id),
        agenda_url=url_for("agenda.feeds") if may_ever(current.actor, Perm.SESSION_LIST) else "",
    )


@blueprint.route("/account/naam", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN)
def name() -> Response:
    """Change my name."""
    form = NameForm(name=current_session().actor.name)
    if not form.validate_on_submit():
        return show("account/name.html", form)
    people.change_name(current_session().actor, typed(form.name))
    flash(_("Uw naam is gewijzigd."), "ok")
    return go(url_for("account.index"))


@blueprint.route("/account/wachtwoord", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN, rate="login")
def password() -> Response:
    """Change my password."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            people.change_password(current_session().actor, typed(form.current), typed(form.password))
            flash(_("Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd."), "ok")
            return go(url_for("account.index"))
        except DomainError as error:
            form.refuse(error)
    return show("account/password.html", form)


@blueprint.post("/account/sessies/<uuid:session_id>/beeindigen")
@guarded(Perm.ACCOUNT_OWN)
def end_session(session_id: UUID) -> Response:
    """End one of my sessions, on another device."""
    signing_in.end_own_session(current_session().actor, session_id)
    flash(_("De sessie is beëindigd."), "ok")
    return go(url_for("account.index"))


@blueprint.route("/account/herstelcodes", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN, rate="login")
def recovery_codes() -> Response:
    """Make new recovery codes."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            codes = signing_in.new_recovery_codes(current_session().actor, typed(form.current))
            done = EmptyForm(formdata=None)
            return show("account/recovery_codes.html", done, codes=codes, onward=url_for("account.index"))
        except DomainError as error:
            form.refuse(error)
    return show("account/new_codes.html", form)


@blueprint.get("/account/tweede-factor")
@guarded(Perm.ACCOUNT_OWN)
def new_second_factor() -> Response:
    """Set up a new second factor, for instance on a new phone."""
    return show("account/begin_setup.html", ConfirmForm(formdata=None))
