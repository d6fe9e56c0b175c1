"""Pages on which a file that waits is mended: what its columns are, and its rows one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from inleer.errors import DomainError, StaleEdit
from inleer.exchange import mending, pages_columns
from inleer.exchange.forms import RowInput, row_input
from inleer.exchange.mapping import forget as forget_mapping
from inleer.exchange.mapping import say_columns
from inleer.exchange.models import ImportMapping, ImportRun
from inleer.exchange.pages_rows import SHOWS, Tried, rows_page
from inleer.exchange.views import bp
from inleer.forms import posted_form, tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor


@bp.route("/inlezingen/<uuid:import_run_id>/kolommen", methods=["GET", "POST"])
@guarded(Perm.COHORT_IMPORT, on=ImportRun, reads=True)
def columns(import_run: ImportRun) -> Any:
    """What each column of the file is taken for; unknown ones are pointed out by hand, and that is remembered."""
    actor = require_actor()
    form = pages_columns.form_of(import_run)
    if form.done(lambda: say_columns(actor, import_run, pages_columns.chosen(form))):
        tell(_("De kolommen zijn aangewezen. Hieronder staat wat er zou veranderen."))
        return redirect(url_for("imports.show", import_run_id=import_run.id), 303)
    page = pages_columns.columns_page(actor, import_run, form)
    return render_template("imports/columns.html", **page), form.status


@bp.get("/inlezingen/<uuid:import_run_id>/rijen")
@guarded(Perm.COHORT_IMPORT, on=ImportRun, reads=True)
def rows(import_run: ImportRun) -> str:
    """The rows of the file, those with a problem first."""
    return render_template("imports/rows.html", **rows_page(require_actor(), import_run, request.args))


@bp.post("/inlezingen/<uuid:import_run_id>/rijen")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def mend(import_run: ImportRun) -> Any:
    """Save one row as it was mended, and check it again."""
    actor = require_actor()

    def save(sent: RowInput) -> str:
        mending.mend_row(actor, import_run, sent.row, sent.version, sent.texts)
        bad = any(entry[0] == sent.row for entry in import_run.counts.get("problems", ()))
        if bad:
            return _("Rij %(n)s is bewaard, maar er klopt nog iets niet.", n=sent.row)
        return _("Rij %(n)s is hersteld.", n=sent.row)

    return _changed(import_run, save)


@bp.post("/inlezingen/<uuid:import_run_id>/rijen/weglaten")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def leave_out(import_run: ImportRun) -> Any:
    """Leave one row out of the import."""
    actor = require_actor()

    def save(sent: RowInput) -> str:
        mending.leave_out(actor, import_run, sent.row, sent.version)
        return _("Rij %(n)s wordt niet ingelezen. Bij “Weggelaten” neemt u haar weer mee.", n=sent.row)

    return _changed(import_run, save)


@bp.post("/inlezingen/<uuid:import_run_id>/rijen/meenemen")
@guarded(Perm.COHORT_IMPORT, on=ImportRun)
def take_in(import_run: ImportRun) -> Any:
    """Take a row that was left out back in."""
    actor = require_actor()

    def save(sent: RowInput) -> str:
        mending.leave_out(actor, import_run, sent.row, sent.version, out=False)
        return _("Rij %(n)s doet weer mee.", n=sent.row)

    return _changed(import_run, save)


@bp.post("/kolomindelingen/<uuid:import_mapping_id>/vergeten")
@guarded(Perm.COHORT_IMPORT, on=ImportMapping)
def forget(import_mapping: ImportMapping) -> AnyResponse:
    """Forget what was said of the headers of one sender."""
    forget_mapping(require_actor(), import_mapping)
    tell(_("De kolommen van deze afzender zijn vergeten. Bij een volgend bestand wijst u ze opnieuw aan."))
    return redirect(_back(), 303)


def _back() -> str:
    """The imports of the edition from which somebody came, as far as the address says; else the list of editions."""
    cohort_id = request.args.get("lichting", type=pages_columns.as_id)
    return url_for("imports.index", cohort_id=cohort_id) if cohort_id else url_for("cohorts.index")


def _changed(run: ImportRun, save: Callable[[RowInput], str]) -> Any:
    """Carry out a change of one row; what was typed stays when it is refused."""
    sent = row_input(posted_form())
    try:
        message = save(sent)
    except StaleEdit:
        return _refused(run, Tried(sent, stale=True)), 409
    except DomainError as error:
        return _refused(run, Tried(sent, refused=error.message)), 422
    tell(message)
    show = request.args.get("toon", "")
    here = url_for(
        "imports.rows",
        import_run_id=run.id,
        toon=show if show in SHOWS else None,
        page=request.args.get("page", type=int),
        _anchor="rijen",
    )
    return redirect(here, 303)


def _refused(run: ImportRun, tried: Tried) -> str:
    return render_template("imports/rows.html", **rows_page(require_actor(), run, request.args, tried))
