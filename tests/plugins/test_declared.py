"""Settings, names of actions, personal data and commands of a plugin, where the core shows or uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.app import create_app
from inleer.config import Settings
from inleer.db import db, unit_of_work
from inleer.errors import DomainError
from inleer.extend.checks import DefinitionError
from inleer.extend.types import AuditActionDef, CommandDef, PersonalDataDef
from inleer.parameters import set_parameter
from inleer.parameters.catalogue import ALWAYS, Parameter
from inleer.plugin import record, setting
from inleer.policy import Role
from tests.plugins import dummy
from tests.world import World, browse, build


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, extra_plugins=(dummy,)))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=1, weeks=1)


def test_a_setting_has_its_official_value_until_an_agency_sets_its_own(app: Flask, world: World) -> None:
    today, admin = clock.today(), world.own.actors[Role.ADMINISTRATOR]
    assert setting("dummy.places", world.own.agency, today) == 4
    with unit_of_work():
        set_parameter(admin, "dummy.places", today, 6)
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    own = [setting("dummy.places", world.own.agency, day) for day in (yesterday, today, tomorrow)]
    assert (own, setting("dummy.places", world.foreign.agency, today)) == ([4, 6, 6], 4)
    with pytest.raises(DomainError, match="1 tot en met 9"), unit_of_work():
        set_parameter(admin, "dummy.places", today, 10)
    with pytest.raises(KeyError):
        setting("dummy.other", world.own.agency, today)


def test_the_administrator_sees_what_the_plugin_brings(app: Flask, world: World) -> None:
    admin = world.own.actors[Role.ADMINISTRATOR]
    with unit_of_work():
        record(admin, "dummy.noted", ("organisation", str(world.own.agency)))
    client = browse(app, admin)
    assert "Plekken per bedrijf" in client.get("/beheer/instellingen").text
    assert client.get("/beheer/instellingen/dummy.places").status_code == 200
    assert "iets genoteerd" in client.get("/beheer/logboek").text
    plugins = client.get("/beheer/plugins").text
    assert "Notities (wat er is opgeschreven)" in plugins and "dummy.greet" in plugins


@pytest.mark.parametrize(
    "official", [(), ((date(2001, 1, 1), 3),), ((ALWAYS, 99),), ((ALWAYS, 3), (ALWAYS, 4))]
)
def test_a_setting_without_a_sound_value_is_refused(official: tuple[tuple[date, int], ...]) -> None:
    with pytest.raises(ValueError, match=r"dummy\.places"):
        Parameter("dummy.places", "Plekken", "plekken", 1, 9, "afspraak", official)


def test_declarations_that_cannot_be_are_refused() -> None:
    with pytest.raises(DefinitionError, match=r"schrijf ding\.werkwoord"):
        AuditActionDef(key="dummy", name="iets")
    with pytest.raises(DefinitionError, match="kolommen die er niet zijn: bsn"):
        PersonalDataDef(key="dummy.people", name="Mensen", model=Organisation, columns={"bsn": "nummer"})
    with pytest.raises(DefinitionError, match="minstens één kolom"):
        PersonalDataDef(key="dummy.people", name="Mensen", model=Organisation, columns={})
    with pytest.raises(DefinitionError, match="de click-opdracht heet other"):
        CommandDef(key="dummy.other", command=dummy.greet)
