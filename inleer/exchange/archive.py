"""Guards for zipped files, before anything is parsed.

A file from outside is data of unknown intent: everything is counted while it is unpacked, and nothing is
believed that the archive says about itself. Limits: design/trust.md, promise 45.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from inleer.errors import ImportProblem
from inleer.i18n import _

MAX_BYTES = 10 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
# A small part of one repeated letter is no bomb; only what unpacks to more than this is held to the ratio.
RATIO_FROM = 1024 * 1024
# In one part that is no sheet; a million texts are two million elements.
MAX_ELEMENTS = 4_000_000

# The shared texts are elsewhere, and a sheet has millions of elements to look at.
_SHEETS = "xl/worksheets/"
# <si/>, the fewest bytes a shared text takes.
_SMALLEST_TEXT = 5

_CHUNK = 256 * 1024
_SLICE = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HAS_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER = b"PK\x03\x04"
_LOCAL_HEADER_SIZE = 30


class Archive:
    """The parts of a zipped file that passed the guards; ``names`` are as stored."""

    def __init__(self, data: bytes, parts: dict[str, zipfile.ZipInfo]) -> None:
        self._data = data
        self._parts = parts
        self.names = tuple(parts)

    def find(self, name: str) -> str | None:
        """The name under which a part is stored, whatever its capitals; None when it is not there."""
        return next((stored for stored in self.names if stored.lower() == name.lower()), None)

    def size(self, name: str) -> int:
        """How many bytes a part unpacks to."""
        return self._parts[name].file_size

    def stream(self, name: str) -> Iterator[bytes]:
        """The unpacked content of a part, piece by piece. Raises KeyError for a name that is not there,
        ImportProblem when it does not unpack to exactly the size the archive states."""
        return _unpack(self._data, self._parts[name])

    def read(self, name: str) -> bytes:
        """The unpacked content of a part as a whole; raises as ``stream`` does."""
        return b"".join(self.stream(name))


def check_size(data: bytes, limit: int = MAX_BYTES) -> None:
    """Refuses an empty file and one of more than ``limit`` bytes."""
    if not data:
        raise ImportProblem(_("Het bestand is leeg."))
    if len(data) > limit:
        raise ImportProblem(
            _(
                "Het bestand is te groot: %(size)s MB. Het mag hoogstens %(limit)s MB zijn. Splits het bestand.",
                size=f"{len(data) / 1024**2:.1f}".replace(".", ","),
                limit=f"{limit / 1024**2:.0f}",
            )
        )


def open_xlsx(data: bytes, limit: int = MAX_BYTES) -> Archive:
    """The parts of an XLSX workbook, after every guard.

    Raises ImportProblem for anything that is not a plain XLSX workbook: another kind of file under that name,
    a password, macros, too many or too large parts, paths or links that lead outside, XML with a DTD.
    """
    check_size(data, limit)
    _check_signature(data)
    archive = Archive(data, _listed(data))
    _check_kind(archive)
    for name in archive.names:
        _check_part(archive, name)
    return archive


def _check_signature(data: bytes) -> None:
    if data.startswith(_LOCAL_HEADER):
        return
    if data.startswith(_OLE):
        if _HAS_PASSWORD in data:
            raise ImportProblem(_("Het bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf."))
        raise ImportProblem(_("Dit is een oud Excel-bestand (.xls). Sla het in Excel op als .xlsx."))
    raise _no_workbook()


def _no_workbook() -> ImportProblem:
    return ImportProblem(
        _("Dit is geen Excel-bestand, ook al heet het .xlsx. Sla het in Excel op als .xlsx.")
    )


def damaged() -> ImportProblem:
    """What to say of a workbook that contradicts itself or breaks off."""
    return ImportProblem(_("Het Excel-bestand is beschadigd. Open het in Excel en sla het opnieuw op."))


def _too_large() -> ImportProblem:
    return ImportProblem(
        _(
            "Het Excel-bestand is uitgepakt te groot. Bewaar alleen het blad met de gegevens in een nieuw bestand."
        )
    )


def _listed(data: bytes) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, judged by what the archive says about them; the contents come later."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            listed = opened.infolist()
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        OverflowError,
        LookupError,
        OSError,
    ) as fault:
        raise damaged() from fault
    if len(listed) > MAX_ENTRIES:
        raise ImportProblem(
            _("Het Excel-bestand bestaat uit te veel onderdelen (meer dan %(limit)s).", limit=MAX_ENTRIES)
        )
    parts: dict[str, zipfile.ZipInfo] = {}
    for info in listed:
        _check_entry(info)
        if info.filename in parts:
            raise damaged()
        parts[info.filename] = info
    if sum(info.file_size for info in listed) > MAX_UNPACKED:
        raise _too_large()
    return parts


def _check_entry(info: zipfile.ZipInfo) -> None:
    steps = info.filename.replace("\\", "/").split("/")
    if not steps[0] or ".." in steps or ":" in info.filename:
        raise ImportProblem(_("Het Excel-bestand is niet veilig: een onderdeel wijst naar een andere map."))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ImportProblem(_("Het Excel-bestand is niet veilig: een onderdeel is een verwijzing."))
    if info.flag_bits & 0x1:
        raise ImportProblem(_("Het bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    if info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size):
        raise _too_large()


def _check_kind(archive: Archive) -> None:
    names = {name.lower() for name in archive.names}
    if "mimetype" in names and "content.xml" in names:
        raise ImportProblem(_("Dit is een OpenDocument-bestand (.ods). Sla het op als .xlsx."))
    if "xl/workbook.bin" in names:
        raise ImportProblem(_("Dit is een binair Excel-bestand (.xlsb). Sla het op als .xlsx."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise ImportProblem(_("In het Excel-bestand zitten macro's. Sla het op als .xlsx zonder macro's."))
    if not {"xl/workbook.xml", "[content_types].xml"} <= names:
        raise _no_workbook()


def _check_part(archive: Archive, name: str) -> None:
    """Unpacks a part once, counted; XML is also read through for a DTD, entities and damage."""
    if not name.lower().endswith((".xml", ".rels")):
        for _chunk in archive.stream(name):
            pass
        return
    reader = xml_reader()
    if not name.lower().startswith(_SHEETS):
        reader.parser.StartElementHandler = _memory_guard(archive.size(name))
    feed_xml(reader, archive.stream(name))


def _memory_guard(size: int) -> Callable[[str, dict[str, str]], None]:
    """A handler that refuses too many elements, and a stated number of shared texts for which ``size`` bytes have
    no room.

    calamine reserves memory for that number unseen: one attribute of 4294967296 ends the whole process. The
    other counts in a workbook it does not believe.
    """
    seen = 0

    def start(_tag: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        stated = attributes.get("uniqueCount", "0")
        if seen > MAX_ELEMENTS:
            raise _too_large()
        if not (stated.isascii() and stated.isdigit() and int(stated[:12]) <= size // _SMALLEST_TEXT):
            raise damaged()

    return start


def xml_reader() -> DefusedXMLParser:
    """A parser that refuses DTDs and entities and builds no tree; set handlers on its ``parser``.

    Attributes come as a dictionary, text in whole pieces.
    """
    reader = DefusedXMLParser(target=_NoTree(), forbid_dtd=True)
    # Without a tree the default handler would only be called a million times for nothing.
    reader.parser.DefaultHandlerExpand = None
    reader.parser.ordered_attributes = False
    reader.parser.buffer_text = True
    return reader


def feed_xml(reader: DefusedXMLParser, chunks: Iterator[bytes]) -> None:
    """Reads XML piece by piece. Raises ImportProblem for a DTD or entity, and for damage."""
    try:
        for chunk in chunks:
            reader.feed(chunk)
        reader.close()
    except DefusedXmlException as fault:
        raise ImportProblem(
            _("Het Excel-bestand is niet veilig: het verwijst naar iets buiten het bestand.")
        ) from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise damaged() from fault


class _NoTree:
    """What DefusedXMLParser needs for a target when only the handlers matter."""

    def close(self) -> None:
        """Nothing was built."""


def _unpack(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpacks one part by the bytes themselves.

    zipfile stops at the stated size, so a part that states less than it holds would slip through here and
    unpack in full in the next reader.
    """
    raw = _packed(data, info)
    size = 0
    for chunk in _inflate(raw) if info.compress_type == zipfile.ZIP_DEFLATED else iter((bytes(raw),)):
        size += len(chunk)
        if size > info.file_size:
            raise damaged()
        yield chunk
    if size != info.file_size:
        raise damaged()


def _packed(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    header = data[info.header_offset : info.header_offset + _LOCAL_HEADER_SIZE]
    if len(header) < _LOCAL_HEADER_SIZE or not header.startswith(_LOCAL_HEADER):
        raise damaged()
    method = int.from_bytes(header[8:10], "little")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = info.header_offset + _LOCAL_HEADER_SIZE + lengths
    if method != info.compress_type or start + info.compress_size > len(data):
        raise damaged()
    return memoryview(data)[start : start + info.compress_size]


def _inflate(raw: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(raw), _SLICE):
            pending: bytes | memoryview = raw[start : start + _SLICE]
            while pending:
                yield inflater.decompress(pending, _CHUNK)
                pending = inflater.unconsumed_tail
                if inflater.unused_data:
                    raise damaged()
        yield inflater.flush()
    except zlib.error as fault:
        raise damaged() from fault
    if not inflater.eof:
        raise damaged()
