"""The words of mails for the own work agency: change them with fixed places, look at the result, set them back."""

from __future__ import annotations

from flask import Response, flash, url_for
from wtforms import StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired

from inleer.accounts import mail_texts
from inleer.accounts.mail_texts import own_text, text_of
from inleer.accounts.models import OwnMailText
from inleer.errors import DomainError
from inleer.forms import VersionedForm, posted_version, tell
from inleer.i18n import _
from inleer.jobs.texts import Filled, MailText, check, fill
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show


def _lines(text: str | None) -> str:
    """A text as it is stored: one kind of line ending, no white space around it."""
    return (text or "").replace("\r\n", "\n").strip()


class MailTextForm(VersionedForm):
    """The words of a mail, with the version of the own text that was shown."""

    subject = StringField(_("Onderwerp"), [DataRequired(_("Vul een onderwerp in."))], filters=[_lines])
    body = TextAreaField(_("Tekst"), [DataRequired(_("Vul een tekst in."))], filters=[_lines])
    preview = SubmitField()


@blueprint.get("/mailteksten", endpoint="messages_texts")
@guarded(Perm.SETTING_MANAGE)
def index() -> Response:
    """The mails that can be worded anew, and which are."""
    own = mail_texts.own_keys(require_actor().organisation_id)
    return show("admin/mail_texts.html", texts=mail_texts.texts(), own=own)


@blueprint.route("/mailteksten/<key>", methods=["GET", "POST"], endpoint="messages_texts_show")
@guarded(Perm.SETTING_MANAGE)
def details(key: str) -> Response:
    """One mail: its words and places; a preview with made-up values; saving."""
    known, actor = text_of(key), require_actor()
    own = own_text(actor.organisation_id, key)
    form = MailTextForm(data=_shown(known, own))
    example = None
    if form.validate_on_submit():
        subject, body = str(form.subject.data), str(form.body.data)
        try:
            if not form.preview.data:
                return _save(key, subject, body, form.opened_version)
            check(known, subject, body)
            example = fill(subject, body, known.example)
        except DomainError as error:
            form.refuse(error)
    return _page(form, known, own, example)


def _shown(known: MailText, own: OwnMailText | None) -> dict[str, str]:
    if own is not None:
        return {"subject": own.subject, "body": own.body, "version": str(own.version)}
    return {"subject": _(known.subject), "body": _(known.body), "version": "0"}


def _save(key: str, subject: str, body: str, version: int) -> Response:
    mail_texts.save(require_actor(), key, subject, body, version)
    flash(_("De tekst is bewaard. Mails die vanaf nu weggaan, hebben deze tekst."), "ok")
    return go(url_for("admin.messages_texts"))


def _page(form: MailTextForm, known: MailText, own: OwnMailText | None, example: Filled | None) -> Response:
    return show("admin/mail_text.html", form, known=known, own=own, example=example)


@blueprint.post("/mailteksten/<key>/terug", endpoint="messages_texts_reset")
@guarded(Perm.SETTING_MANAGE)
def reset(key: str) -> Response:
    """Give a mail the words of inleer again; the message has the way back."""
    gone = mail_texts.reset(require_actor(), key, posted_version())
    page = url_for("admin.messages_texts_show", key=key)
    tell(_("De mail heeft weer de tekst van inleer."), page, subject=gone.subject, body=gone.body, version=0)
    return go(page)
