"""Joining two candidates who are one person, taking that back, and saying that two are not the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from inleer import audit, clock
from inleer.attendance.rollups import claim_people
from inleer.cohorts.models import Enrolment
from inleer.db import db, new_id
from inleer.errors import DomainError
from inleer.exchange.ledger import table_of
from inleer.i18n import _
from inleer.merging import rows
from inleer.merging.models import CandidateMerge, NotTheSame
from inleer.merging.obstacles import empty_twice, obstacles
from inleer.people.actions import PERSONAL
from inleer.people.models import Candidate, FieldValue
from inleer.people.rules import sort_name
from inleer.policy import Actor, unscoped
from inleer.signals.actions import recount
from inleer.signals.models import Signal

#: What a person without an answer has in these fields.
_UNKNOWN = (None, "", "unknown")


def merge(actor: Actor, kept: Candidate, gone: Candidate) -> CandidateMerge:
    """Let everything of ``gone`` be ``kept``'s, both loaded in scope; what ``kept`` lacks is filled in from ``gone``.

    The row of ``gone`` stays and leads to ``kept``. Raises DomainError with what stands in the way.
    """
    claim_people(sorted((kept.id, gone.id)))
    for one in (kept, gone):
        db.session.refresh(one)
    for sentence in obstacles(kept, gone):
        raise DomainError(sentence)
    before: dict[str, Any] = {"signals": rows.signals_of(kept.id, gone.id), "version": kept.version}
    row = CandidateMerge(
        id=new_id(), kept_id=kept.id, gone_id=gone.id, at=clock.now(), by_id=actor.user_id, by_name=actor.name
    )
    before["hidden"] = _hide(kept, gone)
    row.moved = _move(kept, gone)
    before["filled"] = _fill(kept, gone)
    rows.change(update(Candidate).where(Candidate.id == gone.id).values(merged_into_id=kept.id))
    _record(actor, "candidate.merged", kept, gone, len(before["filled"]))
    db.session.flush()
    before["version_after"] = kept.version
    _move_signals(kept, gone)
    db.session.expire_all()
    recount(actor, [kept.id])
    db.session.flush()
    before["signals_after"] = {key: one["version"] for key, one in rows.signals_of(kept.id, gone.id).items()}
    row.before = before
    db.session.add(row)
    db.session.flush()
    return row


def _record(actor: Actor, action: str, kept: Candidate, gone: Candidate, filled: int = 0) -> None:
    details: dict[str, Any] = {"gone": str(gone.id)} | ({"filled": filled} if filled else {})
    audit.record(actor, action, kept, details=details)
    audit.record(actor, action, ("candidate", gone.id), details={"kept": str(kept.id)})


def _hide(kept: Candidate, gone: Candidate) -> dict[str, dict[str, Any]]:
    """An enrolment in which nothing was recorded, where the other takes part too, stays behind and counts nowhere."""
    hidden = {}
    for enrolment in empty_twice(kept.id, gone.id):
        hidden[str(enrolment.id)] = {
            "state": enrolment.state,
            "taken_back": enrolment.taken_back,
            "version": enrolment.version,
        }
        values = {"state": "withdrawn", "taken_back": True, "version": enrolment.version + 1}
        rows.change(update(Enrolment).where(Enrolment.id == enrolment.id).values(values))
    return hidden


def _move(kept: Candidate, gone: Candidate) -> dict[str, list[list[str]]]:
    """Let the rows about the one be about the other, but those of which both have one."""
    moved = {}
    for model, keys in rows.hanging(gone.id):
        stay = rows.twice(model, keys, kept.id)
        going = [key for key in keys if key not in stay]
        rows.give(model, going, kept.id)
        moved[table_of(model)] = [[str(part) for part in key] for key in going]
    return moved


def _fill(kept: Candidate, gone: Candidate) -> list[str]:
    """What is unknown of the one is taken over of the other; returns the names of those fields."""
    filled = [
        name for name in PERSONAL if getattr(kept, name) in _UNKNOWN and getattr(gone, name) not in _UNKNOWN
    ]
    # Without a first name the other's parts would not fit: the names stay as they are.
    filled = [name for name in filled if name != "tussenvoegsel"]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    if filled:
        kept.sort_name = sort_name(kept.last_name, kept.first_name)
    return filled


def _move_signals(kept: Candidate, gone: Candidate) -> None:
    """Signals go along, to the other's coach; one with a cause that the other has too stays behind."""
    theirs = select(Signal.rule, Signal.cause).where(Signal.subject_id == kept.id)
    known = {tuple(r) for r in db.session.execute(unscoped(theirs, rows.WHY))}
    mine = select(Signal.id, Signal.rule, Signal.cause).where(Signal.subject_id == gone.id)
    going = [r.id for r in db.session.execute(unscoped(mine, rows.WHY)) if (r.rule, r.cause) not in known]
    values = {"subject_id": kept.id, "candidate_id": kept.id, "owner_id": kept.coach_id}
    rows.change(update(Signal).where(Signal.id.in_(going)).values(values))


