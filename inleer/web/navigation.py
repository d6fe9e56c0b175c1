"""The main menu: which pages a role is offered, in which order. A page that an installation lacks is not offered."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for

from inleer.i18n import _
from inleer.policy import Actor, Perm, may_ever

_CACHE = "inleer_navigation"


@dataclass(frozen=True)
class Item:
    """A line of the menu. ``perm`` is what the role must have; ``home`` are the blueprints in which it is current.

    Without ``home`` the item is current on its own endpoint and those below it ("admin.people", "admin.people_…").
    """

    label: str
    endpoint: str
    perm: str
    home: tuple[str, ...] = ()


MENU: tuple[Item, ...] = (
    Item("Vandaag", "today.worklist", Perm.CANDIDATE_LIST, ("today", "signals")),
    Item("Lessen", "attendance.lessons", Perm.SESSION_LIST, ("attendance",)),
    Item(
        "Kandidaten",
        "candidates.index",
        Perm.CANDIDATE_LIST,
        ("candidates", "people", "casework", "enrolments", "cover", "handover", "merging"),
    ),
    Item(
        "Lichtingen",
        "cohorts.index",
        Perm.COHORT_LIST,
        ("cohorts", "planning", "imports", "intentions", "placements"),
    ),
    Item("Werkgevers", "employers.index", Perm.EMPLOYER_VIEW, ("employers", "asking")),
    Item("Mijn intenties", "own_intentions.index", Perm.INTENTION_ANSWER, ("own_intentions",)),
    Item("Leerroutes", "routes.index", Perm.ROUTE_VIEW, ("routes",)),
    Item("Organisaties", "admin.organisations", Perm.ORGANISATION_MANAGE),
    Item("Mensen", "admin.people", Perm.USER_MANAGE),
    Item("Instellingen", "admin.settings", Perm.SETTING_MANAGE),
    Item("Plugins", "admin.plugins", Perm.PLUGIN_VIEW),
    Item("Berichten", "admin.messages", Perm.MESSAGE_MANAGE),
    Item("Logboek", "admin.audit", Perm.AUDIT_VIEW),
)


def menu(actor: Actor) -> list[tuple[str, str, bool]]:
    """The menu of an actor as (label, address, whether this is the page)."""
    return [(_(item.label), url, _is_current(item)) for item, url in _lines(actor)]


def _lines(actor: Actor) -> list[tuple[Item, str]]:
    """Building addresses costs more than the rest of the header, and they are the same for all of a role."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    cache = app.extensions.setdefault(_CACHE, {})
    key = (actor.role, request.script_root)
    if key not in cache:
        offered = [i for i in MENU if i.endpoint in app.view_functions and may_ever(actor, i.perm)]
        cache[key] = [(item, url_for(item.endpoint)) for item in offered]
    lines: list[tuple[Item, str]] = cache[key]
    return lines


def _is_current(item: Item) -> bool:
    if item.home:
        return request.blueprint in item.home or (item.endpoint == "cohorts.index" and _is_of_cohort())
    endpoint = request.endpoint or ""
    return endpoint == item.endpoint or endpoint.startswith((f"{item.endpoint}_", f"{item.endpoint}."))


def _is_of_cohort() -> bool:
    """Whether this is the page of a plugin, or of another feature without a line in the menu, about one cohort."""
    claimed = {name for item in MENU for name in item.home}
    return request.blueprint not in claimed and "cohort_id" in (request.view_args or {})
