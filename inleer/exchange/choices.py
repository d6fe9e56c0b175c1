"""Cells that hold one of a few words: language level, yes or no, driving licence, kinds of intention and session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from inleer.errors import ImportProblem
from inleer.exchange.cells import Cell
from inleer.exchange.values import clean, fold, shown
from inleer.i18n import _

#: Domain: NT1 (native speaker), CEFR A0–C2, or the Dutch reference levels 1F–4F.
LANGUAGE_LEVELS = ("NT1", "A0", "A1", "A2", "B1", "B2", "C1", "C2", "1F", "2F", "3F", "4F")

_NATIVE = frozenset({"moedertaal", "nederlandsalsmoedertaal", "nederlandsalseerstetaal"})
_YES = frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "x"})
_NO = frozenset({"nee", "n", "neen", "no", "false", "onwaar", "0", "geen"})
_UNKNOWN = frozenset({"onbekend", "nietbekend", "nb", "unknown", ""})

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "intentie": "intention",
        "intentieverklaring": "intention",
        "inspanning": "intention",
        "inspanningsverplichting": "intention",
        "intention": "intention",
        "garantie": "guarantee",
        "baangarantie": "guarantee",
        "werkgarantie": "guarantee",
        "guarantee": "guarantee",
        "jobguarantee": "guarantee",
        "voorwaardelijk": "conditional_contract",
        "voorwaardelijkcontract": "conditional_contract",
        "voorwaardelijkearbeidsovereenkomst": "conditional_contract",
        "contractondervoorwaarden": "conditional_contract",
        "conditionalcontract": "conditional_contract",
    }
)

# The first that fits decides; what fits nothing is a lesson.
_SESSION_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("nt2", r"\bnt2|nederlands als tweede|taalles|taaltraining"),
        ("intervision", r"intervisie|intervision"),
        ("selection", r"selectie|sollicitat|speeddate|matchdag"),
        ("information", r"informatie(bijeenkomst|markt|avond|middag|ochtend)|voorlichting|infobijeenkomst"),
        ("introduction", r"introductie|\bintro\b|kennismaking|leerhome"),
        ("practice", r"\bstage|praktijkdag|\bbpv\b|meeloop"),
        (
            "other",
            r"diploma-?uitreiking|\bexcursie|\boverleg\b|vergadering|oudergesprek|\bviering|\bborrel|studiedag",
        ),
    )
)


def parse_language_level(value: Cell) -> str:
    """One of LANGUAGE_LEVELS, upper case; "a 2" is A2. A range or a half level is refused."""
    text = fold(clean(value)) if isinstance(value, str) else ""
    if text in _NATIVE:
        return "NT1"
    level = text.upper()
    if level not in LANGUAGE_LEVELS or not isinstance(value, str) or re.search(r"[-+/<>±]", value):
        raise ImportProblem(
            _(
                "Taalniveau “%(value)s” bestaat niet. Kies uit %(levels)s.",
                value=shown(value),
                levels=", ".join(LANGUAGE_LEVELS),
            )
        )
    return level


def parse_yes_no(value: Cell) -> bool | None:
    """Yes, no, or None for "onbekend"."""
    if isinstance(value, bool):
        return value
    word = _word(value)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _UNKNOWN:
        return None
    raise ImportProblem(_("Vul ja, nee of onbekend in; er staat “%(value)s”.", value=shown(value)))


def parse_driving_licence(value: Cell) -> bool | None:
    """Whether the person may drive a car: ja, nee, onbekend, or licence categories (with B: yes)."""
    if isinstance(value, str):
        categories = set(re.split(r"[\s,;/+&]+", clean(value).upper())) - {""}
        if categories and categories <= {
            "A",
            "A1",
            "A2",
            "AM",
            "B",
            "BE",
            "B+",
            "C",
            "C1",
            "CE",
            "D",
            "DE",
            "T",
        }:
            return bool(categories & {"B", "BE", "C", "C1", "CE", "D", "DE"})
    return parse_yes_no(value)


def parse_startkwalificatie(value: Cell) -> str:
    """Whether the person has a basic qualification: "yes", "no" or "unknown"."""
    answer = parse_yes_no(value)
    return "unknown" if answer is None else "yes" if answer else "no"


def parse_intention_kind(value: Cell) -> str:
    """The kind of commitment: "intention", "guarantee" or "conditional_contract"."""
    kind = _KINDS.get(_word(value))
    if kind is None:
        raise ImportProblem(
            _(
                "Vul intentie, garantie of voorwaardelijk contract in; er staat “%(value)s”.",
                value=shown(value),
            )
        )
    return kind


def parse_cancelled(value: Cell) -> bool:
    """Whether a session is cancelled, from a column that says so in a word (vervallen, gaat door) or yes and no."""
    word = _word(value)
    if word in (
        "vervallen",
        "vervalt",
        "geannuleerd",
        "cancelled",
        "canceled",
        "uitgevallen",
        "uitval",
        "gaatnietdoor",
    ):
        return True
    if word in (
        "gaatdoor",
        "gepland",
        "ingepland",
        "definitief",
        "bevestigd",
        "confirmed",
        "concept",
        "tentative",
    ):
        return False
    return bool(parse_yes_no(value))


def guess_session_kind(*texts: str | None) -> str:
    """The kind of session by words in its title, code or type; "lesson" when no word says otherwise."""
    said = " ".join(text for text in texts if text)
    return next((kind for kind, words in _SESSION_WORDS if words.search(said)), "lesson")


def _word(value: Cell) -> str:
    if isinstance(value, float) and value in (0.0, 1.0):
        return str(int(value))
    return fold(clean(value)) if isinstance(value, str) else fold(str(value))
