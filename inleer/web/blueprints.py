"""All pages of the core and of the plugins that are on."""

from __future__ import annotations

from flask import Flask

from inleer.accounts import views as accounts
from inleer.attendance import views as attendance
from inleer.casework import views as casework
from inleer.cohorts import views as planning
from inleer.cohorts import views_calendar
from inleer.exchange import views as imports
from inleer.extend import Registry
from inleer.intentions import views as intentions
from inleer.people import views as people
from inleer.signals import views as signals
from inleer.web import (
    admin,
    board,
    candidate_intake,
    candidate_page,
    candidates,
    cohort_list,
    cohort_phases,
    cover,
    enrolments,
    phases,
    plugin_pages,
    routes,
    stijlgids,
    today,
)

#: Modules that only add views to a blueprint of another module.
PARTS = (views_calendar, board, candidate_page, candidate_intake, phases, cohort_phases)
CORE = (
    accounts.blueprint,
    admin.blueprint,
    planning.bp,
    imports.bp,
    attendance.blueprint,
    today.blueprint,
    candidates.blueprint,
    people.blueprint,
    casework.blueprint,
    signals.blueprint,
    enrolments.blueprint,
    intentions.blueprint,
    cover.blueprint,
    cohort_list.blueprint,
    routes.blueprint,
    stijlgids.blueprint,
)


def install(app: Flask, registry: Registry) -> None:
    """Register every blueprint: those of the core, then those of the plugins under their own prefix."""
    for blueprint in CORE:
        app.register_blueprint(blueprint)
    plugin_pages.install(app, registry)
