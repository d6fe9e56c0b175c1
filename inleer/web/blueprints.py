"""All pages of the core and of the plugins that are on."""

from __future__ import annotations

from flask import Flask

from inleer.accounts import views as accounts
from inleer.agenda import views as agenda
from inleer.attendance import views as attendance
from inleer.casework import views as casework
from inleer.cohorts import views as planning
from inleer.cohorts import views_calendar, views_versions
from inleer.exchange import views as imports
from inleer.exchange import views_mending
from inleer.extend import Registry
from inleer.intentions import views as intentions
from inleer.intentions import views_answer, views_asking, views_employers, views_own
from inleer.merging import views as merging
from inleer.people import views as people
from inleer.placements import views as placements_views
from inleer.signals import views as signals
from inleer.web import (
    admin,
    board,
    candidate_coach,
    candidate_intake,
    candidate_page,
    candidates,
    cohort_list,
    cohort_phases,
    columns,
    cover,
    enrolments,
    handover,
    mailbox,
    phases,
    placements,
    plugin_pages,
    routes,
    saved_views,
    search,
    stijlgids,
    today,
)

#: Modules that only add views to a blueprint of another module.
PARTS = (
    views_calendar,
    views_versions,
    views_mending,
    board,
    candidate_page,
    candidate_coach,
    candidate_intake,
    phases,
    cohort_phases,
    placements,
)
CORE = (
    accounts.blueprint,
    agenda.blueprint,
    admin.blueprint,
    planning.bp,
    imports.bp,
    attendance.blueprint,
    today.blueprint,
    candidates.blueprint,
    columns.blueprint,
    saved_views.blueprint,
    people.blueprint,
    casework.blueprint,
    signals.blueprint,
    enrolments.blueprint,
    intentions.blueprint,
    views_asking.blueprint,
    views_employers.blueprint,
    views_answer.blueprint,
    views_own.blueprint,
    cover.blueprint,
    handover.blueprint,
    merging.blueprint,
    placements_views.blueprint,
    cohort_list.blueprint,
    routes.blueprint,
    search.blueprint,
    stijlgids.blueprint,
)


def install(app: Flask, registry: Registry) -> None:
    """Register every blueprint: those of the core, then those of the plugins under their own prefix."""
    for blueprint in CORE:
        app.register_blueprint(blueprint)
    if mailbox.is_on(app.config["INLEER"]):
        app.register_blueprint(mailbox.blueprint)
    plugin_pages.install(app, registry)
