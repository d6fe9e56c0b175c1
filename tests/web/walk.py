"""A walk over every rule that changes something, with input that a person could send.

The cases (``tests/web/cases``) are written by hand, one for each rule, in an order in which each finds what it
needs. What a case does not say is taken from the page that a person would have open: the fields of its form as the
browser would send them. Every step has a browser of its own, so that logging out ends nothing for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from inleer.db import Base, db
from inleer.policy import Actor, Role
from inleer.policy.startup import STATIC
from tests.accounts.logins import Login, make_login, sign_in
from tests.web.rules import SAFE
from tests.world import Side, World, browse, one

Fields = dict[str, Any]
# What is about the log itself; a session's time of last use is noted at every request.
LOGS = frozenset({"audit_event", "read_log"})
NOT_COMPARED = {"user_session": {"last_seen_at"}}


class Forms(HTMLParser):
    """The forms of a page with the fields that a browser would send: (method, action, fields)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, Fields]] = []
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the last one."""
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((a.get("method", "get"), a.get("action", ""), {}))
        elif self.found and tag == "input" and a.get("name"):
            if a.get("type") not in ("radio", "checkbox") or "checked" in a:
                self.found[-1][2][a["name"]] = a.get("value", "")
        elif self.found and tag == "select":
            self._select = a["name"]
        elif self._select and tag == "option":
            fields = self.found[-1][2]
            if "selected" in a or self._select not in fields:
                fields[self._select] = a.get("value", "")
        elif self.found and tag == "textarea":
            self._area = a["name"]
            self.found[-1][2][self._area] = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._area:
            self.found[-1][2][self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a field with content."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def form_on(response: TestResponse, path: str) -> Fields:
    """The fields of the form on a page that is sent to ``path``, its token included."""
    here = response.request.path
    for method, action, fields in Forms(response.text).found:
        if method == "post" and (urlsplit(action).path or here) == path:
            return fields
    raise AssertionError(f"no form to {path} on {here} ({response.status_code})")


@dataclass
class Scene:
    """The world in which the walk takes place, and what earlier steps left behind."""

    app: Flask
    world: World
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> Side:
        """The side that acts."""
        return self.world.own

    def actor(self, role: Role) -> Actor:
        """Who has this role."""
        return self.own.actors[role]

    def login(self, name: str, role: Role = Role.TEACHER, second: bool | None = None) -> Login:
        """Somebody of the own side with a password, made at the first call with this name."""
        if name not in self.kept:
            home = self.own.school if role is Role.TEACHER else self.own.agency
            self.kept[name] = make_login(role, home, f"Wandelaar {name}", second)
        found: Login = self.kept[name]
        return found

    def browser_of(self, login: Login) -> FlaskClient:
        """A browser in which this person logged in with password and second factor."""
        client = self.app.test_client()
        sign_in(client, login)
        return client

    def version(self, model: type[Any], row_id: UUID) -> Fields:
        """The field with the version that a page would carry now."""
        db.session.rollback()
        return {"version": str(one(model, row_id).version)}


def nothing(_scene: Scene) -> Fields:
    """No fields, no ids."""
    return {}


@dataclass(frozen=True)
class Case:
    """How one rule is used: by whom, with which ids in the address and which fields.

    ``who``: a role of the own side, or a function that gives a browser. ``page``: the address of the page with the
    form ("" when it is the rule's own address; None when there is none, then only the token is taken from a page).
    ``optional``: further fields that the form has.
    """

    endpoint: str
    who: Role | Callable[[Scene], FlaskClient]
    ids: Callable[[Scene], Fields] = nothing
    fields: Callable[[Scene], Fields] = nothing
    page: Callable[[Scene], str] | str | None = None
    query: Callable[[Scene], Fields] = nothing
    optional: tuple[str, ...] = ()


@dataclass
class Step:
    """A case that is about to be carried out, in a browser of its own."""

    case: Case
    scene: Scene
    client: FlaskClient
    path: str
    query: Fields
    shown: Fields
    sent: bool = False

    @property
    def fields(self) -> Fields:
        """What is sent: the form as it was shown, changed as the case says. Anew each time: a file is read once."""
        return {**self.shown, **self.case.fields(self.scene)}

    @property
    def declared(self) -> set[str]:
        """The names that this form has."""
        return {*self.fields, *self.case.optional}

    def send(self, **extra: Any) -> TestResponse:
        """Send the form with something extra."""
        data = {**self.fields, **extra}
        kind = "multipart/form-data" if any(isinstance(v, tuple) for v in data.values()) else None
        return self.client.post(self.path, query_string=self.query, data=data, content_type=kind)

    def go(self) -> TestResponse:
        """Send the form as it should be. Raises AssertionError when it is refused."""
        self.sent = True
        response = self.send()
        assert response.status_code < 400, f"{self.case.endpoint}: {response.status_code}\n{response.text}"
        return response


def steps(scene: Scene, cases: list[Case]) -> Iterator[Step]:
    """Each case in turn. Whoever walks must ``go()`` before the next, which builds on it."""
    for case in cases:
        step = _prepare(scene, case)
        yield step
        assert step.sent, f"{case.endpoint} was not carried out"


def _prepare(scene: Scene, case: Case) -> Step:
    role = case.who
    client = browse(scene.app, scene.actor(role)) if isinstance(role, Role) else role(scene)
    ids, query = case.ids(scene), case.query(scene)
    path = scene.app.url_map.bind("localhost").build(case.endpoint, ids, method="POST")
    page = case.page(scene) if callable(case.page) else case.page
    if page is None:
        response = client.get("/account/naam")
        own = response if response.status_code == 200 else client.get("/inloggen")
        shown = {"csrf_token": form_on(own, own.request.path)["csrf_token"]}
    else:
        shown = form_on(client.get(page or path, query_string=query or None), path)
    case.fields(scene)  # what it makes ready is made before anybody looks
    db.session.rollback()
    return Step(case, scene, client, path, query, shown)


def writing_endpoints(app: Flask) -> set[str]:
    """Every endpoint with a method that may change something."""
    rules = app.url_map.iter_rules()
    return {r.endpoint for r in rules if (r.methods or set()) - SAFE and r.endpoint != STATIC}


def rows(logs: bool = False) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every row of every table by (table, key); those of the logs only when asked."""
    db.session.rollback()
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    with db.engine.connect() as connection:
        for table in _tables(connection.engine.url.render_as_string()):
            if (table.name in LOGS) != logs:
                continue
            keys = [c.name for c in table.primary_key]
            left_out = NOT_COMPARED.get(table.name, set())
            for row in connection.execute(select(table)).mappings():
                key = "/".join(str(row[k]) for k in keys)
                found[table.name, key] = tuple(repr(v) for k, v in row.items() if k not in left_out)
    return found


_known: dict[str, MetaData] = {}


def _tables(url: str) -> list[Any]:
    """The tables as they are in the database, so that none is forgotten."""
    if url not in _known:
        _known[url] = MetaData()
        _known[url].reflect(db.engine)
    return [t for t in _known[url].sorted_tables if not t.name.startswith("alembic_version")]


def differences(
    before: dict[tuple[str, str], tuple[Any, ...]], after: dict[tuple[str, str], tuple[Any, ...]]
) -> list[tuple[str, str]]:
    """The rows that were added, changed or taken away."""
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def columns() -> set[str]:
    """The names of all columns of all models."""
    return {column.name for table in Base.metadata.tables.values() for column in table.columns}
