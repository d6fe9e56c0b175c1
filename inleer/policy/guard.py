"""The gate in front of every view: who, what, in which transaction, and what was read.

Every URL rule declares exactly one policy with ``@guarded`` or ``@public``; create_app refuses to start otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, g, make_response, request, session
from flask_login import current_user

from inleer import audit
from inleer.db import Base, db, unit_of_work
from inleer.errors import Forbidden, NotVisible, StaleEdit, UnknownFields
from inleer.forms import refuse_other_bodies, refuse_unknown
from inleer.policy import limits
from inleer.policy.actor import Actor
from inleer.policy.decide import may_ever
from inleer.policy.scope import load

#: The rate class of what tries a password or a code; the limits are in :mod:`inleer.policy.limits`.
LOGIN = "login"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])


class LoginRequired(Exception):
    """Nobody is logged in, or the session ended."""


class SecondFactorRequired(Exception):
    """The password was right, the second factor is still to come."""


@dataclass(frozen=True)
class Policy:
    """What a URL rule declared. ``perm`` None means public, for the ``reason`` given."""

    perm: str | None
    model: type[Base] | None = None
    arg: str | None = None
    reads: bool = False
    reason: str = ""
    rate: str = "normal"
    partial_ok: bool = False


class _RolledBack(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


def current_actor() -> Actor | None:
    """The actor of this request, or None when nobody is logged in."""
    return getattr(current_user, "actor", None)


def require_actor(partial_ok: bool = False) -> Actor:
    """The actor of this request. Raises LoginRequired or SecondFactorRequired."""
    if not getattr(current_user, "is_authenticated", False):
        raise LoginRequired
    if not partial_ok and not current_user.second_factor_done:
        raise SecondFactorRequired
    actor: Actor = current_user.actor
    return actor


def guarded(
    perm: str,
    *,
    on: type[Base] | None = None,
    arg: str | None = None,
    reads: bool = False,
    rate: str = "normal",
    partial_ok: bool = False,
) -> Callable[[View], View]:
    """Declare a view's policy: the permission, and the model of the thing named in the URL.

    With ``on`` the URL's ``<uuid:ARG>`` (default: model name + ``_id``) is loaded in scope and passed to the view in
    place of the id, as ``arg`` without ``_id``. ``reads`` records that the dossier was opened.
    """
    name = arg or (f"{_snake(on.__name__)}_id" if on is not None else None)
    policy = Policy(perm=perm, model=on, arg=name, reads=reads, rate=rate, partial_ok=partial_ok)

    def decorate(view: View) -> View:
        @wraps(view)
        def run(**kwargs: Any) -> Any:
            return _run(policy, view, kwargs)

        run.policy = policy  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate


def public(reason: str, *, rate: str = "normal") -> Callable[[View], View]:
    """Declare that a view needs no login, and why. Unsafe methods still run in a unit of work."""
    policy = Policy(perm=None, reason=reason, rate=rate)

    def decorate(view: View) -> View:
        @wraps(view)
        def run(**kwargs: Any) -> Any:
            return _answer(policy, None, lambda: make_response(view(**kwargs)))

        run.policy = policy  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate


def _run(policy: Policy, view: Callable[..., Any], kwargs: dict[str, Any]) -> Response:
    actor = require_actor(policy.partial_ok)
    perm = policy.perm or ""

    def body() -> Response:
        if policy.model is not None and policy.arg is not None:
            subject = load(actor, perm, policy.model, kwargs.pop(policy.arg))
            if policy.reads:
                audit.shown(actor, str(policy.model.__tablename__), [subject.id])  # type: ignore[attr-defined]
            kwargs[policy.arg.removesuffix("_id")] = subject
        elif not may_ever(actor, perm):
            raise Forbidden(f"{actor.role.value} mist {perm}")
        return make_response(view(**kwargs))

    return _answer(policy, actor, body)


def _answer(policy: Policy, actor: Actor | None, body: Callable[[], Response]) -> Response:
    """The view's answer; what tries a password or a code is counted. Raises TooManyTries."""
    if policy.rate != LOGIN or request.method in SAFE:
        return _transact(body)
    with limits.counted(limits.account_here(actor.user_id if actor is not None else None)):
        return _transact(body)


def _transact(body: Callable[[], Response]) -> Response:
    if request.method in SAFE:
        response = body()
        db.session.commit()  # a rollback would throw away psycopg's prepared statements
        audit.write_reads()
        return response
    cookie = dict(session)
    try:
        with unit_of_work():
            response = _with_known_fields(body)
            if response.status_code >= 400:
                raise _RolledBack(response)  # refused input leaves nothing behind
            audit.write_reads_in_transaction()
    except _RolledBack as refused:
        audit.write_reads()
        return refused.response
    except UnknownFields:
        _put_back(cookie)
        raise
    return response


def _with_known_fields(body: Callable[[], Response]) -> Response:
    """The view's answer. Raises UnknownFields when something was sent that neither a form nor a button asked for.

    Looked at after the view, because only then all of its fields are known; the unit of work takes back what it did.
    """
    refuse_other_bodies()
    try:
        response = body()
    except StaleEdit:
        refuse_unknown()  # the page that compares two versions shows every field that was sent
        raise
    if response.status_code < 400:
        refuse_unknown()
    return response


def _put_back(cookie: dict[str, Any]) -> None:
    """What the view did to the cookie goes too: logging out, another role."""
    session.clear()
    session.update(cookie)
    g.pop("_login_user", None)  # Flask-Login reads again who this is


def parse_id(raw: str | None) -> UUID:
    """A UUID from user input. Raises NotVisible for anything else: no hint about what exists."""
    try:
        return UUID(raw or "")
    except ValueError:
        raise NotVisible from None


def refused_reason() -> str:
    """Why this request was refused, for the log."""
    return str(getattr(g, "refused_reason", ""))


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
