"""What a link from a mail opens: an invitation, or a new password. GET shows, POST does; no link logs anybody in."""

from __future__ import annotations

from flask import Response, flash, url_for

from inleer.accounts import links, people
from inleer.accounts.forms import AcceptForm, EmailForm, EmptyForm, NewPasswordForm, WelcomeForm, typed
from inleer.accounts.views.base import blueprint, go, show, trace_id
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy.guard import public


@blueprint.route("/uitnodiging/<token>", methods=["GET", "POST"])
@public("the link from the invitation is the permission", rate="login")
def invitation(token: str) -> Response:
    """Accept a role."""
    link = links.find(links.INVITATION, token)
    if link is None:
        return show("account/link_gone.html", EmptyForm(formdata=None), 404)
    form = WelcomeForm(name=link.name) if link.new else AcceptForm()
    if form.validate_on_submit():
        try:
            name = typed(form.name) if isinstance(form, WelcomeForm) else link.name
            links.accept_invitation(link, name, typed(form.password), trace_id())
            flash(_("Welkom. Log nu in met uw e-mailadres en wachtwoord."), "ok")
            return go(url_for("account.login"))
        except DomainError as error:
            form.refuse(error)
    return show("account/invitation.html", form, link=link)


@blueprint.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@public("who forgot the password cannot log in", rate="mail")
def forgot() -> Response:
    """Ask for a link by mail; the answer is the same for every address."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            people.request_reset(typed(form.email), trace_id())
            return show("account/forgot_sent.html", form)
        except DomainError as error:
            form.refuse(error)
    return show("account/forgot.html", form)


@blueprint.route("/wachtwoord/<token>", methods=["GET", "POST"])
@public("the link from the mail is the permission", rate="login")
def reset(token: str) -> Response:
    """Choose a new password."""
    link = links.find(links.RESET, token)
    if link is None:
        return show("account/link_gone.html", EmptyForm(formdata=None), 404)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            links.reset_password(link, typed(form.password), trace_id())
            flash(_("Uw wachtwoord is gewijzigd. Log nu in."), "ok")
            return go(url_for("account.login"))
        except DomainError as error:
            form.refuse(error)
    return show("account/reset.html", form, link=link)
