"""Promise 2: every rule, method, role and thing gives the code that a person reviewed in policy_matrix.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from inleer.cli.policy import NEVER, ROLES, as_csv
from inleer.policy import ROLE_TABLE, Perm, Role
from inleer.policy.guard import SAFE, Policy, _run
from inleer.policy.startup import STATIC, policy_of
from tests.policy.facts import Thing, home_of, things, things_for
from tests.sectors import sectors
from tests.world import World, browse, build, token_in

MATRIX = Path(__file__).with_name("policy_matrix.csv")
# These end or change the session of the actor that the test goes on with.
ENDS_SESSION = {"account.logout", "account.switch", "account.end_session"}


COHORT_FIRST = {"HelpRequest", "Visit"} | {model for s in sectors().values() for model in s.things}


def model_of(policy: Policy) -> str:
    """Name of the model that a rule is about, empty when it is about none."""
    return policy.model.__name__ if policy.model else ""


def reviewed() -> dict[tuple[str, str], dict[str, str]]:
    """The reviewed rows by endpoint and methods."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {(row["endpoint"], row["methods"]): row for row in csv.DictReader(file)}


def test_every_rule_is_reviewed_and_the_code_says_the_same(app: Flask) -> None:
    """`inleer policy dump > tests/policy/policy_matrix.csv` after you have read the difference against access.md."""
    assert as_csv(app) == MATRIX.read_text(encoding="utf-8")


def expected(cell: str, thing: Thing | None, role: Role) -> str:
    """What a reviewed cell means for one thing."""
    if thing is None:
        return "403" if cell == NEVER else "ok"
    relations = thing.relations.get(role, frozenset())
    if not relations:
        return "404"
    return "ok" if relations & set(cell.split("|")) else "403"


def outcome(code: int) -> str:
    """The class of an answer: refused codes by name, anything else passed the gate."""
    return str(code) if code in (401, 403, 404, 500) else "ok"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


@pytest.fixture
def gates_only(app: Flask, world: World) -> Flask:
    """The same app, in which views that change something only pass their gate."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint) if rule.endpoint != STATIC else None
        if policy is not None and policy.perm is not None and (rule.methods or set()) - SAFE:
            app.view_functions[rule.endpoint] = _gate(policy, app.view_functions[rule.endpoint])
    return app


def _gate(policy: Policy, view: Any) -> Any:
    from flask import request

    def run(**kwargs: Any) -> Any:
        if request.method in SAFE:
            return view(**kwargs)
        return _run(policy, lambda **_k: ("passed", 200), kwargs)

    return run


def cases(app: Flask, world: World) -> Iterator[tuple[Rule, str, Policy, Thing | None]]:
    """Every rule × method × thing."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint) if rule.endpoint != STATIC else None
        if policy is None or policy.perm is None or rule.endpoint in ENDS_SESSION:
            continue
        model = model_of(policy)
        known = things_for(world, rule.endpoint)
        found: list[Thing | None] = list(known.get(model, [])) if model else [None]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for thing in found:
                yield rule, method, policy, thing


