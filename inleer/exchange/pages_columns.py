"""The step on which somebody says what the columns of a file are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inleer.cohorts.models import Cohort
from inleer.exchange.forms import columns_chosen, columns_form
from inleer.exchange.header_look import Seen
from inleer.exchange.headers import LEFT_OUT
from inleer.exchange.kinds import KINDS
from inleer.exchange.mending import seen
from inleer.exchange.models import ImportRun
from inleer.exchange.queries_waiting import name_of
from inleer.exchange.waiting import is_waiting
from inleer.forms import BaseForm
from inleer.i18n import _
from inleer.policy import Actor, Perm, load


def form_of(run: ImportRun) -> BaseForm:
    """One choice for each column that may be stored."""
    nothing = (LEFT_OUT, _("niet opslaan"))
    choices = [nothing, *((column.key, _(column.label)) for column in KINDS[run.kind].columns)]
    return columns_form([(c.place, c.name, c.key) for c in _choosable(run)], choices)


def chosen(form: BaseForm) -> dict[int, str]:
    """What was chosen, by place."""
    return columns_chosen(form)


def columns_page(actor: Actor, run: ImportRun, form: BaseForm) -> dict[str, Any]:
    """The columns with a sample of each; those that somebody has to point out first."""
    cohort = load(actor, Perm.COHORT_VIEW, Cohort, run.cohort_id)
    look = seen(run)
    asked = [column for column in look.columns if column.how == "unknown"]
    return {
        "cohort": cohort,
        "run": run,
        "kind": KINDS[run.kind],
        "waiting": is_waiting(run),
        "look": look,
        "asked": asked,
        "missing": ", ".join(_(label) for label in look.missing),
        "fields": {c.place: form[f"column-{c.place}"] for c in _choosable(run)},
        "form": form,
        "sender": name_of(run.sender_id),
    }


def _choosable(run: ImportRun) -> list[Seen]:
    return [column for column in seen(run).columns if column.how != "bsn"]


def as_id(text: str) -> UUID:
    """An id in an address. Raises ValueError for anything else."""
    return UUID(text)
