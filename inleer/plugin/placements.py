"""How a plugin's page plans placements: through the core's own actions, with their checks, audit and way back."""

from __future__ import annotations

from uuid import UUID

from flask import g

from inleer.cohorts.models import Enrolment
from inleer.errors import NotVisible
from inleer.placements import actions
from inleer.placements.actions import Plan
from inleer.placements.models import Placement
from inleer.policy import Actor, Perm, load


def place(actor: Actor, enrolment_id: UUID, plan: Plan, agreed: bool = False) -> Placement:
    """Propose a placement for somebody; with ``agreed`` it is agreed at once. It is flushed, and has its id.

    Raises NotVisible or Forbidden when the actor may not plan for this enrolment (``placement:plan``) or it is not of
    the page's cohort; DomainError, with the plan's field, for an impossible plan or days that are taken.
    """
    enrolment = load(actor, Perm.PLACEMENT_PLAN, Enrolment, enrolment_id)
    _of_page(enrolment.cohort_id)
    return actions.propose(actor, enrolment, plan, agreed)


def change_placement(actor: Actor, placement_id: UUID, plan: Plan, version: int) -> Placement:
    """Give a placement another plan; nothing happens when it is the same. Raises as :func:`place`, and StaleEdit."""
    placement = _load(actor, placement_id)
    actions.change(actor, placement, plan, version)
    return placement


def undo_placement(actor: Actor, placement_id: UUID, version: int) -> bool:
    """Take back the last step of a placement; False when that was its proposal and it is gone. Raises as above."""
    return actions.undo(actor, _load(actor, placement_id), version)


def _load(actor: Actor, placement_id: UUID) -> Placement:
    placement = load(actor, Perm.PLACEMENT_PLAN, Placement, placement_id)
    _of_page(placement.cohort_id)
    return placement


def _of_page(cohort_id: UUID) -> None:
    """Refuse what is not of the cohort of a plugin's page; a command or demo has no page."""
    cohort = g.get("inleer_plugin_cohort")
    if cohort is not None and cohort.id != cohort_id:
        raise NotVisible
