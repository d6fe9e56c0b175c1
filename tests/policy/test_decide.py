"""Promise 12: each way the decision can go, so that no change of it goes unseen (make mutate)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from inleer.policy import (
    ROLE_TABLE,
    Actor,
    Decision,
    Perm,
    Role,
    allowed_relations,
    can,
    may_ever,
    set_plugin_grants,
)
from inleer.policy.roles import ANY

NOBODY = UUID(int=0)
PLUGIN = "probe.thing:view"


def acting(role: Role) -> Actor:
    return Actor(user_id=NOBODY, organisation_id=NOBODY, role=role, name="X", organisation_name="Y")


@pytest.fixture
def grants() -> Iterator[None]:
    """A plugin's permission that teachers have in their school, in place of what is registered."""
    from inleer.policy import decide

    kept = dict(decide._plugin_grants)
    set_plugin_grants({PLUGIN: {"teacher": frozenset({"school"})}})
    yield
    set_plugin_grants(kept)


def test_the_system_may_everything_and_says_so():
    assert can(acting(Role.SYSTEM), "unheard:of") == Decision(True, "system")
    assert may_ever(acting(Role.SYSTEM), "unheard:of") is True
    assert allowed_relations(Role.SYSTEM, "unheard:of") == frozenset()


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM])
def test_what_is_unknown_is_no(role: Role):
    assert allowed_relations(role, "unheard:of") == frozenset()
    assert may_ever(acting(role), "unheard:of") is False
    wanted = Decision(False, f"{role.value} never has unheard:of")
    assert can(acting(role), "unheard:of", ["any", "own", "agency"]) == wanted


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM])
@pytest.mark.parametrize("perm", list(Perm))
def test_each_cell_of_the_table(role: Role, perm: Perm):
    cell = ROLE_TABLE[role].get(perm, frozenset())
    assert allowed_relations(role, perm) == cell
    assert may_ever(acting(role), perm) is bool(cell)
    assert can(acting(role), perm).allowed is bool(cell & ANY)
    for relation in cell - ANY:
        assert can(acting(role), perm, [relation]) == Decision(True, f"{role.value} as {relation}")
    assert can(acting(role), perm, ["stranger"]).allowed is bool(cell & ANY)


def test_the_reason_names_what_is_needed_and_what_was_met():
    coach = acting(Role.COACH)
    assert can(coach, Perm.CANDIDATE_COACH) == Decision(
        False, "candidate:coach needs one of ['caseload', 'own']"
    )
    assert can(coach, Perm.CANDIDATE_COACH, ["own", "caseload", "x"]) == Decision(True, "coach as caseload")
    assert can(coach, Perm.ACCOUNT_OWN) == Decision(True, "coach as any")


@pytest.mark.usefixtures("grants")
def test_a_plugin_grants_its_own_permissions_only():
    assert can(acting(Role.TEACHER), PLUGIN, ["school"]) == Decision(True, "teacher as school")
    assert can(acting(Role.TEACHER), PLUGIN).allowed is False
    assert allowed_relations(Role.COACH, PLUGIN) == frozenset()
    assert may_ever(acting(Role.COACH), PLUGIN) is False
    assert allowed_relations(Role.TEACHER, Perm.SESSION_VIEW) == frozenset({"organiser"})


@pytest.mark.usefixtures("grants")
def test_grants_are_replaced_and_not_added_to():
    set_plugin_grants({"other.thing:view": {"coach": frozenset({"any"})}})
    assert may_ever(acting(Role.TEACHER), PLUGIN) is False
    assert can(acting(Role.COACH), "other.thing:view") == Decision(True, "coach as any")
