"""Editions, phases, partners, sessions, intentions."""

from __future__ import annotations

from datetime import timedelta

from inleer import clock
from inleer.calendars.models import CalendarPeriod
from inleer.cohorts.models import Cohort, CohortPhase, Partner
from inleer.cohorts.versions import preview
from inleer.intentions.models import JobIntention
from tests.actors import make_organisation
from tests.web.cases.common import (
    COACH,
    MANAGER,
    cohort,
    first,
    new_cohort,
    partner,
    today,
    version_of,
)
from tests.web.walk import Case, Fields, Scene


def _step_one(s: Scene) -> Fields:
    start = clock.today() + timedelta(days=7 - clock.today().weekday())
    return {
        "route": "zorg.wijkleerbedrijf:2",
        "name": "Wandeling",
        "starts_on": str(start),
        "region": "midden",
        "school": str(s.own.school),
        "leerhome": str(s.own.leerhome),
    }


def _phase(s: Scene) -> Fields:
    row = first(CohortPhase, CohortPhase.cohort_id == s.own.cohort, order=CohortPhase.starts_on.desc())
    return {**cohort(s), "phase_id": row.id}


def _seal(s: Scene) -> str:
    """What the button of the preview carries."""
    if "seal" not in s.kept:
        s.kept["seal"] = preview(first(Cohort, Cohort.id == s.own.cohort), 1, {}).seal
    return str(s.kept["seal"])


def _new_partner(s: Scene) -> Fields:
    made = s.kept.get("partner") or make_organisation("employer", managed_by=s.own.agency).id
    s.kept["partner"] = made
    return {"organisation_id": str(made), "kind": "employer", "since_on": today()}


def _page_of_partner(s: Scene) -> str:
    s.kept.get("partner") or _new_partner(s)
    return f"/lichtingen/{s.own.cohort}/partners/nieuw"


def _period(s: Scene) -> Fields:
    row = first(CalendarPeriod, CalendarPeriod.name == "Studiedag wandeling")
    return {**partner("school")(s), "period_id": row.id}


def _intention(s: Scene) -> Fields:
    return {"intention_id": s.own.intention}


PLANNING = [
    Case(
        "planning.calendar",
        MANAGER,
        query=_step_one,
        page="",
        fields=lambda s: {"slug": "wandeling", "generate": "no"},
    ),
    Case("planning.generate", MANAGER, new_cohort),
    Case("planning.change_state", MANAGER, new_cohort, lambda s: {"state": "cancelled"}),
    Case("planning.phase", MANAGER, _phase, lambda s: {"ends_on": today(900)}, page=""),
    Case(
        "planning.route_version",
        MANAGER,
        cohort,
        lambda s: {"submit": f"overzetten:{_seal(s)}"},
        page="",
        query=lambda s: {"naar": "1"},
    ),
    Case(
        "planning.take_back_version",
        MANAGER,
        cohort,
        lambda s: s.version(Cohort, s.own.cohort),
    ),
    Case("planning.add_partner", MANAGER, cohort, _new_partner, page=_page_of_partner),
    Case("planning.end_partner", MANAGER, partner("employer"), lambda s: {"ended_on": today()}, page=""),
    Case(
        "planning.restore_partner",
        MANAGER,
        partner("employer"),
        lambda s: s.version(Partner, partner("employer")(s)["partner_id"]),
    ),
    Case(
        "planning.partner_calendar",
        MANAGER,
        partner("school"),
        lambda s: {
            "kind": "closed",
            "name": "Studiedag wandeling",
            "starts_on": today(30),
            "ends_on": today(30),
        },
        page="",
    ),
    Case("planning.remove_calendar_period", MANAGER, _period),
    Case(
        "planning.new_session",
        MANAGER,
        cohort,
        lambda s: {
            "title": "Extra",
            "on": today(3),
            "starts": "09:00",
            "ends": "12:00",
            "location": "Lokaal 3",
        },
        page="",
    ),
    Case(
        "intentions.new",
        MANAGER,
        cohort,
        lambda s: {"employer_id": str(s.own.employer), "function": "Helpende", "positions": "2"},
        page="",
    ),
    Case(
        "intentions.change",
        MANAGER,
        _intention,
        lambda s: {"positions": "4", "contact_name": "R. de Wit"},
        page="",
    ),
    Case(
        "intentions.answer",
        COACH,
        _intention,
        lambda s: {"answer": "yes", "answered_by": "R. de Wit", "remark": "belt terug"},
        page="",
    ),
    Case("intentions.undo_answer", COACH, _intention, version_of(JobIntention, _intention)),
]
