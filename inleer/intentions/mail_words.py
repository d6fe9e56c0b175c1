"""The words of the mails to employers, which an agency can change; what is asked and stated is ours."""

from __future__ import annotations

from markupsafe import Markup

from inleer.intentions.queue import LINK_MAIL, RECEIPT_MAIL
from inleer.jobs.texts import Block, MailText, Value

_SIGNED = {
    "afzender": "wie namens u vraagt",
    "werkbedrijf": "de naam van uw werkbedrijf",
    "telefoon": "uw telefoonnummer tussen haakjes, met een spatie ervoor",
}
_PLACES = {
    "naam": "de contactpersoon, of “lezer” als die niet bekend is",
    "lichting": "de lichting waar het over gaat",
    "vragen": "wat er gevraagd wordt, tot wanneer, en de persoonlijke link",
    **_SIGNED,
}
_EXAMPLE: dict[str, Value] = {
    "naam": "R. de Wit",
    "lichting": "Lichting 2026 (najaar)",
    "vragen": Block(
        "Woonzorg Voorbeeld sprak uit mensen uit Lichting 2026 (najaar) een baan te willen bieden. Wilt u laten"
        " weten of"
        " dit nog klopt?\n\n- Intentie: Helpende\n  5 plekken, 20 tot 28 uur per week\n\nhttps://…",
        Markup(
            "<p>Woonzorg Voorbeeld sprak uit mensen uit Lichting 2026 (najaar) een baan te willen bieden. Wilt u laten"
            " weten of dit nog klopt?</p><ul><li>Intentie: Helpende, 5 plekken, 20 tot 28 uur per week</li></ul>"
            "<p>Antwoord geven</p>"
        ),
    ),
    "afzender": "Karim Voorbeeld",
    "werkbedrijf": "Werkbedrijf Voorbeeldstad",
    "telefoon": " (0320 12 34 56)",
}
_BODY = (
    "Beste {naam},\n\n{vragen}\n\nDe link is persoonlijk en werkt 14 dagen. Stuur deze mail niet door; is dit niet"
    " voor u, dan"
    " kunt u op de pagina een collega noemen.\n\nMet vriendelijke groet,\n{afzender}, {werkbedrijf}{telefoon}"
)
_LINK_MAILS = {
    "request": ("Vraag aan een werkgever", "Klopt uw toezegging nog? {lichting}"),
    "reminder": ("Herinnering aan een werkgever", "Herinnering: klopt uw toezegging nog? {lichting}"),
    "resend": ("Link opnieuw voor een werkgever", "Uw link om te antwoorden: {lichting}"),
    "reply": ("Antwoord op een vraag van een werkgever", "Antwoord op uw vraag: {lichting}"),
}
_STATED = "Woonzorg Voorbeeld bevestigt de intentie: 5 plekken."
_RECEIPT = MailText(
    key=RECEIPT_MAIL,
    name="Ontvangstbewijs voor een werkgever",
    subject="Ontvangstbewijs: uw antwoord over {lichting}",
    body="Dank voor uw antwoord. Dit is wat u hebt verklaard; bewaar deze mail.\n\n{verklaringen}\n\nKlopt dit niet, of"
    " verandert er iets? Bel of mail {afzender}{werkbedrijf}{telefoon}.",
    places={
        "lichting": "de lichting waar het over gaat",
        "verklaringen": "wat de werkgever verklaarde, woord voor woord",
        **_SIGNED,
        "afzender": "wie namens u vroeg, met een komma erachter; leeg bij een antwoord zonder vraag",
    },
    needed=frozenset({"verklaringen"}),
    example={
        "lichting": "Lichting 2026 (najaar)",
        "verklaringen": Block(_STATED, Markup("<p>{}</p>").format(_STATED)),
        "afzender": "Karim Voorbeeld, ",
        "werkbedrijf": "Werkbedrijf Voorbeeldstad",
        "telefoon": " (0320 12 34 56)",
    },
)
TEXTS = (
    *(
        MailText(f"{LINK_MAIL}.{kind}", name, subject, _BODY, _PLACES, frozenset({"vragen"}), _EXAMPLE)
        for kind, (name, subject) in _LINK_MAILS.items()
    ),
    _RECEIPT,
)
