"""The plugins of this repository keep the contract that strangers' plugins are held to; rogues do not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import literal, select

from inleer.db import db
from inleer.extend import Owned, Registry, load
from inleer.extend.types import Verdict
from inleer.testing import PluginContract, build_world


class TestZorg(PluginContract):
    """WijkLeerbedrijf Zorg."""

    plugin = "zorg"


class TestLogistiek(PluginContract):
    """Leerbedrijf Logistiek."""

    plugin = "logistiek"


class TestGemeente(PluginContract):
    """Traineeships at a municipality."""

    plugin = "gemeente"


class Rogue(PluginContract):
    """Not collected by pytest: its checks are called one by one, and each has to find the fault."""

    plugin = "zorg"
    __test__ = False


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> str:
    folder = tmp_path / "inleer_rogue"
    folder.mkdir()
    (folder / "__init__.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "inleer_rogue", raising=False)
    return "inleer_rogue"


def test_an_import_of_the_core_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = package(tmp_path, monkeypatch, "from inleer.plugin import _\nfrom inleer.db import db\n")
    with pytest.raises(AssertionError, match=r"imports inleer\.db"):
        Rogue().test_it_imports_of_inleer_only_the_plugin_api(name)


def test_a_way_to_the_network_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = package(tmp_path, monkeypatch, "import urllib.parse\n\n\ndef call():\n    import urllib.request\n")
    with pytest.raises(AssertionError, match=r"imports urllib\.request"):
        Rogue().test_it_has_no_way_to_the_network(name)


def test_a_column_of_which_nothing_is_said_is_found() -> None:
    brought = load(["zorg"])
    (visits,) = [o for o in brought.personal_data if o.key == "zorg.visits"]
    model = visits.value.model
    silent = replace(brought, personal_data=())
    with pytest.raises(AssertionError, match="recorded_by_name"):
        Rogue().test_personal_data_are_declared(silent, [model])
    Rogue().test_personal_data_are_declared(brought, [model])


def test_an_action_without_a_name_is_found() -> None:
    brought = replace(load(["zorg"]), audit_actions=())
    with pytest.raises(AssertionError, match=r"zorg_visit\.recorded"):
        Rogue().test_what_it_records_has_a_name(brought, "inleer_zorg")


def test_a_binding_rule_that_lets_anybody_through_is_found(
    inleer_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world(inleer_app, "zorg.wijkleerbedrijf")
    brought = load(["zorg"])

    def answering(fulfilled: bool) -> Registry:
        """What zorg would bring with a rule that always says the same, and is binding."""
        rules = [replace(o.value, check=lambda ids, _on: dict.fromkeys(ids, Verdict(fulfilled, "Altijd.")))
                 for o in brought.rules]  # fmt: skip
        phases = [tuple(replace(p, binding=p.completion) for p in o.value.phases) for o in brought.routes]
        routes = [replace(o.value, phases=p) for o, p in zip(brought.routes, phases, strict=True)]
        return replace(
            brought,
            rules=tuple(Owned("zorg", rule) for rule in rules),
            routes=tuple(Owned("zorg", route) for route in routes),
        )

    monkeypatch.setitem(inleer_app.extensions, "inleer", answering(False))
    Rogue().test_binding_rules_stay_shut_for_whom_they_do_not_know(world)
    monkeypatch.setitem(inleer_app.extensions, "inleer", answering(True))
    with pytest.raises(AssertionError, match=r"zorg\.\w+ is binding.* lets somebody unknown through"):
        Rogue().test_binding_rules_stay_shut_for_whom_they_do_not_know(world)
    asked = [Owned("zorg", replace(o.value, agreeing=True)) for o in answering(True).rules]
    monkeypatch.setitem(inleer_app.extensions, "inleer", replace(brought, rules=tuple(asked)))
    with pytest.raises(AssertionError, match=r"zorg\.\w+ is .*asked on agreeing, and lets somebody unknown"):
        Rogue().test_binding_rules_stay_shut_for_whom_they_do_not_know(world)


def test_a_table_of_another_is_found() -> None:
    model = load(["zorg"]).personal_data[0].value.model
    with pytest.raises(AssertionError):
        LogistiekOnly().test_its_tables_carry_its_prefix_and_a_scope([model])


class LogistiekOnly(PluginContract):
    """Not collected either."""

    plugin = "logistiek"
    __test__ = False


def test_a_box_that_asks_per_person_is_found(inleer_app: Flask) -> None:
    world = build_world(inleer_app, "zorg.wijkleerbedrijf")

    def per_person(ids: list[UUID]) -> None:
        for one in ids:
            db.session.execute(select(literal(str(one)))).all()

    with pytest.raises(AssertionError, match="3 statements for 3 people, 6 for 6"):
        Rogue._constant(world, "box", per_person)
