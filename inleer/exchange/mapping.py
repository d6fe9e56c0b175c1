"""Saying what the columns of a file are, and remembering that for the next file of the same sender."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from inleer import audit, clock
from inleer.cohorts.models import Cohort
from inleer.db import db, new_id
from inleer.errors import DomainError
from inleer.exchange.header_look import Look, Seen, missing
from inleer.exchange.headers import LEFT_OUT
from inleer.exchange.kinds import KINDS, Kind
from inleer.exchange.mending import seen
from inleer.exchange.models import ImportMapping, ImportRun
from inleer.exchange.queries_waiting import mapping_of
from inleer.exchange.waiting import have_planned, hold_run, is_large, look_again
from inleer.i18n import _
from inleer.policy import Actor


def say_columns(actor: Actor, run: ImportRun, choices: Mapping[int, str]) -> None:
    """Set what the columns of a file that waits are, and remember that of its sender.

    ``choices``: place of a column → key, or empty for a column that is not stored. Raises DomainError when a column is
    chosen twice, a required one is missing, or a column is named that the file or the kind does not have. Field names:
    ``column-PLACE``. The worker reads a large file again: the row of the file is held here, and nobody waits for that.
    """
    cohort = hold_run(actor, run)
    kind, look = KINDS[run.kind], seen(run)
    check_choices(kind, look, choices)
    said = {
        column.word: choices[column.place]
        for column in look.columns
        if column.place in choices
        and column.how != "bsn"
        and not _goes_without(column, choices[column.place])
    }
    if not look.columns:
        raise DomainError(_("Dit bestand heeft geen kolommen om aan te wijzen."))
    run.mapping = said
    audit.record(
        actor,
        "import.columns_said",
        run,
        fields=sorted({key for key in said.values() if key}),
        details={"kind": kind.key},
    )
    if run.sender_id is not None:
        _remember(actor, cohort, run.sender_id, kind, said, {column.word for column in look.columns})
    db.session.flush()
    if is_large(run):
        have_planned(run)
    else:
        look_again(cohort, run)


def _goes_without(column: Seen, choice: str) -> bool:
    """Whether the words of a header say so themselves: then nothing has to be remembered."""
    return column.how == "known" and column.key == choice


def check_choices(kind: Kind, look: Look, choices: Mapping[int, str]) -> None:
    """Raises DomainError for choices that cannot be; see :func:`say_columns`."""
    labels = {column.key: column.label for column in kind.columns}
    by_place = {column.place: column for column in look.columns}
    taken: dict[str, Seen] = {}
    for place, key in choices.items():
        column = by_place.get(place)
        if column is None or (key != LEFT_OUT and key not in labels):
            raise DomainError(_("Deze kolom staat niet in het bestand. Open de bladzijde opnieuw."))
        if key == LEFT_OUT:
            continue
        if column.how == "bsn":
            raise DomainError(_("Een BSN wordt nooit opgeslagen. Laat deze kolom weg."), f"column-{place}")
        if key in taken:
            message = _(
                "%(label)s is al gekozen bij kolom %(name)s. Kies één van de twee.",
                label=_(labels[key]),
                name=taken[key].name,
            )
            raise DomainError(message, f"column-{place}")
        taken[key] = column
    lacking = missing(set(taken), kind.columns)
    if lacking:
        names = ", ".join(_(label) for label in lacking)
        raise DomainError(
            _("Wijs aan welke kolom dit is: %(names)s. Zonder kan het bestand niet.", names=names)
        )


def _remember(
    actor: Actor, cohort: Cohort, sender_id: UUID, kind: Kind, said: Mapping[str, str], words: set[str]
) -> None:
    """What is said of these headers goes before what was said earlier; other headers stay as they were."""
    row = mapping_of(cohort.agency_id, sender_id, kind.key)
    before = dict(row.headers) if row else {}
    headers = {word: key for word, key in before.items() if word not in words} | dict(said)
    if headers == before:
        return
    if row is None:
        row = ImportMapping(id=new_id(), agency_id=cohort.agency_id, sender_id=sender_id, kind=kind.key)
        db.session.add(row)
    row.headers, row.changed_at, row.by_id, row.by_name = headers, clock.now(), actor.user_id, actor.name
    details = {"kind": kind.key, "sender": str(sender_id), "columns": len(headers)}
    audit.record(actor, "import_mapping.remembered", row, details=details)


def forget(actor: Actor, mapping: ImportMapping) -> None:
    """Forget what was said of a sender's headers. The mapping was loaded with the right to import."""
    details = {"kind": mapping.kind, "sender": str(mapping.sender_id)}
    audit.record(actor, "import_mapping.forgotten", mapping, details=details)
    db.session.delete(mapping)
