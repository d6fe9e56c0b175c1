"""CSV to rows: in which letters it was written, what separates the cells, and what is broken.

A CSV says nothing about itself, so this guesses as a person would and refuses where a guess could do harm: a
file in two character sets at once, a quote that never closes, a line that ends in the middle of a cell.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from inleer.errors import ImportProblem
from inleer.exchange.cells import MAX_COLUMNS, MAX_ROWS, Cell, CellNotice, Row, Table, error_notice
from inleer.i18n import _

SEPARATORS = (";", ",", "\t", "|")

_SAMPLE = 100
# More columns than this are no stronger sign of a table.
_ENOUGH = 20
_SEP_LINE = re.compile(r'"?sep=([;,|\t])"?\r?(?:\n|$)', re.IGNORECASE)
# A letter with an accent in UTF-8. In a file that is no UTF-8 as a whole it means: two files pasted together.
_UTF8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
_NOT_TEXT = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"\x1f\x8b",
)


def read_csv(data: bytes) -> Table:
    """The records of a CSV as text cells, empty ones None. Raises ImportProblem where it cannot be read whole."""
    if data.startswith(_NOT_TEXT):
        raise ImportProblem(_("Dit is geen tekstbestand (CSV). Klopt de naam van het bestand?"))
    text, encoding = decode(data)
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise ImportProblem(_("Dit is een webpagina en geen CSV. Sla het bestand op als .xlsx of .csv."))
    text, separator = _separator(_line_ends(text))
    rows: list[Row] = []
    emptied: list[CellNotice] = []
    for number, record in enumerate(_records(text, separator), start=1):
        cells = tuple(_cell(value, number, index, emptied) for index, value in enumerate(record))
        if any(cell is not None for cell in cells):
            rows.append(Row(number, cells))
        _check_limits(rows, cells, number)
    return Table(rows, "csv", emptied=tuple(emptied), encoding=encoding, separator=separator)


def _cell(value: str, row: int, index: int, emptied: list[CellNotice]) -> Cell:
    if not value or value.isspace():
        return None
    notice = error_notice(value, row, index)
    if notice:
        emptied.append(notice)
        return None
    return value


def _check_limits(rows: list[Row], cells: tuple[Cell, ...], number: int) -> None:
    if len(rows) > MAX_ROWS:
        raise ImportProblem(
            _("Het bestand heeft meer dan %(limit)s regels. Splits het bestand.", limit=MAX_ROWS)
        )
    if len(cells) > MAX_COLUMNS:
        raise ImportProblem(_("Deze regel heeft meer dan %(limit)s kolommen.", limit=MAX_COLUMNS), row=number)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 with or without BOM, UTF-16, else cp1252 (Windows).

    Raises ImportProblem for a NUL, for bytes that no encoding has, and for two encodings in one file.
    """
    text, encoding = _decoded(data)
    if "\x00" in text:
        raise ImportProblem(
            _("In deze regel staat een teken dat niet in tekst hoort (NUL). Sla het bestand opnieuw op."),
            row=_row_of(text, text.index("\x00")),
        )
    return text, encoding


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding.removesuffix("-sig")), encoding
    guessed = _utf16_without_mark(data)
    if guessed:
        return _decode_as(data, guessed), guessed
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as fault:
        return _decode_windows(data, fault.start), "cp1252"


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        row = _row_of(data[: fault.start].decode(encoding, "ignore"))
        raise ImportProblem(
            _("Vanaf hier is het bestand niet te lezen. Sla het opnieuw op als CSV (UTF-8)."), row=row
        ) from fault


def _utf16_without_mark(data: bytes) -> str | None:
    """Half of the bytes of Dutch text in UTF-16 are NUL, always the same half."""
    sample = data[:2000]
    for encoding, part in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if len(part) > 1 and part.count(0) > 0.6 * len(part):
            return encoding
    return None


def _decode_windows(data: bytes, foreign: int) -> str:
    mixed = _UTF8_LETTER.search(data)
    if mixed:
        raise ImportProblem(
            _("Het bestand mengt twee tekensets. Sla het opnieuw op als CSV (UTF-8) en kijk de namen na."),
            row=_row_of(data[: max(mixed.start(), foreign)].decode("cp1252", "replace")),
        )
    return _decode_as(data, "cp1252")


def _row_of(text: str, end: int | None = None) -> int:
    return text.count("\n", 0, end) + 1


def _line_ends(text: str) -> str:
    """Old Macs ended lines with CR alone; in any other file a lone CR is a fault and stays for the reader."""
    return text.replace("\r", "\n") if "\r" in text and "\n" not in text else text


def _separator(text: str) -> tuple[str, str]:
    """The text without Excel's own ``sep=`` line (Excel does not count it as a row), and the separator."""
    named = _SEP_LINE.match(text)
    if named:
        return text[named.end() :], named.group(1)
    scores = {separator: _score(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    return text, best if scores[best] else SEPARATORS[0]


def _score(text: str, separator: str) -> float:
    """How much this separator makes a table: the usual number of cells × the squared share of rows that have it.

    Commas inside long texts make many cells in some rows; the right separator makes as many in nearly all.
    """
    # No strictness here: a broken quote further on is reported by the real reader.
    sample = csv.reader(StringIO(text, newline="\n"), delimiter=separator)
    try:
        widths = Counter(len(record) for record in islice(sample, _SAMPLE) if any(record))
    except csv.Error:
        widths = Counter(
            line.count(separator) + 1 for line in text.split("\n", _SAMPLE)[:_SAMPLE] if line.strip()
        )
    width, often = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
    return min(width, _ENOUGH) * (often / widths.total()) ** 2 if width > 1 else 0


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline="\n"), delimiter=separator, strict=True)
    number = 1
    try:
        for record in reader:
            yield record
            number += 1
    except csv.Error as fault:
        raise ImportProblem(_broken(str(fault), separator), row=number) from fault


def _broken(fault: str, separator: str) -> str:
    if "new-line character" in fault:
        return _(
            "Midden in een cel staat een regeleinde. Zet de tekst tussen aanhalingstekens of haal het weg."
        )
    if "expected after" in fault:
        return _(
            "Na een afsluitend aanhalingsteken staat nog tekst. Schrijf een aanhalingsteken in een cel dubbel."
        )
    return _("Hier begint een aanhalingsteken dat nergens sluit. Haal het weg of sluit het.")
