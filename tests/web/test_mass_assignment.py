"""Promise 11: nothing is assigned that the form does not have, whatever is sent along with it.

Every rule that changes something is sent the columns of all models at once, on top of what a person would send. It
must name every one of them as unknown that its form does not have, and save nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from inleer.errors import UnknownFields
from inleer.forms import posted_form
from inleer.people.models import Candidate
from inleer.policy import Perm, Role
from inleer.policy.guard import guarded
from tests.web.cases import CASES, PEOPLE_NEEDED
from tests.web.walk import Case, Scene, Step, columns, differences, rows, steps
from tests.world import World, build

UNKNOWN = "een_veld_dat_niemand_kent"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=PEOPLE_NEEDED, weeks=2)


@pytest.fixture
def refused(app: Flask) -> list[tuple[str, ...]]:
    """The names that were refused, of each request that was refused for its names."""
    found: list[tuple[str, ...]] = []
    handlers = app.error_handler_spec[None][None]
    answer = handlers[UnknownFields]

    def note(error: UnknownFields) -> Any:
        found.append(error.names)
        return answer(error)

    handlers[UnknownFields] = note
    return found


def faults(step: Step, refused: list[tuple[str, ...]]) -> list[str]:
    """What a rule does with fields that its form does not have, apart from refusing them."""
    found, name = [], step.case.endpoint
    sent = dict.fromkeys(columns() - step.declared, "1") | {UNKNOWN: "1"}
    before = rows()
    refused.clear()
    answer = step.send(**sent)
    if answer.status_code != 422 or "Er is niets veranderd" not in answer.text:
        found.append(f"{name}: {answer.status_code} with all columns")
    missed = sorted(set(sent).difference(*refused))
    if missed:
        found.append(f"{name}: took {missed}")
    if differences(before, rows()):
        found.append(f"{name}: changed {differences(before, rows())}")
    return found


def faults_of_json(step: Step) -> list[str]:
    """What a rule does with the same as JSON: there is no rule that reads it."""
    before = rows()
    token = step.fields["csrf_token"]
    text = {k: v for k, v in step.fields.items() if isinstance(v, str)}
    answer = step.client.post(
        step.path, query_string=step.query or None, json=text, headers={"X-CSRFToken": token}
    )
    if answer.status_code != 422 or differences(before, rows()):
        return [f"{step.case.endpoint}: {answer.status_code} with JSON"]
    return []


@pytest.mark.slow
def test_no_column_is_taken_that_the_form_does_not_have(
    app: Flask, world: World, refused: list[tuple[str, ...]]
) -> None:
    """Then the same form goes through without them: it was they that were refused, and not the form."""
    found = []
    for step in steps(Scene(app, world), CASES):
        found += faults(step, refused) + faults_of_json(step)
        step.go()
    assert found == []


def test_the_walk_finds_a_rule_that_assigns_what_it_gets(
    app: Flask, world: World, refused: list[tuple[str, ...]]
) -> None:
    """The planted fault: a view that puts whatever was sent on the row."""

    @guarded(Perm.CANDIDATE_CHANGE, on=Candidate)
    def planted(candidate: Candidate) -> str:
        for name, value in posted_form().items():
            setattr(candidate, name, value)
        return "gedaan"

    app.add_url_rule("/geplant/<uuid:candidate_id>", "planted", planted, methods=["POST"])
    case = Case("planted", Role.COACH, lambda s: {"candidate_id": s.own.candidates[0]})
    (step,) = [next(steps(Scene(app, world), [case]))]
    assert any("planted: took" in fault and "last_name" in fault for fault in faults(step, refused))


def test_a_button_refuses_what_it_does_not_have_and_does_nothing(app: Flask, world: World) -> None:
    """Logging out with a field too many: still logged in, with the same cookie."""
    case = next(c for c in CASES if c.endpoint == "account.logout")
    step = next(steps(Scene(app, world), [case]))
    before = rows()
    assert step.send(**{UNKNOWN: "1"}).status_code == 422
    assert differences(before, rows()) == []
    assert step.client.get("/account").status_code == 200
    assert step.go().status_code == 303
    assert step.client.get("/account").status_code == 303


def test_a_stale_button_shows_nothing_of_a_column_that_was_asked_for(app: Flask, world: World) -> None:
    """The page that compares two versions shows what was sent beside what is stored: only fields that there are."""
    note = {"note_id": world.own.notes["cohort"]}
    case = Case("casework.remove_note", Role.COACH, lambda s: note, lambda s: {"version": "999"})
    step = next(steps(Scene(app, world), [case]))
    answer = step.send(author_id="", text="")
    assert answer.status_code == 422
    assert "Notitie cohort" not in answer.text


@pytest.mark.parametrize("version", ["9" * 5000, "²", "-1", "1e3", "", "2147483648", "٣"])
def test_a_version_that_cannot_be_is_refused_with_a_sentence(app: Flask, world: World, version: str) -> None:
    details = {"candidate_id": world.own.candidates[0]}
    form = Case("people.details", Role.COACH, lambda s: details, lambda s: {"version": version}, page="")
    note = {"note_id": world.own.notes["cohort"]}
    button = Case("casework.remove_note", Role.COACH, lambda s: note, lambda s: {"version": version})
    for case in (form, button):
        step = next(steps(Scene(app, world), [case]))
        before = rows()
        answer = step.send()
        assert answer.status_code == 422
        assert "het formulier is niet compleet" in answer.text
        assert differences(before, rows()) == []
