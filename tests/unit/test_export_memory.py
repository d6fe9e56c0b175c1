"""A long list takes no more memory to export than a short one, and leaves nothing behind."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from inleer import export
from inleer.export import FORMATS, Cell, Table

MEGABYTE = 1024 * 1024
COLUMNS = ("Naam", "Lichting", "Stand", "Sinds", "Uren", "Opmerking")


def rows(count: int) -> Iterator[list[Cell]]:
    for n in range(count):
        yield [
            f"Achternaam {n}, Voornaam",
            "Lichting Lelystad 2026",
            "doet mee",
            n,
            n / 7,
            f"Regel nummer {n}",
        ]


def peak(kind: str, count: int) -> int:
    """The most memory, in bytes, that Python held while a list of this length was exported and read back in pieces."""
    tracemalloc.start()
    try:
        file = export.export(Table("lijst", COLUMNS, rows(count)), kind)
        sent = sum(len(piece) for piece in file.chunks())
        assert sent == file.size
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", FORMATS)
def test_ten_thousand_rows_take_as_much_memory_as_two_thousand(kind: str) -> None:
    peak(kind, 10)  # what is only loaded once is not the list's
    few, many = peak(kind, 2_000), peak(kind, 10_000)
    assert many < few + MEGABYTE, (few, many)


def test_a_workbook_that_is_kept_in_memory_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault."""
    monkeypatch.setattr(export, "_OPTIONS", {"in_memory": True})
    with pytest.raises(AssertionError):
        test_ten_thousand_rows_take_as_much_memory_as_two_thousand("xlsx")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_that_breaks_halfway_leaves_no_file_behind(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def breaks() -> Iterator[list[Cell]]:
        yield from rows(20_000)
        raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        export.export(Table("lijst", COLUMNS, breaks()), kind)
    assert list(tmp_path.iterdir()) == []


def test_a_large_workbook_holds_every_row_in_order() -> None:
    file = export.export(Table("lijst", COLUMNS, rows(3_000)), "xlsx")
    sheet = openpyxl.load_workbook(file.file, read_only=True).active
    assert sheet is not None
    found = [row[5] for row in sheet.iter_rows(values_only=True)]
    assert found == ["Opmerking", *(f"Regel nummer {n}" for n in range(3_000))]
