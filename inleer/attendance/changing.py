"""Changes of a lesson: another place or time, a colleague who takes it over, cancelling it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g, url_for

from inleer import clock
from inleer.attendance.correcting import Both
from inleer.attendance.forms import LessonForm
from inleer.attendance.queries_lessons import colleagues
from inleer.attendance.stamps import clean
from inleer.cohorts.models import Session
from inleer.cohorts.sessions import change_session, substitute
from inleer.errors import DomainError, Forbidden, StaleEdit
from inleer.forms import SelectChoice, given
from inleer.i18n import _, format_date, format_time
from inleer.policy import Actor, Perm, Role, may_ever

NOBODY = ""


def form_for(session: Session) -> LessonForm:
    """The form with what is stored now; who can teach comes from the organiser."""
    start, end = clock.local(session.starts_at), clock.local(session.ends_at)
    form = LessonForm(
        data={
            "version": session.version,
            "on": session.on,
            "starts": start.time(),
            "ends": end.time(),
            "location": session.location or "",
            "given_by": str(_giver(session) or NOBODY),
        }
    )
    form.given_by.choices = [SelectChoice(value, label) for value, label in _givers(session).items()]
    return form


def _giver(session: Session) -> UUID | None:
    return session.substitute_id or session.teacher_id


def _givers(session: Session) -> dict[str, str]:
    people = colleagues(session.organisation_id) if session.organisation_id else []
    named = {str(i): name for i, name in people}
    giver = _giver(session)
    if session.teacher_id is None or giver is None:
        named = {NOBODY: _("niemand in het bijzonder"), **named}
    if giver is not None:
        named.setdefault(str(giver), _("iemand die hier niet meer werkt"))
    if session.teacher_id is not None and str(session.teacher_id) in named:
        named[str(session.teacher_id)] += " " + _("(eigen docent)")
    return named


def change(actor: Actor, session: Session, form: LessonForm) -> None:
    """Save place, time and who teaches. Raises DomainError for what cannot be, StaleEdit for an older version."""
    if form.opened_version != session.version:
        raise StaleEdit(session, form.opened_version)
    day, starts, ends = given(form.on.data), given(form.starts.data), given(form.ends.data)
    if day.year not in range(2000, 2101):
        raise DomainError(_("Kies een dag tussen 2000 en 2100."), "on")
    if ends <= starts:
        raise DomainError(_("De eindtijd ligt niet na de begintijd."), "ends")
    values = {
        "starts_at": clock.at(day, starts),
        "ends_at": clock.at(day, ends),
        "location": clean(form.location.data or "") or None,
    }
    if (values["starts_at"], values["ends_at"]) != (session.starts_at, session.ends_at):
        _check_movable(session, day > clock.today())
    change_session(actor, session, values)
    _hand_over(actor, session, UUID(form.given_by.data) if form.given_by.data else None)


def _check_movable(session: Session, to_the_future: bool) -> None:
    if session.state == "recorded":
        raise DomainError(
            _("Deze les is klaar. Heropen eerst de lijst; daarna kan de tijd veranderen."), "on"
        )
    if session.state == "cancelled":
        raise DomainError(
            _("Deze les is geannuleerd. Herstel eerst de les; daarna kan de tijd veranderen."), "on"
        )
    if session.state != "planned" and to_the_future:
        raise DomainError(_("Er is al aanwezigheid ingevuld: de les kan niet naar een latere dag."), "on")


def _hand_over(actor: Actor, session: Session, giver: UUID | None) -> None:
    if giver == _giver(session):
        return
    substitute(actor, session, None if giver == session.teacher_id else giver)


def take_over(actor: Actor, session: Session, version: int) -> None:
    """A teacher takes a colleague's lesson. Raises Forbidden for who does not teach there, DomainError, StaleEdit."""
    if actor.role is not Role.TEACHER or session.organisation_id != actor.organisation_id:
        raise Forbidden("only a teacher of the organiser takes a lesson over")
    _check_goes_on(session)
    substitute(actor, session, None if session.teacher_id == actor.user_id else actor.user_id, version)


def give_back(actor: Actor, session: Session, version: int) -> None:
    """The lesson is the own teacher's again. Raises DomainError, StaleEdit."""
    _check_goes_on(session)
    substitute(actor, session, None, version)


def _check_goes_on(session: Session) -> None:
    if session.state not in ("planned", "open"):
        raise DomainError(_("Deze les is al klaar of geannuleerd."))


def lessons_url(session: Session) -> str:
    """The page of the day of a lesson."""
    return url_for("attendance.lessons", dag=session.on.isoformat())


def page(actor: Actor, session: Session, form: LessonForm) -> dict[str, Any]:
    """What the page for changing a lesson shows."""
    records = may_ever(actor, Perm.ATTENDANCE_RECORD)
    back = url_for("attendance.register", session_id=session.id) if records else lessons_url(session)
    return {
        "session": session,
        "form": form,
        "cancel_url": back,
        "cancellable": session.state in ("planned", "open"),
        "reinstatable": session.state == "cancelled",
    }


def stale_page(session: Session) -> dict[str, Any]:
    """What to say to who pressed a button on an old page: nothing was changed, look again."""
    return {"message": None, "reference": g.get("trace_id", ""), "cancel_url": lessons_url(session)}


def conflict_page(session: Session, form: LessonForm) -> dict[str, Any]:
    """Both versions, where somebody else changed the lesson meanwhile."""
    start, end = clock.local(session.starts_at), clock.local(session.ends_at)
    names: Mapping[str, str] = _givers(session)
    return {
        "message": None,
        "reference": g.get("trace_id", ""),
        "fields": [
            Both("on", _("Dag"), format_date(session.on), format_date(form.on.data)),
            Both("starts", _("Van"), format_time(start), format_time(form.starts.data)),
            Both("ends", _("Tot"), format_time(end), format_time(form.ends.data)),
            Both("location", _("Plaats"), session.location or "", form.location.data or ""),
            Both(
                "given_by",
                _("Wie geeft de les"),
                names.get(str(_giver(session) or NOBODY), ""),
                names.get(form.given_by.data or NOBODY, ""),
            ),
        ],
        "version": session.version,
        "cancel_url": url_for("attendance.change", session_id=session.id),
    }
