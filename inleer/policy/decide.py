"""The decision itself: a pure function over the role table. Every unknown answers no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inleer.policy.actor import Actor
from inleer.policy.roles import ROLE_TABLE, Role

_plugin_grants: dict[str, Mapping[str, frozenset[str]]] = {}


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and why (for the log and the tests, never shown to a stranger)."""

    allowed: bool
    reason: str


def set_plugin_grants(grants: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
    """Replace the permissions that plugins bring: perm → role → relations. Called once by create_app."""
    _plugin_grants.clear()
    _plugin_grants.update(grants)


def allowed_relations(role: Role, perm: str) -> frozenset[str]:
    """Relations under which ``role`` has ``perm``; empty when it never has."""
    if perm in _plugin_grants:
        return _plugin_grants[perm].get(role.value, frozenset())
    return ROLE_TABLE.get(role, {}).get(perm, frozenset())


def can(actor: Actor, perm: str, relations: Iterable[str] = ()) -> Decision:
    """Whether ``actor`` has ``perm`` on a thing to which it stands in ``relations`` ("any" is always among them)."""
    if actor.role is Role.SYSTEM:
        return Decision(True, "system")
    needed = allowed_relations(actor.role, perm)
    if not needed:
        return Decision(False, f"{actor.role.value} never has {perm}")
    met = needed & {"any", *relations}
    if not met:
        return Decision(False, f"{perm} needs one of {sorted(needed)}")
    return Decision(True, f"{actor.role.value} as {sorted(met)[0]}")


def may_ever(actor: Actor, perm: str) -> bool:
    """Whether the role has ``perm`` on anything at all (menus, list pages)."""
    return actor.role is Role.SYSTEM or bool(allowed_relations(actor.role, perm))
