"""What the plugin says of itself: the names of what it records, and the personal data it keeps."""

from __future__ import annotations

from typing import Final

from inleer.plugin import AuditActionDef, PersonalDataDef
from inleer_logistiek.models import Certificate

AUDIT_ACTIONS: Final = (
    AuditActionDef(key="logistiek_certificate.recorded", name="certificaat vastgelegd"),
    AuditActionDef(key="logistiek_certificate.changed", name="certificaat gewijzigd"),
    AuditActionDef(key="logistiek_certificate.removed", name="certificaat weggehaald"),
    AuditActionDef(key="logistiek_certificate.restored", name="certificaat teruggezet"),
)

PERSONAL_DATA: Final = (
    PersonalDataDef(
        key="logistiek.certificates",
        name="Certificaten",
        model=Certificate,
        link="enrolment_id",
        columns={
            "kind": "welk certificaat iemand heeft",
            "issuer": "wie het certificaat uitgaf",
            "number": "het nummer van het certificaat",
            "recorded_by_name": "wie het certificaat vastlegde",
        },
    ),
)
