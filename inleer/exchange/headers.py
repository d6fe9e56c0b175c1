"""Which column is which: the header row is found by the words that organisations use, in any order.

Headers are compared without capitals, accents, punctuation and spaces. Titles and empty rows above the header are
skipped; what stands in a column that is not known is named and not stored. What somebody said that a header means
(``Table.mapping``) goes before what its words say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell, Notice, Row, Table, column_letter
from inleer.exchange.columns import Column
from inleer.exchange.values import fold, shown
from inleer.i18n import _

#: Titles, dates and empty rows may stand above the header, not more than this.
HEADER_WITHIN = 25

#: In a mapping: this column is not stored.
LEFT_OUT = ""

_BSN = frozenset({"bsn", "bsnnummer", "bsnnr", "burgerservicenummer", "sofinummer", "sofinr", "sofi"})


@dataclass(frozen=True, slots=True)
class Header:
    """The header row that was found. ``places``: 0-based place by column key; ``seen``: the header as it stands
    in the file, by place; ``width``: cells in the header row; ``warnings``: columns that are not stored."""

    row: int
    width: int
    places: Mapping[str, int]
    seen: Mapping[int, str]
    labels: Mapping[str, str]
    warnings: tuple[Notice, ...]

    def name(self, key: str) -> str:
        """What the sender calls this column; our own label when it is not in the file."""
        return self.seen[self.places[key]] if key in self.places else self.labels[key]

    def name_at(self, place: int) -> str:
        """What the sender calls the column at a place; its letter when it has no header."""
        return self.seen.get(place) or column_letter(place)


def find_header(table: Table, columns: tuple[Column, ...]) -> tuple[Header | None, list[ImportProblem]]:
    """The header row of a table, or every reason why there is none that can be used.

    It is the row, among the first 25, with the most known headers; two are needed. Problems: nothing recognised,
    one column twice, each required column that is missing.
    """
    spellings = {fold(word): column.key for column in columns for word in column.headers}
    if not table.rows:
        return None, [ImportProblem(_("Het bestand is leeg."))]
    last = table.rows[0].number + HEADER_WITHIN
    rows = [
        _Known(row, spellings, table.mapping) for row in table.rows[: HEADER_WITHIN + 1] if row.number <= last
    ]
    best = max(rows, key=lambda row: len(row.keys))
    if len(best.keys) < 2:
        return None, [_nothing_recognised(table.rows[0], columns)]
    problems = [*_twice(best, columns), *_missing(best, columns)]
    if problems:
        return None, problems
    places = MappingProxyType({key: place for place, key in best.places.items()})
    labels = MappingProxyType({column.key: column.label for column in columns})
    return Header(best.number, best.width, places, MappingProxyType(best.seen), labels, _unknown(best)), []


def words_of(cells: Sequence[Cell]) -> dict[int, str]:
    """By what the header at each place is remembered: its letters and digits; the letter of the column after "@" when
    it has none, and a number after "#" for the second column of one name."""
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = fold(str(cell)) if cell is not None else ""
        seen[word] = seen.get(word, 0) + 1
        if not word:
            found[place] = f"@{column_letter(place)}"
        else:
            found[place] = word if seen[word] == 1 else f"{word}#{seen[word]}"
    return found


def is_bsn_header(name: str) -> bool:
    """Whether a column says that it holds BSNs: nothing that somebody says makes it something else."""
    return fold(name) in _BSN


class _Known:
    """A row that may be the header: what its cells say (``seen``) and mean (``places``), both by place."""

    def __init__(self, row: Row, spellings: Mapping[str, str], mapping: Mapping[str, str]) -> None:
        self.number = row.number
        self.width = len(row.cells)
        self.seen = {
            place: shown(str(cell).strip()) for place, cell in enumerate(row.cells) if cell is not None
        }
        folded = {place: fold(str(row.cells[place])) for place in self.seen}
        self.places = {place: spellings[word] for place, word in folded.items() if word in spellings}
        self.left_out: set[int] = set()
        if mapping:
            self._say(words_of(row.cells), mapping, set(spellings.values()))
        self.keys = set(self.places.values())

    def _say(self, words: Mapping[int, str], mapping: Mapping[str, str], keys: Collection[str]) -> None:
        """What somebody said that these headers mean."""
        for place, word in words.items():
            key = mapping.get(word)
            if key is None or is_bsn_header(self.seen.get(place, "")):
                continue
            self.places.pop(place, None)
            if key in keys:
                self.places[place] = key
                self.seen.setdefault(place, column_letter(place))
            else:
                self.left_out.add(place)


def _nothing_recognised(first: Row, columns: tuple[Column, ...]) -> ImportProblem:
    seen = ", ".join(shown(str(cell)) for cell in first.cells[:10] if cell is not None)
    needed = ", ".join(column.label for column in columns if column.required)
    return ImportProblem(
        _(
            "Geen rij met kolomnamen gevonden. Nodig zijn: %(needed)s. Gelezen: %(seen)s.",
            needed=needed,
            seen=seen,
        ),
        row=first.number,
    )


def _twice(row: _Known, columns: tuple[Column, ...]) -> list[ImportProblem]:
    found = []
    for column in columns:
        places = [place for place, key in row.places.items() if key == column.key]
        if len(places) > 1:
            message = _(
                "Kolom %(label)s staat er meer dan één keer in: %(names)s. Laat er een over.",
                label=column.label,
                names=", ".join(f"{row.seen[place]} ({column_letter(place)})" for place in places),
            )
            found.append(ImportProblem(message, row.number, row.seen[places[-1]]))
    return found


def _missing(row: _Known, columns: tuple[Column, ...]) -> list[ImportProblem]:
    names = ", ".join(row.seen.values())
    return [
        ImportProblem(
            _("Kolom %(label)s ontbreekt. Gevonden kolommen: %(names)s.", label=column.label, names=names),
            row.number,
            column.label,
        )
        for column in columns
        if column.required and not row.keys & {column.key, *column.instead}
    ]


def _unknown(row: _Known) -> tuple[Notice, ...]:
    found = []
    for place, name in row.seen.items():
        if place in row.places:
            continue
        if place in row.left_out:
            text = _("Kolom %(name)s wordt niet opgeslagen, zoals is gekozen.", name=name)
        elif is_bsn_header(name):
            text = _("Kolom %(name)s: een BSN wordt nooit opgeslagen. Stuur deze kolom niet mee.", name=name)
        else:
            text = _("Kolom %(name)s kennen we niet; deze wordt niet opgeslagen.", name=name)
        found.append(Notice(text, row.number, name))
    return tuple(found)
