"""Messages that did not leave: what is tried again and when, and dead letters, which are sent again by hand."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, url_for

from inleer import clock
from inleer.accounts import queries
from inleer.i18n import _, ngettext
from inleer.jobs import outbox, stuck
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor
from inleer.web.admin.base import blueprint, go, show

MOST = 100


@blueprint.get("/berichten", endpoint="messages")
@guarded(Perm.MESSAGE_MANAGE)
def index() -> Response:
    """How many messages wait, which are tried again, and which were given up."""
    backlog = outbox.backlog()
    return show(
        "admin/messages.html",
        backlog=backlog,
        since=stuck.oldest_due() if backlog["late"] else None,
        dead=stuck.dead_letters(MOST),
        again=stuck.tried_again(MOST),
        without_mail=queries.people_without_mail(require_actor(), MOST),
        most_attempts=stuck.MOST_ATTEMPTS,
        now=clock.now(),
    )


@blueprint.post("/berichten/<uuid:message_id>/opnieuw", endpoint="messages_retry")
@guarded(Perm.MESSAGE_MANAGE)
def retry(message_id: UUID) -> Response:
    """Send a dead letter again, with the next round of the worker."""
    stuck.retry(require_actor(), message_id)
    flash(_("Het bericht gaat opnieuw, binnen een paar minuten."), "ok")
    return go(url_for("admin.messages"))


@blueprint.post("/berichten/opnieuw", endpoint="messages_retry_all")
@guarded(Perm.MESSAGE_MANAGE)
def retry_all() -> Response:
    """Send all dead letters again."""
    revived = stuck.retry_all(require_actor())
    text = ngettext("%(n)s bericht gaat opnieuw.", "%(n)s berichten gaan opnieuw.", revived)
    flash(text if revived else _("Er waren geen berichten meer om opnieuw te sturen."), "ok")
    return go(url_for("admin.messages"))