def take_back(actor: Actor, merge_row: CandidateMerge) -> tuple[Candidate, Candidate]:
    """Two people again, as they were; what was recorded since on what went along goes back with it.

    Returns both. What was added to the one meanwhile stays there. Raises DomainError when that one was itself merged.
    """
    claim_people(sorted((merge_row.kept_id, merge_row.gone_id)))
    kept, gone = (_person(one_id) for one_id in (merge_row.kept_id, merge_row.gone_id))
    if kept.merged_into_id is not None:
        raise DomainError(_("Deze kandidaat is daarna weer samengevoegd. Maak dat eerst ongedaan."))
    before = merge_row.before
    _record(actor, "candidate.merge_undone", kept, gone)
    rows.change(update(Candidate).where(Candidate.id == gone.id).values(merged_into_id=None))
    for table, keys in merge_row.moved.items():
        rows.give(rows.model_named(table), keys, gone.id)
    _unhide(before["hidden"])
    _empty_again(kept, gone, before)
    _signals_back(kept.id, gone.id, before)
    db.session.delete(merge_row)
    db.session.flush()
    db.session.expire_all()
    recount(actor, sorted((kept.id, gone.id)))
    return kept, gone


def _person(candidate_id: UUID) -> Candidate:
    found: Candidate = rows.held(select(Candidate).where(Candidate.id == candidate_id)).scalar_one()
    return found


def _unhide(hidden: dict[str, dict[str, Any]]) -> None:
    for enrolment_id, values in hidden.items():
        same = (Enrolment.id == UUID(enrolment_id), Enrolment.version == values["version"] + 1)
        rows.change(update(Enrolment).where(*same).values(values))


def _empty_again(kept: Candidate, gone: Candidate, before: dict[str, Any]) -> None:
    """What was filled in is unknown again, unless somebody changed it since."""
    empty: dict[str, Any] = {
        name: "" if name == "first_name" else "unknown" if name == "startkwalificatie" else None
        for name in before["filled"]
        if getattr(kept, name) == getattr(gone, name)
    }
    untouched = kept.version == before["version_after"]
    if not empty and not untouched:
        return
    first = empty.get("first_name", kept.first_name)
    version = before["version"] if untouched else kept.version + 1
    values = {**empty, "sort_name": sort_name(kept.last_name, first), "version": version}
    rows.change(update(Candidate).where(Candidate.id == kept.id).values(values))


def _signals_back(kept_id: UUID, gone_id: UUID, before: dict[str, Any]) -> None:
    """Signals are as they were, but what somebody did about one since stays; those of the merge alone go."""
    now, after, known = rows.signals_of(kept_id, gone_id), before["signals_after"], before["signals"]
    for key, one in now.items():
        touched = one["version"] != after.get(key)
        if key in known and not touched:
            rows.restore_signal(known[key])
        elif key in known:
            whose = {name: known[key][name] for name in ("subject_id", "candidate_id")}
            rows.restore_signal({**one, **whose})
        elif key in after and not touched:
            rows.change(delete(Signal).where(Signal.id == UUID(key)))


def not_the_same(actor: Actor, one: Candidate, other: Candidate) -> None:
    """Remember that these two, loaded in scope, are two people: they are not asked about again."""
    low, high = sorted((one.id, other.id))
    if low == high:
        raise DomainError(_("Dit is één kandidaat."))
    if db.session.get(NotTheSame, (low, high)) is not None:
        return
    row = NotTheSame(low_id=low, high_id=high, at=clock.now(), by_id=actor.user_id, by_name=actor.name)
    db.session.add(row)
    audit.record(actor, "candidate.not_the_same", ("candidate", low), details={"other": str(high)})


def ask_again(actor: Actor, one: Candidate, other: Candidate) -> None:
    """Take that back."""
    low, high = sorted((one.id, other.id))
    row = db.session.get(NotTheSame, (low, high))
    if row is not None:
        db.session.delete(row)
        audit.record(actor, "candidate.maybe_the_same", ("candidate", low), details={"other": str(high)})


def answered_twice(kept: Candidate, gone: Candidate) -> int:
    """Of how many groups of questions of the intake both gave answers: those of ``kept`` stay."""
    mine = select(FieldValue.group_key).where(FieldValue.candidate_id == kept.id)
    both = select(FieldValue.id).where(FieldValue.candidate_id == gone.id, FieldValue.group_key.in_(mine))
    return len(db.session.execute(both).all())


def born_differently(kept: Candidate, gone: Candidate) -> tuple[date, date] | None:
    """Both days of birth, when both are known and differ: worth a look before it is saved."""
    if kept.birth_date is None or gone.birth_date is None or kept.birth_date == gone.birth_date:
        return None
    return kept.birth_date, gone.birth_date
