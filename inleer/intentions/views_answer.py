"""What a personal link from a mail opens. GET shows and changes nothing; POST answers, and logs nobody in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, url_for

from inleer import audit
from inleer.forms import BaseForm
from inleer.intentions import links
from inleer.intentions.answering import link_actor
from inleer.intentions.pages_answer import answer_page
from inleer.intentions.queue import has_room, is_waiting, queue
from inleer.intentions.rules_requests import LINK_LIFETIME, MAILS_PER_DAY
from inleer.policy.guard import public

blueprint = Blueprint("answers", __name__, url_prefix="/antwoord")


@blueprint.route("/<uuid:organisation_id>/<token>", methods=["GET", "POST"])
@public("the personal link from the mail is the permission")
def show(organisation_id: UUID, token: str) -> Any:
    """One screen without an account: what is asked, and what was answered."""
    found = links.find(organisation_id, token)
    if found is None or not found.works:
        return _gone(organisation_id, token)
    own_url = url_for("answers.show", organisation_id=organisation_id, token=token)
    actor = link_actor(found.request, str(g.get("trace_id", "")))
    return answer_page(actor, found.request, "link", own_url, "intentions/respond.html")


def _gone(organisation_id: UUID, token: str) -> Any:
    """The same page for a link that is unknown, revoked or too old: how to get a new one."""
    url = url_for("answers.new_link", organisation_id=organisation_id, token=token)
    numbers = {"mails_per_day": MAILS_PER_DAY, "link_days": LINK_LIFETIME.days}
    form = BaseForm(formdata=None)
    return render_template("intentions/link_gone.html", form=form, new_url=url, **numbers), 404


@blueprint.post("/<uuid:organisation_id>/<token>/nieuwe-link")
@public("who holds a link that is too old asks for another; it goes to the address we had", rate="mail")
def new_link(organisation_id: UUID, token: str) -> Any:
    """Send a fresh link to the address on file; the answer is the same for every link."""
    BaseForm().is_submitted()
    found = links.find(organisation_id, token)
    if found is not None and has_room(found.request.email) and not is_waiting("resend", found.request.id):
        queue("resend", [found.request])
        actor = link_actor(found.request, str(g.get("trace_id", "")))
        audit.record(actor, "intention.link_asked_for", found.request)
    return render_template("intentions/link_sent.html")