def url_of(app: Flask, world: World, rule: Rule, policy: Policy, thing: Thing | None) -> str:
    """The address of the rule for one thing; other ids in it are made up."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        if rule._converters[name].__class__.__name__ != "UUIDConverter":
            values[name] = text_for(rule, name)
        elif thing is not None and name == policy.arg:
            values[name] = thing.id
        else:
            side = thing.side if thing is not None else home_of(world, rule.endpoint)
            values[name] = {"cohort_id": side.cohort, "enrolment_id": side.enrolments[0]}.get(name, uuid4())
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def text_for(rule: Rule, name: str) -> str:
    """Something for a part of an address that is no id: one of its choices, or a word."""
    return str(min(getattr(rule._converters[name], "items", ["x"])))


def _send(client: FlaskClient, method: str, url: str, token: str) -> int:
    data = {"csrf_token": token} if method not in SAFE else None
    return client.open(url, method=method, data=data).status_code


@pytest.mark.parametrize("role", ROLES, ids=lambda r: r.value)
def test_every_rule_answers_each_role_as_reviewed(gates_only: Flask, world: World, role: Role) -> None:
    app, rows = gates_only, reviewed()
    client = browse(app, world.own.actors[role])
    token = token_in(client.get("/account").text)
    wrong = []
    for rule, method, policy, thing in cases(app, world):
        # A sub-object that does not exist is 404 for everyone: only rules whose other ids are free are exact.
        nested = bool({a for a in rule.arguments if a != policy.arg})
        methods = "|".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        want = expected(rows[rule.endpoint, methods][role.value], thing, role)
        got = outcome(_send(client, method, url_of(app, world, rule, policy, thing), token))
        # A plugin's page is about a cohort first: who takes part in that gets 403 where the row itself says 404.
        refused = model_of(policy) in COHORT_FIRST and {want, got} == {"403", "404"}
        if got != want and not refused and not (nested and want == "ok" and got == "404"):
            wrong.append((method, rule.rule, thing.name if thing else "", f"want {want}, got {got}"))
    assert not wrong, "\n".join(map(str, wrong))


def test_anonymous_reaches_only_public_pages(gates_only: Flask, world: World) -> None:
    client = gates_only.test_client()
    token = token_in(client.get("/inloggen").text)
    wrong = []
    for rule, method, policy, thing in cases(gates_only, world):
        answer = client.open(
            url_of(gates_only, world, rule, policy, thing),
            method=method,
            data={"csrf_token": token} if method not in SAFE else None,
        )
        to_login = answer.status_code == 303 and "/inloggen" in answer.headers.get("Location", "")
        if not (to_login or answer.status_code == 401):
            wrong.append((method, rule.rule, answer.status_code))
    assert not wrong, wrong


def test_every_model_with_a_page_has_facts(app: Flask, world: World) -> None:
    """A rule on a model of which the facts are not written down would be crawled by nobody."""
    known = set(things(world))
    models = {
        p.model.__name__ for r in app.url_map.iter_rules() if (p := policy_of(app, r.endpoint)) and p.model
    }
    assert models <= known, f"write down how people stand to: {sorted(models - known)}"


def test_one_flipped_permission_is_found(
    gates_only: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a teacher who may open dossiers."""
    flipped = {**ROLE_TABLE[Role.TEACHER], Perm.CANDIDATE_VIEW: frozenset({"school"})}
    monkeypatch.setitem(ROLE_TABLE, Role.TEACHER, flipped)
    with pytest.raises(AssertionError, match="want 403, got"):
        test_every_rule_answers_each_role_as_reviewed(gates_only, world, Role.TEACHER)


def test_foreign_and_non_existent_are_the_same_bytes(app: Flask, world: World) -> None:
    """Promise 3: same status, same body but for the reference, same headers."""
    client = browse(app, world.own.actors[Role.COACH])
    client.get("/vandaag")  # the first page of a session sets its cookie
    for model, url in (("Candidate", "/kandidaten/{}"), ("Cohort", "/lichtingen/{}")):
        foreign, nobody = things(world)[model][-2:]
        first, second = (client.get(url.format(t.id)) for t in (foreign, nobody))
        assert (first.status_code, second.status_code) == (404, 404)
        assert _without_reference(first.text) == _without_reference(second.text)
        assert {k for k, _v in first.headers} == {k for k, _v in second.headers}


def _without_reference(page: str) -> str:
    import re

    page = re.sub(r"[0-9a-f]{16}", "REF", page)
    return re.sub(r'name="csrf-token" content="[^"]+"|value="[A-Za-z0-9_.-]{60,}"', "TOKEN", page)


def test_ids_in_urls_are_random_uuids(app: Flask) -> None:
    """Promise 7: nothing in a URL can be counted up."""
    for rule in app.url_map.iter_rules():
        for name in rule.arguments:
            converter = rule._converters[name].__class__.__name__
            assert converter != "IntegerConverter", rule.rule
            if name.endswith("_id"):
                assert converter == "UUIDConverter", rule.rule


def test_sample_of_ids_is_not_sequential(world: World) -> None:
    ids = world.own.candidates + world.own.enrolments
    assert [i.version for i in ids] == [4] * len(ids)
