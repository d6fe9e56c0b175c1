"""Reading and setting dated parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from inleer import audit
from inleer.db import db
from inleer.errors import DomainError, Forbidden
from inleer.parameters.catalogue import BY_KEY
from inleer.parameters.models import Setting
from inleer.policy import Actor, Perm, can

_ALL = select(Setting.key, Setting.valid_from, Setting.value).where(
    # With its type: the column takes its own from a table that may not be imported yet.
    Setting.organisation_id == bindparam("agency_id", type_=Uuid())
)


@dataclass(frozen=True)
class DatedValue:
    """A value and the first day on which it is valid; ``own`` when the work agency set it."""

    valid_from: date
    value: Any
    own: bool


def history(key: str, agency_id: UUID) -> tuple[DatedValue, ...]:
    """All values of a parameter, official and own, oldest first. An own value replaces an official of that day."""
    by_day = {day: DatedValue(day, value, False) for day, value in BY_KEY[key].official}
    for row in db.session.execute(_ALL.where(Setting.key == key), {"agency_id": agency_id}):
        by_day[row.valid_from] = DatedValue(row.valid_from, row.value, True)
    return tuple(by_day[d] for d in sorted(by_day))


def all_values(on: date, agency_id: UUID) -> dict[str, int]:
    """Every parameter's value on a day for a work agency, in one query."""
    return _valid(on, db.session.execute(_ALL, {"agency_id": agency_id}))


def values_on(on: date, own: Iterable[Sequence[str]]) -> dict[str, int]:
    """Like :func:`all_values`, from the agency's settings as texts: key, first day and value as JSON."""
    return _valid(on, ((key, date.fromisoformat(day), json.loads(value)) for key, day, value in own))


def _valid(on: date, own: Iterable[Any]) -> dict[str, int]:
    found: dict[str, dict[date, Any]] = {k: dict(p.official) for k, p in BY_KEY.items()}
    for key, valid_from, value in own:
        if key in found:
            found[key][valid_from] = value
    return {k: v[max(d for d in v if d <= on)] for k, v in found.items()}


def parameter(key: str, on: date, agency_id: UUID) -> int:
    """The value of a parameter on a day. Raises KeyError for an unknown key."""
    return all_values(on, agency_id)[key]


def set_parameter(actor: Actor, key: str, valid_from: date, value: int) -> Setting:
    """Set a parameter from a day on. Raises DomainError outside its range, Forbidden without the right."""
    decision = can(actor, Perm.SETTING_MANAGE)
    if not decision.allowed:
        raise Forbidden(decision.reason)
    definition = BY_KEY.get(key)
    if definition is None:
        raise DomainError("Deze instelling bestaat niet.", "key")
    if not definition.minimum <= value <= definition.maximum:
        raise DomainError(
            f"Kies een waarde van {definition.minimum} tot en met {definition.maximum}.", "value"
        )
    setting = db.session.execute(
        select(Setting).where(
            Setting.organisation_id == actor.organisation_id,
            Setting.key == key,
            Setting.valid_from == valid_from,
        )
    ).scalar_one_or_none()
    if setting is None:
        setting = Setting(organisation_id=actor.organisation_id, key=key, valid_from=valid_from, value=value)
        db.session.add(setting)
    else:
        setting.value = value
    audit.record(
        actor, "setting.set", setting, details={"key": key, "from": valid_from.isoformat(), "value": value}
    )
    return setting
