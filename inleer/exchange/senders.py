"""Which organisation a file is from, and what is remembered of its headers: for the browser and the command line."""

from __future__ import annotations

from uuid import UUID

from inleer.cohorts.models import Cohort
from inleer.exchange.kinds import Kind
from inleer.exchange.plan_common import Options
from inleer.exchange.queries_waiting import headers_remembered, senders_of


def with_mapping(cohort: Cohort, kind: Kind, options: Options | None) -> Options:
    """Options with the sender, and with what is remembered of its headers where nothing was said."""
    given = options or Options()
    sender = given.sender_id or default_sender(cohort, kind)
    remembered = given.mapping if given.mapping is not None else headers_remembered(cohort, sender, kind.key)
    return Options(given.coach_id, sender, dict(remembered), given.mends)


def default_sender(cohort: Cohort, kind: Kind) -> UUID | None:
    """Who usually sends such a file for this cohort; None when that partner is not there yet."""
    found = senders_of(cohort, kind.senders)
    return found[0][0] if found else None
