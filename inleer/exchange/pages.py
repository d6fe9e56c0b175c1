"""What the pages of imports put together: the upload form, and the lists of a preview, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from inleer.cohorts.models import Cohort
from inleer.errors import NotVisible
from inleer.exchange import preview
from inleer.exchange.forms import CandidatesForm, ConfirmForm, UploadForm
from inleer.exchange.kinds import KINDS, Kind, is_calendar, make_plan
from inleer.exchange.mending import seen
from inleer.exchange.models import ImportRun
from inleer.exchange.plan_common import Options
from inleer.exchange.presenting import told
from inleer.exchange.queries import coaches_of, runs_of, same_file_before
from inleer.exchange.queries_waiting import mappings_of, name_of, senders_of
from inleer.exchange.timetable_words import WAYS
from inleer.exchange.waiting import is_waiting, options_of
from inleer.export import ExportFile, Table, export
from inleer.forms import SelectChoice
from inleer.i18n import _
from inleer.policy import Actor, Perm, can, load

PER_PAGE = 50
PARTS = ("problemen", "veranderingen", "meldingen")
#: The names of the kinds in addresses.
SLUGS: Mapping[str, str] = {
    "kandidaten": "candidates",
    "rooster": "sessions",
    "presentie": "attendance",
    "intenties": "intentions",
}
_NOTHING: Mapping[str, Any] = {
    "created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "readable": True, "problems": (), "problem_count": 0,
    "notices": (), "changes": (), "change_count": 0, "message": "", "waiting": "", "same": (), "ways": {},
    "untouched": (), "untouched_count": 0, "mended": (), "left_out": (), "recheck": False, "stage": "", "rows": 0,
}  # fmt: skip
SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}


@dataclass(frozen=True)
class Listing:
    """One page of a list. ``columns`` are the values to filter on."""

    rows: Sequence[Sequence[Any]]
    page: int
    pages: int
    total: int
    sort: str
    direction: str
    columns: Sequence[str]


def upload_form(cohort: Cohort, kind: Kind) -> UploadForm:
    """The form for a file of this kind; the usual sender stands first."""
    form = CandidatesForm() if kind.key == "candidates" else UploadForm()
    form.sender_id.choices = [SelectChoice(str(i), name) for i, name in senders_of(cohort, kind.senders)]
    if not isinstance(form, CandidatesForm):
        return form
    nobody = SelectChoice("", _("nog geen werkcoach"))
    form.coach_id.choices = [
        nobody,
        *(SelectChoice(str(i), name) for i, name, _email in coaches_of(cohort.agency_id)),
    ]
    return form


def uploaded(actor: Actor, cohort: Cohort, kind: Kind, form: UploadForm) -> ImportRun | None:
    """The preview of the file that was sent; None when none was, or when the form shows what is wrong with it."""
    runs: list[ImportRun] = []

    def keep() -> None:
        data, name = form.file.data.read(), form.file.data.filename or ""
        runs.append(preview.start(actor, cohort, kind.key, data, name, options_in(form)))

    return runs[0] if form.done(keep) else None


def options_in(form: UploadForm) -> Options:
    """What was chosen beside the file."""
    chosen = form.coach_id.data if isinstance(form, CandidatesForm) else None
    sender = form.sender_id.data
    return Options(UUID(chosen) if chosen else None, UUID(sender) if sender else None)


def kind_of(slug: str) -> Kind:
    """The kind that an address names. Raises NotVisible for anything else."""
    if slug not in SLUGS:
        raise NotVisible
    return KINDS[SLUGS[slug]]


def overview(actor: Actor, cohort: Cohort) -> dict[str, Any]:
    """The imports of a cohort, and what can be read in."""
    runs = runs_of(actor, cohort.id)
    return {
        "cohort": cohort,
        "kinds": KINDS,
        "slugs": SLUG_OF,
        "runs": runs,
        "held": [run for run in runs if run.state == "preview"],
        "mappings": mappings_of(actor, cohort.agency_id),
        "labels": {(kind.key, c.key): c.label for kind in KINDS.values() for c in kind.columns},
    }


def run_page(
    actor: Actor, run: ImportRun, args: Mapping[str, str], form: ConfirmForm | None = None
) -> dict[str, Any]:
    """A preview or a result with one of its lists."""
    cohort = load(actor, Perm.COHORT_VIEW, Cohort, run.cohort_id)
    form = form or ConfirmForm()
    form.version.data = str(run.version)  # of what is shown now, also when something else was sent
    part = args.get("deel", "")
    if part not in PARTS:
        part = "problemen" if run.counts.get("problem_count") else "veranderingen"
    if part == "veranderingen" and run.state != "preview":
        part = "problemen"
    listing = _LISTS[part](run, args)
    return {
        "cohort": cohort,
        "run": run,
        "counts": {
            **_NOTHING,
            **run.counts,
            **{name: told(run.counts, name) for name in ("problems", "notices")},
        },
        "kind": KINDS[run.kind],
        "slug": SLUG_OF[run.kind],
        "waiting": is_waiting(run),
        "sender": name_of(run.sender_id),
        "asks_columns": run.state == "preview" and seen(run).asks,
        "has_columns": run.state == "preview" and bool(seen(run).columns),
        "calendar": is_calendar(run.filename),
        "ways": WAYS,
        "since": datetime.fromisoformat(run.counts["since"]) if "since" in run.counts else None,
        "part": part,
        "listing": listing,
        "form": form,
        "before": same_file_before(run) if run.state == "preview" else None,
        "may_undo": can(actor, Perm.IMPORT_UNDO, {"agency"}).allowed and run.state == "done",
        "selected": args,
    }


def problems_csv(actor: Actor, run: ImportRun) -> ExportFile:
    """Every problem of a file as CSV: all of them, also those that the page only counts."""
    problems = told(run.counts, "problems")
    if run.content and len(problems) < run.counts.get("problem_count", 0):
        cohort = load(actor, Perm.COHORT_VIEW, Cohort, run.cohort_id)
        plan = make_plan(cohort, KINDS[run.kind], run.content, run.filename, options_of(run))
        problems = [(p.row, p.column, p.message) for p in plan.problems]
    rows = [["" if cell is None else cell for cell in entry] for entry in problems]
    return export(Table("problemen", (_("Rij"), _("Kolom"), _("Probleem")), rows), "csv")


def _entries(name: str) -> Callable[[ImportRun, Mapping[str, str]], Listing]:
    """A list of (row, column, sentence): problems or notices."""

    def listing(run: ImportRun, args: Mapping[str, str]) -> Listing:
        every = told(run.counts, name)
        column, words = args.get("kolom", ""), args.get("zoek", "").casefold()
        found = [
            entry
            for entry in every
            if column in ("", entry[1] or "") and words in f"{entry[0]} {entry[1]} {entry[2]}".casefold()
        ]
        keys: dict[str, Callable[[Any], Any]] = {
            "rij": lambda e: (e[0] or 0, e[1] or ""),
            "kolom": lambda e: (e[1] or "", e[0] or 0),
            "probleem": lambda e: (e[2], e[0] or 0),
        }
        columns = sorted({entry[1] for entry in every if entry[1]})
        return _page(found, args, keys, columns)

    return listing


def _changes(run: ImportRun, args: Mapping[str, str]) -> Listing:
    every = [tuple(entry) for name in ("changes", "same") for entry in run.counts.get(name, ())]
    verdict, words = args.get("soort", ""), args.get("zoek", "").casefold()
    if not verdict:  # what stays as it is, only when it is asked for
        every = [entry for entry in every if entry[1] != "unchanged"]
    found = [e for e in every if verdict in ("", e[1]) and words in str(e[2]).casefold()]
    keys: dict[str, Callable[[Any], Any]] = {
        "rij": lambda e: e[0],
        "wie": lambda e: (str(e[2]).casefold(), e[0]),
        "soort": lambda e: (e[1], e[0]),
    }
    return _page(found, args, keys, [])


def _page(
    found: list[Any],
    args: Mapping[str, str],
    keys: Mapping[str, Callable[[Any], Any]],
    columns: Sequence[str],
) -> Listing:
    sort = args.get("sort", "") if args.get("sort", "") in keys else next(iter(keys))
    direction = "desc" if args.get("dir") == "desc" else "asc"
    found.sort(key=keys[sort], reverse=direction == "desc")
    pages = max(1, -(-len(found) // PER_PAGE))
    asked = args.get("page", "1")
    page = min(max(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, 1), pages)
    rows = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Listing(rows, page, pages, len(found), sort, direction, columns)


_LISTS: Mapping[str, Callable[[ImportRun, Mapping[str, str]], Listing]] = {
    "problemen": _entries("problems"),
    "veranderingen": _changes,
    "meldingen": _entries("notices"),
}
