"""Who may see and change certificates: permissions, and what the relations mean for the table."""

from __future__ import annotations

from typing import Final

from inleer.plugin import PermissionDef, is_partner, of_agency, relation, scoped_model
from inleer_logistiek.models import Certificate

VIEW: Final = "logistiek.certificate:view"
MANAGE: Final = "logistiek.certificate:manage"
_AGENCY, _SCHOOL, _LEERHOME = frozenset({"agency"}), frozenset({"school"}), frozenset({"leerhome"})

PERMISSIONS: Final = (
    PermissionDef(
        perm=VIEW,
        name="Certificaten van deelnemers bekijken",
        grants={
            "coach": _AGENCY,
            "leerhome_coordinator": _LEERHOME,
            "programme_manager": _AGENCY,
            "teacher": _SCHOOL,
        },
    ),
    PermissionDef(
        perm=MANAGE,
        name="Certificaten van deelnemers vastleggen",
        grants={"coach": _AGENCY, "leerhome_coordinator": _LEERHOME},
    ),
)


def register() -> None:
    """Declare the table as scoped, by the cohort that the certificate belongs to. Called at import."""
    scoped_model(Certificate, VIEW)
    relation(Certificate, "agency", lambda: of_agency(Certificate.cohort_id))
    for kind in ("school", "leerhome"):
        relation(Certificate, kind, lambda kind=kind: is_partner(Certificate.cohort_id, kind))  # type: ignore[misc]
