"""Completing phases: what the rules say of a group at once, recording it as a fact, and taking it back.

Rules belong to plugins: each is called once for all people, inside the guard that keeps its faults from the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from inleer import audit, clock
from inleer.cohorts import completion_rules as rules
from inleer.cohorts.completion_rules import Judged
from inleer.cohorts.models import CohortPhase, Enrolment, PhaseCompletion
from inleer.cohorts.queries_completion import route_version_of
from inleer.db import db, new_id
from inleer.errors import DomainError, NotVisible
from inleer.events import PhaseDone, phase_completed
from inleer.extend import Registry, faults, is_active
from inleer.extend.types import Verdict
from inleer.i18n import _, format_date
from inleer.leerroutes.queries import definition_by_id
from inleer.people.models import Candidate
from inleer.policy import Actor, Perm, fetch, scope, scoped_select, unscoped

Verdicts = Mapping[UUID, tuple[Judged, ...]]


def verdicts_of(cohort_id: UUID, phase_key: str, enrolment_ids: Sequence[UUID], today: date) -> Verdicts:
    """What the rules of one phase say of these people of a cohort, each rule called once for all of them."""
    return verdicts_per_phase(cohort_id, [phase_key], enrolment_ids, today)[phase_key]


def verdicts_per_phase(
    cohort_id: UUID, phase_keys: Iterable[str], enrolment_ids: Sequence[UUID], today: date
) -> Mapping[str, Verdicts]:
    """The same for several phases: phase → enrolment → verdicts. A rule that stands in more of them is called once.

    Raises KeyError for a phase that the cohort's route does not have.
    """
    definition = definition_by_id(route_version_of(cohort_id))
    named = {key: definition.phase(key) for key in phase_keys}
    wanted = dict.fromkeys(rule for phase in named.values() for rule in phase.completion)
    said = (
        {rule: _ask(rule, definition.key, enrolment_ids, today) for rule in wanted} if enrolment_ids else {}
    )
    return {
        key: {
            one: rules.with_binding((said[rule][one] for rule in phase.completion), phase.binding)
            for one in enrolment_ids
        }
        for key, phase in named.items()
    }


def verdicts_on_agreeing(cohort_id: UUID, enrolment_ids: Sequence[UUID], today: date) -> Verdicts:
    """What the rules say that are asked when a placement of these people of a cohort is agreed, as it stands then."""
    registry: Registry = current_app.extensions["inleer"]
    route_key = definition_by_id(route_version_of(cohort_id)).key
    said = [_ask(rule, route_key, enrolment_ids, today) for rule in registry.agreeing_rules(route_key)]
    return {one: tuple(answer[one] for answer in said) for one in enrolment_ids}


def _ask(rule: str, route_key: str, ids: Sequence[UUID], today: date) -> Mapping[UUID, Judged]:
    """What one rule says of each; the same sorry answer for all when it is missing or fails."""
    registry: Registry = current_app.extensions["inleer"]
    owned = registry.rule(rule)
    if owned is None or not is_active(owned.plugin, route_key):
        return dict.fromkeys(ids, rules.missing(rule))
    definition = owned.value
    ask = partial(definition.check, list(ids), today)
    answer = faults.call(
        registry.faults, db.session(), owned.plugin, rule, ask, faults.verdicts(ids, Verdict)
    )
    if isinstance(answer, faults.Unavailable):
        return dict.fromkeys(ids, rules.failed(rule, definition.name))
    return {one: rules.judged(rule, definition.name, answer[one]) for one in ids}


def rehearse(actor: Actor, phase: CohortPhase, enrolment_ids: Sequence[UUID], on: date) -> Verdicts:
    """What the rules say now of people who could complete a phase of their cohort on this day, by last name.

    Their enrolments stay locked until the transaction ends. Raises NotVisible for somebody who is not in the cohort
    or not in the actor's scope, DomainError for nobody, an impossible day, a phase that was completed already,
    or a binding rule that is not plainly fulfilled.
    """
    people = _locked(actor, phase, enrolment_ids)
    _read_again(phase)
    today = clock.today()
    for enrolment, name in people:
        try:
            rules.check_day(on, today, phase.starts_on, enrolment.state, enrolment.left_on)
        except DomainError as error:
            message = f"{name}: {error.message}" if len(people) > 1 else error.message
            raise DomainError(message, error.field) from None
    _refuse_twice(phase, {enrolment.id: name for enrolment, name in people})
    said = verdicts_of(phase.cohort_id, phase.key, [e.id for e, _name in people], today)
    rules.check_binding((name, said[enrolment.id]) for enrolment, name in people)
    return said


def complete(
    actor: Actor, phase: CohortPhase, enrolment_ids: Sequence[UUID], on: date, reason: str
) -> list[PhaseCompletion]:
    """Record that these people completed a phase of their cohort on a day, with what the rules say at this moment.

    Raises what :func:`rehearse` raises, and DomainError when a rule is not fulfilled for one of them and ``reason``
    is empty. The reason is kept with the people whose rules are not fulfilled.
    """
    said = rehearse(actor, phase, enrolment_ids, on)
    kept = rules.check_reason(all(rules.is_fulfilled(v) for v in said.values()), reason)
    batch, now = new_id(), clock.now()
    rows = []
    for enrolment_id, judged in said.items():
        fulfilled = rules.is_fulfilled(judged)
        row = PhaseCompletion(
            id=new_id(),
            enrolment_id=enrolment_id,
            phase_key=phase.key,
            phase_name=phase.name,
            completed_on=on,
            verdicts=rules.to_store(judged),
            fulfilled=fulfilled,
            reason="" if fulfilled else kept,
            batch_id=batch,
            recorded_at=now,
            recorded_by_id=actor.user_id,
            recorded_by_name=actor.name,
        )
        _record(actor, "phase.completed", row)
        rows.append(row)
    db.session.add_all(rows)
    db.session.flush()
    phase_completed.fire(actor, (PhaseDone(row.enrolment_id, row.phase_key) for row in rows))
    return rows


def take_back(actor: Actor, completions: Sequence[PhaseCompletion]) -> None:
    """These phases are not completed after all; the audit trail keeps that they were. Rows were loaded in scope."""
    for row in completions:
        _record(actor, "phase.completion_undone", row)
        db.session.delete(row)
    db.session.flush()


def _record(actor: Actor, action: str, row: PhaseCompletion) -> None:
    # As (kind, id): with the row itself the trail would flush for each, and a group is written at once.
    audit.record(
        actor,
        action,
        ("phase_completion", row.id),
        details={
            "enrolment": str(row.enrolment_id),
            "phase": row.phase_key,
            "on": str(row.completed_on),
            "batch": str(row.batch_id),
            "verdicts": {one.rule: one.state for one in rules.from_store(row.verdicts)},
            "with_reason": bool(row.reason),
        },
    )


def _locked(actor: Actor, phase: CohortPhase, ids: Sequence[UUID]) -> list[tuple[Enrolment, str]]:
    """The enrolments with names, locked until the end of the transaction: two people cannot complete at once."""
    if not ids:
        raise DomainError(_("Kies minstens één deelnemer."), "people")
    statement = scoped_select(
        select(Enrolment, Candidate)
        .join(Candidate, Candidate.id == Enrolment.candidate_id)
        .where(
            Enrolment.id.in_(set(ids)),
            Enrolment.cohort_id == phase.cohort_id,
            scope(actor, Enrolment, Perm.PHASE_COMPLETE),
        )
        .order_by(Candidate.sort_name, Enrolment.id)
        .with_for_update(of=Enrolment)
    )
    found = [(enrolment, candidate.name) for enrolment, candidate in fetch(actor, statement)]
    if len(found) != len(set(ids)):
        raise NotVisible
    return found


def _read_again(phase: CohortPhase) -> None:
    """The phase as it is now that its people are held: meanwhile the cohort may have moved to another route version.

    Raises NotVisible when the phase is no more.
    """
    statement = (
        select(CohortPhase).where(CohortPhase.id == phase.id).execution_options(populate_existing=True)
    )
    if db.session.execute(statement).scalar_one_or_none() is None:
        raise NotVisible


def _refuse_twice(phase: CohortPhase, names: Mapping[UUID, str]) -> None:
    statement = select(PhaseCompletion).where(
        PhaseCompletion.enrolment_id.in_(names), PhaseCompletion.phase_key == phase.key
    )
    done = db.session.execute(unscoped(statement, "people loaded in scope")).scalars().first()
    if done is not None:
        raise DomainError(
            _(
                "%(name)s heeft deze fase al afgerond: op %(on)s, vastgelegd door %(by)s.",
                name=names[done.enrolment_id],
                on=format_date(done.completed_on, "lang"),
                by=done.recorded_by_name,
            ),
            "people",
        )
