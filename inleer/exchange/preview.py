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
from inleer.exchange.kinds import KINDS, kind_named
from inleer.exchange.models import ImportRun
from inleer.exchange.plan_common import Options
from inleer.exchange.presenting import kept, without_sentences
from inleer.exchange.queries import (
    actor_of_membership,
    previews_before,
    run_by_id,
    with_sentences_before,
)
from inleer.exchange.senders import with_mapping
from inleer.exchange.waiting import (
    PLAN_JOB,
    chosen,
    forget_rows,
    have_planned,
    hold_run,
    is_large,
    look_again,
    marks_waiting,
    plan_now,
    rows_in,
)
from inleer.i18n import _
from inleer.jobs import daily, outbox
from inleer.jobs.outbox import Message
from inleer.policy import Actor, Perm, load, system_actor

SAVE_JOB = "import.save"
#: More rows than this are saved by the worker, with progress on the page: somebody can leave.
INLINE_ROWS = 300
#: A file that nobody decides about does not lie here for ever.
KEEP = timedelta(days=7)


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
    found = with_mapping(cohort, kind, options)
    run.content, run.sender_id, run.mapping = data, found.sender_id, dict(found.mapping or {})
    run.counts = {"coach_id": str(options.coach_id)} if options.coach_id else {}
    if is_large(run):
        have_planned(run)
    else:
        look_again(cohort, run)
    db.session.add(run)
    audit.record(
        actor,
        "import.previewed",
        run,
        details={"cohort": str(cohort.id), "kind": kind.key, "sha256": run.sha256},
    )
    return run


def confirm(actor: Actor, run: ImportRun, skip_invalid: bool, seen: int | None = None) -> None:
    """Save what the preview showed; many rows are handed to the worker.

    ``seen``: the version of the file that was shown (None: the present one). When it would do something else by now,
    nothing is saved and the preview shows that, with a message. Raises DomainError (field "skip_invalid") when rows
    are wrong and they are not skipped; or when it was decided before, was changed since, or was not checked whole.
    """
    cohort = _held(actor, run)
    if seen is not None and seen != run.version:
        raise DomainError(
            _(
                "Dit bestand is intussen door iemand veranderd. Bekijk wat er nu zou gebeuren, en sla het dan op."
            )
        )
    if run.counts.get("recheck"):
        raise DomainError(_("Er zijn rijen veranderd. Laat eerst het hele bestand opnieuw nakijken."))
    if not is_large(run) and rows_in(run) <= INLINE_ROWS:
        _save(actor, cohort, run, skip_invalid)
        return
    _refuse_wrong_rows(run.counts["readable"], run.counts["problem_count"], skip_invalid)
    run.counts = {**run.counts, **marks_waiting("save", run)}
    audit.record(actor, "import.confirmed", run, details={"skip_invalid": skip_invalid})
    payload = {"run_id": str(run.id), "membership_id": str(actor.membership_id), "skip_invalid": skip_invalid}
    outbox.enqueue(SAVE_JOB, payload)


def check_again(actor: Actor, run: ImportRun) -> None:
    """Have a large file checked as a whole, after rows of it were mended. Raises DomainError when it is decided."""
    hold_run(actor, run)
    audit.record(actor, "import.checked_again", run, details={"kind": run.kind})
    have_planned(run)


def cancel(actor: Actor, run: ImportRun) -> None:
    """Take the file away: nothing of it stays. Raises DomainError when it is saved, or being saved."""
    _held(actor, run)
    audit.record(actor, "import.cancelled", run, details={"kind": run.kind})
    forget_rows(actor, run)
    db.session.delete(run)


def _not_waiting(counts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in counts.items() if name not in ("waiting", "stage")}


def forget_old(actor: Actor, day: date) -> None:
    """Daily: take away files that nobody decided about for a week, and of decided ones the sentences with values."""
    for run in previews_before(clock.now() - KEEP):
        audit.record(actor, "import.expired", run, details={"kind": run.kind})
        forget_rows(actor, run)
        db.session.delete(run)
    for run in with_sentences_before(clock.now() - KEEP):
        audit.record(actor, "import.sentences_forgotten", run, details={"kind": run.kind})
        run.counts = without_sentences(run.counts)


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
    plan, view = plan_now(cohort, run)
    if view["digest"] != run.counts["digest"]:
        message = _(
            "De gegevens zijn intussen veranderd. Er is nog niets opgeslagen; bekijk wat er nu zou gebeuren."
        )
        run.counts, run.grid = {**view, "message": message}, dict(plan.grid)
        audit.record(actor, "import.previewed", run, details={"cohort": str(cohort.id), "kind": run.kind})
        return
    _refuse_wrong_rows(not is_refused(plan, skip_invalid=True), len(plan.problems), skip_invalid)
    run.by_id, run.by_name = actor.user_id, actor.name
    figures = save(actor, cohort, KINDS[run.kind], plan, run)
    run.counts = kept(view)
    forget_rows(actor, run)
    del plan  # see import_file
    figures_changed.fire(actor, figures)


def _refuse_wrong_rows(readable: bool, problems: int, skip_invalid: bool) -> None:
    if not readable:
        raise DomainError(_("Dit bestand is niet te lezen. Herstel het en lees het opnieuw in."))
    if problems and not skip_invalid:
        raise DomainError(_("Er zijn foute rijen. Zet een vinkje om ze over te slaan."), "skip_invalid")


def plan_in_background(message: Message) -> None:
    """Read a large file and keep what it would do. Reading takes long, so it is done before anything is locked."""
    if not _begin(message, "plan"):
        return
    run = _waiting_run(message, "plan")
    if run is None:
        return
    worker = system_actor("worker")
    cohort = load(worker, Perm.COHORT_IMPORT, Cohort, run.cohort_id)
    plan, view = plan_now(cohort, run)
    db.session.commit()
    with unit_of_work():
        run = _waiting_run(message, "plan")
        if run is not None:
            run.counts, run.grid = {**view, **chosen(run)}, dict(plan.grid)
            actor = replace(worker, organisation_id=cohort.agency_id)
            audit.record(actor, "import.previewed", run, details={"cohort": str(cohort.id), "kind": run.kind})


def save_in_background(message: Message) -> None:
    """Save a large file in the name of who confirmed it; what stands in the way is told on the page."""
    if not _begin(message, "save"):
        return
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
                run.counts = _not_waiting(run.counts)
    except (DomainError, Forbidden, NotVisible) as error:
        told = (
            error.message
            if isinstance(error, DomainError)
            else _("Dit bestand mag niet meer worden ingelezen met deze rol.")
        )
        with unit_of_work():
            run = _waiting_run(message, "save")
            if run is not None:
                run.counts = {**_not_waiting(run.counts), "message": told}
                audit.record(system_actor("worker"), "import.not_saved", run, outcome="refused")


def _begin(message: Message, for_what: str) -> bool:
    """Tell on the page that the worker began; False when there is nothing to do."""
    with unit_of_work():
        run = _waiting_run(message, for_what)
        if run is not None:
            run.counts = {**run.counts, "stage": "work", "since": clock.now().isoformat()}
            audit.record(system_actor("worker"), "import.begun", run, details={"what": for_what})
        return run is not None


def _waiting_run(message: Message, for_what: str) -> ImportRun | None:
    """The run of a message, as long as it waits for this: a message can come twice."""
    run = run_by_id(UUID(message.payload["run_id"]))
    waits = run is not None and run.state == "preview" and run.counts.get("waiting") == for_what
    return run if waits else None
