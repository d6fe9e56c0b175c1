"""Text that does not fit is refused by the action, with the same sentence on both databases and for every caller."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from inleer.accounts.models import Organisation
from inleer.cohorts.actions import NewCohort, create_cohort
from inleer.cohorts.models import Cohort, Session
from inleer.db import Base, db, unit_of_work
from inleer.db.texts import check_texts
from inleer.errors import DomainError
from inleer.leerroutes.queries import route_version
from inleer.people.models import Candidate
from inleer.policy import system_actor
from tests.world import ROUTE, World, build, one


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=2, weeks=1)


@pytest.mark.parametrize(
    ("name", "said"), [("", "Vul een naam in"), ("  ", "Vul een naam in"), ("n" * 201, "te lang")]
)
def test_an_edition_needs_a_name_that_fits(world: World, name: str, said: str) -> None:
    row = route_version(*ROUTE)
    assert row is not None
    new = NewCohort("nieuw-2026", name, date(2026, 9, 7), "midden")
    with pytest.raises(DomainError, match=said) as refused, unit_of_work():
        create_cohort(system_actor(), world.own.agency, row, new)
    assert refused.value.field == "name"


@pytest.mark.parametrize("model", [Cohort, Session, Organisation, Candidate])
def test_the_models_people_name_things_in_ask_for_words(model: type[Base]) -> None:
    field = {"Session": "title", "Candidate": "last_name"}.get(model.__name__, "name")
    with pytest.raises(DomainError, match="Vul een naam in"):
        check_texts(model(**{field: " "}))
    check_texts(model(**{field: "é" * 200}))
    with pytest.raises(DomainError, match="hoogstens 200 tekens"):
        check_texts(model(**{field: "é" * 201}))


def test_a_change_is_looked_at_as_well(world: World) -> None:
    with unit_of_work():
        one(Cohort, world.own.cohort).name = "n" * 500
        with pytest.raises(DomainError, match="te lang"):
            db.session.flush()
        db.session.rollback()
