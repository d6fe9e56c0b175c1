"""One pass over the XML of a sheet, for what calamine hides.

calamine shows a formula without stored value and an error value as empty, takes day 60 (29 February 1900, which
never was) for the 28th and a negative day for midnight, and reserves memory for the whole rectangle around two
far cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from inleer.errors import ImportProblem
from inleer.exchange.archive import Archive, damaged, feed_xml, xml_reader
from inleer.exchange.cells import Cell, CellNotice, column_letter
from inleer.i18n import _

#: Excel's last day, 31-12-9999. A larger number is no date, whatever its notation says.
LAST_SERIAL = 2_958_465
#: Excel's 29 February 1900, a day that never was.
FAKE_DAY = 60
MAX_PATCHES = 300_000
#: calamine takes some 70 bytes for each filled cell, and 32 for every cell of the rectangle around them.
MAX_AREA = 2_000_000

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


@dataclass(slots=True)
class SheetScan:
    """``height`` and ``width``: rows and columns up to the last filled cell; ``far_row`` and ``far_column`` name
    the cells that make it so. ``emptied``: cells to be read as empty. ``patches``: row → column → the value to
    use instead of calamine's. ``shared``: how many cells point at a shared text."""

    height: int = 0
    width: int = 0
    far_row: str = ""
    far_column: str = ""
    shared: int = 0
    emptied: list[CellNotice] = field(default_factory=list)
    patches: dict[int, dict[int, Cell]] = field(default_factory=dict)


def scan_sheet(archive: Archive, name: str, date1904: bool) -> SheetScan:
    """Reads the sheet stored under ``name``. Raises ImportProblem when it is not there or is damaged."""
    part = archive.find(name)
    if part is None:
        raise damaged()
    reader = xml_reader()
    scanner = _Scanner(date1904)
    reader.parser.StartElementHandler = scanner.start
    reader.parser.CharacterDataHandler = scanner.characters
    feed_xml(reader, archive.stream(part))
    scanner.finish_number()
    return scanner.found


class _Scanner:
    """Handlers for the parser. Only element starts are looked at: sheets have millions of elements."""

    def __init__(self, date1904: bool) -> None:
        self.found = SheetScan()
        self._fake_day = None if date1904 else FAKE_DAY
        self._row = 0
        self._index = -1
        self._cell = ""
        self._type: str | None = None
        self._styled = False
        self._number: list[str] | None = None
        self._patched = 0
        self._filled_cells = 0
        # Every cell asks for these, so what was worked out once is kept.
        self._kinds: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row_digits = "0"

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A row, a cell, its formula or its value begins; other elements do not matter."""
        kind = self._kinds.get(tag) or self._kind(tag)
        if kind == "c":
            if self._number is not None:
                self.finish_number()
            self._cell = tag
            self._type = attributes.get("t")
            # Without a style a number has no notation, so calamine leaves it the number it is.
            self._styled = "s" in attributes
            self._place(attributes.get("r"))
        elif kind == "v" or kind == "is":
            self._filled()
            if self._type == "e":
                self._empty(_("Hier staat een foutwaarde; gelezen als leeg."))
            elif self._type == "s":
                self.found.shared += 1
            elif self._styled and self._type in (None, "n"):
                self._number = []
        elif kind == "row":
            self.finish_number()
            number = attributes.get("r")
            self._row = _whole(number) if number else self._row + 1
            self._row_digits = str(self._row)
            self._index = -1
        elif kind == "f" and tag[:-1] == self._cell[:-1]:
            # The same letter in another namespace belongs to sparklines and the like.
            self._filled()
            self._empty(_("Hier staat een formule; gelezen als leeg. Plak de waarde in de cel."))

    def characters(self, text: str) -> None:
        """Text inside an element; kept only while it is the number of a cell."""
        if self._number is not None:
            self._number.append(text)

    def finish_number(self) -> None:
        """Looks at the number that was just read: a day that calamine would get wrong stays the number it is."""
        if self._number is None:
            return
        text = "".join(self._number).strip()
        self._number = None
        # Nearly all numbers are small and positive: no need to convert those.
        if len(text) < 7 and not text.startswith(("-", "60")) and "e" not in text.lower():
            return
        try:
            number = float(text)
        except ValueError:
            return
        if number < 0 or number > LAST_SERIAL or (self._fake_day and int(number) == self._fake_day):
            self._patch(number)

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._index += 1
            return
        index = self._columns.get(reference.removesuffix(self._row_digits))
        if index is None:
            index = self._place_elsewhere(reference)
        self._index = index

    def _place_elsewhere(self, reference: str) -> int:
        """A column that was not met before, or a cell that does not belong to the row it stands in."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise damaged()
        letters, digits = match.groups()
        self._row, self._row_digits = int(digits), digits
        return self._columns.setdefault(letters, _column_index(letters.upper()))

    def _kind(self, tag: str) -> str:
        return self._kinds.setdefault(tag, tag.rpartition("}")[2])

    def _filled(self) -> None:
        found = self.found
        self._filled_cells += 1
        if self._filled_cells > MAX_AREA:
            raise ImportProblem(_("Het blad heeft te veel gevulde cellen. Splits het of haal kolommen weg."))
        if self._row > found.height:
            found.height = self._row
            found.far_row = f"{column_letter(self._index)}{self._row}"
        if self._index >= found.width:
            found.width = self._index + 1
            found.far_column = f"{column_letter(self._index)}{self._row}"

    def _empty(self, why: str) -> None:
        if self._index not in self.found.patches.get(self._row, {}):
            self.found.emptied.append(CellNotice(why, self._row, self._index))
        self._patch(None)

    def _patch(self, value: Cell) -> None:
        row = self.found.patches.setdefault(self._row, {})
        self._patched += self._index not in row
        # A formula goes before the number that stands with it.
        if value is None or self._index not in row:
            row[self._index] = value
        if self._patched > MAX_PATCHES:
            raise ImportProblem(
                _("Het blad staat vol formules of fouten. Plak alles als waarden in een nieuw blad.")
            )


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise damaged()
    return int(text)


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
