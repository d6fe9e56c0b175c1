"""What stands in the way of taking an import back: things that changed since, or that something was built on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from inleer.exchange.ledger import table_of
from inleer.exchange.models import ImportRun
from inleer.exchange.queries_undo import (
    DEPENDENTS,
    Item,
    Stored,
    by_kind,
    closed_registers,
    handled_signals,
    in_other_cohorts,
    marks_of,
    references,
)
from inleer.i18n import _, format_date, ngettext

#: One and several of each thing that an import makes.
THINGS: Mapping[str, tuple[str, str]] = {
    "candidate": ("%(n)s kandidaat", "%(n)s kandidaten"),
    "identifier": ("%(n)s nummer van een kandidaat", "%(n)s nummers van kandidaten"),
    "enrolment": ("%(n)s deelname", "%(n)s deelnames"),
    "enrolment_event": ("%(n)s stap van een deelname", "%(n)s stappen van deelnames"),
    "session": ("%(n)s bijeenkomst", "%(n)s bijeenkomsten"),
    "attendance": ("%(n)s aanwezigheid", "%(n)s aanwezigheden"),
    "organisation": ("%(n)s werkgever", "%(n)s werkgevers"),
    "partner": ("%(n)s partner", "%(n)s partners"),
    "job_intention": ("%(n)s intentie", "%(n)s intenties"),
    "intention_event": ("%(n)s stap van een intentie", "%(n)s stappen van intenties"),
}
#: What can be built on them, by table.
BUILT: Mapping[str, str] = {
    "attendance": "aanwezigheid",
    "attendance_correction": "verbeterde aanwezigheid",
    "enrolment": "deelname aan een lichting",
    "candidate": "samengevoegde kandidaten",
    "candidate_merge": "samenvoegingen",
    "coach_change": "wisselingen van werkcoach",
    "escalation": "escalaties",
    "field_value": "antwoorden uit de intake",
    "identifier": "nummers bij andere organisaties",
    "job_intention": "intenties",
    "membership": "gebruikers",
    "not_the_same": "antwoorden dat twee mensen niet dezelfde zijn",
    "note": "notities",
    "partner": "deelname als partner",
    "pause": "pauzes",
    "phase_completion": "afgeronde fasen",
}


def obstacles(
    run: ImportRun, items: Sequence[Item], stored: Mapping[tuple[str, tuple[UUID, ...]], Stored]
) -> list[str]:
    """Dutch sentences about what stands in the way; empty when the import can be taken back."""
    return [
        *_changed(items, stored),
        *_closed(items),
        *_built_on(run, by_kind(items, "created")),
    ]


def _changed(items: Sequence[Item], stored: Mapping[tuple[str, tuple[UUID, ...]], Stored]) -> Iterator[str]:
    changed: dict[str, int] = {}
    gone: dict[str, int] = {}
    for item in items:
        now = stored.get((item.kind, item.key))
        if now is None:
            gone[item.kind] = gone.get(item.kind, 0) + 1
        elif now.version != item.version:
            changed[item.kind] = changed.get(item.kind, 0) + 1
    for kind, n in gone.items():
        yield _("%(things)s uit deze inlezing bestaan niet meer.", things=counted(kind, n))
    for kind, n in changed.items():
        yield _("%(things)s: daarna veranderd.", things=counted(kind, n))


def _closed(items: Sequence[Item]) -> Iterator[str]:
    sessions = closed_registers(sorted({key[1] for key in marks_of(items)}))
    if sessions:
        yield ngettext(
            "De presentielijst van %(n)s bijeenkomst is dicht (%(day)s).",
            "De presentielijsten van %(n)s bijeenkomsten zijn dicht (de eerste op %(day)s).",
            len(sessions),
            day=format_date(sessions[0].on),
        )


def _built_on(run: ImportRun, made: Mapping[str, Sequence[tuple[UUID, ...]]]) -> Iterator[str]:
    for kind, keys in made.items():
        ids = [key[0] for key in keys]
        hanging = {table_of(model) for model, _column in DEPENDENTS.get(kind, ())}
        for model, found in references(kind, ids):
            table = table_of(model)
            others = set(found) - set(made.get(table, ()))
            if table not in hanging and others:
                yield _(
                    "Bij %(things)s: %(what)s (%(n)s).",
                    things=counted(kind, len(ids)),
                    what=built(table),
                    n=len(others),
                )
        if kind in ("candidate", "session") and (n := handled_signals(kind, ids)):
            yield _("Bij %(things)s: afgehandelde signalen (%(n)s).", things=counted(kind, len(ids)), n=n)
        if kind == "session" and (n := in_other_cohorts(ids, run.cohort_id)):
            yield _("%(things)s horen ook bij een andere lichting.", things=counted(kind, n))


def counted(kind: str, n: int) -> str:
    """A number of things in words."""
    one, several = THINGS.get(kind, ("%(n)s regel", "%(n)s regels"))
    return ngettext(one, several, n)


def built(table: str) -> str:
    """What the rows of a table are, in Dutch; a plugin's table is named."""
    return _(BUILT[table]) if table in BUILT else _("gegevens in %(table)s", table=table)
