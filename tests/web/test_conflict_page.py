"""Promises 24 and 52: the page that compares two versions shows both as text, and keeps what was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from inleer_zorg.models import HelpRequest
from jinja2 import ChoiceLoader, DictLoader

from inleer import audit
from inleer.accounts.models import Organisation
from inleer.db import unit_of_work
from inleer.intentions.models import JobIntention
from inleer.people.models import Candidate
from inleer.placements.models import Placement
from inleer.policy import Role, system_actor
from tests.corpus.xss import XSS
from tests.kit import Page
from tests.world import Side, World, browse, build, one, token_in

Fields = dict[str, str]


def _candidate(side: Side) -> tuple[Role, type[Any], Any, str, str, Fields]:
    fields = {
        "last_name": "B",
        "language_level": "",
        "driving_licence": "unknown",
        "startkwalificatie": "unknown",
    }
    address = f"/kandidaten/{side.candidates[0]}/gegevens"
    return Role.COACH, Candidate, side.candidates[0], address, "first_name", fields


def _organisation(side: Side) -> tuple[Role, type[Any], Any, str, str, Fields]:
    address = f"/beheer/organisaties/{side.employer}/wijzigen"
    return Role.ADMINISTRATOR, Organisation, side.employer, address, "name", {}


def _intention(side: Side) -> tuple[Role, type[Any], Any, str, str, Fields]:
    address = f"/intenties/{side.intention}/wijzigen"
    return Role.PROGRAMME_MANAGER, JobIntention, side.intention, address, "function", {"kind": "intention"}


def _placement(side: Side) -> tuple[Role, type[Any], Any, str, str, Fields]:
    row = one(Placement, side.others["placement"])
    fields = {"kind": row.kind, "host_id": str(row.host_id), "hours": "8", "days": "za", "phase_key": ""}
    fields |= {
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "contract_partner_id": "",
    }
    return Role.COACH, Placement, row.id, f"/plaatsingen/{row.id}/wijzigen", "function", fields


def _help_request(side: Side) -> tuple[Role, type[Any], Any, str, str, Fields]:
    row = one(HelpRequest, side.others["zorg_help_request"])
    address = f"/zorg/{side.cohort}/hulpvragen/{row.id}/wijzigen"
    fields = {
        "requester": "mw. V.",
        "task": "groceries",
        "area": "Boswijk",
        "asked_on": row.asked_on.isoformat(),
    }
    return Role.LEERHOME_COORDINATOR, HelpRequest, row.id, address, "description", fields


FORMS = {
    "candidate": _candidate,
    "organisation": _organisation,
    "intention": _intention,
    "placement": _placement,
    "help": _help_request,
}


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def conflict(app: Flask, side: Side, kind: Callable[[Side], Any]) -> tuple[Callable[[str, str], str], str]:
    """A form that is behind: ``page(stored, typed)`` is what its sender sees; and the name of the field."""
    role, model, row_id, address, field, more = kind(side)
    client: FlaskClient = browse(app, side.actors[role])
    form = {"csrf_token": token_in(client.get(address).text), "version": "1", **more}

    def page(stored: str, typed: str) -> str:
        with unit_of_work():
            row = one(model, row_id)
            setattr(row, field, stored)
            audit.record(system_actor(), "test.saved", row)
        answer = client.post(address, data={**form, field: typed})
        assert answer.status_code == 409, (answer.status_code, typed)
        return answer.text

    return page, field


def shape(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes; last what is wrong with them."""
    found = Page(text)
    return [(tag, tuple(attributes)) for tag, attributes in found.elements] + [("", tuple(found.problems))]


def spoiled(page: Callable[[str, str], str], field: str) -> list[str]:
    """The texts that changed the page itself, or were not kept as they were typed."""
    plain, wrong = shape(page("gewoon", "anders")), []
    for number, text in enumerate(XSS):
        other = XSS[number - 1]
        shown = page(other, text)
        kept = re.search(rf'name="{field}" value="([^"]*)"', shown)
        as_text = html.unescape(shown)
        sound = shape(shown) == plain and text in as_text and other in as_text
        if not sound or kept is None or html.unescape(kept[1]) != text:
            wrong.append(text)
    return wrong


@pytest.mark.parametrize("kind", FORMS)
def test_what_was_typed_and_what_is_stored_is_text(app: Flask, world: World, kind: str) -> None:
    assert spoiled(*conflict(app, world.own, FORMS[kind])) == []


def test_a_page_that_trusts_what_was_typed_is_found(app: Flask, world: World) -> None:
    """The planted fault: one filter too many."""
    loader = app.jinja_env.loader
    assert loader is not None
    source, _path, _fresh = loader.get_source(app.jinja_env, "errors/409.html")
    careless = source.replace('{{ f.typed if f.typed != "" else _("leeg") }}', "{{ f.typed|safe }}")
    assert careless != source

    app.jinja_env.loader = ChoiceLoader([DictLoader({"errors/409.html": careless}), loader])
    app.jinja_env.cache = None
    found = spoiled(*conflict(app, world.own, FORMS["organisation"]))
    assert XSS[0] in found and len(found) > 15


def test_values_read_as_on_a_page_and_only_differences_stand_out(app: Flask, world: World) -> None:
    side = world.own
    client = browse(app, side.actors[Role.COACH])
    address = f"/kandidaten/{side.candidates[0]}/gegevens"
    form = {
        "csrf_token": token_in(client.get(address).text),
        "version": "1",
        "first_name": "Ander",
        "last_name": "B",
        "birth_date": "1989-01-23",
        "language_level": "",
        "driving_licence": "unknown",
        "startkwalificatie": "no",
    }
    with unit_of_work():
        row = one(Candidate, side.candidates[0])
        row.startkwalificatie, row.last_name = "yes", "B"
        audit.record(system_actor(), "test.saved", row)
    answer = client.post(address, data=form)
    assert answer.status_code == 409
    table, _same, rest = answer.text.partition("zijn gelijk")
    assert "23 januari 1989" in table and "1 januari 2004" in table, "dates in words"
    assert "<mark>nee</mark>" in table and ">unknown<" not in answer.text
    assert "Rijbewijs" not in table and "Rijbewijs" in rest, "unknown twice is no difference"
