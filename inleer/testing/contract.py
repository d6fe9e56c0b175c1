"""What every plugin promises; run it in three lines (see inleer.testing). Each test says what to mend."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import String, event

from inleer import clock
from inleer.db import Base, db, unit_of_work
from inleer.extend import Plugin, Registry, installed, load
from inleer.extend.types import CORE, SignalFinding, Verdict
from inleer.migrate import all_owners, downgrade, migration_engine, plugin_owner, upgrade
from inleer.policy import Role, system_actor
from inleer.policy.scope import is_scoped
from inleer.testing.builders import PluginWorld, add_people

#: Ways to the network; a plugin has none until there is a guarded client.
NETWORK = frozenset(
    {"socket", "http", "urllib", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib"}
)


def package_of(plugin: Plugin) -> str:
    """The name of the package that holds a plugin."""
    return getattr(plugin.hooks, "__name__", type(plugin.hooks).__module__).partition(".")[0]


def sources(package: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every source file of a package, parsed."""
    module = importlib.import_module(package)
    for place in module.__path__:
        for path in sorted(Path(place).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _dated(ask: Callable[[list[UUID], date], object], ids: list[UUID]) -> object:
    return ask(ids, clock.today())


class PluginContract:
    """Subclass it as ``class TestContract(PluginContract): plugin = "energie"``."""

    plugin = ""

    @pytest.fixture
    def brought(self) -> Registry:
        """What the plugin brings, loaded by itself."""
        assert self.plugin in installed(), f"no entry point {self.plugin} in the group inleer.plugins"
        return load([self.plugin])

    @pytest.fixture
    def package(self, brought: Registry) -> str:
        """The package of the plugin; all of it imported."""
        (found,) = [p for p in brought.plugins if p.name == self.plugin]
        name = package_of(found)
        module = importlib.import_module(name)
        for part in pkgutil.walk_packages(module.__path__, f"{name}."):
            if ".migrations" not in part.name:
                importlib.import_module(part.name)
        return name

    @pytest.fixture
    def models(self, package: str) -> list[type[Base]]:
        """The plugin's tables."""
        mapped = [mapper.class_ for mapper in Base.registry.mappers]
        return [model for model in mapped if model.__module__.partition(".")[0] == package]

    def test_it_is_installed_under_its_name_and_loads(self, brought: Registry) -> None:
        """The entry point, the manifest and all that the hooks bring fit together."""
        assert [p.manifest.name for p in brought.plugins] == [self.plugin]

    def test_it_imports_of_inleer_only_the_plugin_api(self, package: str) -> None:
        """Everything else in inleer may change without notice."""
        wrong = [
            f"{path.name} imports {name}"
            for path, tree in sources(package)
            for name in imported(tree)
            if name.partition(".")[0] == "inleer" and not f"{name}.".startswith("inleer.plugin.")
        ]
        assert not wrong, "; ".join(wrong)

    def test_it_has_no_way_to_the_network(self, package: str) -> None:
        """Nothing leaves the installation through a plugin."""
        wrong = [
            f"{path.name} imports {name}"
            for path, tree in sources(package)
            for name in imported(tree)
            if name.partition(".")[0] in NETWORK and name != "urllib.parse"
        ]
        assert not wrong, "; ".join(wrong)

    def test_its_tables_carry_its_prefix_and_a_scope(self, models: list[type[Base]]) -> None:
        """Tables of owners never mix, and every list of rows is limited to who may see them."""
        for model in models:
            table = str(model.__tablename__)
            assert table.startswith(f"{self.plugin}_"), f"{table} does not begin with {self.plugin}_"
            assert is_scoped(model), f"{model.__name__}: declare who may see it with scoped_model(...)"

    def test_its_tables_point_to_the_core_and_to_themselves_only(self, models: list[type[Base]]) -> None:
        """A plugin that goes away leaves nothing hanging in another plugin."""
        others = {p for p in installed() if p != self.plugin}
        for model in models:
            for key in model.__table__.foreign_keys:
                table = key.target_fullname.partition(".")[0]
                assert table.partition("_")[0] not in others, f"{model.__name__} refers to {table}"

    def test_its_migrations_go_up_down_and_up_and_match_the_models(
        self, brought: Registry, models: list[type[Base]], tmp_path: Path
    ) -> None:
        """On a database of the core alone; what the revisions make is what the models say."""
        from inleer.migrate.drift import drift, in_words

        owner = plugin_owner(brought.plugins[0].manifest)
        if owner is None:
            assert models == [], "tables need migrations: fill in the manifest"
            return
        url = f"sqlite:///{tmp_path / 'migrations.db'}"
        owners = all_owners([brought.plugins[0].manifest])
        upgrade(url, owners)
        engine = migration_engine(url)
        with engine.connect() as connection:
            found = drift(connection, owner, owners, Base.metadata)
        assert not found, "models and migrations differ: " + "; ".join(map(in_words, found))
        engine.dispose()
        downgrade(url, owners, self.plugin, "base")
        upgrade(url, owners)

    def test_personal_data_are_declared(self, brought: Registry, models: list[type[Base]]) -> None:
        """Each column with text is named as personal data or as not."""
        said = {owned.value.model: owned.value for owned in brought.personal_data}
        for model in models:
            texts = {
                c.key for c in model.__table__.columns if isinstance(c.type, String) and not c.foreign_keys
            }
            told = said.get(model)
            known = set() if told is None else set(told.columns) | set(told.other)
            assert texts <= known, (
                f"{model.__name__}: name {sorted(texts - known)} in its PersonalDataDef, in columns={{...}} when they"
                " are personal, else in other=(...)"
            )

    def test_what_it_records_has_a_name(self, brought: Registry, package: str) -> None:
        """Every literal action of record(...) is registered."""
        known = {owned.key for owned in brought.audit_actions}
        used = {
            str(node.args[1].value)
            for _path, tree in sources(package)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record"
            and len(node.args) > 1
            and isinstance(node.args[1], ast.Constant)
        }
        assert used <= known, f"register {sorted(used - known)} with inleer_register_audit_actions"

    def test_every_page_says_who_may_see_it(self, inleer_app: Flask) -> None:
        """The application starts; it does not when a page forgot that."""
        assert self.plugin in {p.name for p in inleer_app.extensions["inleer"].plugins}

    def test_rules_answer_for_everybody_in_a_constant_number_of_statements(
        self, inleer_world: PluginWorld
    ) -> None:
        """Each rule is asked for a whole group at once."""
        for owned in self._own(inleer_world, "rules"):
            self._constant(inleer_world, owned.key, partial(_dated, owned.value.check))
            answer = owned.value.check(list(inleer_world.enrolment_ids), clock.today())
            assert set(answer) == set(inleer_world.enrolment_ids), (
                f"{owned.key} answers for each id, and no other"
            )
            assert all(isinstance(one, Verdict) for one in answer.values())

    def test_binding_rules_stay_shut_for_whom_they_do_not_know(self, inleer_world: PluginWorld) -> None:
        """No reason stands in for a rule that binds, or that is asked when a placement is agreed: neither lets
        somebody through of whom nothing is known."""
        rules = {owned.key: owned.value for owned in self._own(inleer_world, "rules")}
        routes = [owned.value for owned in self._own(inleer_world, "routes")]
        named = {rule for route in routes for phase in route.phases for rule in phase.binding}
        for key in named | {key for key, rule in rules.items() if rule.agreeing}:
            nobody = uuid4()
            if key in rules:
                said = rules[key].check([nobody], clock.today())[nobody]
                assert said.fulfilled is not True, (
                    f"{key} is binding, or asked on agreeing, and lets somebody unknown through"
                )

    def test_signals_take_a_constant_number_of_statements(self, inleer_world: PluginWorld) -> None:
        """They are evaluated at each save and once a day for everybody."""
        for owned in self._own(inleer_world, "signals"):
            evaluate = owned.value.evaluate
            self._constant(inleer_world, owned.key, partial(_dated, evaluate))
            found = evaluate(list(inleer_world.enrolment_ids), clock.today())
            assert all(isinstance(one, SignalFinding) for one in found)
            assert {one.enrolment_id for one in found} <= set(inleer_world.enrolment_ids)

    def test_boxes_take_a_constant_number_of_statements(self, inleer_world: PluginWorld) -> None:
        """A box about candidates is asked for a whole list; each is rendered for each role that may see it."""
        for owned in self._own(inleer_world, "slots"):
            for actor in inleer_world.actors.values():
                what = f"{owned.key} for {actor.role.value}"
                self._constant(inleer_world, what, partial(owned.value.context, actor))

    def test_core_pages_stand_with_its_boxes(self, inleer_world: PluginWorld) -> None:
        """Board and file of a candidate answer, and no box says that it is not available."""
        coach = inleer_world.browse(inleer_world.actors[Role.COACH])
        for address in (
            f"/lichtingen/{inleer_world.cohort_id}",
            f"/kandidaten/{inleer_world.candidate_ids[0]}",
        ):
            answer = coach.get(address)
            assert answer.status_code == 200, address
        faults = inleer_world.app.extensions["inleer"].faults.of(self.plugin)
        wrong = [f"{f.key}: {f.detail}" for f in faults if f.kind == "fault"]
        assert not wrong, "; ".join(wrong)

    def test_demo_data_are_added_once(self, inleer_world: PluginWorld) -> None:
        """Running the demo again adds nothing."""
        for owned in self._own(inleer_world, "demo"):
            counts = []
            for _time in range(2):
                with unit_of_work():
                    counts.append(owned.value.seed(system_actor(), inleer_world.cohort_id))
            assert counts[1] == 0, f"{owned.key} added {counts[1]} rows the second time"

    def _own(self, world: PluginWorld, kind: str) -> list[Any]:
        registry: Registry = world.app.extensions["inleer"]
        assert self.plugin != CORE
        return [owned for owned in getattr(registry, kind) if owned.plugin == self.plugin]

    @staticmethod
    def _constant(world: PluginWorld, what: str, ask: Callable[[list[UUID]], object]) -> None:
        few, many = list(world.enrolment_ids), [*world.enrolment_ids, *add_people(world, 3)]
        counts = []
        for ids in (few, many):
            db.session.rollback()
            db.session.connection()  # the transaction begins before the count
            with statements() as sent:
                ask(ids)
            counts.append(len(sent))
        assert counts[0] == counts[1], f"{what}: {counts[0]} statements for 3 people, {counts[1]} for 6"
