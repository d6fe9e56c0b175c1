"""All permission knowledge: roles, the table, the decision, the scope of lists and the gate before views."""

from inleer.policy.actor import SYSTEM_USER_ID, Actor, system_actor
from inleer.policy.decide import Decision, allowed_relations, can, may_ever, set_plugin_grants
from inleer.policy.roles import PROFESSIONAL_ROLES, ROLE_KINDS, ROLE_LABELS, ROLE_TABLE, Perm, Role
from inleer.policy.scope import (
    ACTOR_ORG,
    ACTOR_TODAY,
    ACTOR_USER,
    fetch,
    guard_session,
    load,
    load_where,
    relation,
    scope,
    scoped_model,
    scoped_select,
    unscoped,
    visible,
)

__all__ = [
    "ACTOR_ORG",
    "ACTOR_TODAY",
    "ACTOR_USER",
    "PROFESSIONAL_ROLES",
    "ROLE_KINDS",
    "ROLE_LABELS",
    "ROLE_TABLE",
    "SYSTEM_USER_ID",
    "Actor",
    "Decision",
    "Perm",
    "Role",
    "allowed_relations",
    "can",
    "fetch",
    "guard_session",
    "load",
    "load_where",
    "may_ever",
    "relation",
    "scope",
    "scoped_model",
    "scoped_select",
    "set_plugin_grants",
    "system_actor",
    "unscoped",
    "visible",
]
