"""Who may see and change help requests and visits: permissions, and what the relations mean for these tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from inleer.plugin import PermissionDef, is_partner, of_agency, relation, scoped_model
from inleer_zorg.models import HelpRequest, Visit

VIEW: Final = "zorg.help_request:view"
MANAGE: Final = "zorg.help_request:manage"
_AGENCY, _LEERHOME = frozenset({"agency"}), frozenset({"leerhome"})

PERMISSIONS: Final = (
    PermissionDef(
        perm=VIEW,
        name="Hulpvragen en bezoeken in de wijk bekijken",
        grants={"leerhome_coordinator": _LEERHOME, "coach": _AGENCY, "programme_manager": _AGENCY},
    ),
    PermissionDef(
        perm=MANAGE,
        name="Hulpvragen en bezoeken in de wijk vastleggen",
        grants={"leerhome_coordinator": _LEERHOME, "coach": _AGENCY},
    ),
)


def register() -> None:
    """Declare both tables as scoped, by the cohort that the help request belongs to. Called at import."""
    scoped_model(HelpRequest, VIEW)
    relation(HelpRequest, "agency", lambda: of_agency(HelpRequest.cohort_id))
    relation(HelpRequest, "leerhome", lambda: is_partner(HelpRequest.cohort_id, "leerhome"))
    scoped_model(Visit, VIEW)
    relation(Visit, "agency", lambda: _of_request(of_agency))
    relation(Visit, "leerhome", lambda: _of_request(lambda cohort_id: is_partner(cohort_id, "leerhome")))


def _of_request(condition: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The visit's help request is in a cohort for which the condition holds; an alias keeps it apart from a query
    that has help requests of its own."""
    request = aliased(HelpRequest)
    return Visit.help_request_id.in_(select(request.id).where(condition(request.cohort_id)).scalar_subquery())
