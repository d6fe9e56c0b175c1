"""The phases of a cohort: who completed one, and completing it for several people at once, after a preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from inleer import audit, clock
from inleer.cohorts.completion import Verdicts, complete, rehearse, take_back, verdicts_of
from inleer.cohorts.completion_rules import VERDICT_WORDS, is_fulfilled, likely_day, sentences
from inleer.cohorts.forms_completion import PhaseGroupForm, TakeBackBatchForm
from inleer.cohorts.models import Cohort, CohortPhase
from inleer.cohorts.queries import phases_of
from inleer.cohorts.queries_completion import (
    PhasePerson,
    batch_of,
    counts_per_phase,
    has_rules,
    others_in_cohort,
    people_of_phase,
    phase_of,
)
from inleer.cohorts.rules import STATE_WORDS
from inleer.errors import DomainError, NotVisible
from inleer.forms import tell
from inleer.i18n import _, ngettext
from inleer.policy import Actor, Perm, may_ever
from inleer.policy.guard import guarded, parse_id, require_actor
from inleer.web.cohort_list import blueprint

#: What the buttons of the form ask for; anything else is a preview.
SAVE, BACK = "afronden", "terug"


@blueprint.get("/<uuid:cohort_id>/afronden")
@guarded(Perm.PHASE_GROUP, on=Cohort)
def phases(cohort: Cohort) -> Any:
    """The page of the oldest phase that has ended and that nobody completed; else of the one that runs now."""
    laid, today = phases_of(cohort.id), clock.today()
    if not laid:
        raise NotVisible
    done = counts_per_phase(require_actor(), cohort.id)
    ended = [p for p in laid if p.ends_on is not None and p.ends_on < today and not done.get(p.key)]
    begun = [p for p in laid if p.starts_on <= today]
    chosen = ended[0] if ended else (begun or laid[:1])[-1]
    return redirect(url_for("cohorts.phase", cohort_id=cohort.id, phase_id=chosen.id))


@blueprint.route("/<uuid:cohort_id>/afronden/<uuid:phase_id>", methods=["GET", "POST"])
@guarded(Perm.PHASE_GROUP, on=Cohort)
def phase(cohort: Cohort, phase_id: UUID) -> Any:
    """Choose people, see what will happen, save."""
    actor, here = require_actor(), phase_of(cohort.id, phase_id)
    people = people_of_phase(actor, cohort.id, here.key)
    proposed = likely_day(clock.today(), here.ends_on, has_rules(cohort.id, here.key))
    form = PhaseGroupForm(data={"on": proposed})
    if request.method == "GET":
        return _choosing(actor, cohort, here, people, form)
    wanted = request.form.get("submit", "")
    if not form.validate_on_submit() or wanted == BACK:
        return _choosing(actor, cohort, here, people, form)
    try:
        said = rehearse(actor, here, _chosen(form, people), form.on.data or clock.today())
    except DomainError as error:
        form.refuse(error)
        return _choosing(actor, cohort, here, people, form)
    if wanted == SAVE:
        try:
            return _save(actor, here, said, form)
        except DomainError as error:
            form.refuse(error)
    return _preview(actor, cohort, here, people, form, said)


def _chosen(form: PhaseGroupForm, people: list[PhasePerson]) -> list[UUID]:
    """Who was chosen. Raises NotVisible for somebody whom the page never offered."""
    chosen = [parse_id(raw) for raw in form.people.data or []]
    if not set(chosen) <= {p.enrolment_id for p in people}:
        raise NotVisible
    return chosen


def _save(actor: Actor, here: CohortPhase, said: Verdicts, form: PhaseGroupForm) -> Any:
    rows = complete(actor, here, list(said), form.on.data or clock.today(), form.reason.data or "")
    text = ngettext(
        "%(n)s deelnemer heeft de fase “%(phase)s” afgerond.",
        "%(n)s deelnemers hebben de fase “%(phase)s” afgerond.",
        len(rows),
        phase=here.name,
    )
    way_back = url_for("cohorts.take_back_phases", cohort_id=here.cohort_id, phase_id=here.id)
    tell(text, way_back, batch=rows[0].batch_id)
    return redirect(url_for("cohorts.phase", cohort_id=here.cohort_id, phase_id=here.id), 303)


def _choosing(
    actor: Actor, cohort: Cohort, here: CohortPhase, people: list[PhasePerson], form: PhaseGroupForm
) -> Any:
    """The page with everybody: who can be chosen, with what the rules say, and who completed the phase."""
    waiting = [p for p in people if p.done is None]
    begun = here.starts_on <= clock.today()
    ids = [p.enrolment_id for p in waiting] if begun else []
    said = verdicts_of(cohort.id, here.key, ids, clock.today())
    form.people.choices = [(str(p.enrolment_id), _label(p)) for p in waiting]
    if request.method == "GET":
        form.people.data = [str(one) for one, verdicts in said.items() if verdicts and is_fulfilled(verdicts)]
    return _page(
        "phases",
        actor,
        cohort,
        here,
        people,
        form,
        begun=begun,
        waiting=waiting,
        done=[p for p in people if p.done is not None],
        explained={str(one): sentences(verdicts) for one, verdicts in said.items()},
        has_rules=any(said.values()),
        binding=sorted({f"“{v.name}”" for verdicts in said.values() for v in verdicts if v.binding}),
        fulfilled=sum(1 for v in said.values() if v and is_fulfilled(v)),
        others=others_in_cohort(actor, cohort.id),
        counts=counts_per_phase(actor, cohort.id),
        laid=[p for p in phases_of(cohort.id) if p.starts_on <= clock.today() or p.id == here.id],
        sees_dossiers=may_ever(actor, Perm.CANDIDATE_VIEW),
    )


def _label(person: PhasePerson) -> str:
    word = "" if person.state == "active" else f" ({_(STATE_WORDS[person.state])})"
    return f"{person.name}{word}"


def _preview(
    actor: Actor,
    cohort: Cohort,
    here: CohortPhase,
    people: list[PhasePerson],
    form: PhaseGroupForm,
    said: Mapping[UUID, Any],
) -> Any:
    """What will be recorded, before it is."""
    names = {p.enrolment_id: p.name for p in people}
    return _page(
        "phases_preview",
        actor,
        cohort,
        here,
        [p for p in people if p.enrolment_id in said],
        form,
        carried=[(names[one], v) for one, v in said.items() if is_fulfilled(v)],
        uncarried=[(names[one], v) for one, v in said.items() if not is_fulfilled(v)],
    )


def _page(
    template: str,
    actor: Actor,
    cohort: Cohort,
    here: CohortPhase,
    people: list[PhasePerson],
    form: PhaseGroupForm,
    **known: Any,
) -> Any:
    audit.shown(actor, "candidate", [p.candidate_id for p in people])
    page = render_template(
        f"cohorts/{template}.html", cohort=cohort, phase=here, form=form, verdict_words=VERDICT_WORDS, **known
    )
    return page, form.status


@blueprint.post("/<uuid:cohort_id>/afronden/<uuid:phase_id>/ongedaan")
@guarded(Perm.PHASE_GROUP, on=Cohort)
def take_back_phases(cohort: Cohort, phase_id: UUID) -> Any:
    """Take back what was recorded in one go, as far as it still stands."""
    actor, form = require_actor(), TakeBackBatchForm()
    rows = batch_of(actor, cohort.id, parse_id(form.batch.data))
    if not rows:
        raise DomainError(_("Er is niets om terug te draaien: dit is al ongedaan gemaakt."))
    take_back(actor, rows)
    tell(
        ngettext(
            "De fase staat weer open voor %(n)s deelnemer.",
            "De fase staat weer open voor %(n)s deelnemers.",
            len(rows),
        )
    )
    return redirect(url_for("cohorts.phase", cohort_id=cohort.id, phase_id=phase_id), 303)
