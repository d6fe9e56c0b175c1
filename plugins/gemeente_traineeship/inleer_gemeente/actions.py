"""Writes about workplaces and trainees. Each checks the permission on the thing itself and leaves an audit event."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final
from uuid import UUID

from inleer.plugin import (
    Actor,
    Cohort,
    DomainError,
    Enrolment,
    Placement,
    Plan,
    StaleEdit,
    _,
    clock,
    days_sum,
    db,
    format_date,
    load,
    new_id,
    partners_of,
    people_changed,
    place,
    record,
)
from inleer_gemeente import lookups, rules
from inleer_gemeente.access import MANAGE, PLAN
from inleer_gemeente.models import Trainee, Workplace
from inleer_gemeente.words import PROFILES

#: The days at a workplace: all but the Thursday of the group.
WORKDAYS: Final = days_sum([0, 1, 2, 4])
MOST_PLACES: Final = 20


@dataclass(frozen=True, slots=True)
class WorkplaceInput:
    """What a user fills in about places for trainees in a directorate; ``supervisor_trained_on`` None: not yet."""

    host_id: UUID
    directorate: str
    function: str
    profile: str
    from_on: date
    until_on: date
    places: int = 1
    supervisor_name: str = ""
    supervisor_trained_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """What a user chooses for a trainee: which workplace in which phase, hours a week, and whether all agreed."""

    workplace_id: UUID
    phase_key: str
    hours: int
    agreed: bool = False


def add_workplace(actor: Actor, cohort_id: UUID, values: WorkplaceInput) -> Workplace:
    """Add a workplace. Raises DomainError for what cannot be, NotVisible and Forbidden."""
    load(actor, MANAGE, Cohort, cohort_id)
    clean = _clean(cohort_id, values)
    made = Workplace(
        id=new_id(), cohort_id=cohort_id, **{f.name: getattr(clean, f.name) for f in fields(clean)}
    )
    db.session.add(made)
    record(actor, "gemeente_workplace.added", made, details={"places": clean.places})
    db.session.flush()
    return made


def change_workplace(actor: Actor, workplace: Workplace, values: WorkplaceInput, version: int) -> list[str]:
    """Change a workplace; returns the names of the changed fields. Raises DomainError, StaleEdit.

    As long as trainees are planned there, it stays what it is and where, with enough places and days for them.
    """
    _allowed(actor, workplace, version)
    clean = _clean(workplace.cohort_id, values)
    stays = lookups.stays_at(workplace.id)
    for name, same in (
        ("host_id", clean.host_id == workplace.host_id),
        ("directorate", rules.same_function(clean.directorate, workplace.directorate)),
        ("function", rules.same_function(clean.function, workplace.function)),
        ("from_on", all(clean.from_on <= stay.from_on for stay in stays)),
        ("until_on", all(stay.from_on <= clean.until_on for stay in stays)),
    ):
        if stays and not same:
            raise DomainError(_("Hier zijn trainees geplaatst. Wijzig eerst hun plaatsing."), name)
    most = rules.taken([(s.from_on, s.until_on) for s in stays], date.min, date.max)
    if clean.places < most:
        raise DomainError(_("Er zijn al %(n)s plaatsen bezet.", n=most), "places")
    names = [f.name for f in fields(clean) if getattr(workplace, f.name) != getattr(clean, f.name)]
    for name in names:
        setattr(workplace, name, getattr(clean, name))
    if names:
        record(actor, "gemeente_workplace.changed", workplace, fields=names)
        db.session.flush()
        people_changed(actor, {stay.enrolment_id for stay in stays})
    return names


def remove_workplace(actor: Actor, workplace: Workplace, version: int) -> None:
    """Take a workplace back; it can be put back. Raises DomainError while trainees are planned there, StaleEdit."""
    _allowed(actor, workplace, version)
    if workplace.removed_at is not None:
        raise DomainError(_("Deze werkplek is al verwijderd."))
    if lookups.stays_at(workplace.id):
        raise DomainError(_("Hier zijn trainees geplaatst. Wijzig eerst hun plaatsing."))
    workplace.removed_at = clock.now()
    record(actor, "gemeente_workplace.removed", workplace)
    db.session.flush()


def restore_workplace(actor: Actor, workplace: Workplace, version: int) -> None:
    """Put a workplace back that was taken back. Raises DomainError, StaleEdit."""
    _allowed(actor, workplace, version)
    if workplace.removed_at is None:
        raise DomainError(_("Deze werkplek is niet verwijderd."))
    workplace.removed_at = None
    record(actor, "gemeente_workplace.restored", workplace)
    db.session.flush()


def set_profile(actor: Actor, enrolment_id: UUID, profile: str) -> Trainee:
    """Record the profile of a trainee; the same one again changes nothing. Raises DomainError."""
    enrolment = load(actor, PLAN, Enrolment, enrolment_id)
    if profile not in PROFILES:
        raise DomainError(_("Kies een profiel."), "profile")
    trainee = lookups.trainee(enrolment_id)
    if trainee is None:
        trainee = Trainee(enrolment_id=enrolment_id, cohort_id=enrolment.cohort_id, profile="")
        db.session.add(trainee)
    if trainee.profile != profile:
        trainee.profile = profile
        record(actor, "gemeente_trainee.profiled", trainee, details={"profile": profile})
        db.session.flush()
    return trainee


def place_trainee(actor: Actor, enrolment_id: UUID, wanted: PlaceInput) -> Placement:
    """Place a trainee at a workplace for a phase, through the core. The core's event then takes the place.

    Raises DomainError when there is no place left, or when it is agreed against a rule that counts; what the core
    refuses; NotVisible and Forbidden.
    """
    enrolment = load(actor, PLAN, Enrolment, enrolment_id)
    workplace = lookups.workplace_in(enrolment.cohort_id, wanted.workplace_id)
    first, last = lookups.phase_days(enrolment.cohort_id, wanted.phase_key)
    first = max(first, enrolment.joined_on or first)
    if not (workplace.from_on <= first and last <= workplace.until_on):
        words = {"from": format_date(workplace.from_on), "until": format_date(workplace.until_on)}
        text = _("Deze werkplek is er van %(from)s tot en met %(until)s, niet de hele periode.", **words)
        raise DomainError(text, "workplace_id")
    stays = [(s.from_on, s.until_on) for s in lookups.stays_at(workplace.id)]
    if rules.taken(stays, first, last) >= workplace.places:
        raise DomainError(_("Op deze werkplek is in die periode geen plaats meer vrij."), "workplace_id")
    if wanted.agreed:
        _check_agreed(enrolment_id, workplace, wanted.phase_key, (first, last))
    return place(actor, enrolment_id, _plan(workplace, wanted, first, last), wanted.agreed)


def _check_agreed(enrolment_id: UUID, workplace: Workplace, phase_key: str, days: tuple[date, date]) -> None:
    """Refuse to agree what a rule of the programme keeps from being agreed. Raises DomainError."""
    asked = rules.Period(
        phase_key,
        workplace.function,
        workplace.directorate,
        workplace.supervisor_name,
        workplace.supervisor_trained_on,
        *days,
    )
    problems = rules.problems_of(asked, lookups.periods_of(enrolment_id))
    if problems:
        text = _("Dit kan nog niet worden afgesproken. %(why)s", why=problems[0].text)
        raise DomainError(text, "workplace_id")


def _plan(workplace: Workplace, wanted: PlaceInput, first: date, last: date) -> Plan:
    return Plan(
        kind="rotation",
        host_id=workplace.host_id,
        function=workplace.function,
        from_on=first,
        until_on=last,
        weekdays=WORKDAYS,
        hours=wanted.hours,
        phase_key=wanted.phase_key,
        department=workplace.directorate,
        supervisor_name=workplace.supervisor_name or None,
    )


def _clean(cohort_id: UUID, values: WorkplaceInput) -> WorkplaceInput:
    clean = replace(
        values,
        directorate=rules.check_text(values.directorate, "directorate"),
        function=rules.check_text(values.function, "function"),
        supervisor_name=rules.check_text(values.supervisor_name, "supervisor_name"),
    )
    if not clean.directorate:
        raise DomainError(_("Vul een directie in."), "directorate")
    if not clean.function:
        raise DomainError(_("Vul een functie in."), "function")
    if values.profile not in PROFILES:
        raise DomainError(_("Kies een profiel."), "profile")
    if values.until_on < values.from_on:
        raise DomainError(_("De laatste dag ligt voor de eerste dag."), "until_on")
    if not 1 <= values.places <= MOST_PLACES:
        raise DomainError(_("Vul een getal in van 1 tot en met %(n)s.", n=MOST_PLACES), "places")
    if values.host_id not in {row.organisation_id for row in partners_of(cohort_id)}:
        raise DomainError(_("Kies een organisatie die aan deze lichting meedoet."), "host_id")
    return clean


def _allowed(actor: Actor, workplace: Workplace, version: int) -> None:
    load(actor, MANAGE, Workplace, workplace.id)
    if version != workplace.version:
        raise StaleEdit(workplace, version)
