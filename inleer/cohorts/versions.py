"""Moving a cohort to another version of its route: a preview, the move, and the way back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import case, select, update

from inleer import audit, clock
from inleer.audit import in_bulk
from inleer.cohorts import queries_versions as reads
from inleer.cohorts import version_rules as rules
from inleer.cohorts.actions import planning_calendar
from inleer.cohorts.models import Cohort, CohortPhase, Enrolment, PhaseCompletion, VersionMove
from inleer.cohorts.planning import hosts_of
from inleer.cohorts.queries import phases_of
from inleer.cohorts.version_rules import Held, Move
from inleer.cohorts.version_words import Around, Since, consequences, obstacles
from inleer.db import db, new_id, rows_changed
from inleer.errors import DomainError, StaleEdit
from inleer.extend.types import RouteDefinition
from inleer.i18n import _
from inleer.leerroutes.compare import Comparison, compare, known_names
from inleer.leerroutes.queries import definition_by_id, definition_of, route_version
from inleer.leerroutes.rules import PhaseDates, lay_phases
from inleer.policy import Actor

_DATED = ("starts_on", "ends_on")
_KEPT = ("key", "name", "kind", "position", *_DATED, "moved")


@dataclass(frozen=True)
class Preview:
    """What a move would do: the versions, the phases of the cohort now, differences and consequences in words."""

    old: RouteDefinition
    new: RouteDefinition
    new_id: UUID
    held: tuple[Held, ...]
    move: Move
    differences: Comparison
    consequences: tuple[str, ...]

    @property
    def seal(self) -> str:
        """A short text that is another one when the move would do anything else."""
        return hashlib.sha256(repr((self.new_id, self.held, self.move)).encode()).hexdigest()[:16]


def preview(cohort: Cohort, version: int, chosen: Mapping[str, str | None]) -> Preview:
    """What moving a cohort (loaded in scope) to a version of its route would do. ``chosen`` goes before the suggested
    phase map. Raises DomainError when no phase map makes the move possible; what a phase map cannot do is in
    ``move.refused``."""
    row = route_version(cohort.route_key, version)
    if row is None:
        raise DomainError(_("Versie %(v)s van deze route is niet gepubliceerd.", v=version), "version")
    old, new = definition_by_id(cohort.route_version_id), definition_of(row)
    rules.check_possible(cohort.state, cohort.route_key, (old.key, old.version), (new.key, new.version))
    _rows, held = reads.held_phases(cohort.id)
    phase_map = rules.suggest(held, new) | dict(chosen)
    laid_old, laid_new = _laid(cohort, old, new)
    move = rules.plan(held, laid_old, new, laid_new, phase_map, clock.today())
    around = Around((cohort.group_min, cohort.group_max), reads.finished_per_exit(cohort.id))
    return Preview(
        old=old,
        new=new,
        new_id=row.id,
        held=held,
        move=move,
        differences=compare(old, new, known_names(current_app.extensions["inleer"]), _of_route(old, move)),
        consequences=consequences(old, new, held, move, around),
    )


def _of_route(old: RouteDefinition, move: Move) -> dict[str, str | None]:
    """The phase map of what really happens, for every phase of the old version."""
    became = {one.old.key: one.key for one in move.placed if one.old is not None}
    return {phase.key: became.get(phase.key) for phase in old.phases}


def _laid(
    cohort: Cohort, old: RouteDefinition, new: RouteDefinition
) -> tuple[tuple[PhaseDates, ...], tuple[PhaseDates, ...]]:
    calendar = planning_calendar(cohort.region, hosts_of(cohort).get("school"), cohort.starts_on)
    try:
        return lay_phases(old, cohort.starts_on, calendar), lay_phases(new, cohort.starts_on, calendar)
    except ValueError as error:  # a phase in school weeks lies beyond the published vacations
        raise DomainError(str(error)) from error


def move_version(
    actor: Actor,
    cohort: Cohort,
    to: int,
    chosen: Mapping[str, str | None],
    version: int | None = None,
    seal: str | None = None,
) -> Preview:
    """Move a cohort to another version of its route; returns what that did.

    Raises StaleEdit when the cohort is no longer at ``version``, DomainError when the move cannot be, or does something
    else than the preview with this ``seal`` said.
    """
    _hold(cohort, version)
    found = preview(cohort, to, chosen)
    if found.move.refused:
        raise DomainError(" ".join(sentence for _key, sentence in found.move.refused))
    if seal is not None and seal != found.seal:
        raise DomainError(_("De lichting is intussen veranderd. Kijk opnieuw wat er gebeurt."))
    _carry_out(actor, cohort, found)
    return found


def _hold(cohort: Cohort, version: int | None) -> None:
    db.session.refresh(cohort, with_for_update=True)
    if version is not None and version != cohort.version:
        raise StaleEdit(cohort, version)
    reads.lock_people(cohort.id)


def _carry_out(actor: Actor, cohort: Cohort, found: Preview) -> None:
    rows = {row.key: row for row in phases_of(cohort.id)}
    before = {str(row.id): _values(row) for row in rows.values()}
    wanted = {
        rows[one.old.key].id if one.old is not None else new_id(): {
            "key": one.key,
            "name": one.name,
            "kind": str(one.kind),
            "position": one.position,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "moved": one.moved,
        }
        for one in found.move.placed
    }
    changed = _replace_phases(cohort.id, wanted)
    renamed = {one.old.key: one.key for one in found.move.placed if one.old is not None}
    completions = _rename_completions(cohort.id, renamed)
    row = VersionMove(
        id=new_id(),
        cohort_id=cohort.id,
        from_version_id=cohort.route_version_id,
        to_version_id=found.new_id,
        phase_map=dict(found.move.phase_map),
        before=before,
        after={
            "phases": {str(p.id): _values(p) for p in phases_of(cohort.id)},
            "completions": sorted(str(one) for one in reads.completion_ids(cohort.id)),
        },
        moved_at=clock.now(),
        by_id=actor.user_id,
        by_name=actor.name,
    )
    db.session.add(row)
    cohort.route_version_id = found.new_id
    details = {
        "from": found.old.version,
        "to": found.new.version,
        "phases": dict(found.move.phase_map),
        "completions": completions,
    }
    audit.record(actor, "cohort.version_moved", cohort, details=details, covers=[row, *changed])
    db.session.flush()


def _replace_phases(cohort_id: UUID, wanted: Mapping[UUID, Mapping[str, Any]]) -> list[CohortPhase]:
    """Let the cohort have exactly these phases, by id; returns every row that was changed, added or removed."""
    rows = {row.id: row for row in phases_of(cohort_id)}
    gone = [row for row_id, row in rows.items() if row_id not in wanted]
    for row in gone:
        db.session.delete(row)
    for number, (row_id, row) in enumerate(rows.items()):
        if row_id in wanted and wanted[row_id]["key"] != row.key:
            row.key = f"~{number}"  # two phases may swap keys, and at no moment may one key be there twice
    db.session.flush()
    for row_id, values in wanted.items():
        known = rows.get(row_id)
        if known is None:
            rows[row_id] = CohortPhase(id=row_id, cohort_id=cohort_id, **values)
            db.session.add(rows[row_id])
            continue
        for name, value in values.items():
            setattr(known, name, value)
    db.session.flush()
    return list(rows.values())


def _rename_completions(cohort_id: UUID, renamed: Mapping[str, str]) -> int:
    """Completed phases follow their phase to its new key; the name they were recorded under stays. Returns how many."""
    changed = {old: new for old, new in renamed.items() if old != new}
    if not changed:
        return 0
    aside = {old: f"~{number}" for number, old in enumerate(changed)}
    people = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    count = 0
    for step in (aside, {aside[old]: new for old, new in changed.items()}):
        statement = (
            update(PhaseCompletion)
            .where(PhaseCompletion.enrolment_id.in_(people), PhaseCompletion.phase_key.in_(list(step)))
            .values(phase_key=case(step, value=PhaseCompletion.phase_key))
            .execution_options(synchronize_session=False)
        )
        count = rows_changed(in_bulk(statement, "the event on the cohort says how many"))
    return count


def ways_back(cohort: Cohort) -> tuple[VersionMove | None, list[str]]:
    """The last move of a cohort, if it has one, and what stands in the way of taking it back."""
    last = reads.last_move(cohort.id)
    if last is None or last.to_version_id != cohort.route_version_id:
        return None, []
    return last, obstacles(_since(cohort, last))


def _since(cohort: Cohort, last: VersionMove) -> Since:
    rows = phases_of(cohort.id)
    was = last.after["phases"]
    old, new = definition_by_id(last.from_version_id), definition_by_id(last.to_version_id)
    only_new = {one.key for one in new.exits} - {one.key for one in old.exits}
    brought = [row for row in rows if str(row.id) not in last.before]
    since = clock.local(last.moved_at).date()
    return Since(
        state=cohort.state,
        redated=[
            row.name
            for row in rows
            if [was[str(row.id)][n] for n in _DATED] != [_values(row)[n] for n in _DATED]
        ],
        completions=len(reads.completion_ids(cohort.id) - {UUID(one) for one in last.after["completions"]}),
        held=reads.held_since(reads.recorded_days(cohort.id), brought, since) if brought else (),
        planned=reads.times_planned(cohort.id, last.moved_at),
        finished=sum(n for key, n in reads.finished_per_exit(cohort.id).items() if key in only_new),
    )


def take_back(actor: Actor, cohort: Cohort, version: int | None = None) -> tuple[int, int]:
    """Take the last move of a cohort back; returns (version it had, version it has again).

    Raises StaleEdit when the cohort is no longer at ``version``, DomainError when there is no move, or something was
    built on it.
    """
    _hold(cohort, version)
    last, reasons = ways_back(cohort)
    if last is None:
        raise DomainError(_("Er is geen overgang naar een andere versie om terug te draaien."))
    if reasons:
        raise DomainError(_("Terugdraaien kan niet meer. %(reasons)s", reasons=" ".join(reasons)))
    old, new = definition_by_id(last.from_version_id), definition_by_id(last.to_version_id)
    changed = _replace_phases(
        cohort.id, {UUID(row_id): _stored(kept) for row_id, kept in last.before.items()}
    )
    _rename_completions(cohort.id, {to: key for key, to in last.phase_map.items() if to is not None})
    cohort.route_version_id = last.from_version_id
    details = {"from": new.version, "to": old.version}
    audit.record(actor, "cohort.version_move_undone", cohort, details=details, covers=[last, *changed])
    db.session.delete(last)
    db.session.flush()
    return new.version, old.version


def _values(row: CohortPhase) -> dict[str, Any]:
    """A phase as it is kept with a move: days as text."""
    kept = {name: getattr(row, name) for name in _KEPT}
    return kept | {name: kept[name].isoformat() if kept[name] else None for name in _DATED}


def _stored(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a phase that was kept."""
    return dict(kept) | {name: date.fromisoformat(kept[name]) if kept[name] else None for name in _DATED}
