"""The columns of each kind of file: our name, the Dutch label for messages, and the spellings met in files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of file can have.

    ``spellings``: other headers for it, separated by commas; capitals, accents, punctuation and spaces in them do
    not matter. ``required``: without this column, or one named in ``instead``, the file cannot be read.
    """

    key: str
    label: str
    spellings: str
    required: bool = False
    instead: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column."""
        return (self.label, *self.spellings.split(","))


CANDIDATES = (
    Column(
        "client_number",
        "Klantnummer",
        "klantnr, klantnum, klant, klant-id, cliëntnummer, cliëntnr, cliënt, cliënt-id, kandidaatnummer, kandidaatnr, "
        "deelnemernummer, deelnemernr, relatienummer, nummer, nr, id, client number",
        required=True,
    ),
    Column("first_name", "Voornaam", "voornamen, roepnaam, first name"),
    Column(
        "tussenvoegsel",
        "Tussenvoegsel",
        "tussenv, tussenvoegsels, tussen, tv, tsv, voorvoegsel, voorvoegsels, infix",
    ),
    Column(
        "last_name",
        "Achternaam",
        "familienaam, geslachtsnaam, achtern, last name, surname",
        required=True,
        instead=("full_name",),
    ),
    Column(
        "full_name",
        "Naam",
        "volledige naam, naam kandidaat, naam cliënt, naam klant, naam deelnemer, kandidaat, deelnemer, name",
    ),
    Column(
        "birth_date",
        "Geboortedatum",
        "geb.datum, geb.dat, geb, gebdtm, geboren, geboren op, geboortedag, date of birth, birth date",
        required=True,
    ),
    Column("postcode", "Postcode", "pc, postc, postal code"),
    Column("phone", "Telefoon", "telefoonnummer, telefoonnr, tel, telnr, telnummer, phone"),
    Column("mobile", "Mobiel", "mobiel nummer, mobiele telefoon, mob, gsm, 06, 06-nummer, mobile"),
    Column("email", "E-mail", "e-mailadres, mail, mailadres, email address"),
    Column("language_level", "Taalniveau", "taal, taalniv, niveau taal, niveau Nederlands, language level"),
    Column("benefit", "Uitkering", "soort uitkering, uitkeringssoort, uitk, regeling, benefit"),
    Column("children", "Kinderen", "aantal kinderen, thuiswonende kinderen, children"),
    Column("driving_licence", "Rijbewijs", "rijbewijs B, rijbew, rijbewijzen, driving licence"),
    Column("startkwalificatie", "Startkwalificatie", "startkwal, heeft startkwalificatie"),
    Column(
        "joined_on",
        "Startdatum deelname",
        "instapdatum, instroomdatum, datum instroom, datum instap, ingestroomd op, startdatum, deelname vanaf, "
        "start deelname, joined on",
    ),
    Column("student_number", "Studentnummer", "studentnr, leerlingnummer, leerlingnr, stamnummer, ov-nummer"),
    Column(
        "coach",
        "Werkcoach",
        "coach, naam werkcoach, naam coach, e-mail werkcoach, e-mail coach, klantmanager, consulent, casemanager, "
        "trajectbegeleider, jobcoach, work coach",
    ),
)

SESSIONS = (
    Column("uid", "Les-id", "uid, lesnummer, lesnr, boekingsnummer, afspraaknummer, activiteit-id"),
    Column("on", "Datum", "lesdatum, dag, datum les, lesdag, date"),
    Column("period", "Tijd", "tijden, lestijd, lestijden, tijdstip, van-tot, tijdvak, time"),
    Column(
        "start",
        "Begin",
        "begintijd, starttijd, start, aanvang, aanvangstijd, van, tijd van, begint om, start time",
        required=True,
        instead=("period",),
    ),
    Column(
        "end",
        "Einde",
        "eindtijd, eind, tot, tijd tot, tot en met, eindigt om, end, end time",
        required=True,
        instead=("period",),
    ),
    Column(
        "title",
        "Titel",
        "omschrijving, vak, vaknaam, les, lesnaam, onderwerp, activiteit, naam, summary, subject",
        required=True,
        instead=("code",),
    ),
    Column("code", "Lescode", "code, vakcode, afkorting"),
    Column("kind", "Soort", "type, soort les, soort bijeenkomst, lestype"),
    Column("location", "Locatie", "lokaal, ruimte, plaats, zaal, adres, location"),
    Column("teacher", "Docent", "docenten, leraar, leerkracht, trainer, begeleider, docentcode, teacher"),
    Column("cancelled", "Status", "vervallen, geannuleerd, uitval, gaat door, cancelled"),
)

ATTENDANCE = (
    Column(
        "number",
        "Studentnummer",
        "studentnr, student, student-id, leerlingnummer, leerlingnr, llnr, stamnummer, stamnr, ov-nummer, ov-nr, "
        "deelnemernummer, deelnemernr, klantnummer, klantnr, cliëntnummer, cliëntnr, kandidaatnummer, kandidaatnr, "
        "nummer, nr, id",
        required=True,
    ),
    Column(
        "name",
        "Naam",
        "naam student, naam leerling, naam deelnemer, studentnaam, leerling, deelnemer, volledige naam",
    ),
    Column("on", "Datum", "lesdatum, dag, datum les, lesdag, date", required=True),
    Column("lesson", "Lescode", "les, vak, vakcode, lesvak, module, onderdeel, activiteit"),
    Column(
        "code",
        "Code",
        "presentiecode, aanwezigheidscode, verzuimcode, absentiecode, presentie, aanwezigheid, aanwezig, verzuim, "
        "absentie, registratie, status",
        required=True,
    ),
    Column(
        "minutes",
        "Minuten",
        "min, gemiste minuten, minuten gemist, aantal minuten, minuten te laat, minuten afwezig, verzuimminuten",
    ),
    Column("hours", "Uren", "gemiste uren, uren gemist, aantal uren, uren afwezig, verzuimuren"),
)

INTENTIONS = (
    Column(
        "employer",
        "Werkgever",
        "bedrijf, bedrijfsnaam, organisatie, naam werkgever, naam bedrijf, naam organisatie, employer",
        required=True,
    ),
    Column("sector", "Branche", "sector, bedrijfstak, soort zorg"),
    Column("contact_name", "Contactpersoon", "contact, naam contactpersoon, contactnaam, cp"),
    Column("contact_email", "E-mail", "e-mailadres, mail, mailadres, e-mail contactpersoon, e-mail contact"),
    Column("function", "Functie", "functienaam, functiebenaming, beroep, baan, rol, function", required=True),
    Column(
        "positions",
        "Aantal",
        "aantal plaatsen, aantal plekken, plaatsen, plekken, aantal banen, banen, positions",
    ),
    Column(
        "hours_min",
        "Uren min",
        "min uren, minimum uren, uren minimaal, minimaal aantal uren, min uren per week",
    ),
    Column(
        "hours_max",
        "Uren max",
        "max uren, maximum uren, uren maximaal, maximaal aantal uren, max uren per week",
    ),
    Column("hours", "Uren", "uren per week, uren p/w, contracturen, aantal uren, urenomvang"),
    Column("kind", "Soort", "soort toezegging, type, type toezegging, toezegging, vorm, kind", required=True),
    Column(
        "from_on",
        "Vanaf",
        "vanaf datum, datum vanaf, beschikbaar vanaf, ingangsdatum, startdatum, begindatum, per",
        required=True,
    ),
    Column("conditions", "Voorwaarden", "voorwaarde, voorbehoud, condities, toelichting, conditions"),
)
