"""People who could be entered twice, on the worklist of today. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from inleer.i18n import _
from inleer.people.alike import REASONS, Pair
from inleer.reports.candidates import ListRow
from inleer.reports.todo import Todo, full


def from_duplicates(pairs: Iterable[Pair], people: Iterable[ListRow]) -> list[Todo]:
    """Pairs of people who could be one; who takes part no longer is not named."""
    named = {row.person.candidate_id: row.person for row in people}
    found = []
    for pair in pairs:
        known = [named[one] for one in (pair.low, pair.high) if one in named]
        if not known:
            continue
        reasons = ", ".join(_(REASONS[reason]) for reason in pair.reasons)
        other = full(known[1]) if len(known) > 1 else _("een kandidaat die nu niet meedoet")
        found.append(
            Todo(
                kind="duplicate",
                tone="info",
                who=full(known[0]),
                what=_("is misschien dezelfde als %(name)s.", name=other),
                rule=reasons,
                on=None,
                id=pair.high if known[0].candidate_id == pair.low else pair.low,
                candidate_id=known[0].candidate_id,
                cohort_id=known[0].cohort_id,
                cohort=known[0].cohort,
                coach_id=known[0].coach_id,
                coach=known[0].coach,
            )
        )
    return found
