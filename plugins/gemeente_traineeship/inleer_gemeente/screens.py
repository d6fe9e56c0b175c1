"""What the pages show: who is where, what is missing, workplaces, group assignments, one trainee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from inleer.plugin import Actor, Cohort, NotVisible, _, clock, cohort_url, may_ever, placements_url, shown
from inleer_gemeente import queries, rules
from inleer_gemeente.access import GUARANTEES, MANAGE, PLAN
from inleer_gemeente.declared import limits
from inleer_gemeente.rows import Round, Row, Site
from inleer_gemeente.rules import Limits, Problem
from inleer_gemeente.words import PROFILES


def frame(actor: Actor, cohort: Cohort, **context: Any) -> dict[str, Any]:
    """What every page of a cohort shows."""
    base = {"cohort": cohort, "board_url": cohort_url(cohort.id), "may_manage": may_ever(actor, MANAGE)}
    return {**base, **context}


def overview(actor: Actor, cohort: Cohort) -> dict[str, Any]:
    """Everything of a group on one page; notes whose names are on it."""
    people = group(actor, cohort)
    periods, numbers = queries.rounds(cohort.id), limits(cohort.agency_id, clock.today())
    names = {row.enrolment_id: row.name for row in people}
    return frame(
        actor,
        cohort,
        people=people,
        rounds=periods,
        limits=numbers,
        todo=todo(cohort, people, periods, numbers) + unguaranteed(actor, cohort.id, people),
        placements_url=placements_url(cohort.id) if may_ever(actor, PLAN) else "",
        sites=queries.sites(actor, cohort.id),
        removed_sites=queries.sites(actor, cohort.id, removed=True),
        tasks=queries.tasks(actor, cohort.id, names),
        removed_tasks=queries.tasks(actor, cohort.id, names, removed=True),
        plannable=queries.plannable(actor, cohort.id) if may_ever(actor, PLAN) else set(),
    )


def group(actor: Actor, cohort: Cohort) -> list[Row]:
    """Everybody of the group; notes whose names are on the page."""
    people = queries.trainees(actor, cohort.id)
    shown(actor, "enrolment", (row.enrolment_id for row in people))
    return people


def todo(
    cohort: Cohort, people: Sequence[Row], periods: Sequence[Round], numbers: Limits
) -> list[tuple[str, Problem]]:
    """What is not as the programme asks: about whom or what (empty: the group), and the problem. Blocking first."""
    taking = [row for row in people if row.takes_part]
    found = [(row.name, problem) for row in taking for one in row.placed for problem in one.problems]
    group_problem = rules.group_problem(len(taking), numbers) if taking else None
    found += [("", group_problem)] if group_problem else []
    first = periods[0].key if periods else ""
    for row in taking:
        began = [one.period for one in row.within(first)]
        problem = rules.without_first(began, cohort.starts_on, clock.today(), numbers)
        found += [(row.name, problem)] if problem else []
    for period in periods:
        names = [row.within(period.key)[0].period.directorate for row in taking if row.within(period.key)]
        found += [(period.name, problem) for problem in rules.directorate_problems(names, numbers)]
    return sorted(found, key=lambda item: not item[1].blocks)


def unguaranteed(actor: Actor, cohort_id: UUID, people: Sequence[Row]) -> list[tuple[str, Problem]]:
    """That fewer jobs are guaranteed than there are trainees, for who may see what employers promise."""
    taking = sum(row.takes_part for row in people)
    if not taking or not may_ever(actor, GUARANTEES):
        return []
    problem = rules.guarantee_problem(queries.guaranteed(actor, cohort_id), taking)
    return [("", problem)] if problem else []


def person(actor: Actor, cohort: Cohort, enrolment_id: UUID, **context: Any) -> dict[str, Any]:
    """What a page about one trainee shows; notes whose name is on it. Raises NotVisible."""
    rows = queries.trainees_named(actor, [enrolment_id])
    if not rows:
        raise NotVisible
    shown(actor, "enrolment", [enrolment_id])
    return frame(actor, cohort, row=rows[0], rounds=queries.rounds(cohort.id), **context)


def per_directorate(people: Sequence[Row], periods: Sequence[Round]) -> list[tuple[str, list[int]]]:
    """How many trainees each directorate has per period, and last how many have no workplace."""
    taking = [row for row in people if row.takes_part]
    where = [[_where(row, period) for row in taking] for period in periods]
    names = sorted({name for column in where for name in column if name})
    lines = [(name, [column.count(name) for column in where]) for name in names]
    return [*lines, (_("Zonder werkplek"), [column.count("") for column in where])]


def _where(row: Row, period: Round) -> str:
    placed = row.within(period.key)
    return placed[0].period.directorate if placed else ""


def site_options(sites: Sequence[Site]) -> list[tuple[str, str]]:
    """Workplaces to choose from: id and words that tell them apart."""
    return [(str(one.workplace.id), _site_words(one)) for one in sites]


def _site_words(one: Site) -> str:
    place = one.workplace
    words = {
        "directorate": place.directorate,
        "function": place.function,
        "profile": _(PROFILES[place.profile]),
        "free": place.places - one.taken,
        "places": place.places,
    }
    return _("%(directorate)s · %(function)s (%(profile)s), %(free)s van %(places)s vrij", **words)
