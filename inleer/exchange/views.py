"""Pages of imports: choose a file, see what it would do, save it or take it away, take a saved one back.

What its columns are and how its rows are mended: ``views_mending``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from inleer.cohorts.models import Cohort
from inleer.exchange import pages, preview
from inleer.exchange.examples import example as example_file
from inleer.exchange.forms import ConfirmForm
from inleer.exchange.mending import seen
from inleer.exchange.models import ImportRun
from inleer.exchange.undo import undo as undo_run
from inleer.exchange.waiting import is_waiting
from inleer.export import sent
from inleer.forms import BaseForm, tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

bp = Blueprint("imports", __name__)
_KIND = "any(kandidaten, rooster, presentie, intenties)"


@bp.get("/lichtingen/<uuid:cohort_id>/inlezen")
@guarded(Perm.COHORT_IMPORT, on=Cohort)
def index(cohort: Cohort) -> str:
    """What was read into an edition, and what can be."""
    return render_template("imports/index.html", **pages.overview(require_actor(), cohort))


@bp.route(f"/lichtingen/<uuid:cohort_id>/inlezen/<{_KIND}:kind>", methods=["GET", "POST"])
@guarded(Perm.COHORT_IMPORT, on=Cohort, rate="upload")
def upload(cohort: Cohort, kind: str) -> Any:
    """Choose a file; nothing is saved yet."""
    chosen = pages.kind_of(kind)
    form = pages.upload_form(cohort, chosen)
    if run := pages.uploaded(require_actor(), cohort, chosen, form):
        # Columns that nobody knows are asked about first; otherwise that step is skipped.
        step = "imports.columns" if seen(run).asks else "imports.show"
        return redirect(url_for(step, import_run_id=run.id), 303)
    return render_template(
        "imports/upload.html", cohort=cohort, kind=chosen, slug=kind, form=form
    ), form.status


@bp.get(f"/lichtingen/<uuid:cohort_id>/inlezen/<{_KIND}:kind>/voorbeeld.<any(csv, xlsx):form>")
@guarded(Perm.COHORT_IMPORT, on=Cohort)
def example(cohort: Cohort, kind: str, form: str) -> Response:
    """An example file that can be filled in."""
    return sent(example_file(pages.kind_of(kind).key, cohort.starts_on, form, f"voorbeeld-{kind}"))


@bp.get("/inlezingen/<uuid:import_run_id>")
@guarded(Perm.IMPORT_VIEW, on=ImportRun, reads=True)
def show(import_run: ImportRun) -> str:
    """A preview with everything that would happen, or what an import did."""
    return render_template("imports/show.html", **pages.run_page(require_actor(), import_run, request.args))


@bp.get("/inlezingen/<uuid:import_run_id>/klaar")
@guarded(Perm.IMPORT_VIEW, on=ImportRun)
def ready(import_run: ImportRun) -> Response:
    """Whether the worker is done with it: the waiting page asks this, and is loaded again when it is."""
    if is_waiting(import_run):
        return Response(status=204)
    return Response(status=200, headers={"HX-Refresh": "true"})


@bp.post("/inlezingen/<uuid:import_run_id>/opslaan")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def confirm(import_run: ImportRun) -> Any:
    """Save it, or the good rows of it when that was ticked."""
    form, actor = ConfirmForm(), require_actor()
    if form.done(lambda: preview.confirm(actor, import_run, form.skip_invalid.data, form.opened_version)):
        return redirect(url_for("imports.show", import_run_id=import_run.id), 303)
    return render_template("imports/show.html", **pages.run_page(actor, import_run, request.args, form)), 422


@bp.post("/inlezingen/<uuid:import_run_id>/nakijken")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def check(import_run: ImportRun) -> AnyResponse:
    """Have a large file checked as a whole, after rows of it were mended."""
    preview.check_again(require_actor(), import_run)
    return redirect(url_for("imports.show", import_run_id=import_run.id), 303)


@bp.post("/inlezingen/<uuid:import_run_id>/weggooien")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def cancel(import_run: ImportRun) -> AnyResponse:
    """Take the file away."""
    ConfirmForm()  # its button stands in that form
    preview.cancel(require_actor(), import_run)
    tell(_("Het bestand is weggegooid. Er is niets opgeslagen."))
    return redirect(url_for("imports.index", cohort_id=import_run.cohort_id), 303)


@bp.route("/inlezingen/<uuid:import_run_id>/terugdraaien", methods=["GET", "POST"])
@guarded(Perm.IMPORT_UNDO, on=ImportRun)
def undo(import_run: ImportRun) -> Any:
    """Take a whole import back; asks with the consequence in words."""
    form, actor = BaseForm(), require_actor()
    if form.done(lambda: undo_run(actor, import_run)):
        tell(_("De inlezing is teruggedraaid."))
        return redirect(url_for("imports.show", import_run_id=import_run.id), 303)
    return render_template(
        "imports/undo.html", **pages.run_page(actor, import_run, {}), undo=form
    ), form.status


@bp.get("/inlezingen/<uuid:import_run_id>/problemen.csv")
@guarded(Perm.IMPORT_VIEW, on=ImportRun, reads=True)
def problems(import_run: ImportRun) -> Response:
    """Every problem of a file, to send back to who made it."""
    return sent(pages.problems_csv(require_actor(), import_run))
