"""Checks of how people and mail reach this installation."""

from __future__ import annotations

import socket
from email.utils import parseaddr
from urllib.parse import urlsplit

from inleer.config import LOCAL, ConfigError, check_base_url
from inleer.i18n import _
from inleer.ops.checkup import Outcome, Patient, check, fail, ok, warn

CONNECT_SECONDS = 5


@check("settings")
def base_url(patient: Patient) -> Outcome:
    """That people come over https; only this machine itself may do without."""
    url = patient.settings.base_url
    try:
        parts = urlsplit(check_base_url(url))
    except ConfigError as error:
        return fail(str(error))
    if parts.hostname in LOCAL and parts.port and (port := _port(patient.settings.bind)) != str(parts.port):
        return warn(
            _(
                "INLEER_BASE_URL is %(url)s, maar inleer luistert op poort %(port)s (INLEER_BIND). Zet beide, of zet er"
                " een proxy tussen.",
                url=url,
                port=port,
            )
        )
    if parts.hostname in LOCAL and not patient.settings.demo:
        return warn(_("INLEER_BASE_URL is %(url)s: alleen deze machine kan erbij.", url=url))
    return ok(_("Mensen komen binnen op %(url)s.", url=url))


@check("settings")
def proxies(patient: Patient) -> Outcome:
    """That X-Forwarded-* is believed of as many proxies as there are."""
    count, bind = patient.settings.proxy_count, _host(patient.settings.bind)
    behind = urlsplit(patient.settings.base_url).scheme == "https"
    if behind and count == 0:
        return warn(
            _("Er is https, maar INLEER_PROXY_COUNT is 0: adressen van bezoekers zijn die van de proxy.")
        )
    if count > 2:
        return warn(
            _("INLEER_PROXY_COUNT is %(n)s. Klopt dat? Te hoog laat bezoekers hun adres verzinnen.", n=count)
        )
    if count and bind not in LOCAL:
        return warn(
            _(
                "inleer is ook zonder proxy bereikbaar (%(bind)s). Gebruik 127.0.0.1.",
                bind=bind,
            )
        )
    return ok(_("Het aantal proxy's (%(n)s) past bij het adres.", n=count))


@check("settings")
def demo_is_local(patient: Patient) -> Outcome:
    """That the demo, whose password everybody knows, is not on the internet."""
    if patient.settings.demo and urlsplit(patient.settings.base_url).hostname not in LOCAL:
        return fail(_("Dit is de demo met een bekend wachtwoord, en hij is van buiten bereikbaar."))
    return ok(_("Er staat geen demo open voor buiten."))


@check("settings")
def web_workers(patient: Patient) -> Outcome:
    """That one slow request does not hold up everybody."""
    if patient.settings.workers < 1:
        return fail(_("INLEER_WORKERS is %(n)s: zo start er niets.", n=patient.settings.workers))
    if patient.settings.workers == 1 and not patient.settings.demo:
        return warn(_("INLEER_WORKERS is 1. Gebruik er minstens 2."))
    return ok(_("Aantal webprocessen: %(n)s.", n=patient.settings.workers))


@check("settings")
def mail_server(patient: Patient) -> Outcome:
    """That mail leaves, encrypted when it carries a password, and the server answers."""
    url = patient.settings.smtp_url
    if not url:
        return warn(_("INLEER_SMTP_URL ontbreekt: mail gaat niet weg, maar komt als bestand in var/mail."))
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        return fail(_("INLEER_SMTP_URL is geen adres als smtps://gebruiker:wachtwoord@mail.example.nl."))
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    try:
        socket.create_connection((parts.hostname, port), timeout=CONNECT_SECONDS).close()
    except OSError:
        return fail(_("De mailserver %(host)s:%(port)s geeft geen antwoord.", host=parts.hostname, port=port))
    return ok(_("De mailserver %(host)s:%(port)s geeft antwoord.", host=parts.hostname, port=port))


@check("settings")
def mail_sender(patient: Patient) -> Outcome:
    """That mails have a sender that a mail server accepts."""
    address = parseaddr(patient.settings.mail_from)[1]
    if "@" not in address:
        return fail(_("INLEER_MAIL_FROM is geen e-mailadres."))
    if patient.settings.smtp_url and address.endswith("@localhost"):
        return fail(_("INLEER_MAIL_FROM eindigt op @localhost: mailservers weigeren dat."))
    return ok(_("Mail heeft als afzender %(address)s.", address=address))


def _port(bind: str) -> str:
    return bind.rpartition(":")[2]


def _host(bind: str) -> str:
    return bind.rpartition(":")[0].strip("[]") or bind
