"""The steps of an edition as pages offer them: which there are, in which order, and which one comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inleer import clock
from inleer.cohorts.models import Cohort, CohortPhase
from inleer.cohorts.rules import COHORT_STEPS

#: The steps of an edition as a button says them, by the state that they lead to.
STEP_WORDS: Mapping[str, str] = {
    "recruiting": "Werving starten",
    "running": "Lichting starten",
    "completed": "Lichting afronden",
    "cancelled": "Lichting annuleren",
}
#: What was done, by the state that an edition got.
STATE_DONE: Mapping[str, str] = {
    "recruiting": "De werving is gestart.",
    "running": "De lichting is gestart.",
    "completed": "De lichting is afgerond.",
    "cancelled": "De lichting is geannuleerd.",
}


def steps_now(cohort: Cohort, phases: Sequence[CohortPhase]) -> dict[str, Any]:
    """The steps that there are, forward first and cancelling last; and the one that comes next, which for a running
    edition is that only when its phases are over."""
    order = list(STEP_WORDS)
    states = sorted(COHORT_STEPS[cohort.state], key=order.index)
    today = clock.today()
    over = all(p.ends_on is not None and p.ends_on < today for p in phases)
    forward = [state for state in states if state != "cancelled"]
    now = forward[:1] if cohort.state != "running" or over else []
    return {"next_states": states, "next_state": now[0] if now else ""}
