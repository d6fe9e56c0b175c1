"""What the plugin shows on pages of the core: a box about one candidate, a panel about a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from inleer.plugin import Actor, PanelDef, SlotDef, shown
from inleer_logistiek import queries, rules
from inleer_logistiek.access import VIEW

#: So many names stand in the panel; the rest is a number.
NAMED: Final = 5


def certificates_box(actor: Actor, enrolment_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """The certificates per enrolment, as far as the actor may see them."""
    return {key: {"holder": holder} for key, holder in queries.held_by(actor, enrolment_ids).items()}


def overview_panel(actor: Actor, cohort_id: UUID) -> Mapping[str, Any] | None:
    """How many have each kind, who may not drive yet, whose certificate ends soon. Nothing without participants."""
    people = [p for p in queries.holders(actor, cohort_id) if p.takes_part]
    if not people:
        return None
    cannot = [p for p in people if not p.may_drive]
    ending = [p for p in people if p.in_state("expiring") or p.in_state("expired")]
    named = {p.enrolment_id for p in (*cannot[:NAMED], *ending[:NAMED])}
    shown(actor, "enrolment", named)
    return {
        "cohort_id": cohort_id,
        "people": len(people),
        "numbers": {kind: sum(kind in p.valid_kinds for p in people) for kind in rules.KINDS},
        "cannot": ([p.name for p in cannot[:NAMED]], max(0, len(cannot) - NAMED)),
        "ending": ([p.name for p in ending[:NAMED]], max(0, len(ending) - NAMED)),
    }


SLOT: Final = SlotDef(
    key="logistiek.certificates",
    slot="candidate.main",
    title="Certificaten",
    template="logistiek/certificates_box.html",
    perm=VIEW,
    context=certificates_box,
)
PANEL: Final = PanelDef(
    key="logistiek.overview",
    place="cohort.board",
    title="Certificaten",
    template="logistiek/overview_panel.html",
    perm=VIEW,
    context=overview_panel,
)
