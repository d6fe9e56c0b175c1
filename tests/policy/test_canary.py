"""Promise 4 and 5: a crawl by every actor finds nothing of the other agency, and nothing above the actor's level."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from inleer.cli.policy import ROLES
from inleer.db import db
from inleer.people.models import Candidate
from inleer.policy import Perm, Role, unscoped
from inleer.policy.guard import guarded
from inleer.policy.startup import STATIC, policy_of
from tests.policy.facts import things_for
from tests.sectors import sectors, side_of
from tests.world import Side, World, browse, build

# Queries that pages may take; each is tried with a text that also matches a foreign person.
# The text is part of a name: a page that repeats the question shows no canary by that.
QUERIES = ("", "?q=chter0", "?zoek=chter0", "?format=csv", "?format=xlsx", "?q=%25&zoek=%25")

# Texts of the own agency that a role may never see, by docs/access.md § Fields.
NOTES = ("OWN_ORGANISATION KANARIEA", "COACHES KANARIEA", "COHORT KANARIEA", "CANDIDATE KANARIEA")
CONTACT = ("+3161234", "@kanariea.example")
PHASES = ("Reden KANARIEA", "Oordeel KANARIEA")
FORBIDDEN: dict[Role, tuple[str, ...]] = {
    Role.TEACHER: (
        *(f"Notitie {n.lower().split()[0]}" for n in NOTES),
        *NOTES,
        *CONTACT,
        *PHASES,
        "Melding KANARIEA",
    ),
    Role.LEERHOME_COORDINATOR: (NOTES[0], NOTES[1]),
    Role.PROGRAMME_MANAGER: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA"),
    Role.ADMINISTRATOR: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA", "Achter0", "Helpende KANARIEA"),
    Role.EMPLOYER: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA", "Achter0", "Opmerking KANARIEA"),
    Role.WORKPLACE_SUPERVISOR: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA", "Achter0"),
    Role.CANDIDATE: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA", "Achter0"),
    Role.STEERING_GROUP: (*NOTES, *CONTACT, *PHASES, "Melding KANARIEA", "Achter0"),
    Role.COACH: (),
}


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=3, weeks=2)


def ids_of(side: Side) -> list[UUID]:
    """Every id of a side that could stand in a URL."""
    return [
        side.cohort,
        *side.candidates,
        *side.enrolments,
        *side.sessions,
        side.intention,
        side.escalation,
        *side.notes.values(),
        side.agency,
        side.school,
        side.leerhome,
        side.employer,
        *(row for s in sectors().values() for row in _of_sector(side_of(side, s))),
    ]


def _of_sector(half: Side) -> list[UUID]:
    return [half.cohort, *half.candidates, *half.enrolments]


def urls(app: Flask, world: World) -> list[str]:
    """Every GET rule with the ids of its kind on both sides (or with all ids), and each list with queries."""
    return list(dict.fromkeys(_urls(app, world)))


def _urls(app: Flask, world: World) -> Iterator[str]:
    everything = [*ids_of(world.own), *ids_of(world.foreign), uuid4()]
    for rule in app.url_map.iter_rules():
        if rule.endpoint == STATIC or "GET" not in (rule.methods or ()):
            continue
        if not rule.arguments:
            yield from (_build(app, rule, {}) + query for query in QUERIES)
        else:
            policy = policy_of(app, rule.endpoint)
            model = policy.model.__name__ if policy is not None and policy.model is not None else ""
            ids = {t.id: t.side.cohort for t in things_for(world, rule.endpoint).get(model, [])}
            for each, cohort in (ids or dict.fromkeys(everything, world.foreign.cohort)).items():
                values = {
                    a: cohort if a == "cohort_id" and model != "Cohort" else each for a in rule.arguments
                }
                yield _build(app, rule, values)
                if "cohort_id" in values and not ids:
                    yield _build(app, rule, dict.fromkeys(rule.arguments, each))


def _build(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    filled = {
        name: value
        if rule._converters[name].__class__.__name__ == "UUIDConverter"
        else min(getattr(rule._converters[name], "items", [str(value)]))
        for name, value in values.items()
    }
    return str(app.url_map.bind("localhost").build(rule.endpoint, filled))


def text_of(answer: TestResponse) -> str:
    """Everything readable in an answer: a spreadsheet is unpacked."""
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return bytes(answer.data).decode("utf-8", "replace") + str(answer.headers)


def leaks(app: Flask, client: FlaskClient, world: World, role: Role) -> list[tuple[str, str]]:
    """Where an own actor is shown a foreign canary, or more than the role may see."""
    found = []
    for url in urls(app, world):
        answer = client.get(url)
        page = text_of(answer)
        found += [(url, text) for text in (world.foreign.canary, *FORBIDDEN[role]) if text in page]
        if answer.status_code == 500:
            found.append((url, "500"))
    return found


@pytest.mark.parametrize("role", ROLES, ids=lambda r: r.value)
def test_a_crawl_by_each_role_finds_nothing_foreign(app: Flask, world: World, role: Role) -> None:
    assert leaks(app, browse(app, world.own.actors[role]), world, role) == []


def test_a_coach_sees_no_notes_of_a_colleagues_caseload(app: Flask, world: World) -> None:
    assert world.own.other_coach is not None
    client = browse(app, world.own.other_coach)
    for url in urls(app, world):
        page = text_of(client.get(url))
        assert not any(note in page for note in NOTES), url


def test_the_crawl_finds_a_planted_list_without_scope(app: Flask, world: World) -> None:
    """The control: a page that forgot its scope must be found."""

    @guarded(Perm.CANDIDATE_LIST)
    def leak() -> str:
        rows = db.session.execute(unscoped(select(Candidate), "planted fault")).scalars()
        return ", ".join(c.last_name for c in rows)

    app.add_url_rule("/lek", "leak", leak)
    found = leaks(app, browse(app, world.own.actors[Role.COACH]), world, Role.COACH)
    assert {url.split("?")[0] for url, _text in found} == {"/lek"}


def test_the_crawl_finds_what_a_coach_noted_of_a_call(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: an employer's page that shows every remark in the history must be found."""
    known = "inleer.intentions.queries_employers.OWN_CHANNELS"
    monkeypatch.setattr(known, ("link", "account", "telephone"))
    found = leaks(app, browse(app, world.own.actors[Role.EMPLOYER]), world, Role.EMPLOYER)
    assert {text for _url, text in found} == {"Opmerking KANARIEA"}


def test_a_query_without_scope_is_refused_by_the_session(app: Flask, world: World) -> None:
    from inleer.policy.scope import UnscopedQuery

    with pytest.raises(UnscopedQuery):
        db.session.execute(select(Candidate)).all()


def test_no_log_line_holds_a_name_or_an_address(
    app: Flask, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Promise 61: a whole crawl with everything logged, errors included."""
    lines: list[str] = []

    def keep(_logger: object, _name: str, event: Any) -> Any:
        lines.append(str(dict(event)))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    client = browse(app, world.own.actors[Role.COACH])
    for url in urls(app, world):
        client.get(url)
    client.post("/inloggen", data={"email": "iemand@kanariea.example", "password": "geheim KANARIEA"})
    assert lines, "nothing was logged: this test sees nothing"
    written = "\n".join(lines) + capsys.readouterr().err
    assert "KANARIE" not in written
    assert "@kanariea" not in written
