"""Partners of an edition and what hangs on them for the planning pages: their calendars, and choices for the forms."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from inleer.accounts.models import Organisation
from inleer.calendars.models import CalendarPeriod
from inleer.cohorts import forms
from inleer.cohorts.models import Cohort, Enrolment, Partner
from inleer.cohorts.queries import institutions_named, organisations_to_choose, partners_of
from inleer.db import db
from inleer.errors import DomainError, Forbidden, NotVisible
from inleer.events import figures_changed
from inleer.forms import SelectChoice
from inleer.i18n import _
from inleer.policy import Actor, Perm, load, unscoped

CHOOSABLE = ("school", "leerhome", "employer", "partner", "work_agency")


def chosen_partner(listed: str | None, named: str) -> UUID:
    """The organisation that was chosen from the list, or else named in full. Raises DomainError."""
    chosen = forms.chosen_id(listed)
    if chosen is not None and named.strip():
        raise DomainError(_("Kies een organisatie uit de lijst, of vul een naam in; niet allebei."), "named")
    if chosen is not None:
        return chosen
    if not named.strip():
        raise DomainError(_("Kies een organisatie."), "organisation_id")
    found = institutions_named(named.strip())
    if not found:
        raise DomainError(
            _(
                "Er is geen school of leerhome met precies deze naam. Vraag de functioneel beheerder naar de naam."
            ),
            "named",
        )
    if len(found) > 1:
        raise DomainError(_("Er zijn er meer met deze naam. Vul de korte naam in."), "named")
    return found[0]


def partner_in(cohort: Cohort, partner_id: UUID) -> Partner:
    """A partner of this cohort. Raises NotVisible for any other id."""
    statement = select(Partner).where(Partner.id == partner_id, Partner.cohort_id == cohort.id)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotVisible
    return found


def institution_of(actor: Actor, cohort: Cohort, partner_id: UUID) -> Organisation:
    """The organisation of a partner of which the actor's agency keeps the calendar.

    Raises NotVisible for another cohort's partner, Forbidden when the organisation keeps its own.
    """
    partner = partner_in(cohort, partner_id)
    organisation = load(actor, Perm.ORGANISATION_LIST, Organisation, partner.organisation_id)
    if actor.organisation_id not in (organisation.id, organisation.managed_by_id):
        raise Forbidden("the calendar of an organisation that keeps its own")
    return organisation


def period_in(organisation_id: UUID, period_id: UUID) -> CalendarPeriod:
    """A period in this organisation's calendar. Raises NotVisible for any other id."""
    statement = select(CalendarPeriod).where(
        CalendarPeriod.id == period_id, CalendarPeriod.organisation_id == organisation_id
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotVisible
    return found


def calendar_changed(actor: Actor, organisation_id: UUID) -> None:
    """The calendar of a school changed: the figures of everybody who learns there are made again."""
    db.session.flush()
    learners = (
        select(Enrolment.id)
        .join(Partner, Partner.cohort_id == Enrolment.cohort_id)
        .where(Partner.organisation_id == organisation_id, Partner.kind == "school")
    )
    figures_changed.fire(actor, db.session.execute(unscoped(learners, "figures after a calendar")).scalars())


def partner_choices(actor: Actor) -> list[SelectChoice]:
    """Organisations that can become a partner."""
    return forms.organisation_choices(organisations_to_choose(actor, CHOOSABLE), _("Kies een organisatie"))


def host_choices(cohort: Cohort) -> list[SelectChoice]:
    """Who can organise a session: the running partners."""
    running = [p for p in partners_of(cohort.id) if p.ended_on is None]
    return forms.choices(((str(p.organisation_id), p.name) for p in running), _("nog niet bekend"))
