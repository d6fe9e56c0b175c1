"""XLSX to rows: values by calamine, and by our own pass over the sheet (``sheet_scan``) what it does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from posixpath import normpath
from typing import Any, NamedTuple, TypeVar

from defusedxml.ElementTree import ParseError, fromstring
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from inleer.errors import ImportProblem
from inleer.exchange.archive import Archive, damaged, open_xlsx
from inleer.exchange.cells import MAX_COLUMNS, MAX_ROWS, NOTICES_SHOWN, Cell, Notice, Row, Table, error_notice
from inleer.exchange.shared_text import check_shared_text
from inleer.exchange.sheet_scan import MAX_AREA, SheetScan, scan_sheet
from inleer.i18n import _

_T = TypeVar("_T")


class _Book(NamedTuple):
    """What xl/workbook.xml tells: the part of each sheet by its name, and from which year Excel counts."""

    parts: dict[str, str]
    date1904: bool


def read_xlsx(data: bytes, limit: int) -> Table:
    """The rows of the first visible sheet. Raises ImportProblem for whatever cannot be read."""
    archive = open_xlsx(data, limit)
    book = _workbook(archive)
    opened = _by_calamine(lambda: CalamineWorkbook.from_filelike(BytesIO(data)))
    name, warnings = _first_visible(opened)
    if name not in book.parts:
        raise damaged()
    scan = scan_sheet(archive, book.parts[name], book.date1904)
    _check_extent(scan)
    check_shared_text(archive, book.parts[name], scan.shared)
    sheet = _by_calamine(lambda: opened.get_sheet_by_name(name))
    values = _by_calamine(lambda: sheet.to_python(skip_empty_area=False))
    rows = list(_rows(values, scan))
    if len(rows) > MAX_ROWS:
        raise ImportProblem(
            _("Het blad heeft meer dan %(limit)s regels. Splits het bestand.", limit=MAX_ROWS)
        )
    warnings += _merged(sheet)
    return Table(rows, "xlsx", tuple(warnings), tuple(scan.emptied), sheet=name, date1904=book.date1904)


def _by_calamine(read: Callable[[], _T]) -> _T:
    """Calls calamine and turns every way in which it can fail into ImportProblem."""
    try:
        return read()
    except (CalamineError, ArithmeticError, ValueError, LookupError, TypeError, OSError) as fault:
        raise damaged() from fault
    except BaseException as fault:
        # A Rust panic is no Exception and its class cannot be imported; anything else goes on up.
        if type(fault).__name__ == "PanicException":
            raise damaged() from fault
        raise


def _workbook(archive: Archive) -> _Book:
    tree = _xml(archive, "xl/workbook.xml")
    links = {}
    for link in _xml(archive, "xl/_rels/workbook.xml.rels"):
        key, target = link.get("Id", ""), link.get("Target", "")
        if key in links:
            raise damaged()
        links[key] = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    parts = {}
    for element in tree.iter():
        kind = _local(element.tag)
        if kind == "sheet":
            key = next((value for name, value in element.items() if _local(name) == "id"), "")
            parts[element.get("name", "")] = links.get(key, "")
    properties = next((element for element in tree.iter() if _local(element.tag) == "workbookPr"), None)
    date1904 = properties is not None and properties.get("date1904", "0").lower() in ("1", "true", "on")
    return _Book(parts, date1904)


def _xml(archive: Archive, name: str) -> Any:
    """The root element of a small part."""
    part = archive.find(name)
    if part is None:
        raise damaged()
    try:
        return fromstring(archive.read(part), forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as fault:
        raise damaged() from fault


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _first_visible(book: CalamineWorkbook) -> tuple[str, list[Notice]]:
    """The name of the sheet that is seen first, and notices about the sheets that are not read."""
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible]
    if not visible:
        raise ImportProblem(_("In het Excel-bestand is geen blad zichtbaar."))
    notices = []
    if hidden:
        notices.append(Notice(_("Verborgen blad niet gelezen: %(sheets)s.", sheets=", ".join(hidden))))
    if visible[1:]:
        others = ", ".join(visible[1:])
        notices.append(
            Notice(
                _("Alleen blad %(first)s is gelezen, dit niet: %(others)s.", first=visible[0], others=others)
            )
        )
    return visible[0], notices


def _check_extent(scan: SheetScan) -> None:
    far = scan.far_row if scan.height * scan.width > MAX_AREA else scan.far_column
    if scan.height * scan.width > MAX_AREA or scan.width > MAX_COLUMNS:
        raise ImportProblem(
            _("In cel %(cell)s staat iets, ver van de rest. Haal dat weg of bewaar de tabel apart.", cell=far)
        )


def _merged(sheet: CalamineSheet) -> list[Notice]:
    """Cells merged downwards: only the first row has the value. Merged titles harm nobody."""
    down = [
        (top, bottom) for (top, _left), (bottom, _right) in sheet.merged_cell_ranges or [] if bottom > top
    ]
    return [
        Notice(
            _(
                "Samengevoegde cellen: alleen rij %(row)s heeft de waarde, de rijen eronder zijn leeg.",
                row=top + 1,
            ),
            row=top + 1,
        )
        for top, _bottom in down[:NOTICES_SHOWN]
    ]


def _rows(values: Iterable[Iterable[Cell]], scan: SheetScan) -> Iterator[Row]:
    for number, found in enumerate(values, start=1):
        cells: list[Cell] = [None if value == "" else value for value in found]
        for index, value in enumerate(cells):
            if isinstance(value, str):
                cells[index] = _text(value, number, index, scan)
        for index, patched in scan.patches.get(number, {}).items():
            if index < len(cells):
                cells[index] = patched
        if any(cell is not None for cell in cells):
            yield Row(number, tuple(cells))


def _text(value: str, row: int, index: int, scan: SheetScan) -> Cell:
    if value.isspace():
        return None
    notice = error_notice(value, row, index)
    if notice:
        scan.emptied.append(notice)
        return None
    return value
