"""Reading and setting dated parameters."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID
from zlib import crc32

from flask import current_app, has_app_context
from sqlalchemy import Uuid, bindparam, select

from inleer import audit, clock
from inleer.db import db
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.i18n import _
from inleer.parameters.catalogue import BY_KEY, Parameter
from inleer.parameters.models import Setting
from inleer.policy import Actor, Perm, can

_ALL = select(Setting.key, Setting.valid_from, Setting.value).where(
    # With its type: the column takes its own from a table that may not be imported yet.
    Setting.organisation_id == bindparam("agency_id", type_=Uuid())
)


#: Every parameter's value on a day.
Dated = Callable[[date], Mapping[str, int]]


def known_parameters() -> Mapping[str, Parameter]:
    """The parameters of the core and of the plugins that are on, by key.

    Those of the core only where no plugins are loaded: the app of the doctor has a database and nothing else.
    """
    registry = current_app.extensions.get("inleer") if has_app_context() else None
    brought = registry.settings if registry else ()
    return {**BY_KEY, **{owned.key: owned.value for owned in brought}}


@dataclass(frozen=True)
class DatedValue:
    """A value and the first day on which it is valid; ``own`` when the work agency set it."""

    valid_from: date
    value: Any
    own: bool


def history(key: str, agency_id: UUID) -> tuple[DatedValue, ...]:
    """All values of a parameter, official and own, oldest first. An own value replaces an official of that day."""
    by_day = {day: DatedValue(day, value, False) for day, value in known_parameters()[key].official}
    for row in db.session.execute(_ALL.where(Setting.key == key), {"agency_id": agency_id}):
        by_day[row.valid_from] = DatedValue(row.valid_from, row.value, True)
    return tuple(by_day[d] for d in sorted(by_day))


def all_values(on: date, agency_id: UUID) -> Mapping[str, int]:
    """Every parameter's value on a day for a work agency, in one query."""
    return dated_values(agency_id)(on)


def dated_values(agency_id: UUID) -> Dated:
    """Every parameter's value on any day for a work agency: read in one query, asked as often as needed."""
    own = db.session.execute(_ALL, {"agency_id": agency_id}).all()
    return _dated(own, known_parameters())


def dated_texts(own: Iterable[Sequence[str]]) -> Dated:
    """The same for the core's parameters, from the agency's settings as texts: key, first day and value as JSON."""
    dated = [(key, date.fromisoformat(day), json.loads(value)) for key, day, value in own]
    return _dated(dated, BY_KEY)


def _dated(own: Sequence[Any], known: Mapping[str, Parameter]) -> Dated:
    """The values of each day; made once for all days between two changes, because rules ask day after day."""
    changes = sorted({day for p in known.values() for day, _value in p.official} | {row[1] for row in own})

    @cache
    def after(number: int) -> Mapping[str, int]:
        return _valid(changes[number - 1] if number else date.min, own, known)

    return lambda on: after(bisect_right(changes, on))


def _valid(on: date, own: Iterable[Any], known: Mapping[str, Parameter]) -> dict[str, int]:
    found: dict[str, dict[date, Any]] = {k: dict(p.official) for k, p in known.items()}
    for key, valid_from, value in own:
        if key in found:
            found[key][valid_from] = value
    return {k: v[max(d for d in v if d <= on)] for k, v in found.items()}


def parameter(key: str, on: date, agency_id: UUID) -> int:
    """The value of a parameter on a day. Raises KeyError for an unknown key."""
    return all_values(on, agency_id)[key]


def version_of(key: str, agency_id: UUID) -> int:
    """What a page about this parameter was opened with: another number after each value that was set or taken away."""
    own = select(Setting.id, Setting.version).where(Setting.organisation_id == agency_id, Setting.key == key)
    rows = db.session.execute(own.order_by(Setting.id)).all()
    # 0 without own values; a version in a form has 31 bits.
    return crc32(";".join(f"{row.id}/{row.version}" for row in rows).encode()) & 0x7FFFFFFF


def set_parameter(
    actor: Actor, key: str, valid_from: date, value: int, version: int | None = None
) -> Setting:
    """Set a parameter from a day on. ``version``: of :func:`version_of` when somebody looked at it.

    Raises DomainError outside its range, Forbidden without the right, StaleEdit when it was set since.
    """
    definition = _managed(actor, key)
    if not definition.minimum <= value <= definition.maximum:
        raise DomainError(
            f"Kies een waarde van {definition.minimum} tot en met {definition.maximum}.", "value"
        )
    _check_unchanged(actor, key, version)
    setting = _own_value(actor, key, valid_from)
    if setting is None:
        setting = Setting(organisation_id=actor.organisation_id, key=key, valid_from=valid_from, value=value)
        db.session.add(setting)
    else:
        setting.value = value
    audit.record(
        actor, "setting.set", setting, details={"key": key, "from": valid_from.isoformat(), "value": value}
    )
    return setting


@dataclass(frozen=True)
class Planned:
    """An own value that has yet to begin, and what holds from its day on without it."""

    valid_from: date
    value: int
    instead: DatedValue


def planned_value(key: str, valid_from: date, agency_id: UUID) -> Planned | None:
    """An own value of a day that has yet to come, None when there is none."""
    dated = history(key, agency_id)
    found = next((one for one in dated if one.own and one.valid_from == valid_from), None)
    if found is None or valid_from <= clock.today():
        return None
    without = [one for one in dated if one.valid_from < valid_from]
    # Under an own value an official one of the same day may lie.
    without += [DatedValue(d, v, False) for d, v in known_parameters()[key].official if d == valid_from]
    return Planned(valid_from, found.value, without[-1])


def remove_planned(actor: Actor, key: str, valid_from: date, version: int) -> Planned:
    """Take an own value away that has yet to begin. ``version``: of :func:`version_of`.

    Raises Forbidden without the right, StaleEdit when somebody was first, DomainError for a value that counts already
    or is not there: what has counted stays known.
    """
    _managed(actor, key)
    _check_unchanged(actor, key, version)
    setting = _own_value(actor, key, valid_from)
    if setting is None:
        raise DomainError(_("Op deze dag gaat geen eigen waarde in."))
    planned = planned_value(key, valid_from, actor.organisation_id)
    if planned is None:
        raise DomainError(_("Deze waarde telt al. Stel een nieuwe waarde in, vanaf een andere dag."))
    details = {"key": key, "from": valid_from.isoformat(), "value": setting.value}
    audit.record(actor, "setting.removed", setting, details=details)
    db.session.delete(setting)
    return planned


def _managed(actor: Actor, key: str) -> Parameter:
    decision = can(actor, Perm.SETTING_MANAGE)
    if not decision.allowed:
        raise Forbidden(decision.reason)
    definition = known_parameters().get(key)
    if definition is None:
        raise DomainError("Deze instelling bestaat niet.", "key")
    return definition


def _check_unchanged(actor: Actor, key: str, version: int | None) -> None:
    if version is not None and version != version_of(key, actor.organisation_id):
        raise StaleEdit(("setting", key), version)


def _own_value(actor: Actor, key: str, valid_from: date) -> Setting | None:
    own = Setting.organisation_id == actor.organisation_id, Setting.key == key
    return db.session.execute(
        select(Setting).where(*own, Setting.valid_from == valid_from)
    ).scalar_one_or_none()
