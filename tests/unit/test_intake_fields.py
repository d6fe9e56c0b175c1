"""Yes or no at an intake: what was not asked is never kept as "no"."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from inleer.extend.types import FieldDef, FieldGroup, FieldKind, FieldTarget
from inleer.people.forms import answers, group_form, stored


def group(required: bool) -> FieldGroup:
    field = FieldDef(key="dak", label="Durft op een dak", kind=FieldKind.BOOLEAN, required=required)
    return FieldGroup(key="proef.intake", name="Proef", target=FieldTarget.INTAKE, fields=(field,))


def filled(required: bool, **values: str) -> Any:
    return group_form(group(required))(MultiDict({"version": "0", **values}), meta={"csrf": False})


@pytest.fixture(autouse=True)
def _request() -> Any:
    with Flask("test").test_request_context():
        yield


@pytest.mark.parametrize(("word", "kept"), [("yes", {"dak": True}), ("no", {"dak": False}), ("unknown", {})])
def test_three_answers_of_which_unknown_is_not_kept(word: str, kept: dict[str, bool]) -> None:
    form = filled(False, dak=word)
    assert form.validate(), form.errors
    assert answers(group(False), form) == kept
    assert stored(group(False), kept)["dak"] == word


def test_a_required_one_is_answered_or_refused() -> None:
    for word, kept in (("yes", True), ("no", False)):
        form = filled(True, dak=word)
        assert form.validate(), form.errors
        assert answers(group(True), form) == {"dak": kept}
    for values in ({}, {"dak": "unknown"}):
        assert not filled(True, **values).validate(), values
    assert stored(group(True), {})["dak"] is None, "nothing is chosen before somebody chooses"
