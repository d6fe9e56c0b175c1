"""Security keys: adding, using at log-in, and removing. A refused answer of a key takes its question along (303)."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, g, request, url_for

from inleer.accounts import security_keys
from inleer.accounts.forms import (
    ConfirmForm,
    EmptyForm,
    KeyAnswerForm,
    KeyMadeForm,
    NewKeyForm,
    OnwardForm,
    typed,
)
from inleer.accounts.views.base import blueprint, carry, current_session, go, landing_url, show
from inleer.accounts.views.login import onward
from inleer.errors import DomainError, Forbidden
from inleer.forms import WRONG_SECRET
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded


@blueprint.route("/account/sleutels/nieuw", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def new_key() -> Response:
    """Name a new security key and give the password; then the browser asks for the key."""
    if not security_keys.possible():
        raise Forbidden("no security keys at a bare internet address")
    current, form = current_session(), NewKeyForm()
    if current.second_factor_set and not current.second_factor_done:
        return go(url_for("account.second_factor"))
    if form.validate_on_submit():
        try:
            options = security_keys.begin_adding(current, typed(form.current))
            made = KeyMadeForm(formdata=None, name=typed(form.name))
            return show("account/key_make.html", made, options=options)
        except DomainError as error:
            form.refuse(error)
    return show("account/key_new.html", form)


@blueprint.post("/account/sleutels")
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def add_key() -> Response:
    """Keep the key that the browser made."""
    form = KeyMadeForm()
    if not form.validate_on_submit():
        return _again("account.new_key", _("De sleutel is niet toegevoegd. Probeer het opnieuw."))
    try:
        token, codes = security_keys.add(current_session(), typed(form.name), typed(form.answer))
    except DomainError as error:
        return _again("account.new_key", error.message)
    carry(token)
    if codes:
        done = EmptyForm(formdata=None)
        return show("account/recovery_codes.html", done, codes=codes, onward=landing_url())
    flash(_("De sleutel is toegevoegd. Op andere apparaten bent u uitgelogd."), "ok")
    return go(url_for("account.index"))


@blueprint.post("/tweede-factor/sleutel/vraag")
@guarded(Perm.ACCOUNT_OWN, partial_ok=True)
def ask_key() -> Response:
    """Ask one of the person's keys to sign."""
    form = OnwardForm()
    form.is_submitted()
    answer = KeyAnswerForm(formdata=None, next=typed(form.next), kept=typed(form.kept))
    options = security_keys.begin_using(current_session())
    return show("account/key_use.html", answer, options=options)


@blueprint.post("/tweede-factor/sleutel")
@guarded(Perm.ACCOUNT_OWN, partial_ok=True, rate="login")
def use_key() -> Response:
    """Go on with what the key signed."""
    form = KeyAnswerForm()
    target = url_for("account.second_factor", next=request.form.get("next") or None)
    if not form.validate_on_submit():
        return go(target)
    try:
        return onward(carry(security_keys.use(current_session(), typed(form.answer))), form)
    except DomainError as error:
        setattr(g, WRONG_SECRET, True)
        flash(error.message, "bad")
        return go(target)


@blueprint.route("/account/sleutels/<uuid:key_id>/verwijderen", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN, rate="login")
def remove_key(key_id: UUID) -> Response:
    """Take one of my keys away."""
    current, form = current_session(), ConfirmForm()
    name = security_keys.name_of(current, key_id)
    if form.validate_on_submit():
        try:
            security_keys.remove(current, key_id, typed(form.current))
            flash(_("De sleutel is verwijderd."), "ok")
            return go(url_for("account.index"))
        except DomainError as error:
            form.refuse(error)
    return show("account/key_remove.html", form, name=name)


def _again(endpoint: str, message: str) -> Response:
    """Back to the beginning with a message: what was asked of the key is used up."""
    setattr(g, WRONG_SECRET, True)
    flash(message, "bad")
    return go(url_for(endpoint))
