"""Lessons of a day and of a week."""

from __future__ import annotations

from flask import render_template, request

from inleer.attendance import pages
from inleer.attendance.presenters_lessons import read_day, read_week
from inleer.attendance.views.base import blueprint
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor


@blueprint.get("")
@guarded(Perm.SESSION_LIST)
def lessons() -> str:
    """Lessons of today, of ``?dag=`` or of ``?week=``; ``?wie=alle`` shows a week of everybody."""
    actor = require_actor()
    if "week" in request.args:
        monday = read_week(request.args["week"])
        page = pages.week_page(actor, monday, request.args.get("wie") == "alle")
        return render_template("attendance/week.html", **page)
    return render_template(
        "attendance/lessons.html", **pages.day_page(actor, read_day(request.args.get("dag")))
    )
