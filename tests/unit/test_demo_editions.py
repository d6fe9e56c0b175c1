"""Editions that a plugin brings for the demo: what is refused, and that its people are the same every time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inleer.demo.people import group_of
from inleer.extend.checks import DefinitionError
from inleer.extend.demo import DemoDef, DemoEdition, DemoEmployer, DemoPattern, DemoPerson

EDITION = DemoEdition(
    slug="proef-nu",
    name="Proef",
    route_key="proef.route",
    version=1,
    weeks=-3,
    letter="P",
    chance=7,
    function="Medewerker",
    people=(DemoPerson("An", "", "Bos", 1990, "B1", "no"), DemoPerson("Bo", "", "Dam", 2001, "A2", "yes")),
    employers=(DemoEmployer("bakker", "De Bakker", "detailhandel"),),
)


def seed(_actor: Any, _cohort_id: Any) -> int:
    return 0


def test_people_are_the_same_every_time_and_differ_between_editions() -> None:
    first, again = group_of(EDITION), group_of(EDITION)
    assert first == again
    assert [p.number for p in first] == ["P3100", "P3101"]
    assert {p.birth_date.year for p in first} == {1990, 2001}
    others = group_of(replace(EDITION, letter="Q", chance=8))
    assert {p.email for p in first}.isdisjoint(p.email for p in others)
    assert [p.phone for p in first] != [p.phone for p in others]


def test_a_pattern_may_be_given_by_its_name() -> None:
    assert DemoPerson("An", "", "Bos", 1990, "B1", "no", "late").pattern is DemoPattern.LATE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"slug": ""}, "Kenmerk"),
        ({"route_key": "route"}, "sleutel"),
        ({"letter": "pp"}, "hoofdletter"),
        ({"people": [1]}, "tuple"),
        ({"employers": EDITION.employers * 2}, "twee keer"),
    ],
)
def test_an_edition_that_cannot_be_made_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(DefinitionError, match=why):
        replace(EDITION, **changes)


def test_a_plugin_brings_editions_of_its_own_routes_only() -> None:
    assert DemoDef(key="proef.demo", seed=seed, editions=(EDITION,)).editions == (EDITION,)
    with pytest.raises(DefinitionError, match="van een ander"):
        DemoDef(key="anders.demo", seed=seed, editions=(EDITION,))
    with pytest.raises(DefinitionError, match="geen functie"):
        DemoDef(key="proef.demo", seed=None)  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="bestaat niet"):
        DemoPerson("An", "", "Bos", 1990, "B1", "no", "soms")  # type: ignore[arg-type]
