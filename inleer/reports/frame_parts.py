"""What surrounds people on a page, read in one statement: phases, partners, sessions, calendars and dated settings.

A page has few statements to spend, and these rows are small and alike. The cohorts were loaded in scope before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast

from inleer import clock
from inleer.accounts.models import Organisation, User
from inleer.attendance.lateness import rule_on
from inleer.calendars.models import CalendarPeriod
from inleer.calendars.rules import monday
from inleer.cohorts.models import Cohort, CohortPhase, Partner, Session, SessionCohort
from inleer.db import UtcDateTime, db
from inleer.leerroutes.models import RouteVersion
from inleer.parameters import Setting
from inleer.policy import unscoped
from inleer.reports.frame import WEEK, WINDOW_REACH, Frame, PartnerRow, PhaseRow, SessionRow

_EMPTY: dict[str, Any] = {
    "cohort_id": sql_cast(null(), Uuid()),
    "id": sql_cast(null(), Uuid()),
    "organisation_id": sql_cast(null(), Uuid()),
    "text": sql_cast(null(), String()),
    "more": sql_cast(null(), String()),
    "state": sql_cast(null(), String()),
    "place": sql_cast(null(), String()),
    "name": sql_cast(null(), String()),
    "first": sql_cast(null(), Date()),
    "last": sql_cast(null(), Date()),
    "starts_at": sql_cast(null(), UtcDateTime()),
    "ends_at": sql_cast(null(), UtcDateTime()),
    "number": sql_cast(null(), Integer()),
}


def _part(what: str, **columns: Any) -> Any:
    filled = {name: columns.get(name, empty).label(name) for name, empty in _EMPTY.items()}
    return select(literal_column(f"'{what}'", String()).label("what"), *filled.values())


_COHORTS = bindparam("cohort_ids", expanding=True, type_=Uuid())
_TODAY = bindparam("today", type_=Date())
#: Somebody said that nobody will record this session; in lists its state is "waived".
_WAIVED = and_(Session.waived_by_name.is_not(None), Session.state.in_(("planned", "open")))


def _phases() -> Any:
    return _part(
        "phase",
        cohort_id=CohortPhase.cohort_id,
        text=CohortPhase.name,
        more=CohortPhase.kind,
        first=CohortPhase.starts_on,
        last=CohortPhase.ends_on,
        number=CohortPhase.position,
    ).where(CohortPhase.cohort_id.in_(_COHORTS))


def _cohorts() -> Any:
    return (
        _part(
            "cohort",
            cohort_id=Cohort.id,
            id=Cohort.agency_id,
            text=RouteVersion.name,
            more=Cohort.region,
            number=RouteVersion.version,
        )
        .join(RouteVersion, RouteVersion.id == Cohort.route_version_id)
        .where(Cohort.id.in_(_COHORTS))
    )


def _partners() -> Any:
    return (
        _part(
            "partner",
            cohort_id=Partner.cohort_id,
            id=Organisation.id,
            text=Organisation.name,
            more=Partner.kind,
            first=Partner.since_on,
            number=sql_cast(rule_on(Organisation.id, _TODAY, Organisation), Integer()),
        )
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(
            Partner.cohort_id.in_(_COHORTS),
            Partner.since_on <= _TODAY,
            or_(Partner.ended_on.is_(None), Partner.ended_on >= _TODAY),
        )
    )


def _calendar() -> Any:
    return (
        _part(
            "calendar",
            cohort_id=Partner.cohort_id,
            more=CalendarPeriod.kind,
            first=CalendarPeriod.starts_on,
            last=CalendarPeriod.ends_on,
        )
        .join(Partner, Partner.organisation_id == CalendarPeriod.organisation_id)
        .where(
            Partner.cohort_id.in_(_COHORTS),
            Partner.kind == "school",
            CalendarPeriod.kind.in_(("vacation", "no_vacation")),
            CalendarPeriod.ends_on >= bindparam("reach", type_=Date()),
        )
    )


def _settings_of() -> Any:
    agencies = select(Cohort.agency_id).where(Cohort.id.in_(_COHORTS)).scalar_subquery()
    return _part(
        "setting",
        id=Setting.organisation_id,
        text=Setting.key,
        more=sql_cast(Setting.value, String()),
        first=Setting.valid_from,
    ).where(Setting.organisation_id.in_(agencies))


def _sessions() -> Any:
    person = func.coalesce(Session.substitute_id, Session.teacher_id)
    return (
        _part(
            "session",
            cohort_id=SessionCohort.cohort_id,
            id=Session.id,
            organisation_id=Session.organisation_id,
            text=Session.title,
            more=Session.kind,
            state=case((_WAIVED, "waived"), else_=Session.state),
            place=Session.location,
            name=User.name,
            first=Session.on,
            starts_at=Session.starts_at,
            ends_at=Session.ends_at,
        )
        .join(SessionCohort, SessionCohort.session_id == Session.id)
        .outerjoin(User, User.id == person)
        .where(
            SessionCohort.cohort_id.in_(_COHORTS),
            or_(
                and_(
                    Session.on >= bindparam("monday", type_=Date()),
                    Session.on <= bindparam("sunday", type_=Date()),
                ),
                and_(
                    Session.on < _TODAY,
                    Session.state.in_(("planned", "open")),
                    Session.waived_by_name.is_(None),
                ),
            ),
        )
    )


_SMALL = unscoped(
    union_all(_phases(), _cohorts(), _calendar(), _settings_of()), "around cohorts loaded in scope"
)
_WITH_PARTNERS = unscoped(
    union_all(_phases(), _cohorts(), _calendar(), _settings_of(), _partners()),
    "around cohorts loaded in scope",
)
_FULL = unscoped(
    union_all(_phases(), _cohorts(), _calendar(), _settings_of(), _partners(), _sessions()),
    "around cohorts loaded in scope",
)


def frame_of(cohort_ids: Iterable[UUID], *, partners: bool = False, sessions: bool = False) -> Frame:
    """The frame of cohorts that were loaded in scope, in one statement; none without cohorts.

    ``sessions`` (with partners) are those of this week and past ones that nobody recorded.
    """
    ids = list(dict.fromkeys(cohort_ids))
    if not ids:
        return Frame({}, {}, (), {}, {}, {}, {}, {})
    today = clock.today()
    params: dict[str, Any] = {"cohort_ids": ids, "today": today, "reach": today - WINDOW_REACH}
    statement = _FULL if sessions else _WITH_PARTNERS if partners else _SMALL
    if sessions:
        params |= {"monday": monday(today), "sunday": monday(today) + WEEK - timedelta(days=1)}
    if not (sessions or partners):
        del params["today"]
    return _sorted_out(db.session.execute(statement, params).all())


def _sorted_out(rows: Sequence[Any]) -> Frame:
    phases: dict[UUID, list[Any]] = {}
    partners: dict[UUID, list[PartnerRow]] = {}
    closures: dict[UUID, list[tuple[str, date, date]]] = {}
    dated: dict[UUID, dict[str, dict[date, int]]] = {}
    cohorts: list[Any] = []
    sessions: list[SessionRow] = []
    for row in rows:
        match row.what:
            case "phase":
                phases.setdefault(row.cohort_id, []).append(row)
            case "partner":
                partners.setdefault(row.cohort_id, []).append(
                    PartnerRow(row.cohort_id, row.id, row.text, row.more, row.number == 1)
                )
            case "calendar":
                closures.setdefault(row.cohort_id, []).append((row.more, row.first, row.last))
            case "setting":
                dated.setdefault(row.id, {}).setdefault(row.text, {})[row.first] = int(json.loads(row.more))
            case "cohort":
                cohorts.append(row)
            case _:
                sessions.append(_session(row))
    return Frame(
        phases={
            key: [
                PhaseRow(key, r.text, r.first, r.last, r.more) for r in sorted(found, key=lambda r: r.number)
            ]
            for key, found in phases.items()
        },
        partners=partners,
        sessions=sorted(sessions, key=lambda s: s.starts_at),
        routes={r.cohort_id: (r.text, r.number) for r in cohorts},
        regions={r.cohort_id: r.more for r in cohorts},
        closures={key: tuple(sorted(found)) for key, found in closures.items()},
        agencies={r.cohort_id: r.id for r in cohorts},
        dated=dated,
    )


def _session(row: Any) -> SessionRow:
    return SessionRow(
        cohort_id=row.cohort_id,
        id=row.id,
        title=row.text,
        kind=row.more,
        state=row.state,
        location=row.place,
        teacher=row.name,
        organisation_id=row.organisation_id,
        on=row.first,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
