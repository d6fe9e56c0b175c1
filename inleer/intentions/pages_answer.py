"""The one screen on which an employer answers, for a link from a mail and for an account alike."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template

from inleer import clock
from inleer.db import db
from inleer.errors import DomainError
from inleer.intentions import answering
from inleer.intentions.answering import AlreadyAnswered, ChangedMeanwhile
from inleer.intentions.forms_requests import answers_form, bring_up_to_date, given_in
from inleer.intentions.models_requests import IntentionRequest
from inleer.intentions.queries_requests import items_shown, names_of, statements_of
from inleer.intentions.rules_requests import ANSWERABLE
from inleer.intentions.statements import SHORT, TITLES, in_one_line
from inleer.policy import Actor


def answer_page(
    actor: Actor, request: IntentionRequest, channel: str, own_url: str, template: str, name: str = ""
) -> Any:
    """Show what is asked and what was answered; carry out what was sent, all of it or nothing."""
    items = items_shown(request, names_of(request))
    # With what was answered already, too: a second sending is told so, not refused for unknown fields.
    form = answers_form(items, name)
    notice, status = "", 200
    if form.is_submitted():
        try:
            if form.validate_on_submit():
                with db.session.begin_nested():
                    given = given_in(form, items)
                    answering.answer(actor, request, given, form["name"].data or "", channel)
                return redirect(own_url, 303)
        except DomainError as error:
            form.refuse(error)
        except AlreadyAnswered:
            notice, status = "answered", 409
        except ChangedMeanwhile:
            notice, status = "changed", 409
            bring_up_to_date(form, items_shown(request, names_of(request)))
    return _page(request, form, template, notice, form.status if status == 200 else status)


def _page(request: IntentionRequest, form: Any, template: str, notice: str, status: int) -> Any:
    names = names_of(request)
    items = items_shown(request, names)
    for item in items:  # what is signed next is what is shown now
        form[f"shown_{item.place}"].data = item.shown
    known = {
        "ask": request,
        "names": names,
        "open_items": [i for i in items if i.outcome is None and i.state in ANSWERABLE],
        "done_items": [i for i in items if i.outcome is not None],
        "gone_items": [i for i in items if i.outcome is None and i.state not in ANSWERABLE],
        "statements": statements_of(request.id),
        "notice": notice,
        "today": clock.today(),
        "titles": TITLES,
        "short": SHORT,
        "in_one_line": in_one_line,
    }
    return render_template(template, form=form, **known), status
