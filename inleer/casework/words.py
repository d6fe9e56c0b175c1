"""The Dutch words of notes and escalations."""

from __future__ import annotations

from collections.abc import Mapping

CHANNEL_WORDS: Mapping[str, str] = {
    "talk": "gesprek",
    "telephone": "telefoon",
    "mail": "e-mail",
    "visit": "bezoek",
    "other": "ander contact",
}
AUDIENCE_WORDS: Mapping[str, str] = {
    "own_organisation": "mijn organisatie",
    "coaches": "werkcoach en vervanger",
    "cohort": "werkcoach en leerhome van deze lichting",
    "candidate": "ook de kandidaat zelf",
}
AUDIENCE_HELP: Mapping[str, str] = {
    "own_organisation": "Alleen collega's van de eigen organisatie die met deze kandidaat werken.",
    "coaches": "Alleen de werkcoach en wie de werkcoach vervangt.",
    "cohort": "De werkcoach en de leerhome-coördinator van deze lichting. Docenten en werkgevers niet.",
    "candidate": "De professionals van de lichting, en de kandidaat.",
}
CATEGORY_WORDS: Mapping[str, str] = {
    "money": "geld",
    "housing": "wonen",
    "childcare": "kinderopvang",
    "transport": "vervoer",
    "language": "taal",
    "digital_skills": "computer en telefoon",
    "family": "gezin",
    "attendance": "aanwezigheid",
    "other": "iets anders",
}
URGENCY_WORDS: Mapping[str, str] = {
    "today": "vandaag nog",
    "this_week": "deze week",
    "normal": "kan wachten",
}
ESCALATION_STATE_WORDS: Mapping[str, str] = {
    "open": "nog niet gezien",
    "acknowledged": "gezien",
    "resolved": "afgerond",
}
