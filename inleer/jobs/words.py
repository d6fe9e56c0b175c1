"""What the outbox calls things in Dutch: kinds of messages, and why one did not leave."""

from __future__ import annotations

from collections.abc import Mapping

from inleer.i18n import _

KINDS: Mapping[str, str] = {
    "account.invitation": "uitnodiging",
    "account.notice": "mail over een wijziging van een account",
    "account.reset": "mail met link voor een nieuw wachtwoord",
    "account.unusual_reads": "mail over ongewoon veel geopende dossiers",
    "import.plan": "nakijken van een bestand",
    "import.save": "opslaan van een bestand",
    "intentions.link": "mail aan een werkgever met een link",
    "intentions.receipt": "ontvangstbewijs aan een werkgever",
    "plugin.event": "werk van een plugin na een wijziging",
    "plugin.stopped": "mail over een stilgezette plugin",
    "today.digest": "mail met het overzicht van de dag",
    "session.past": "tellen van een les na afloop",
}
_UNREACHABLE = "De mailserver is niet te bereiken."
CAUSES: Mapping[str, str] = {
    "AddressShut": "Mail aan dit adres kwam terug.",
    "ConfigError": "De instelling INLEER_SMTP_URL klopt niet.",
    "ConnectionRefusedError": _UNREACHABLE,
    "ConnectionResetError": _UNREACHABLE,
    "gaierror": _UNREACHABLE,
    "LookupError": "Niemand handelt dit af. Staat er een plugin uit?",
    "OSError": _UNREACHABLE,
    "SMTPAuthenticationError": "De mailserver weigert de naam of het wachtwoord van inleer.",
    "SMTPConnectError": _UNREACHABLE,
    "SMTPDataError": "De mailserver neemt de mail niet aan.",
    "SMTPRecipientsRefused": "De mailserver weigert het adres.",
    "SMTPSenderRefused": "De mailserver weigert de afzender (INLEER_MAIL_FROM).",
    "SMTPServerDisconnected": "De mailserver verbrak de verbinding.",
    "SSLCertVerificationError": "Het certificaat van de mailserver klopt niet.",
    "TimeoutError": "De mailserver antwoordde niet op tijd.",
    "ValueError": "Het adres of het onderwerp klopt niet.",
}


def kind_name(kind: str) -> str:
    """What a kind of message is called; the kind itself for one that has no name."""
    return _(KINDS.get(kind, kind))


def cause(error: str) -> str:
    """Why a message did not leave, in a sentence with the name of the error behind it."""
    known = CAUSES.get(error.partition(" ")[0])
    return f"{_(known)} ({error})" if known else _("Er ging iets mis: %(error)s.", error=error or "?")
