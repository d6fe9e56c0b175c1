"""What relations mean for a merge: it is about who is left."""

from __future__ import annotations

from inleer.cohorts.access import of_caseload
from inleer.merging.models import CandidateMerge
from inleer.policy import Perm, relation, scoped_model


def register() -> None:
    """Register the relations of this feature; called once by create_app."""
    scoped_model(CandidateMerge, Perm.CANDIDATE_MERGE)
    relation(CandidateMerge, "caseload", lambda: of_caseload(CandidateMerge.kept_id))
