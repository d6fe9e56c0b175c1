"""Files for the bad-input corpus, made when they are asked for: workbooks good and bad, archives, calendars."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

CANDIDATE_HEADER = ("Klantnr", "Voornaam", "Achternaam", "Geb.datum")


def workbook(
    rows: Iterable[Sequence[Any]], fill: Callable[[Any, Any], None] | None = None, **options: Any
) -> bytes:
    """An XLSX with these rows from A1; dates get a date notation. ``fill(book, sheet)`` may add what rows cannot."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False, **options})
    sheet = book.add_worksheet("Blad1")
    as_date = book.add_format({"num_format": "dd-mm-yyyy"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, (date, datetime)):
                sheet.write_datetime(number, place, value, as_date)
            elif value is not None:
                sheet.write(number, place, value)
    if fill:
        fill(book, sheet)
    book.close()
    return stream.getvalue()


def candidates(*rows: Sequence[Any], header: Sequence[Any] = CANDIDATE_HEADER) -> bytes:
    """A workbook of candidates; without rows it has one good one."""
    return workbook([header, *(rows or [("K1", "Jan", "Berg", "01-02-1990")])])


def repacked(
    data: bytes, changes: dict[str, bytes | None] | None = None, compress: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A zipped file with parts replaced, added, or left out (None)."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", compress) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, content in {**parts, **(changes or {})}.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A workbook of one candidate whose sheet XML went through ``change``."""
    data = candidates()
    with zipfile.ZipFile(BytesIO(data)) as old:
        sheet = old.read("xl/worksheets/sheet1.xml")
    return repacked(data, {"xl/worksheets/sheet1.xml": change(sheet)})


def bomb() -> bytes:
    """About 200 kB that unpack to 200 MB."""
    return repacked(candidates(), {"xl/media/bomb.bin": b"\0" * (200 * 1024 * 1024)})


def hidden_bomb() -> bytes:
    """A part that says it is 1,000 bytes and unpacks to 50 MB."""
    data = repacked(candidates(), {"xl/media/bomb.bin": b"\0" * (50 * 1024 * 1024)})
    return data.replace(struct.pack("<L", 50 * 1024 * 1024), struct.pack("<L", 1000))


def many_entries(number: int = 10_000) -> bytes:
    """A workbook with this many parts more."""
    return repacked(candidates(), {f"xl/media/{index}": b"" for index in range(number)}, zipfile.ZIP_STORED)


def symlink() -> bytes:
    """A workbook with a part that is a symbolic link."""
    stream = BytesIO(candidates())
    with zipfile.ZipFile(stream, "a") as book:
        link = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        link.external_attr = 0o120777 << 16
        book.writestr(link, "/etc/passwd")
    return stream.getvalue()


def encrypted_part() -> bytes:
    """A workbook whose parts carry the flag "encrypted"."""
    data = bytearray(candidates())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def ole(*streams: str) -> bytes:
    """What an old Excel file, or a new one with a password, looks like from outside."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + b"".join(name.encode("utf-16-le") for name in streams)
    )


def ods() -> bytes:
    """The outline of an OpenDocument sheet."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", "<x/>")
    return stream.getvalue()


def doctype(body: str) -> bytes:
    """A workbook whose sheet XML begins with a DTD."""
    return with_sheet(lambda xml: xml.replace(b"<worksheet", f"<!DOCTYPE x [{body}]><worksheet".encode(), 1))


def far_cells() -> bytes:
    """Two cells as far apart as a sheet allows: 17 milliard cells for a reader that takes the rectangle."""
    return workbook([CANDIDATE_HEADER], lambda _book, sheet: sheet.write(1_048_575, 16_383, "x"))


def repeated_text() -> bytes:
    """One text of 30,000 characters in 20,000 cells: small packed, 600 MB when read."""
    text = "x" * 30_000
    return workbook([CANDIDATE_HEADER, *([("K1", text)] * 20_000)])


def stated_count() -> bytes:
    """A list of shared texts that states it has four milliard of them."""
    data = candidates()
    with zipfile.ZipFile(BytesIO(data)) as old:
        strings = old.read("xl/sharedStrings.xml")
    return repacked(
        data, {"xl/sharedStrings.xml": strings.replace(b'uniqueCount="', b'uniqueCount="4294967296', 1)}
    )


def empty_tail() -> bytes:
    """One candidate, and a format on every row down to the last."""

    def fill(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        for row in range(2, 1_048_576, 7):
            sheet.write_blank(row, 0, None, bold)
        sheet.write_blank(1_048_575, 3, None, bold)

    return workbook([CANDIDATE_HEADER, ("K1", "Jan", "Berg", "01-02-1990")], fill, constant_memory=True)


def hidden_first() -> bytes:
    """The candidates stand on the second sheet; the first is hidden."""

    def fill(book: Any, sheet: Any) -> None:
        seen = book.add_worksheet("Kandidaten")
        seen.write_row(0, 0, CANDIDATE_HEADER)
        seen.write_row(1, 0, ("K1", "Jan", "Berg", "01-02-1990"))
        sheet.hide()
        seen.activate()
        seen.set_first_sheet()

    return workbook([("Klantnr",), ("geheim",)], fill)


def with_formulas() -> bytes:
    """A formula with a stored value, one without, an error value, and an error as text."""

    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, "=1+1", None, 2)
        sheet.write_formula(1, 5, '=HYPERLINK("http://x")', None, "")
        sheet.write_formula(1, 6, "=NA()", None, "#N/A")
        sheet.write_string(1, 7, "#N/B")

    header = (*CANDIDATE_HEADER, "Kinderen", "Postcode", "E-mail", "Telefoon")
    return workbook([header, ("K1", "Jan", "Berg", "01-02-1990")], fill)


def merged() -> bytes:
    """A merged title, and a last name merged over two rows."""

    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:D1", "Kandidaten")
        sheet.merge_range("C3:C4", "Berg")

    rows = [(), CANDIDATE_HEADER, ("K1", "Jan", None, "01-02-1990"), ("K2", "Piet", None, "01-02-1991")]
    return workbook(rows, fill)


def ical(*events: str, head: str = "") -> bytes:
    """A calendar with these events, each given as the lines between BEGIN and END."""
    body = "".join(f"BEGIN:VEVENT\r\nSUMMARY:Les\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{body}END:VCALENDAR\r\n".encode()
