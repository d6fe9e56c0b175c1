"""Lists of a plugin as a file to download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from inleer.export import FORMATS, Cell, Table, export, sent

#: What a list can be had as: the values of ``format`` in an address.
EXPORTS = tuple(FORMATS)


def download(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str) -> Response:
    """A list as a file of a ``kind`` of EXPORTS; ``name`` is its name without extension.

    No cell is ever a formula; None reads "onbekend". Raises KeyError for another kind.
    """
    return sent(export(Table(name, columns, rows), kind))
