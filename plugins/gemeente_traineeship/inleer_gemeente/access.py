"""Who may see and plan what: permissions, and what the relations mean for the tables."""

from __future__ import annotations

from typing import Any, Final

from inleer.plugin import PermissionDef, is_partner, of_agency, relation, scoped_model
from inleer_gemeente.models import (
    Assignment,
    AssignmentMember,
    GroupDays,
    Guarantee,
    Stay,
    Trainee,
    Workplace,
)

VIEW: Final = "gemeente.workplace:view"
MANAGE: Final = "gemeente.workplace:manage"
PLAN: Final = "gemeente.trainee:plan"
#: The core's permission to see what employers promise.
GUARANTEES: Final = "intention:view"
_AGENCY, _LEERHOME = frozenset({"agency"}), frozenset({"leerhome"})

PERMISSIONS: Final = (
    PermissionDef(
        perm=VIEW,
        name="Werkplekken, groepsopdrachten en trainees bekijken",
        grants={"coach": _AGENCY, "leerhome_coordinator": _LEERHOME, "programme_manager": _AGENCY},
    ),
    PermissionDef(
        perm=MANAGE,
        name="Werkplekken en groepsopdrachten vastleggen",
        grants={"coach": _AGENCY, "programme_manager": _AGENCY},
    ),
    PermissionDef(
        perm=PLAN,
        name="Trainees plaatsen en hun profiel vastleggen",
        grants={"coach": frozenset({"caseload"}), "programme_manager": _AGENCY},
    ),
)
_TABLES: Final[tuple[Any, ...]] = (Workplace, Stay, Assignment, AssignmentMember, Trainee, GroupDays)


def register() -> None:
    """Declare the tables as scoped, by the cohort that a row belongs to. Called at import.

    What employers guarantee is between them and the agency: the traineeship office does not see intentions either.
    """
    scoped_model(Guarantee, VIEW)
    relation(Guarantee, "agency", lambda: of_agency(Guarantee.cohort_id))
    for model in _TABLES:
        scoped_model(model, VIEW)
        relation(model, "agency", lambda model=model: of_agency(model.cohort_id))  # type: ignore[misc]
        relation(model, "leerhome", lambda model=model: is_partner(model.cohort_id, "leerhome"))  # type: ignore[misc]
