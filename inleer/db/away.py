"""What to tell people when the database itself cannot be used; never with the address, which can hold a password."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

#: SQLSTATE of PostgreSQL → what is wrong. No state at all means that nothing answered.
_REASONS = {
    "28": "weigert de gebruiker of het wachtwoord",
    "3D": "kent deze naam van een database niet",
    "53": "heeft te veel verbindingen of te weinig ruimte",
}
_GONE = ("08", "57P")


def away(error: DBAPIError, url: str) -> str | None:
    """A Dutch sentence when ``error`` says that the database behind ``url`` is away or busy; None for any other one."""
    said, state = str(error.orig), getattr(error.orig, "sqlstate", None)
    if url.startswith("sqlite"):
        return _file(said, make_url(url).database or "")
    if type(error).__name__ not in ("OperationalError", "InterfaceError"):
        return None
    if state in ("55P03", "57014"):
        return "De database is bezet en komt niet vrij. Er is niets opgeslagen; probeer het opnieuw."
    if state is not None and not state.startswith((*_GONE, *_REASONS)):
        return None
    parts = make_url(url)
    where = f"{parts.host or 'deze machine'}:{parts.port or 5432}"
    reason = _REASONS.get((state or "")[:2]) or _said(said) or "geeft geen antwoord"
    return f"De database op {where} {reason}. Kijk of zij draait en of INLEER_DATABASE_URL klopt."


def _said(message: str) -> str | None:
    """psycopg gives no SQLSTATE for what went wrong while connecting: its text is all there is."""
    if "authentication failed" in message or ("role" in message and "does not exist" in message):
        return _REASONS["28"]
    if "database" in message and "does not exist" in message:
        return _REASONS["3D"]
    return _REASONS["53"] if "too many" in message else None


def _file(said: str, path: str) -> str | None:
    if "locked" in said:
        return "De database is bezet en komt niet vrij. Er is niets opgeslagen; probeer het opnieuw."
    if "unable to open" in said:
        return f"De database {path} is niet te openen. Kijk of de map bestaat en van deze gebruiker is."
    if "not a database" in said or "malformed" in said:
        return f"{path} is geen database of is beschadigd. Zet een back-up terug."
    if "readonly" in said:
        return f"De database {path} is alleen te lezen. Kijk van wie het bestand en de map zijn."
    return "De schijf is vol. Er is niets opgeslagen." if "disk is full" in said else None
