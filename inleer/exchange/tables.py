"""XLSX and CSV as rows of raw cells: ``read_table`` is the one door for both.

Nothing is interpreted here except what only the file itself can tell: which cells hold a formula or an error,
which sheet is seen first, from which year Excel counts its days, in which letters and with which separator a
CSV was written. No bytes whatever raise anything but ImportProblem.
"""

from __future__ import annotations

from inleer.errors import ImportProblem
from inleer.exchange.archive import MAX_BYTES, check_size
from inleer.exchange.cells import Cell, Notice, Row, Table
from inleer.exchange.csv_files import read_csv
from inleer.exchange.sheets import read_xlsx
from inleer.i18n import _

__all__ = ["Cell", "Notice", "Row", "Table", "extension_of", "read_table"]


def read_table(data: bytes, filename: str, limit: int = MAX_BYTES) -> Table:
    """The rows of an .xlsx, .csv, .tsv or .txt file. ``limit``: allowed size in bytes (default 10 MB).

    Name and content must agree. Raises ImportProblem, and nothing else, for whatever cannot be read.
    """
    check_size(data, limit)
    extension = extension_of(filename)
    if extension == "xlsx":
        return read_xlsx(data, limit)
    if extension in ("csv", "tsv", "txt"):
        return read_csv(data)
    if extension in ("xls", "xlsb", "xlsm", "ods"):
        raise ImportProblem(
            _("Een bestand van de soort .%(kind)s lezen we niet. Sla het op als .xlsx.", kind=extension)
        )
    raise ImportProblem(_("Deze soort bestand lezen we niet. Gebruik .xlsx of .csv."))


def extension_of(filename: str) -> str:
    """What stands after the last dot of a file name, in lower case; empty when there is none."""
    return filename.rpartition(".")[2].strip().lower() if "." in filename else ""
