"""Promise 57: when a gate itself fails, the answer is no: an error page without content, and nothing saved."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.audit import AuditEvent, ReadLog
from inleer.casework.models import Note
from inleer.db import db, unit_of_work
from inleer.people.models import Candidate
from inleer.policy import Role, unscoped
from tests.world import Side, browse, build, one, token_in


class Broken(Exception):
    """A fault that nobody expects. Its text must not reach a page."""


def breaks(*_args: object, **_kwargs: object) -> object:
    raise Broken("KANARIEFOUT")


# Where each gate of a request can fail: who it is, what the role may, which rows, what is recorded.
GATES = [
    "inleer.accounts.sessions._actor",
    "inleer.policy.guard.require_actor",
    "inleer.policy.guard.load",
    "inleer.policy.scope.allowed_relations",
    "inleer.policy.scope._build_scope",
    "inleer.audit.reads._row",
    "inleer.audit.chain.digest",
    "inleer.audit.guard.identity",
]
# A read passes no gate that only a change passes.
ONLY_CHANGES = {"inleer.audit.chain.digest", "inleer.audit.guard.identity"}
ONLY_READS = {"inleer.audit.reads._row"}


@pytest.fixture
def side(app: Flask) -> Side:
    return build(app, people=2, weeks=1).own


@pytest.fixture
def coach(app: Flask, side: Side) -> FlaskClient:
    return browse(app, side.actors[Role.COACH])


def counts() -> list[int]:
    db.session.rollback()
    return [
        db.session.execute(unscoped(select(func.count()).select_from(model), "test")).scalar_one()
        for model in (Note, AuditEvent, ReadLog)
    ]


def read(client: FlaskClient, side: Side, _token: str) -> TestResponse:
    return client.get(f"/kandidaten/{side.candidates[0]}")


def write(client: FlaskClient, side: Side, token: str) -> TestResponse:
    values = {
        "csrf_token": token,
        "on": clock.today().isoformat(),
        "channel": "talk",
        "text": "Gesproken",
        "audience": "coaches",
    }
    return client.post(f"/kandidaten/{side.candidates[0]}/notities", data=values)


CASES = [
    pytest.param(read, [gate for gate in GATES if gate not in ONLY_CHANGES], id="read"),
    pytest.param(write, [gate for gate in GATES if gate not in ONLY_READS], id="write"),
]


@pytest.mark.parametrize(("ask", "gates"), CASES)
def test_a_gate_that_fails_lets_nobody_through(
    side: Side,
    coach: FlaskClient,
    ask: Callable[..., TestResponse],
    gates: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = coach.get(f"/kandidaten/{side.candidates[0]}/notities")
    assert page.status_code == 200
    assert "Achter0" in page.text
    token = token_in(page.text)
    for gate in gates:
        before = counts()
        module, _dot, name = gate.rpartition(".")
        with monkeypatch.context() as patch:
            patch.setattr(import_module(module), name, breaks)
            answer = ask(coach, side, token)
        assert answer.status_code >= 500, gate
        for secret in ("Achter0", "KANARIEFOUT", "Traceback", "Gesproken"):
            assert secret not in answer.text, gate
        assert counts() == before, gate
        # the control: without the fault the same request goes through
        after = ask(coach, side, token)
        assert after.status_code in (200, 303), gate
        assert counts() != before, gate


@pytest.fixture
def candidate(side: Side) -> Candidate:
    return one(Candidate, side.candidates[0])


def test_a_change_that_is_not_audited_is_rolled_back(candidate: Candidate) -> None:
    """An action that forgot its audit event is stopped by the commit guard, not found later."""
    from inleer.audit.guard import UnauditedChange

    before = candidate.first_name

    def forget() -> None:
        with unit_of_work():
            candidate.first_name = "Onbekend"

    with pytest.raises(UnauditedChange):
        forget()
    db.session.rollback()
    assert one(Candidate, candidate.id).first_name == before


def test_a_change_outside_a_unit_of_work_is_refused(candidate: Candidate) -> None:
    candidate.first_name = "Onbekend"
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        db.session.flush()
    db.session.rollback()
