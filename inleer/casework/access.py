"""What relations mean for notes (by audience) and escalations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from inleer.casework.models import Escalation, Note
from inleer.cohorts.access import of_caseload, through_partner
from inleer.people.models import Candidate
from inleer.policy import ACTOR_ORG, ACTOR_USER, Perm, relation, scoped_model


def _of_agency(candidate_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    candidate = aliased(Candidate)
    return candidate_id.in_(select(candidate.id).where(candidate.agency_id == ACTOR_ORG).scalar_subquery())


def _connected(candidate_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The actor's organisation still works with the candidate: as agency or as a leerhome partner."""
    return or_(_of_agency(candidate_id), through_partner(candidate_id, "leerhome"))


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(Note, Perm.NOTE_READ)
    relation(
        Note,
        "own",
        lambda: and_(
            Note.author_id == ACTOR_USER, Note.organisation_id == ACTOR_ORG, _connected(Note.candidate_id)
        ),
    )
    relation(
        Note,
        "own_organisation",
        lambda: and_(
            Note.audience == "own_organisation",
            Note.organisation_id == ACTOR_ORG,
            _connected(Note.candidate_id),
        ),
    )
    relation(Note, "coaches", lambda: and_(Note.audience == "coaches", of_caseload(Note.candidate_id)))
    relation(
        Note,
        "cohort",
        lambda: and_(
            Note.audience.in_(("cohort", "candidate")),
            or_(of_caseload(Note.candidate_id), through_partner(Note.candidate_id, "leerhome", Note.on)),
        ),
    )
    scoped_model(Escalation, Perm.ESCALATION_VIEW)
    relation(Escalation, "caseload", lambda: of_caseload(Escalation.candidate_id))
    relation(Escalation, "agency", lambda: _of_agency(Escalation.candidate_id))
    relation(Escalation, "leerhome", lambda: through_partner(Escalation.candidate_id, "leerhome"))
