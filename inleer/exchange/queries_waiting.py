"""Reads about files that wait: what people did to their rows, who sent them, and what headers of a sender mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from inleer.accounts.models import Organisation
from inleer.cohorts.models import Cohort, Partner
from inleer.db import db
from inleer.exchange.models import ImportMapping, ImportRow, ImportRun
from inleer.policy import Actor, Perm, fetch, scope, scoped_select, unscoped

_WHY = "about a loaded import"


@dataclass(frozen=True)
class HeldFile:
    """A file that waits for a decision. ``cohort_id`` and ``cohort``: the edition it goes into.

    ``waiting``: what the worker has yet to do with it. ``rejected``: wrong rows. None: it was not read yet.
    """

    id: UUID
    kind: str
    filename: str
    created_at: datetime
    by_name: str
    waiting: str | None
    rejected: int | None
    readable: bool | None
    cohort_id: UUID
    cohort: str


@dataclass(frozen=True)
class MappingLine:
    """What was said of the headers of one sender."""

    id: UUID
    kind: str
    sender: str
    headers: dict[str, str]
    changed_at: datetime
    by_name: str


def rows_changed(run_id: UUID) -> dict[int, ImportRow]:
    """The rows of a loaded import that people mended or left out, by number."""
    statement = select(ImportRow).where(ImportRow.import_id == run_id).order_by(ImportRow.row)
    fresh = unscoped(statement, _WHY).execution_options(populate_existing=True)
    return {row.row: row for row in db.session.execute(fresh).scalars()}


def senders_of(cohort: Cohort, kinds: Sequence[str]) -> list[tuple[UUID, str]]:
    """Who may have sent a file for a loaded cohort: (organisation, name) of its agency and its partners of these
    kinds (``work_agency`` is the agency), in that order."""
    statement = (
        select(Partner.kind, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.cohort_id == cohort.id, Partner.kind.in_(kinds))
        .order_by(Partner.ended_on.isnot(None), Partner.since_on.desc(), Organisation.name)
    )
    found = [(row.kind, row.id, row.name) for row in db.session.execute(unscoped(statement, _WHY))]
    if "work_agency" in kinds:
        own = select(Organisation.id, Organisation.name).where(Organisation.id == cohort.agency_id)
        found += [("work_agency", r.id, r.name) for r in db.session.execute(unscoped(own, _WHY))]
    ordered = sorted(found, key=lambda entry: kinds.index(entry[0]))
    return list({one: (one, name) for _kind, one, name in ordered}.values())  # twice: its first place holds


def mapping_of(agency_id: UUID, sender_id: UUID, kind: str) -> ImportMapping | None:
    """What an agency said of the headers of this sender, in files of this kind."""
    statement = select(ImportMapping).where(
        ImportMapping.agency_id == agency_id,
        ImportMapping.sender_id == sender_id,
        ImportMapping.kind == kind,
    )
    return db.session.execute(unscoped(statement, _WHY)).scalar_one_or_none()


def mappings_of(actor: Actor, agency_id: UUID) -> list[MappingLine]:
    """What is remembered of the senders of an agency, by kind and name."""
    statement = scoped_select(
        select(
            ImportMapping.id,
            ImportMapping.kind,
            Organisation.name.label("sender"),
            ImportMapping.headers,
            ImportMapping.changed_at,
            ImportMapping.by_name,
        )
        .join(Organisation, Organisation.id == ImportMapping.sender_id)
        .where(ImportMapping.agency_id == bindparam("agency_id"), scope(actor, ImportMapping))
        .order_by(ImportMapping.kind, Organisation.name)
    )
    rows = fetch(actor, statement, agency_id=agency_id)
    return [MappingLine(**row._mapping) for row in rows]


def held_files(actor: Actor) -> list[HeldFile]:
    """The files that wait for a decision by whoever imports for the actor's organisation, the latest first."""
    statement = scoped_select(
        select(
            ImportRun.id,
            ImportRun.kind,
            ImportRun.filename,
            ImportRun.created_at,
            ImportRun.by_name,
            # Not all that the page of a file shows: that may be 5,000 problems of each.
            ImportRun.counts["waiting"].as_string().label("waiting"),
            ImportRun.counts["rejected"].as_integer().label("rejected"),
            ImportRun.counts["readable"].as_boolean().label("readable"),
            ImportRun.cohort_id,
            Cohort.name.label("cohort"),
        )
        .join(Cohort, Cohort.id == ImportRun.cohort_id)
        .where(ImportRun.state == "preview", scope(actor, ImportRun, Perm.COHORT_IMPORT))
        .order_by(ImportRun.created_at.desc(), ImportRun.id)
        .limit(50)
    )
    return [HeldFile(**row._mapping) for row in fetch(actor, statement)]


def name_of(organisation_id: UUID | None) -> str:
    """The name of the organisation that a loaded import is from; empty when that was not said."""
    if organisation_id is None:
        return ""
    statement = select(Organisation.name).where(Organisation.id == organisation_id)
    return db.session.execute(unscoped(statement, _WHY)).scalar_one()


def headers_remembered(cohort: Cohort, sender_id: UUID | None, kind: str) -> Mapping[str, str]:
    """The headers that are remembered of a sender; nothing for one who is not known."""
    found = mapping_of(cohort.agency_id, sender_id, kind) if sender_id else None
    return found.headers if found else {}
