"""Agenda feeds: one is made and revoked."""

from __future__ import annotations

from inleer.accounts.models_tokens import PersonalToken
from tests.web.cases.common import COACH, first
from tests.web.walk import Case, Fields, Scene


def _feed(s: Scene) -> Fields:
    return {"token_id": first(PersonalToken, PersonalToken.user_id == s.actor(COACH).user_id).id}


AGENDAS = [
    Case("agenda.feeds", COACH, fields=lambda s: {"name": "telefoon"}, page=""),
    Case("agenda.revoke", COACH, _feed),
]
