"""Promise 3: a thing of somebody else and a thing that never was cannot be told apart, by nothing that comes back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inleer.errors import NotVisible
from inleer.policy import Perm, Role
from inleer.policy.guard import SAFE, guarded
from inleer.policy.startup import STATIC, policy_of
from tests.policy.facts import things, things_for
from tests.policy.test_matrix import ENDS_SESSION, model_of, url_of
from tests.timing import APART_MS, apart
from tests.world import World, browse, build, token_in

# A page of each model that has one; every rule of every model is compared below, these are timed.
TIMED = (Role.COACH, "/kandidaten/{}"), (Role.LEERHOME_COORDINATOR, "/lichtingen/{}")


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


def pairs(app: Flask, world: World) -> Iterator[tuple[str, str, str, str]]:
    """(model, method, address of a foreign thing, the same with an id that nobody has) for every rule about a thing."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint) if rule.endpoint != STATIC else None
        if policy is None or policy.model is None or rule.endpoint in ENDS_SESSION:
            continue
        foreign, nobody = things_for(world, rule.endpoint)[model_of(policy)][-2:]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            there = url_of(app, world, rule, policy, foreign)
            nowhere = there.replace(str(foreign.id), str(nobody.id))
            yield model_of(policy), method, there, nowhere


def answer(
    client: FlaskClient, method: str, url: str, token: str
) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Everything that comes back, but the moment, the reference, the token and the id that was asked for."""
    data = {"csrf_token": token} if method not in SAFE else None
    response = client.open(url, method=method, data=data)
    return response.status_code, _neutral(response), sorted(h for h in response.headers if h[0] != "Date")


def _neutral(response: TestResponse) -> bytes:
    """The body without what differs between any two requests, also for the same address."""
    body = re.sub(rb'<code class="reference">[0-9a-f]{16}</code>', b"REF", response.data)
    body = re.sub(rb'name="csrf-token" content="[^"]+"|value="[A-Za-z0-9_.-]{60,}"', b"TOKEN", body)
    return body.replace(response.request.path.encode(), b"PATH")


def told_apart(app: Flask, client: FlaskClient, world: World) -> tuple[set[str], list[tuple[str, str]]]:
    """The models that were compared, and the addresses of which the two answers differ."""
    token = token_in(client.get("/account").text)
    seen, wrong = set(), []
    for model, method, there, nowhere in pairs(app, world):
        first, second = (answer(client, method, url, token) for url in (there, nowhere))
        seen.add(model)
        if first != second or first[0] not in (403, 404):
            wrong.append((method, there))
    return seen, wrong


@pytest.mark.parametrize("role", [Role.COACH, Role.TEACHER, Role.LEERHOME_COORDINATOR, Role.ADMINISTRATOR])
def test_foreign_and_non_existent_give_the_same_answer_on_every_rule(
    app: Flask, world: World, role: Role
) -> None:
    seen, wrong = told_apart(app, browse(app, world.own.actors[role]), world)
    assert wrong == []
    assert seen == set(things(world)), "a model was compared on no page"


def test_a_page_that_says_something_else_is_found(app: Flask, world: World) -> None:
    """The planted fault: one header that only a thing that exists has."""
    theirs = str(world.foreign.candidates[0])

    @app.after_request
    def tell(response: Response) -> Response:
        if theirs in request.path:
            response.headers["X-Version"] = "3"
        return response

    _seen, wrong = told_apart(app, browse(app, world.own.actors[Role.COACH]), world)
    assert wrong and all(theirs in url for _method, url in wrong)


@pytest.mark.parametrize(("role", "url"), TIMED)
def test_the_time_tells_nothing(app: Flask, world: World, role: Role, url: str) -> None:
    model = "Candidate" if "kandidaten" in url else "Cohort"
    foreign, nobody = things(world)[model][-2:]
    client = browse(app, world.own.actors[role])
    assert client.get(url.format(foreign.id)).status_code == 404
    assert (
        apart(lambda: client.get(url.format(foreign.id)), lambda: client.get(url.format(nobody.id)))
        <= APART_MS
    )


def test_a_page_that_works_longer_for_what_exists_is_found(app: Flask, world: World) -> None:
    """The planted fault: the row is fetched and looked at before it is refused."""

    @guarded(Perm.CANDIDATE_LIST)
    def slow(object_id: object) -> str:
        if object_id == world.foreign.candidates[0]:
            time.sleep(0.012)
        raise NotVisible

    app.add_url_rule("/traag/<uuid:object_id>", "slow", slow)
    client = browse(app, world.own.actors[Role.COACH])
    urls = [f"/traag/{world.foreign.candidates[0]}", f"/traag/{uuid4()}"]
    assert apart(lambda: client.get(urls[0]), lambda: client.get(urls[1]), pairs=20) > APART_MS
