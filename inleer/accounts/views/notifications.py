"""Which mails I get."""

from __future__ import annotations

from flask import Response, flash, url_for
from wtforms import RadioField
from wtforms.validators import InputRequired

from inleer.accounts import notifications
from inleer.accounts.notifications import Notice
from inleer.accounts.views.base import blueprint, current_session, go, show
from inleer.forms import BaseForm, SelectChoice
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded

YES, NO = "ja", "nee"


@blueprint.route("/account/meldingen", methods=["GET", "POST"])
@guarded(Perm.ACCOUNT_OWN)
def notices() -> Response:
    """Choose which mails I get, of those that one can do without."""
    current = current_session()
    mine = notifications.notices_for(choice.role for choice in current.memberships)
    now = notifications.choices_of(current.actor.user_id)
    form = _form(mine)(data={notice.key: YES if now[notice.key] else NO for notice in mine})
    if mine and form.validate_on_submit():
        notifications.choose(current.actor, {notice.key: form[notice.key].data == YES for notice in mine})
        flash(_("Uw keuze is bewaard."), "ok")
        return go(url_for("account.index"))
    return show("account/notices.html", form, notices=mine)


def _form(mine: list[Notice]) -> type[BaseForm]:
    """A form with a question for each mail."""
    fields = {
        notice.key: RadioField(
            _(notice.name),
            [InputRequired(_("Kies ja of nee."))],
            description=_(notice.what),
            choices=[SelectChoice(YES, _("Ja, mail mij")), SelectChoice(NO, _("Nee"))],
        )
        for notice in mine
    }
    return type("NoticesForm", (BaseForm,), fields)
