"""A scope means the same inside every query: its subqueries never tie themselves to tables around them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, exists, inspect, select
from sqlalchemy.orm import aliased

from inleer.db import Base
from inleer.people.models import Candidate, Cover
from inleer.policy.scope import _relations, relations_of, scoped_models


def key_of(model: type[Base]) -> Any:
    """The first column of the primary key, as an attribute of the model."""
    return inspect(model).attrs[str(inspect(model).primary_key[0].key)].class_attribute


def where_part(model: type[Base], condition: ColumnElement[bool], *beside: type[Base]) -> str:
    """The SQL of the condition in a query on ``model``, with other tables beside it."""
    statement = select(key_of(model))
    for other in beside:
        statement = statement.add_columns(key_of(other))
    sql = str(statement.where(condition))
    return sql.split("WHERE", 1)[1]


def changed_by_neighbours(model: type[Base], condition: ColumnElement[bool]) -> list[str]:
    """The tables that change what the condition means, or break it, when they stand beside it."""
    alone = where_part(model, condition)
    found = []
    for mapper in Base.registry.mappers:
        other = mapper.class_
        if other is model:
            continue
        try:
            if where_part(model, condition, other) != alone:
                found.append(other.__name__)
        except Exception as error:  # SQLAlchemy refuses a subquery that lost its tables
            found.append(f"{other.__name__}: {type(error).__name__}")
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_relation_changes_beside_another_table(app: Flask) -> None:
    wrong = {
        f"{model.__name__}.{name}": found
        for model in scoped_models()
        for name in relations_of(model)
        if (found := changed_by_neighbours(model, _relations[model][name]()))
    }
    assert not wrong


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_subquery_without_an_alias_is_found(app: Flask) -> None:
    """The control: the same condition with and without alias."""
    other = aliased(Cover)
    careless = exists().where(Cover.coach_id == Candidate.coach_id)
    careful = exists().where(other.coach_id == Candidate.coach_id)
    assert changed_by_neighbours(Candidate, careless)
    assert not changed_by_neighbours(Candidate, careful)
