"""The employers of the agency: who asks for something, what each confirmed, how fresh it is, how often it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from inleer import clock
from inleer.accounts.models import Organisation
from inleer.export import FORMATS, Cell, Table, export, sent
from inleer.i18n import _
from inleer.intentions.queries_employers import EmployerLine, commitments_of, employers_of, history_of
from inleer.intentions.queries_requests import messages_of, requests_of
from inleer.intentions.rules import KIND_WORDS, STATE_WORDS
from inleer.intentions.statements import TITLES, in_one_line, terms_of
from inleer.jobs import bounces
from inleer.parameters.values import parameter
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("employers", __name__, url_prefix="/werkgevers")
STALE = "intention.stale_days"
CHANNELS = {
    "staff": "vastgelegd door",
    "file": "uit een bestand, door",
    "telephone": "aan de telefoon, vastgelegd door",
    "request": "gevraagd per mail door",
    "link": "via de link in de mail",
    "account": "met een account",
    "worker": "vanzelf, na 14 dagen",
}
FILTERS = ("", "wacht", "verouderd", "zonder")
SORTS = ("naam", "wacht", "plekken", "bevestigd", "antwoord", "respons")
_DESCENDING = ("wacht", "plekken", "antwoord", "respons")


@blueprint.get("")
@guarded(Perm.EMPLOYER_VIEW)
def index() -> Any:
    """All employers, and first what they wait for."""
    actor, today = require_actor(), clock.today()
    days = parameter(STALE, today, actor.organisation_id)
    everyone = employers_of(actor)
    requests = requests_of(actor, unanswered=True)
    tests: dict[str, Callable[[EmployerLine], bool]] = {
        "": lambda _line: True,
        "wacht": lambda line: bool(line.open_requests),
        "verouderd": lambda line: is_old(line, today, days),
        "zonder": lambda line: not line.confirmed and not line.without_number,
    }
    chosen = request.args.get("toon", "")
    chosen = chosen if chosen in FILTERS else ""
    sort = request.args.get("sort", "naam")
    sort = sort if sort in SORTS else "naam"
    direction = request.args.get("dir", "desc" if sort in _DESCENDING else "asc")
    rows = in_order([line for line in everyone if tests[chosen](line)], sort, direction == "desc")
    kind = request.args.get("format", "")
    if kind in FORMATS:
        return sent(export(_table(rows, today, days), kind))
    return render_template(
        "intentions/employers.html",
        rows=rows,
        total=len(everyone),
        counts={key: sum(1 for line in everyone if test(line)) for key, test in tests.items()},
        chosen=chosen,
        sort=sort,
        direction=direction,
        old={line.id for line in everyone if is_old(line, today, days)},
        stale_days=days,
        asks=messages_of(actor),
        expired=[r for r in requests if r.state == "expired" and r.waiting],
        waiting=[r for r in requests if r.state == "open"],
        actor=actor,
        today=today,
    )


#: Headings of a file.
COLUMNS = (
    "Werkgever",
    "Branche",
    "Gevraagd",
    "Bevestigde plekken",
    "Toezeggingen zonder aantal",
    "Laatst bevestigd",
    "Stand",
    "Laatste antwoord",
    "Antwoord binnen 14 dagen",
    "Van hoeveel gevraagde",
    "Kan nog op tijd",
)


def _table(rows: Sequence[EmployerLine], today: date, days: int) -> Table:
    """The list as a file: what is on the screen, in its order."""
    cells = (_cells(line, is_old(line, today, days)) for line in rows)
    return Table(f"werkgevers-{today.isoformat()}", [_(heading) for heading in COLUMNS], cells)


def _cells(line: EmployerLine, old: bool) -> list[Cell]:
    return [
        line.name,
        line.sector or "",
        line.open_requests,
        line.confirmed,
        line.without_number,
        line.confirmed_on or _("nog niet"),
        "" if line.confirmed_on is None else _("verouderd") if old else _("vers"),
        line.answered_on or _("nog geen"),
        line.response.in_time,
        line.response.asked,
        line.response.waiting,
    ]


def is_old(line: EmployerLine, today: date, days: int) -> bool:
    """Whether a confirmed commitment of this employer was not confirmed anew for longer than agreed."""
    return line.confirmed_on is not None and (today - line.confirmed_on).days > days


def in_order(rows: Sequence[EmployerLine], sort: str, descending: bool) -> list[EmployerLine]:
    """Sorted by a column; what has no value stands last either way."""
    keys: dict[str, Callable[[EmployerLine], Any]] = {
        "naam": lambda line: line.name.casefold(),
        "wacht": lambda line: line.open_requests,
        "plekken": lambda line: line.confirmed,
        "bevestigd": lambda line: line.confirmed_on,
        "antwoord": lambda line: line.answered_on,
        "respons": lambda line: line.response.in_time / line.response.asked if line.response.asked else None,
    }
    key = keys[sort]
    known = sorted((r for r in rows if key(r) is not None), key=key, reverse=descending)
    return [*known, *(r for r in rows if key(r) is None)]


@blueprint.get("/<uuid:organisation_id>")
@guarded(Perm.EMPLOYER_VIEW, on=Organisation)
def show(organisation: Organisation) -> Any:
    """One employer: contacts, commitments, open requests and everything that happened, over all editions."""
    actor, today = require_actor(), clock.today()
    rows = commitments_of(actor, Perm.INTENTION_VIEW, organisation.id)
    line = next((e for e in employers_of(actor) if e.id == organisation.id), None)
    contacts: dict[tuple[str | None, str | None], list[str]] = {}
    for row in rows:
        if row.contact_name or row.contact_email:
            contacts.setdefault((row.contact_name, row.contact_email), []).append(row.cohort)
    requests = requests_of(actor, employer_id=organisation.id)
    emails = {r.email for r in requests} | {email for _name, email in contacts if email}
    return render_template(
        "intentions/employer.html",
        employer=organisation,
        rows=rows,
        line=line,
        contacts=contacts,
        requests=requests,
        shut=bounces.shut(emails),
        history=history_of(actor, Perm.INTENTION_VIEW, organisation.id),
        asks=[m for m in messages_of(actor) if m.employer_id == organisation.id],
        channels=CHANNELS,
        state_words=STATE_WORDS,
        kind_words=KIND_WORDS,
        titles=TITLES,
        in_one_line=in_one_line,
        terms_of=terms_of,
        stale_days=parameter(STALE, today, actor.organisation_id),
        today=today,
    )
