"""People and their roles: list, details, invite, end a role, switch a login off, end sessions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, request, url_for

from inleer.accounts import people, queries
from inleer.accounts.forms import EmptyForm, typed
from inleer.accounts.models import Membership
from inleer.accounts.queries import STATES, PeopleFilter
from inleer.accounts.signing_in import email_of
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.jobs import bounces
from inleer.policy import ROLE_LABELS, Actor, Perm, Role
from inleer.policy.guard import guarded, parse_id, require_actor
from inleer.web.admin.base import (
    asked_choice,
    asked_id,
    asked_page,
    asked_text,
    blueprint,
    go,
    is_descending,
    show,
)
from inleer.web.admin.forms import InviteForm, choices

PATH = "/mensen/<uuid:membership_id>"
STATE_LABELS = {
    "active": "actief",
    "invited": "uitgenodigd",
    "off": "account uitgezet",
    "ended": "beëindigd",
}


@blueprint.get("/mensen", endpoint="people")
@guarded(Perm.USER_MANAGE)
def index() -> Response:
    """All roles of people in the organisations that the administrator manages."""
    asked = PeopleFilter(
        text=asked_text("q"),
        role=asked_choice("role", [r.value for r in people.INVITABLE]),
        organisation=asked_id("organisation"),
        state=asked_choice("state", STATES),
        sort=asked_choice("sort", ("name", "role", "organisation", "seen")) or "name",
        descending=is_descending(),
        page=asked_page(),
    )
    actor = require_actor()
    return show(
        "admin/people.html",
        page=queries.people(actor, asked),
        asked=asked,
        organisations=[(id_, name) for id_, name, _kind in queries.manageable_organisations(actor)],
        roles=[(r.value, ROLE_LABELS[r]) for r in people.INVITABLE],
        states=STATE_LABELS,
    )


@blueprint.route("/mensen/uitnodigen", methods=["GET", "POST"], endpoint="people_invite")
@guarded(Perm.USER_MANAGE, rate="mail")
def invite() -> Response:
    """Invite somebody; the page shows a link to hand over, once."""
    form = _invite_form(require_actor())
    if form.validate_on_submit():
        try:
            member = people.invite(
                require_actor(),
                name=typed(form.name),
                email=typed(form.email),
                role=Role(form.role.data),
                organisation_id=parse_id(form.organisation.data),
            )
            return show(
                "admin/invited.html",
                member=member,
                email=typed(form.email),
                link=people.invitation_link(member),
            )
        except DomainError as error:
            form.refuse(error)
    return show("admin/invite.html", form)


@blueprint.get(PATH, endpoint="people_show")
@guarded(Perm.USER_MANAGE, on=Membership)
def details(membership: Membership) -> Response:
    """One role of a person, and what can be done with it."""
    actor = require_actor()
    return show(
        "admin/person.html",
        person=queries.person(actor, membership.id),
        states=STATE_LABELS,
        shut_since=next(iter(bounces.shut([email_of(membership.user_id)]).values()), None),
        open_sessions=queries.open_session_count(actor, membership.id),
        whole_login=membership.invited_as is None and people.manages_login(actor, membership.user_id),
        own=membership.user_id == actor.user_id,
    )


@blueprint.post(f"{PATH}/opnieuw-uitnodigen", endpoint="people_invite_again")
@guarded(Perm.USER_MANAGE, on=Membership, rate="mail")
def invite_again(membership: Membership) -> Response:
    """Send a pending invitation once more; earlier links keep working."""
    people.invite_again(require_actor(), membership)
    flash(_("De uitnodiging wordt opnieuw gestuurd."), "ok")
    return go(_address(membership.id))


@blueprint.post(f"{PATH}/sessies-beeindigen", endpoint="people_end_sessions")
@guarded(Perm.USER_MANAGE, on=Membership)
def end_sessions(membership: Membership) -> Response:
    """Log a person out everywhere where this role is at work."""
    people.end_all_sessions(require_actor(), membership)
    flash(_("De persoon is overal uitgelogd."), "ok")
    return go(_address(membership.id))


@blueprint.post(f"{PATH}/aanzetten", endpoint="people_reactivate")
@guarded(Perm.USER_MANAGE, on=Membership)
def reactivate(membership: Membership) -> Response:
    """Switch a login on again."""
    people.reactivate(require_actor(), membership)
    flash(_("Het account staat weer aan."), "ok")
    return go(_address(membership.id))


@blueprint.route(f"{PATH}/beeindigen", methods=["GET", "POST"], endpoint="people_end")
@guarded(Perm.USER_MANAGE, on=Membership)
def end(membership: Membership) -> Response:
    """End a role, after a question."""
    return _ask(membership, "admin/person_end.html", people.end_membership, _("De rol is beëindigd."))


@blueprint.route(f"{PATH}/uitzetten", methods=["GET", "POST"], endpoint="people_deactivate")
@guarded(Perm.USER_MANAGE, on=Membership)
def deactivate(membership: Membership) -> Response:
    """Switch a login off, after a question."""
    return _ask(membership, "admin/person_off.html", people.deactivate, _("Het account staat uit."))


@blueprint.route(f"{PATH}/tweede-factor", methods=["GET", "POST"], endpoint="people_second_factor")
@guarded(Perm.USER_MANAGE, on=Membership)
def second_factor(membership: Membership) -> Response:
    """Let a person set up the second factor anew, after a question."""
    done = _("De tweede factor is gewist. De persoon stelt hem bij de volgende keer inloggen opnieuw in.")
    return _ask(membership, "admin/person_second_factor.html", people.forget_second_factor, done)


def _ask(
    membership: Membership, template: str, action: Callable[[Actor, Membership], None], done: str
) -> Response:
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            action(require_actor(), membership)
            flash(done, "ok")
            return go(_address(membership.id))
        except DomainError as error:
            form.refuse(error)
    return show(template, form, person=queries.person(require_actor(), membership.id))


def _address(membership_id: UUID) -> str:
    return url_for("admin.people_show", membership_id=membership_id)


def _invite_form(actor: Actor) -> InviteForm:
    places = queries.manageable_organisations(actor)
    form = InviteForm(organisation=request.args.get("organisation", ""))
    form.organisation.choices = choices(*((str(id_), name) for id_, name, _kind in places))
    allowed = people.roles_for([kind for _id, _name, kind in places])
    form.role.choices = choices(*((role.value, ROLE_LABELS[role]) for role in allowed))
    return form


@blueprint.post(f"{PATH}/adres-werkt", endpoint="people_address_works")
@guarded(Perm.USER_MANAGE, on=Membership)
def address_works(membership: Membership) -> Response:
    """Mail goes to this person's address again."""
    bounces.mend(require_actor(), email_of(membership.user_id))
    flash(_("Mail gaat weer naar dit adres. Wat de laatste 14 dagen werd tegengehouden, gaat alsnog."), "ok")
    return go(url_for("admin.people_show", membership_id=membership.id))
