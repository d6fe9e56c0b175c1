"""Guard against a sheet that says one long text a million times.

XLSX keeps each text once and lets cells point at it. A few kilobytes of pointers to one text of a megabyte become
gigabytes when the cells are read.
"""

from __future__ import annotations

from array import array

from inleer.errors import ImportProblem
from inleer.exchange.archive import Archive, feed_xml, xml_reader
from inleer.i18n import _

#: Characters in all cells together; a full sheet of 100,000 rows has some fifteen million.
MAX_CHARACTERS = 40_000_000

_STRINGS = "xl/sharedStrings.xml"


def check_shared_text(archive: Archive, sheet: str, cells: int) -> None:
    """Refuses a sheet whose ``cells`` cells with shared text would hold more than MAX_CHARACTERS. ``sheet``: the
    name of its part. Raises ImportProblem."""
    part, stored = archive.find(_STRINGS), archive.find(sheet)
    if part is None or stored is None or not cells:
        return
    lengths = _lengths(archive, part)
    if not lengths or cells * max(lengths) <= MAX_CHARACTERS:
        return
    if _characters(archive, stored, lengths) > MAX_CHARACTERS:
        raise ImportProblem(_("In het blad staat te veel tekst. Haal kolommen met lange teksten weg."))


def _lengths(archive: Archive, part: str) -> array[int]:
    """The number of characters of each shared text, in order."""
    found = array("Q")
    reader = xml_reader()

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if tag.rpartition("}")[2] == "si":
            found.append(0)

    def characters(text: str) -> None:
        if found:
            found[-1] += len(text)

    reader.parser.StartElementHandler = start
    reader.parser.CharacterDataHandler = characters
    feed_xml(reader, archive.stream(part))
    return found


def _characters(archive: Archive, sheet: str, lengths: array[int]) -> int:
    """How many characters the cells of a sheet point at together."""
    reader = xml_reader()
    total, inside, pointer = 0, False, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, pointer
        kind = tag.rpartition("}")[2]
        if kind == "c":
            inside = attributes.get("t") == "s"
        elif kind == "v":
            pointer = ""

    def characters(text: str) -> None:
        nonlocal pointer
        if inside:
            pointer += text[:12]

    def end(tag: str) -> None:
        nonlocal total
        if inside and tag.rpartition("}")[2] == "v" and pointer.strip().isdecimal():
            number = int(pointer[:12])
            total += lengths[number] if number < len(lengths) else 0

    reader.parser.StartElementHandler = start
    reader.parser.CharacterDataHandler = characters
    reader.parser.EndElementHandler = end
    feed_xml(reader, archive.stream(sheet))
    return total
