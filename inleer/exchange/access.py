"""What relations mean for imports: the agency whose cohort the file went into."""

from __future__ import annotations

from inleer.cohorts.access import of_agency
from inleer.exchange import preview
from inleer.exchange.models import ImportMapping, ImportRun
from inleer.policy import ACTOR_ORG, Perm, relation, scoped_model


def register() -> None:
    """Register the relations of this feature and its background work; called once by create_app."""
    scoped_model(ImportRun, Perm.IMPORT_VIEW)
    relation(ImportRun, "agency", lambda: of_agency(ImportRun.cohort_id))
    scoped_model(ImportMapping, Perm.IMPORT_VIEW)
    relation(ImportMapping, "agency", lambda: ImportMapping.agency_id == ACTOR_ORG)
    preview.register()
