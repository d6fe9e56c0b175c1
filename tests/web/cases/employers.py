"""Asking employers by mail, what comes of it, and an employer that answers with a link or an account."""

from __future__ import annotations

from flask.testing import FlaskClient

from inleer.db import unit_of_work
from inleer.intentions import links
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionMessage, IntentionRequest
from inleer.policy import Role
from tests.bounced import shut
from tests.web.cases.common import MANAGER, cohort, first, other, version_of
from tests.web.walk import Case, Fields, Scene
from tests.world import one

_request = other("intention_request", "intention_request_id")


def _stranger(s: Scene) -> FlaskClient:
    return s.app.test_client()


def _link(s: Scene) -> Fields:
    """A link to the request of the world."""
    if "answer_link" not in s.kept:
        with unit_of_work():
            s.kept["answer_link"] = links.mint(one(IntentionRequest, s.own.others["intention_request"]))
    return {"organisation_id": s.own.agency, "token": s.kept["answer_link"].rpartition("/")[2]}


def _asked(s: Scene) -> Fields:
    """Ask for the first intention, of which the address is missing."""
    row = one(JobIntention, s.own.intention)
    address = "nieuw@bedrijf.example" if row.contact_email is None else ""
    return {"step": "send", "chosen": str(row.id), f"email_{row.id.hex}": address}


def _last(s: Scene) -> Fields:
    row = first(
        IntentionRequest,
        IntentionRequest.email == "nieuw@bedrijf.example",
        order=IntentionRequest.asked_at.desc(),
    )
    return {"intention_request_id": row.id}


def _question(s: Scene) -> Fields:
    return {"intention_message_id": s.own.others["intention_message_question"]}


def _proposal(s: Scene) -> Fields:
    return {"intention_message_id": s.own.others["intention_message_contact"]}


_own = other("asked", "intention_id")


def _last_without_mail(s: Scene) -> Fields:
    """The same request, to whose address mail does not arrive."""
    ids = _last(s)
    if "mail to a contact came back" not in s.kept:
        s.kept["mail to a contact came back"] = True
        shut(first(IntentionRequest, IntentionRequest.id == ids["intention_request_id"]).email)
    return ids


EMPLOYERS = [
    Case("asking.ask", MANAGER, cohort, _asked, page=""),
    Case("asking.undo", MANAGER, _last, version_of(IntentionRequest, _last)),
    Case("asking.ask", MANAGER, cohort, _asked, page=""),
    Case("asking.send_again", MANAGER, _last),
    Case("asking.address_works", MANAGER, _last_without_mail),
    Case("asking.end", MANAGER, _last, version_of(IntentionRequest, _last)),
    Case("answers.new_link", _stranger, _link),
    Case("asking.message", MANAGER, _question, lambda s: {"reply": "Ja, dat mag."}, page=""),
    Case("asking.leave", MANAGER, _proposal, version_of(IntentionMessage, _proposal)),
    Case("answers.show", _stranger, _link, lambda s: {"answer_0": "confirm", "name": "R. de Wit"}, page=""),
    Case("own_intentions.answer", Role.EMPLOYER, _request, lambda s: {"answer_1": "decline"}, page=""),
    Case("own_intentions.change", Role.EMPLOYER, _own, lambda s: {"answer": "confirm"}, page=""),
    Case(
        "own_intentions.contact",
        Role.EMPLOYER,
        _own,
        lambda s: {"contact_name": "P. Bos", "contact_email": "bos@bedrijf.example"},
        page="",
    ),
]
