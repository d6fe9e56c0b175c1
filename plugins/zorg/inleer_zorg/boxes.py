"""What the plugin shows on pages of the core: a box about one candidate, a panel about a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from inleer.plugin import Actor, PanelDef, SlotDef, clock, shown
from inleer_zorg import figures
from inleer_zorg.access import VIEW

#: So many names stand in the panel; the rest is a number.
NAMED: Final = 5


def visits_box(actor: Actor, enrolment_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Hours and visits per enrolment; no box as long as the neighbourhood phase has not begun."""
    today = clock.today()
    found = figures.done_by(actor, enrolment_ids)
    return {
        key: {"done": done} for key, done in found.items() if done.begins is not None and done.begins <= today
    }


def overview_panel(actor: Actor, cohort_id: UUID) -> Mapping[str, Any] | None:
    """Open help requests, hours this month, who has no help request. Nothing once the phase is over and all is done."""
    found = figures.overview(actor, cohort_id)
    today = clock.today()
    if found is None or (found.ends is not None and found.ends < today and not found.open_requests):
        return None
    running = found.begins <= today and (found.ends is None or today <= found.ends)
    named = found.without[:NAMED] if running else ()
    shown(actor, "enrolment", (enrolment_id for enrolment_id, _name in named))
    return {
        "cohort_id": cohort_id,
        "overview": found,
        "running": running,
        "named": [name for _id, name in named],
        "unnamed": len(found.without) - len(named) if running else 0,
    }


SLOT: Final = SlotDef(
    key="zorg.visits",
    slot="candidate.main",
    title="Wijkstage",
    template="zorg/visits_box.html",
    perm=VIEW,
    context=visits_box,
)
PANEL: Final = PanelDef(
    key="zorg.overview",
    place="cohort.board",
    title="Wijkstage",
    template="zorg/overview_panel.html",
    perm=VIEW,
    context=overview_panel,
)
