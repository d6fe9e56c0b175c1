"""The actor: who acts, for which organisation, in which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from inleer import clock
from inleer.policy.roles import ROLE_LABELS, Role

SYSTEM_USER_ID = UUID(int=0)


@dataclass(frozen=True)
class Actor:
    """Who acts. ``origin`` is where from: "web", "cli" or "worker"; ``trace_id`` joins log lines and audit rows."""

    user_id: UUID
    organisation_id: UUID
    role: Role
    name: str
    organisation_name: str
    membership_id: UUID | None = None
    session_id: UUID | None = None
    trace_id: str = ""
    origin: str = "web"

    @property
    def params(self) -> dict[str, Any]:
        """Bind parameters that the scope expressions of this actor need."""
        return {
            "actor_user_id": self.user_id,
            "actor_org_id": self.organisation_id,
            "actor_today": clock.today(),
        }

    @property
    def role_label(self) -> str:
        """The role's Dutch name."""
        return ROLE_LABELS[self.role]


def system_actor(origin: str = "cli") -> Actor:
    """The system user: what the command line and the worker do is audited under this name."""
    return Actor(
        user_id=SYSTEM_USER_ID,
        organisation_id=SYSTEM_USER_ID,
        role=Role.SYSTEM,
        name="systeem",
        organisation_name="inleer",
        trace_id=uuid4().hex,
        origin=origin,
    )
