"""An example file of each kind, with fictional people, that can itself be read in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from inleer.export import Cell, ExportFile, Table, export

Rows = Sequence[Sequence[Cell]]


def example(kind: str, starts_on: date, form: str, name: str) -> ExportFile:
    """The example of a kind for an edition that starts on a day, as ``form`` csv or xlsx. KeyError for others."""
    header, rows = _EXAMPLES[kind](starts_on)
    filled = [["" if cell is None else cell for cell in row] for row in rows]  # an empty cell, not "onbekend"
    return export(Table(name, header, filled), form)


def _candidates(starts_on: date) -> tuple[Sequence[str], Rows]:
    header = (
        "Klantnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Postcode", "Telefoon", "E-mail",
        "Taalniveau", "Uitkering", "Kinderen", "Rijbewijs", "Startkwalificatie", "Startdatum deelname", "Werkcoach",
    )  # fmt: skip
    later = starts_on + timedelta(weeks=2)
    rows: Rows = (
        ("V0001", "Fatima", None, "Voorbeeld", date(1990, 3, 14), "8232 AB", "0612345678", "fatima@voorbeeld.nl",
         "B1", "Participatiewet", 2, "ja", "nee", None, None),
        ("V0002", "Jeroen", "van den", "Berg", date(2001, 11, 2), "8223 GH", "0687654321", "jeroen@voorbeeld.nl",
         "NT1", "Participatiewet", 0, "nee", "onbekend", later, None),
    )  # fmt: skip
    return header, rows


def _sessions(starts_on: date) -> tuple[Sequence[str], Rows]:
    header = ("Datum", "Begin", "Einde", "Lescode", "Titel", "Soort", "Locatie", "Docent", "Status")
    rows: Rows = (
        (starts_on, "09:00", "13:00", "INTRO", "Introductie in de leerhome", "introductie", "Leerhome", None, None),
        (starts_on + timedelta(days=7), "09:00", "15:00", "ZD2", "Zorg en Dienstverlening", "les", "Lokaal 1.02",
         None, None),
        (starts_on + timedelta(days=14), "09:00", "15:00", "ZD2", "Zorg en Dienstverlening", "les", "Lokaal 1.02",
         None, "vervallen"),
    )  # fmt: skip
    return header, rows


def _attendance(starts_on: date) -> tuple[Sequence[str], Rows]:
    header = ("Studentnummer", "Naam", "Datum", "Lescode", "Code", "Minuten")
    rows: Rows = (
        ("V0001", "Fatima Voorbeeld", starts_on, "INTRO", "A", None),
        ("V0002", "Jeroen van den Berg", starts_on, "INTRO", "TL", 15),
        ("V0001", "Fatima Voorbeeld", starts_on + timedelta(days=7), "ZD2", "O", None),
        ("V0002", "Jeroen van den Berg", starts_on + timedelta(days=7), "ZD2", "Z", None),
    )
    return header, rows


def _intentions(starts_on: date) -> tuple[Sequence[str], Rows]:
    header = (
        "Werkgever", "Branche", "Contactpersoon", "E-mail", "Functie", "Aantal", "Uren min", "Uren max", "Soort",
        "Vanaf", "Voorwaarden",
    )  # fmt: skip
    year = starts_on + timedelta(days=365)
    rows: Rows = (
        ("Zorggroep Voorbeeld", "ouderenzorg", "Afdeling HR", "hr@voorbeeld.nl", "Helpende zorg en welzijn", 4, 20, 28,
         "intentie", year, None),
        ("Thuiszorg Voorbeeld", "thuiszorg", "Planning", "planning@voorbeeld.nl", "Huishoudelijke hulp", None, 16, 24,
         "intentie", year, "diploma mbo 2"),
    )  # fmt: skip
    return header, rows


_EXAMPLES: Mapping[str, Callable[[date], tuple[Sequence[str], Rows]]] = {
    "candidates": _candidates,
    "sessions": _sessions,
    "attendance": _attendance,
    "intentions": _intentions,
}
