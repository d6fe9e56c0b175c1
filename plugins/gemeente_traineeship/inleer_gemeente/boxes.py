"""What the plugin shows on pages of the core: a box about one candidate, a panel about a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from inleer.plugin import Actor, Cohort, PanelDef, SlotDef, clock, load
from inleer_gemeente import queries, screens
from inleer_gemeente.access import VIEW
from inleer_gemeente.declared import limits


def periods_box(actor: Actor, enrolment_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """The periods of each trainee, as far as the actor may see them."""
    return {row.enrolment_id: {"row": row} for row in queries.trainees_named(actor, enrolment_ids)}


def overview_panel(actor: Actor, cohort_id: UUID) -> Mapping[str, Any] | None:
    """How many trainees each directorate has per period, and how much is missing. Nothing without trainees."""
    people = queries.trainees(actor, cohort_id)
    if not any(row.takes_part for row in people):
        return None
    cohort = load(actor, VIEW, Cohort, cohort_id)
    periods = queries.rounds(cohort_id)
    problems = screens.todo(cohort, people, periods, limits(cohort.agency_id, clock.today()))
    problems += screens.unguaranteed(actor, cohort_id, people)
    return {
        "cohort_id": cohort_id,
        "rounds": periods,
        "lines": screens.per_directorate(people, periods),
        "blocking": sum(problem.blocks for _who, problem in problems),
        "warnings": sum(not problem.blocks for _who, problem in problems),
    }


SLOT: Final = SlotDef(
    key="gemeente.periods",
    slot="candidate.main",
    title="Werkplekken",
    template="gemeente/periods_box.html",
    perm=VIEW,
    context=periods_box,
)
PANEL: Final = PanelDef(
    key="gemeente.overview",
    place="cohort.board",
    title="Werkplekken",
    template="gemeente/overview_panel.html",
    perm=VIEW,
    context=overview_panel,
)
