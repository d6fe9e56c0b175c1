"""Imports in the browser: a file waits with what it would do, until somebody saves it or takes it away.

A large file is read and saved by the background worker; the page says that it is being worked on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, ImportProblem, NotVisible
from inleer.events import figures_changed
from inleer.exchange.actions import check_right, hold, is_refused, new_run, save
from inleer.exchange.archive import check_size
from inleer.exchange.kinds import KINDS, kind_named, make_plan
from inleer.exchange.models import ImportRun
from inleer.exchange.plan_common import Options
from inleer.exchange.presenting import kept, view_of
from inleer.exchange.queries import actor_of_membership, previews_before, run_by_id
from inleer.i18n import _
from inleer.jobs import daily, outbox
from inleer.jobs.outbox import Message
from inleer.policy import Actor, Perm, load, system_actor

PLAN_JOB, SAVE_JOB = "import.plan", "import.save"
#: Larger files (some 10,000 lines) take longer than somebody should wait for a page.
INLINE_BYTES = 300 * 1024
#: A file that nobody decides about does not lie here for ever.
KEEP = timedelta(days=7)
#: What stays with a file whatever is found in it.
_CHOSEN = ("coach_id",)


def start(
    actor: Actor, cohort: Cohort, kind_key: str, data: bytes, filename: str, options: Options
) -> ImportRun:
    """Keep a file with what it would do; nothing of it is saved yet.

    Raises DomainError (field "file") for an empty or too large file, Forbidden without the right to import.
    """
    check_right(actor, cohort)
    kind = kind_named(kind_key)
    try:
        check_size(data)
    except ImportProblem as problem:
        raise DomainError(problem.message, "file") from problem
    run = new_run(actor, cohort, kind, data, filename)
    run.content = data
    chosen = {"coach_id": str(options.coach_id)} if options.coach_id else {}
    if len(data) > INLINE_BYTES:
        run.counts = {**chosen, **_waiting("plan", data)}
        outbox.enqueue(PLAN_JOB, {"run_id": str(run.id)})
    else:
        run.counts = {**view_of(make_plan(cohort, kind, data, filename, options)), **chosen}
    db.session.add(run)
    audit.record(
        actor,
        "import.previewed",
        run,
        details={"cohort": str(cohort.id), "kind": kind.key, "sha256": run.sha256},
    )
    return run


def confirm(actor: Actor, run: ImportRun, skip_invalid: bool) -> None:
    """Save what the preview showed; a large file is handed to the worker.

    When it would do something else by now, nothing is saved and the preview shows that, with a message. Raises
    DomainError (field "skip_invalid") when rows are wrong and they are not skipped, or when it was decided before.
    """
    cohort = _held(actor, run)
    if len(run.content or b"") <= INLINE_BYTES:
        _save(actor, cohort, run, skip_invalid)
        return
    _refuse_wrong_rows(run.counts["readable"], run.counts["problem_count"], skip_invalid)
    run.counts = {**run.counts, **_waiting("save", run.content or b"")}
    audit.record(actor, "import.confirmed", run, details={"skip_invalid": skip_invalid})
    payload = {"run_id": str(run.id), "membership_id": str(actor.membership_id), "skip_invalid": skip_invalid}
    outbox.enqueue(SAVE_JOB, payload)


def cancel(actor: Actor, run: ImportRun) -> None:
    """Take the file away: nothing of it stays. Raises DomainError when it is saved, or being saved."""
    _held(actor, run)
    audit.record(actor, "import.cancelled", run, details={"kind": run.kind})
    db.session.delete(run)


def _waiting(for_what: str, data: bytes) -> dict[str, Any]:
    """What the page says of a file that the worker has yet to read or save."""
    return {"waiting": for_what, "since": clock.now().isoformat(), "kilobytes": len(data) // 1024}


def is_waiting(run: ImportRun) -> bool:
    """Whether the worker has yet to read or save it."""
    return run.state == "preview" and "waiting" in run.counts


def forget_old(actor: Actor, day: date) -> None:
    """Daily: take away files that nobody decided about for a week."""
    for run in previews_before(clock.now() - KEEP):
        audit.record(actor, "import.expired", run, details={"kind": run.kind})
        db.session.delete(run)


def register() -> None:
    """Tell the worker what it does for imports; called once by create_app."""
    outbox.register(PLAN_JOB, plan_in_background)
    outbox.register(SAVE_JOB, save_in_background)
    daily.register(forget_old)


def _held(actor: Actor, run: ImportRun, working: bool = False) -> Cohort:
    """The cohort, once nobody else decides about this file. Raises DomainError when somebody did."""
    cohort = load(actor, Perm.COHORT_IMPORT, Cohort, run.cohort_id)
    hold(cohort, KINDS[run.kind])
    db.session.refresh(run, with_for_update=True)
    if run.state != "preview":
        raise DomainError(_("Dit bestand is al opgeslagen."))
    if not working and run.counts.get("waiting") == "save":
        raise DomainError(_("Dit bestand wordt al opgeslagen."))
    return cohort


def _save(actor: Actor, cohort: Cohort, run: ImportRun, skip_invalid: bool) -> None:
    plan = make_plan(cohort, KINDS[run.kind], run.content or b"", run.filename, options_of(run))
    view, chosen = view_of(plan), _chosen(run)
    if view["digest"] != run.counts["digest"]:
        message = _(
            "De gegevens zijn intussen veranderd. Er is nog niets opgeslagen; bekijk wat er nu zou gebeuren."
        )
        run.counts = {**view, **chosen, "message": message}
        audit.record(actor, "import.previewed", run, details={"cohort": str(cohort.id), "kind": run.kind})
        return
    _refuse_wrong_rows(not is_refused(plan, skip_invalid=True), len(plan.problems), skip_invalid)
    run.by_id, run.by_name = actor.user_id, actor.name
    figures = save(actor, cohort, KINDS[run.kind], plan, run)
    run.counts = kept(view)
    del plan  # see import_file
    figures_changed.fire(actor, figures)


def _chosen(run: ImportRun) -> dict[str, Any]:
    return {name: run.counts[name] for name in _CHOSEN if name in run.counts}


def options_of(run: ImportRun) -> Options:
    """What was chosen beside a file that waits."""
    coach_id = run.counts.get("coach_id")
    return Options(UUID(coach_id) if coach_id else None)


def _refuse_wrong_rows(readable: bool, problems: int, skip_invalid: bool) -> None:
    if not readable:
        raise DomainError(_("Dit bestand is niet te lezen. Herstel het en lees het opnieuw in."))
    if problems and not skip_invalid:
        raise DomainError(_("Er zijn foute rijen. Zet een vinkje om ze over te slaan."), "skip_invalid")


def plan_in_background(message: Message) -> None:
    """Read a large file and keep what it would do. Reading takes long, so it is done before anything is locked."""
    run = _waiting_run(message, "plan")
    if run is None:
        return
    worker = system_actor("worker")
    cohort = load(worker, Perm.COHORT_IMPORT, Cohort, run.cohort_id)
    view = view_of(make_plan(cohort, KINDS[run.kind], run.content or b"", run.filename, options_of(run)))
    db.session.commit()
    with unit_of_work():
        run = _waiting_run(message, "plan")
        if run is not None:
            run.counts = {**view, **_chosen(run)}
            actor = replace(worker, organisation_id=cohort.agency_id)
            audit.record(actor, "import.previewed", run, details={"cohort": str(cohort.id), "kind": run.kind})


def save_in_background(message: Message) -> None:
    """Save a large file in the name of who confirmed it; what stands in the way is told on the page."""
    try:
        with unit_of_work():
            run = _waiting_run(message, "save")
            if run is None:
                return
            actor = actor_of_membership(UUID(message.payload["membership_id"]), message.id.hex)
            if actor is None:
                raise DomainError(_("Wie dit bestand bevestigde, heeft deze rol niet meer."))
            _save(actor, _held(actor, run, working=True), run, bool(message.payload["skip_invalid"]))
            if run.state == "preview":
                run.counts = {name: value for name, value in run.counts.items() if name != "waiting"}
    except (DomainError, Forbidden, NotVisible) as error:
        told = (
            error.message
            if isinstance(error, DomainError)
            else _("Dit bestand mag niet meer worden ingelezen met deze rol.")
        )
        with unit_of_work():
            run = _waiting_run(message, "save")
            if run is not None:
                run.counts = {**{n: v for n, v in run.counts.items() if n != "waiting"}, "message": told}
                audit.record(system_actor("worker"), "import.not_saved", run, outcome="refused")


def _waiting_run(message: Message, for_what: str) -> ImportRun | None:
    """The run of a message, as long as it waits for this: a message can come twice."""
    run = run_by_id(UUID(message.payload["run_id"]))
    waits = run is not None and run.state == "preview" and run.counts.get("waiting") == for_what
    return run if waits else None
