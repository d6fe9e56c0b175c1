"""Fictional certificates for a demo cohort."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from inleer.plugin import Actor, Cohort, clock, load, people_changed, record
from inleer_logistiek import queries
from inleer_logistiek.access import VIEW
from inleer_logistiek.actions import CertificateInput, put

DAY: Final = timedelta(days=1)
ISSUER: Final = "Opleidingscentrum De Kade"
#: Place in the list of participants, kind, obtained so many days ago, last day in so many days (None: none).
CERTIFICATES: Final = (
    (0, "forklift", 20, 1806),
    (0, "vca", 34, 3619),
    (1, "forklift", 20, 1806),
    (1, "reachtruck", 6, 1820),
    (2, "ept", 27, None),
    (3, "forklift", 1808, 18),
    (4, "vca", 34, 3619),
    (5, "ept", 27, None),
    (5, "code95", 1400, 425),
    (6, "forklift", 1845, -19),
    (8, "reachtruck", 13, 1813),
    (8, "forklift", 20, 1806),
    (8, "vca", 34, 3619),
)


def seed(actor: Actor, cohort_id: UUID) -> int:
    """Add the certificates that are not there yet, in a cohort that has begun; returns the number of rows."""
    cohort = load(actor, VIEW, Cohort, cohort_id)
    today = clock.today()
    if cohort.starts_on > today:
        return 0
    people = [p for p in queries.holders(actor, cohort_id) if p.takes_part]
    added = 0
    for place, kind, ago, left in CERTIFICATES:
        if place >= len(people) or kind in people[place].best:
            continue
        until = None if left is None else today + left * DAY
        values = CertificateInput(kind, today - ago * DAY, until, ISSUER, f"DK-{4100 + added}")
        made = put(actor, cohort_id, people[place].enrolment_id, values)
        record(actor, "logistiek_certificate.recorded", made, details={"kind": kind})
        added += 1
    people_changed(actor, (p.enrolment_id for p in people))
    return added
