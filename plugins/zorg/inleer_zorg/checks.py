"""The rule that completes the neighbourhood phase, and the signal that somebody has no visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from inleer.plugin import (
    RuleDef,
    SignalDef,
    SignalFinding,
    Tone,
    Verdict,
    _,
    format_date,
    school_calendars,
    school_weeks,
)
from inleer_zorg import figures, rules
from inleer_zorg.figures import Hours, Quiet

_NOTHING: Final = Hours(0, None)


def neighbourhood_hours(enrolment_ids: Sequence[UUID], today: date) -> Mapping[UUID, Verdict]:
    """Whether each of these people has enough hours of visits in the neighbourhood."""
    found = figures.hours(enrolment_ids, today)
    return {one: _verdict(found.get(one, _NOTHING), today) for one in enrolment_ids}


def _verdict(hours: Hours, today: date) -> Verdict:
    return Verdict(*rules.hours_verdict(hours.minutes, hours.begins, today))


def no_visits(enrolment_ids: Sequence[UUID], today: date) -> Sequence[SignalFinding]:
    """Who had no visit in three school weeks in a row, in the neighbourhood phase. A pause or a visit begins anew."""
    quiet = figures.perhaps_quiet(enrolment_ids, today)
    if not quiet:
        return []
    first = min(one.last for one in quiet)
    calendars = school_calendars((one.cohort_id for one in quiet), first, today)
    found = []
    for one in quiet:
        on = rules.quiet_since(one.last, school_weeks(calendars[one.cohort_id], one.last, today), today)
        if on is not None:
            found.append(
                SignalFinding(enrolment_id=one.enrolment_id, cause=one.cause, on=on, text=_words(one))
            )
    return found


def _words(quiet: Quiet) -> str:
    if quiet.last_visit is None:
        if quiet.is_from_start:
            return _(
                "Nog geen bezoek sinds de start van de wijkstage (%(on)s).",
                on=format_date(quiet.since, "dag_maand"),
            )
        return _("Nog geen bezoek in de wijk sinds %(on)s.", on=format_date(quiet.since))
    return _("Geen bezoek in de wijk sinds %(on)s.", on=format_date(quiet.last_visit))


RULE: Final = RuleDef(
    key="zorg.neighbourhood_hours",
    name="Uren in de wijk",
    explain="Minstens 80 uur aan bezoeken bij bewoners, vanaf de eerste dag van de wijkstage.",
    check=neighbourhood_hours,
)
SIGNAL: Final = SignalDef(
    key="zorg.no_visits",
    name="Geen bezoek in de wijk",
    explain="Drie schoolweken achter elkaar geen bezoek aan een bewoner, tijdens de wijkstage.",
    evaluate=no_visits,
    tone=Tone.WARNING,
)
