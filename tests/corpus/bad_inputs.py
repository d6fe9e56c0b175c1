"""The bad-input corpus of the design (trust.md): what comes in, and what must become of it.

Numbers are those of the corpus. ``reader`` names what the input is given to; tests/unit/exchange/test_bad_inputs.py
says which function that is. Here are names (1-12), ids and contacts (13-16), dates and times (17-25), hours and
attendance (26-29), files (32-39). Entries that ask something of the database or the web are tested there: 27 (people
who are not enrolled, holidays, the future), 29 (form fields).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from tests.corpus import workbooks as files


@dataclass(frozen=True)
class Accept:
    """Taken as it is."""


@dataclass(frozen=True)
class Become:
    """Normalised: taken as ``value``."""

    value: Any


@dataclass(frozen=True)
class Refuse:
    """Refused with a Dutch sentence that holds ``part``."""

    part: str


Outcome = Accept | Become | Refuse


@dataclass(frozen=True)
class Bad:
    """One input. ``given`` is the value, or makes it when it is large."""

    number: int
    reader: str
    given: Any
    outcome: Outcome
    note: str = ""

    @property
    def id(self) -> str:
        """A short name for the test: number, reader and what is given."""
        said = self.note or repr(self.given)[:30]
        return f"{self.number}-{self.reader}-{said}".encode("ascii", "backslashreplace").decode()

    def value(self) -> Any:
        """The input itself."""
        return self.given() if callable(self.given) else self.given


ACCEPT = Accept()

NAMES = [
    Bad(1, "last name", "van der Berg", Become(("van der", "Berg"))),
    Bad(1, "last name", "'t Hart", Become(("'t", "Hart"))),
    Bad(1, "last name", "in 't Veld", Become(("in 't", "Veld"))),
    Bad(1, "last name", "d'Ancona", Become(("", "d'Ancona")), "no space, so part of the name"),
    Bad(1, "last name", "Berg, van der", Become(("van der", "Berg"))),
    Bad(1, "full name", "Mehmet in 't Veld", Become(("Mehmet", "in 't", "Veld"))),
    Bad(1, "full name", "Berg, Rachid van den", Become(("Rachid", "van den", "Berg"))),
    Bad(2, "last name", "Van den Broek-de Vries", Become(("Van den", "Broek-de Vries"))),
    Bad(3, "name", "Müller", ACCEPT),
    Bad(3, "name", "Şahin", ACCEPT),
    Bad(3, "name", "Nguyễn", ACCEPT),
    Bad(3, "name", "Ðorđević", ACCEPT),
    Bad(4, "name", "Rene\u0301", Become("Ren\u00e9"), "NFD"),
    Bad(4, "same person", ("Rene\u0301", "Ren\u00e9"), Become(True)),
    Bad(5, "name", "IJsbrand", ACCEPT),
    Bad(5, "name", "ĳsbrand", Become("ijsbrand")),
    Bad(5, "same person", ("IJsbrand", "ĳsbrand"), Become(True)),
    Bad(3, "same person", ("Aydın", "AYDIN"), Become(True), "dotless i"),
    Bad(3, "same person", ("Łukasz Ðorđe", "Lukasz Dorde"), Become(True), "letters with a stroke"),
    Bad(6, "name", "O", ACCEPT),
    Bad(6, "full name", "Soekarno", Become(("", "", "Soekarno")), "one name"),
    Bad(6, "full name", "van Dijk", Become(("", "van", "Dijk")), "no first name"),
    *(Bad(7, "name", word, ACCEPT) for word in ("Null", "None", "True", "NaN")),
    Bad(7, "name", True, Refuse("tekst"), "Excel made a yes of True"),
    *(Bad(8, "name", f"d{mark}Ancona", Become("d'Ancona")) for mark in "'’`´"),
    Bad(9, "name", "a" * 200, ACCEPT, "200 characters"),
    Bad(9, "name", "a" * 201, Refuse("te lang"), "201 characters"),
    Bad(9, "text", "a" * 10_000, Refuse("te lang"), "10,000 characters"),
    Bad(10, "name", "أحمد", ACCEPT),
    Bad(10, "name", "Jan\u202egreB", Refuse("leesrichting"), "right-to-left override"),
    Bad(10, "name", "Jan\u200d\u200bsen", Become("Jansen"), "zero-width joiner and space"),
    Bad(10, "name", "El\u00a0Amrani", Become("El Amrani"), "NBSP"),
    Bad(10, "name", "Jan \U0001f468\u200d\U0001f469\u200d\U0001f467", Refuse("hoort geen"), "emoji family"),
    Bad(11, "e-mail", "j\u0430n@voorbeeld.nl", Refuse("ander alfabet"), "Cyrillic a"),
    Bad(11, "e-mail", "jan@voorbe\u0435ld.nl", Refuse("ander alfabet"), "Cyrillic e in the domain"),
    Bad(12, "name", "\tJan\r\n", Become("Jan")),
    Bad(12, "name", "Jan\x00sen", Refuse("U+0000")),
    Bad(12, "name", "\x0bJan", Refuse("U+000B")),
]

IDS = [
    Bad(13, "client number", "K2200 ", Become("K2200")),
    Bad(13, "client number", 123.0, Become("123")),
    Bad(13, "client number", "00123", ACCEPT, "leading zeros"),
    Bad(13, "client number", "123456789", ACCEPT, "nine digits that fail the elfproef"),
    Bad(13, "client number", "12345678", ACCEPT, "eight digits"),
    Bad(13, "client number", "111222333", Refuse("BSN"), "a BSN"),
    Bad(13, "client number", 111222333.0, Refuse("BSN"), "a BSN as number"),
    Bad(13, "client number", "1112.22.333", Refuse("BSN"), "a BSN with dots"),
    Bad(13, "client number", 1.5, Refuse("heel getal")),
    Bad(13, "client number", 1e300, Refuse("te veel cijfers")),
    Bad(13, "stored text", "belt over 111222333", Refuse("BSN")),
    Bad(14, "postcode", "1234ab", Become("1234 AB")),
    Bad(14, "postcode", "1234 SA", Refuse("bestaat niet")),
    Bad(14, "postcode", "1234 SD", Refuse("bestaat niet")),
    Bad(14, "postcode", "1234SS", Refuse("bestaat niet")),
    Bad(14, "postcode", "0123 AB", Refuse("bestaat niet")),
    Bad(14, "postcode", "12 34A", Refuse("bestaat niet")),
    Bad(14, "postcode", "１２３４ AB", Refuse("bestaat niet"), "wide digits"),
    Bad(15, "phone", "+31 6 12345678", Become("+31612345678")),
    Bad(15, "phone", "0031 6 1234 5678", Become("+31612345678")),
    Bad(15, "phone", "06-12345678", Become("+31612345678")),
    Bad(15, "phone", "+31 (0)6 12345678", Become("+31612345678")),
    Bad(15, "phone", "(0320) 123 456", Become("+31320123456")),
    Bad(15, "phone", 612345678.0, Become("+31612345678"), "zero lost"),
    Bad(15, "phone", 31612345678.0, Become("+31612345678"), "plus lost"),
    Bad(15, "phone", "+49 30 901820", Become("+4930901820")),
    Bad(15, "phone", "+31 6 1", Refuse("klopt niet")),
    Bad(15, "phone", "=+31612345678", Refuse("klopt niet")),
    Bad(16, "e-mail", "Jan+werk@Voorbeeld.NL", Become("jan+werk@voorbeeld.nl")),
    Bad(16, "e-mail", "info@müller.nl", ACCEPT, "IDN"),
    Bad(16, "e-mail", "jan@voorbeeld.nl.", Refuse("klopt niet"), "trailing dot"),
    Bad(
        16,
        "e-mail",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 8}.nl",
        Refuse("te lang"),
        "255 long",
    ),
    Bad(16, "e-mail", "a@b.nl\r\nBcc: c@d.nl", Refuse("regeleinde")),
    Bad(16, "e-mail", "geen-adres", Refuse("klopt niet")),
]

DATES = [
    *(
        Bad(17, "date", text, Become(date(2026, 2, 1)))
        for text in ("01-02-2026", "1/2/2026", "1.2.2026", "2026-02-01")
    ),
    Bad(17, "date", "02/01/2026", Become(date(2026, 1, 2)), "day first"),
    Bad(17, "date", "02/13/2026", Refuse("bestaat niet"), "never month first"),
    Bad(17, "date", "2026-02-01T00:00:00", Become(date(2026, 2, 1))),
    Bad(18, "date", 45000.0, Become(date(2023, 3, 15))),
    Bad(18, "date", "45000", Become(date(2023, 3, 15)), "serial as text"),
    Bad(18, "date", 61.0, Become(date(1900, 3, 1))),
    Bad(18, "date", 60.0, Refuse("29-02-1900")),
    Bad(18, "date", 59.5, Become(date(1900, 2, 28))),
    Bad(18, "date", 1.0, Become(date(1900, 1, 1))),
    Bad(18, "date", 0.0, Refuse("geen datum")),
    Bad(18, "date", -1.0, Refuse("geen datum")),
    Bad(18, "date", 3_000_000.0, Refuse("geen datum")),
    Bad(18, "date", time(0, 0), Refuse("hoort een datum"), "a time"),
    Bad(18, "date 1904", 45000.0, Become(date(2027, 3, 16))),
    Bad(18, "date 1904", 60.0, Become(date(1904, 3, 1))),
    Bad(19, "date", "29-02-2027", Refuse("bestaat niet")),
    Bad(19, "date", "29-02-2028", Become(date(2028, 2, 29))),
    Bad(20, "session", ("2026-03-29", "02:30", "04:00"), Refuse("bestaat 02:30 niet")),
    Bad(20, "session", ("2026-10-25", "02:30", "04:00"),
        Become((datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 3, 0, tzinfo=UTC))),
        "the first of two"),
    Bad(20, "session", ("2026-10-25", "01:30", "03:30"),
        Become((datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC))),
        "three hours"),
    Bad(21, "date", "2026-W53-5", Become(date(2027, 1, 1))),
    Bad(21, "date", "2026-W01-1", Become(date(2025, 12, 29))),
    Bad(21, "date", "2026-W53", Refuse("geen datum"), "a week is no day"),
    Bad(22, "date", "01-01-0001", Refuse("kan hier niet")),
    Bad(22, "date", "31-12-9999", Refuse("kan hier niet")),
    Bad(22, "date", "01-02-26", Refuse("vier cijfers")),
    Bad(23, "session", ("19-10-2020", "12:00", "09:00"), Refuse("niet na het begin")),
    Bad(23, "session", ("19-10-2020", "09:00", "09:00"), Refuse("niet na het begin")),
    Bad(23, "session", ("19-10-2020", "09:00", ""), Refuse("niet ingevuld"), "open end"),
    Bad(24, "birth date", "01-01-2030", Refuse("toekomst")),
    Bad(24, "birth date", "01-01-2007", Become(date(2007, 1, 1)), "14"),
    Bad(24, "birth date", "01-06-2007", Refuse("13 jaar"), "13"),
    Bad(24, "birth date", "01-01-1954", Become(date(1954, 1, 1)), "67"),
    Bad(24, "birth date", "01-01-1901", Refuse("120 jaar"), "120"),
    Bad(25, "date", "31-4-2026", Refuse("bestaat niet")),
    Bad(25, "date", "vandaag", Refuse("geen datum")),
    Bad(25, "date", "1 mrt. 2026", Become(date(2026, 3, 1))),
    Bad(25, "date", "ma 2 maart 2026", Become(date(2026, 3, 2))),
    Bad(25, "date", "maart", Refuse("geen datum")),
]  # fmt: skip

HOURS = [
    Bad(26, "hours", -1, Refuse("0 tot en met 24")),
    Bad(26, "hours", "-1", Refuse("0 tot en met 24")),
    Bad(26, "hours", 0, Become(0)),
    Bad(26, "hours", 7.5, Become(450)),
    Bad(26, "hours", "7,5", Become(450)),
    Bad(26, "hours", "7:30", Become(450)),
    Bad(26, "hours", time(7, 30), Become(450)),
    Bad(26, "hours", 24.01, Refuse("0 tot en met 24")),
    Bad(26, "hours", "1e3", Refuse("aantal uren")),
    Bad(26, "hours", 1e3, Refuse("0 tot en met 24")),
    Bad(26, "hours", "1e400", Refuse("aantal uren")),
    Bad(26, "hours", float("inf"), Refuse("aantal uren")),
    Bad(26, "hours", float("nan"), Refuse("aantal uren")),
    Bad(26, "hours", "½", Become(30)),
    Bad(26, "hours", "7½", Become(450)),
    Bad(26, "hours", "NaN", Refuse("aantal uren")),
    Bad(26, "hours", "Infinity", Refuse("aantal uren")),
    Bad(26, "positions", "twee", Refuse("heel getal")),
    Bad(26, "positions", 0.0, Refuse("van 1 tot en met")),
    Bad(26, "positions", 2.5, Refuse("heel getal")),
    Bad(27, "attendance", b"K1;19-10-2020;INTRO;A;\nK1;19-10-2020;INTRO;A;", Refuse("rij 2"), "the same line twice"),
    Bad(28, "attendance", b"K1;19-10-2020;INTRO;Q;", Refuse("onbekend")),
    Bad(28, "attendance", b"K1;19-10-2020;INTRO;tl;10", Become([("TL", 10)]), "lower case"),
    Bad(28, "attendance", "K1;19-10-2020;INTRO;４;".encode(), Refuse("onbekend"), "wide digit as code"),
    Bad(28, "attendance", "K1;19-10-2020;INTRO;TL;４".encode(), Refuse("heel getal"), "wide digit as minutes"),
    Bad(29, "attendance", lambda: b"\n".join(b"K%d;19-10-2020;INTRO;A;" % n for n in range(2500)),
        Become([("A", None)] * 2500), "2,500 cells"),
]  # fmt: skip

_CSV = "Klantnr;Voornaam;Achternaam;Geb.datum\r\nK1;Zoë;Müller;01-02-1990\r\n"
_EURO = "Klantnr;Voornaam;Achternaam;Geb.datum;Opmerking\r\nK1;Zoë;Müller;01-02-1990;€ 5\r\n"
_ZOE = Become([("K1", "Zoë", "Müller")])


def _csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


ENCODINGS_AND_SEPARATORS = [
    Bad(32, "candidates.csv", _csv(_EURO, "cp1252"), _ZOE, "cp1252 with the euro sign"),
    Bad(32, "candidates.csv", _csv(_CSV), _ZOE, "UTF-8"),
    Bad(32, "candidates.csv", _csv(_CSV, "utf-8-sig"), _ZOE, "UTF-8 with BOM"),
    Bad(32, "candidates.csv", _csv(_CSV, "utf-16"), _ZOE, "UTF-16 with BOM"),
    Bad(32, "candidates.csv", _csv(_CSV, "utf-16-le"), _ZOE, "UTF-16 LE without BOM"),
    Bad(32, "candidates.csv", _csv(_CSV, "utf-16-be"), _ZOE, "UTF-16 BE without BOM"),
    Bad(32, "candidates.csv", _csv(_CSV, "utf-16-le") + b"\x00", Refuse("niet te lezen"), "half a letter"),
    Bad(32, "candidates.csv", _csv(_CSV) + _csv("K2;Zoë;Smit;01-02-1990\r\n", "cp1252"),
        Refuse("twee tekensets"), "mixed"),
    Bad(32, "candidates.csv", _csv(_csv(_CSV).decode("cp1252")), Refuse("verkeerd omgezet"), "misread and saved"),
    Bad(33, "candidates.csv", _csv(_CSV.replace(";", ",")), _ZOE, "comma"),
    Bad(33, "candidates.csv", _csv(_CSV.replace(";", "\t")), _ZOE, "TAB"),
    Bad(33, "candidates.csv", _csv(_CSV.replace(";", "|")), _ZOE, "bar"),
    Bad(33, "candidates.csv", _csv("sep=,\r\n" + _CSV.replace(";", ",")), _ZOE, "Excel's sep line"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("Zoë", '"Zoë\r\n"')), _ZOE, "line end in quotes"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("\r\n", "\r")), _ZOE, "old Mac"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("Zoë", "Zo\rë")), Refuse("regeleinde"), "bare CR in a cell"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("Zoë", '"Zoë')), Refuse("nergens sluit"), "unclosed quote"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("Zoë", '"Zo"ë')), Refuse("aanhalingsteken"), "text after a quote"),
    Bad(33, "candidates.csv", _csv(_CSV.replace("Zoë", "Zo\x00ë")), Refuse("NUL")),
    Bad(33, "candidates.csv", _csv(_CSV + "K2;Jan;Berg;de;01-02-1990\r\n"),
        Refuse("meer cellen"), "separator in a text"),
]  # fmt: skip

_HEADER = files.CANDIDATE_HEADER
_PERSON = ("K1", "Jan", "Berg", "01-02-1990")
_JAN = Become([("K1", "Jan", "Berg")])

SHEETS = [
    Bad(34, "candidates.xlsx", lambda: files.candidates(header=("a", "b", "c", "d")),
        Refuse("kolomnamen"), "no header"),
    Bad(34, "candidates.xlsx", lambda: files.candidates(header=("Klantnr", "Voornaam", "Achternaam", "x")),
        Refuse("Geboortedatum ontbreekt"), "a column missing"),
    Bad(34, "candidates.xlsx",
        lambda: files.candidates(header=("Klantnr", "Cliëntnummer", "Achternaam", "Geb.datum")),
        Refuse("meer dan één keer"), "a column twice"),
    Bad(34, "candidates.xlsx",
        lambda: files.candidates(header=("client number", "First name", "LAST NAME", "Date of birth")),
        _JAN, "translated"),
    Bad(34, "candidates.xlsx", lambda: files.workbook([("Geboren", "Naam", "Nr."), ("01-02-1990", "Jan Berg", "K1")]),
        _JAN, "reordered, other words"),
    Bad(34, "candidates.xlsx",
        lambda: files.workbook([("Lijst",), (), (*_HEADER, "Opmerking"), (*_PERSON, "x")]),
        _JAN, "titles above, a column more"),
    Bad(34, "candidates.xlsx", files.empty_tail, _JAN, "format down to row 1,048,576"),
    Bad(34, "candidates.xlsx", files.far_cells, Refuse("XFD1048576"), "a lost cell in the last corner"),
    Bad(35, "candidates.xlsx", files.merged, Refuse("niet ingevuld"), "merged cells"),
    Bad(35, "candidates.xlsx", files.hidden_first, _JAN, "first sheet hidden"),
    Bad(35, "candidates.xlsx", files.with_formulas, _JAN, "formulas and error values count as empty"),
    Bad(35, "candidates.xlsx", lambda: files.candidates(("K1", "Jan", "Berg", "32905")), _JAN, "day number as text"),
    Bad(35, "candidates.xlsx", lambda: files.candidates((123, "Jan", "Berg", "01-02-1990")),
        Become([("123", "Jan", "Berg")]), "number as number"),
    Bad(35, "candidates.xlsx", lambda: files.candidates(("00123", "Jan", "Berg", "01-02-1990")),
        Become([("00123", "Jan", "Berg")]), "number as text"),
    Bad(36, "candidates.xlsx", lambda: files.candidates(_PERSON, _PERSON), Refuse("rij 2"), "twice"),
    Bad(36, "candidates.xlsx", lambda: files.candidates(_PERSON, ("k1 ", "Ján", "BERG", "01-02-1990")),
        Refuse("rij 2"), "other spelling"),
    Bad(37, "candidates.csv", b"", Refuse("leeg"), "0 bytes"),
    Bad(37, "candidates.xlsx", lambda: files.workbook([]), Refuse("leeg"), "0 rows"),
    Bad(37, "candidates.xlsx", lambda: files.workbook([_HEADER]), Refuse("geen regels"), "only a header"),
    Bad(37, "candidates.xlsx", files.candidates, _JAN, "1 row"),
    *(
        Bad(38, "name", text, Refuse("hoort geen"))
        for text in ('=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "+Jan", "-Jan", "@Jan", "\t=Jan", "\r=Jan")
    ),
    *(
        Bad(38, "text", text, Refuse("formule"))
        for text in ('=HYPERLINK("http://x")', "@SUM(A1)", "\t=1+1", "\r=1+1")
    ),
    Bad(38, "text", "- VOG nodig", ACCEPT, "a dash is text; writing it out is guarded"),
]  # fmt: skip

ARCHIVES: list[Bad] = [
    Bad(39, "candidates.xlsx", files.bomb, Refuse("te groot"), "zip bomb"),
    Bad(39, "candidates.xlsx", files.hidden_bomb, Refuse("beschadigd"), "zip bomb that lies about its size"),
    Bad(39, "candidates.xlsx", files.many_entries, Refuse("te veel onderdelen"), "10,000 entries"),
    Bad(39, "candidates.xlsx", lambda: files.repacked(files.candidates(), {"../x.xml": b"<x/>"}),
        Refuse("andere map"), "../"),
    Bad(39, "candidates.xlsx", lambda: files.repacked(files.candidates(), {"/etc/x": b""}),
        Refuse("andere map"), "/etc"),
    Bad(39, "candidates.xlsx", files.symlink, Refuse("verwijzing"), "symlink"),
    Bad(39, "candidates.xlsx", lambda: files.ole("EncryptedPackage"), Refuse("wachtwoord"), "encrypted"),
    Bad(39, "candidates.xlsx", files.encrypted_part, Refuse("wachtwoord"), "encrypted parts"),
    Bad(39, "candidates.xlsx", lambda: files.ole("Workbook"), Refuse("oud Excel-bestand"), "xls as xlsx"),
    Bad(39, "candidates.xlsx", files.ods, Refuse("OpenDocument"), "ods as xlsx"),
    Bad(39, "candidates.xlsx", _csv(_CSV), Refuse("geen Excel-bestand"), "csv as xlsx"),
    Bad(39, "candidates.xlsx", b"<html><table><tr><td>Klantnr", Refuse("geen Excel-bestand"), "html as xlsx"),
    Bad(39, "candidates.csv", files.candidates, Refuse("geen tekstbestand"), "xlsx as csv"),
    Bad(39, "candidates.xlsx", lambda: files.repacked(files.candidates(), {"xl/vbaProject.bin": b"x"}),
        Refuse("macro"), "macros"),
    Bad(39, "candidates.xlsx", lambda: files.doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
        Refuse("buiten het bestand"), "XXE"),
    Bad(39, "candidates.xlsx", lambda: files.doctype('<!ENTITY a "ha"><!ENTITY b "&a;&a;">'),
        Refuse("buiten het bestand"), "billion laughs"),
    Bad(39, "candidates.xlsx", lambda: files.candidates()[:-200], Refuse("beschadigd"), "cut off"),
    Bad(39, "candidates.xlsx", files.stated_count, Refuse("beschadigd"), "a stated count of four milliard"),
    Bad(39, "candidates.xlsx", files.repeated_text, Refuse("te veel tekst"), "one long text in all cells"),
    Bad(39, "candidates.xlsx", lambda: b"PK\x03\x04" + b"\0" * (10 * 1024 * 1024),
        Refuse("te groot"), "10 MB and 4 bytes"),
]  # fmt: skip

CORPUS: list[Bad] = [*NAMES, *IDS, *DATES, *HOURS, *ENCODINGS_AND_SEPARATORS, *SHEETS, *ARCHIVES]

#: Numbers that belong to the files and values an import reads; each has at least one entry.
NUMBERS = {*range(1, 30), *range(32, 40)}
