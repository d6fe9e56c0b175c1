"""Which rows an actor can see: relations registered per model, and ``visible()`` that starts every list query.

Features register what a relation means for their model (``relation(Candidate, "caseload", expression)``); the role
table says which relations give a role a permission. One source serves both the lists and the single objects.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Result,
    Select,
    Uuid,
    bindparam,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from inleer.db import Base, db
from inleer.errors import Forbidden, NotVisible
from inleer.policy.actor import Actor
from inleer.policy.decide import allowed_relations
from inleer.policy.roles import Role

M = TypeVar("M", bound=Base)

ACTOR_USER: ColumnElement[UUID] = bindparam("actor_user_id", type_=Uuid())
ACTOR_ORG: ColumnElement[UUID] = bindparam("actor_org_id", type_=Uuid())
ACTOR_TODAY: ColumnElement[Any] = bindparam("actor_today", type_=Date())

SCOPED = "inleer_scope"
_relations: dict[type[Base], dict[str, Callable[[], ColumnElement[bool]]]] = {}
_default_perm: dict[type[Base], str] = {}


def relation(model: type[Base], name: str, expression: Callable[[], ColumnElement[bool]]) -> None:
    """Register what relation ``name`` means for ``model``: an SQL expression over the actor's bind parameters."""
    _relations.setdefault(model, {})[name] = expression
    _build_scope.cache_clear()


def scoped_model(model: type[Base], list_perm: str) -> None:
    """Declare that ``model`` may only be read through ``visible()``; ``list_perm`` is the permission to list it."""
    _relations.setdefault(model, {})
    _default_perm[model] = list_perm


def is_scoped(model: type[Any]) -> bool:
    """Whether reads of ``model`` must go through ``visible()``."""
    return model in _default_perm


def scoped_models() -> tuple[type[Base], ...]:
    """All scoped models, by table name."""
    return tuple(sorted(_default_perm, key=lambda m: str(m.__tablename__)))


def relations_of(model: type[Base]) -> tuple[str, ...]:
    """Names of the relations registered for ``model``."""
    return tuple(sorted(_relations.get(model, {})))


def scope(actor: Actor, model: type[Base], perm: str | None = None) -> ColumnElement[bool]:
    """The condition under which ``actor`` has ``perm`` (default: list) on rows of ``model``."""
    perm = perm or _default_perm[model]
    if actor.role is Role.SYSTEM:
        return true()
    return _build_scope(model, allowed_relations(actor.role, perm))


@lru_cache(maxsize=512)
def _build_scope(model: type[Base], names: frozenset[str]) -> ColumnElement[bool]:
    known = _relations[model]
    parts = [known[name]() for name in sorted(names) if name in known]
    return or_(*parts) if parts else false()


def visible(actor: Actor, model: type[M], perm: str | None = None) -> Select[M]:
    """The select that every list starts with: rows of ``model`` on which ``actor`` has ``perm``."""
    return scoped_select(select(model).where(scope(actor, model, perm)))


S = TypeVar("S", bound=Executable)


def scoped_select(statement: S) -> S:
    """Mark a hand-built select that contains ``scope(actor, Model)``, so that the guard lets it pass."""
    return statement.execution_options(**{SCOPED: "visible"})


def unscoped(statement: S, reason: str) -> S:
    """Mark a select that needs no scope, and say why (rules that compute over what was loaded in scope)."""
    return statement.execution_options(**{SCOPED: reason})


def fetch(actor: Actor, statement: Select[*tuple[Any, ...]], **params: Any) -> Result[*tuple[Any, ...]]:
    """Execute a scoped select with the actor's bind parameters."""
    return db.session.execute(statement, {**actor.params, **params})


def load(actor: Actor, perm: str, model: type[M], object_id: UUID) -> M:
    """The row with this id, when ``actor`` has ``perm`` on it.

    Raises NotVisible when it does not exist or lies outside the actor's tenant, Forbidden when the actor is
    related to it but the role lacks the permission.
    """
    return _load(actor, perm, model, _with_id(model), {"object_id": object_id})


def load_where(actor: Actor, perm: str, model: type[M], condition: ColumnElement[bool]) -> M:
    """Like :func:`load`, for another unique condition than the id."""
    return _load(actor, perm, model, condition, {})


@lru_cache(maxsize=64)
def _with_id(model: type[Base]) -> ColumnElement[bool]:
    return model.id == bindparam("object_id")  # type: ignore[attr-defined,no-any-return]


def _load(
    actor: Actor, perm: str, model: type[M], condition: ColumnElement[bool], params: dict[str, Any]
) -> M:
    if actor.role is Role.SYSTEM:
        statement = unscoped(select(model).where(condition), "system")
        found = db.session.execute(statement, params).scalar_one_or_none()
        if found is None:
            raise NotVisible
        return found
    allowed = _build_scope(model, allowed_relations(actor.role, perm))
    related = _build_scope(model, frozenset(_relations[model]))
    row = fetch(actor, _loading(model, condition, allowed, related), **params).one_or_none()
    if row is None:
        raise NotVisible
    if not row.allowed:
        raise Forbidden(f"{actor.role.value} mist {perm}")
    return row[0]  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _loading(
    model: type[Base],
    condition: ColumnElement[bool],
    allowed: ColumnElement[bool],
    related: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    """The statement of :func:`load`: the same objects come in for everybody in a role, so it is built once."""
    return scoped_select(select(model, allowed.label("allowed")).where(condition, related))


def check_scoped(state: Any) -> None:
    """Session guard: refuse a SELECT on a scoped model that did not go through ``visible()``."""
    if not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    if SCOPED in state.execution_options:
        return
    for mapper in state.all_mappers:
        if is_scoped(mapper.class_):
            raise UnscopedQuery(f"query on {mapper.class_.__name__} without visible()")


class UnscopedQuery(RuntimeError):
    """A programming error: a scoped model was queried without a scope."""


def guard_session(session: Session | Any) -> None:
    """Install the guard on a session factory; called once by create_app."""
    from sqlalchemy import event

    if not event.contains(session, "do_orm_execute", check_scoped):
        event.listen(session, "do_orm_execute", check_scoped)
