"""Where people are placed: a tab of the dossier, and a page of the edition with who is where and who is nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request

from inleer import audit, clock
from inleer.cohorts.models import Cohort, CohortPhase
from inleer.cohorts.queries import phases_of
from inleer.cohorts.queries_completion import others_in_cohort
from inleer.cohorts.rules import STATE_WORDS as PERSON_WORDS
from inleer.export import FORMATS, Table, export, sent
from inleer.i18n import _
from inleer.people.models import Candidate
from inleer.placements.actions import OPEN, PLACEABLE
from inleer.placements.queries import Person, PlacementRow, people_in, placements_in, placements_of
from inleer.placements.rules import ENDED_BY_WORDS, KIND_WORDS, fell_through, state_word, weekdays_text
from inleer.policy import Actor, Perm, may_ever
from inleer.policy.guard import guarded, require_actor
from inleer.reports.candidate import enrolments_of
from inleer.web.candidate_page import head_of
from inleer.web.candidates import blueprint as candidates
from inleer.web.cohort_list import blueprint as cohorts

TONES = {"proposed": "info", "agreed": "info", "running": "ok", "completed": "ok", "ended_early": "warn"}
#: Who is shown: everybody, who is placed, who is not.
SHOWN = ("", "geplaatst", "zonder")
#: The period without a phase: today, or every placement there is.
EVERYTHING = "alles"


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody and one placement in the period; None when there is none."""

    person: Person
    placement: PlacementRow | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the URL asks for. ``phase`` is None for today and for everything."""

    period: str
    phase: CohortPhase | None
    shown: str
    host: str


def _words(actor: Actor) -> dict[str, Any]:
    return {
        "kind_words": KIND_WORDS,
        "placement_word": state_word,
        "fell_through": fell_through,
        "ended_by_words": ENDED_BY_WORDS,
        "tones": TONES,
        "weekdays_text": weekdays_text,
        "plans": may_ever(actor, Perm.PLACEMENT_PLAN),
        "open_states": OPEN,
        "today": clock.today(),
    }


@candidates.get("/<uuid:candidate_id>/plaatsingen")
@guarded(Perm.CANDIDATE_VIEW, on=Candidate, reads=True)
def placements(candidate: Candidate) -> Any:
    """Every placement of a candidate, the latest first."""
    actor = require_actor()
    rows = placements_of(actor, candidate.id)
    kind = request.args.get("format", "")
    if kind in FORMATS:
        person = Person(candidate.id, candidate.id, candidate.name, candidate.sort_name, "")
        return _file(f"plaatsingen-{clock.today()}", [Line(person, row) for row in rows], kind)
    head = head_of(actor, candidate, enrolments_of(actor, candidate.id))
    current = head["current"]
    return render_template(
        "candidates/placements.html",
        **{**head, **_words(actor)},
        rows=rows,
        placeable=current is not None and current.state in PLACEABLE,
    )


@cohorts.get("/<uuid:cohort_id>/plaatsingen", endpoint="placements")
@guarded(Perm.COHORT_BOARD, on=Cohort)
def of_cohort(cohort: Cohort) -> Any:
    """Who is where in a period, and who is nowhere."""
    actor, phases = require_actor(), phases_of(cohort.id)
    wanted = _wanted(phases)
    lines = _lines(people_in(actor, cohort.id), placements_in(actor, cohort.id), wanted)
    chosen = [line for line in lines if _is_chosen(line, wanted)]
    audit.shown(actor, "candidate", dict.fromkeys(line.person.candidate_id for line in chosen))
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return _file(f"{cohort.slug}-plaatsingen-{clock.today()}", chosen, kind)
    hosts = {str(line.placement.host_id): line.placement.host for line in lines if line.placement}
    return render_template(
        "cohorts/placements.html",
        **_words(actor),
        cohort=cohort,
        wanted=wanted,
        lines=chosen,
        periods=[(p.key, p.name) for p in phases],
        hosts=sorted(hosts.items(), key=lambda pair: pair[1].casefold()),
        placed=len({line.person.enrolment_id for line in lines if _has_place(line)}),
        without=sum(1 for line in lines if line.placement is None),
        people=len({line.person.enrolment_id for line in lines}),
        others=others_in_cohort(actor, cohort.id, Perm.PLACEMENT_VIEW),
        person_words=PERSON_WORDS,
        sees_dossiers=may_ever(actor, Perm.CANDIDATE_VIEW),
        placeable=PLACEABLE,
    )


def _wanted(phases: Sequence[CohortPhase]) -> Wanted:
    """What the URL asks for; unknown values count as not asked."""
    args = request.args
    period, shown = args.get("periode", ""), args.get("toon", "")
    phase = next((p for p in phases if p.key == period), None)
    known = period if phase is not None or period == EVERYTHING else ""
    return Wanted(known, phase, shown if shown in SHOWN else "", args.get("plek", ""))


def _lines(people: Sequence[Person], rows: Sequence[PlacementRow], wanted: Wanted) -> list[Line]:
    """A line per placement in the period, by person and first day; one without for who takes part and has none."""
    of: dict[UUID, list[PlacementRow]] = {}
    for row in reversed(rows):
        if _is_in(row, wanted, clock.today()):
            of.setdefault(row.enrolment_id, []).append(row)
    lines: list[Line] = []
    for person in people:
        here = of.get(person.enrolment_id, [])
        lines += [Line(person, row) for row in here]
        # What fell through is shown, and leaves the person without a place.
        if person.state in PLACEABLE and not any(row.began for row in here):
            lines.append(Line(person, None))
    return lines


def _is_in(row: PlacementRow, wanted: Wanted, today: date) -> bool:
    """A placement belongs to the phase that it names; without one to those in which it has days."""
    if wanted.period == EVERYTHING:
        return True
    if wanted.phase is None:
        return row.from_on <= today <= row.last_on
    if row.phase_key:
        return row.phase_key == wanted.phase.key
    ends = wanted.phase.ends_on or date.max
    return row.from_on <= ends and wanted.phase.starts_on <= row.last_on


def _is_chosen(line: Line, wanted: Wanted) -> bool:
    if wanted.host and (line.placement is None or str(line.placement.host_id) != wanted.host):
        return False
    if wanted.shown == "zonder":
        return line.placement is None
    return wanted.shown == "" or _has_place(line)


def _has_place(line: Line) -> bool:
    """Whether this line gives somebody a place: what fell through does not."""
    return line.placement is not None and line.placement.began


#: Headings of a file.
COLUMNS = (
    "Naam",
    "Stand van de plaatsing",
    "Soort",
    "Organisatie",
    "Directie of afdeling",
    "Functie of werkplek",
    "Werkplekbegeleider",
    "Overeenkomst met",
    "Fase",
    "Eerste dag",
    "Laatste dag",
    "Dagen",
    "Uren per week",
    "Eerder gestopt door",
    "Reden",
)


def _file(name: str, lines: Sequence[Line], kind: str) -> Any:
    columns = [_(heading) for heading in COLUMNS]
    return sent(export(Table(name, columns, (_cells(line) for line in lines)), kind))


def _cells(line: Line) -> list[Any]:
    row = line.placement
    if row is None:
        return [line.person.name, _("geen plaatsing"), *[""] * (len(COLUMNS) - 2)]
    return [
        line.person.name,
        state_word(row.state, row.until_on, clock.today()),
        _(KIND_WORDS[row.kind]),
        row.host,
        row.department or "",
        row.function,
        row.supervisor_name or "",
        row.contract_partner or row.host,
        row.phase or "",
        row.from_on,
        row.last_on if row.began else _("niet begonnen"),
        weekdays_text(row.weekdays),
        row.hours,
        _(ENDED_BY_WORDS[row.ended_by]) if row.ended_by else "",
        row.ended_reason,
    ]
