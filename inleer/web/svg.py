"""Small pictures as SVG: pure functions from values to markup, without style attributes (the CSP forbids those).

Colours come from classes, so that a theme and the print style reach them. Each picture differs in shape as well
as in colour and says in words what it shows. Results are cached: on a board most rows share a few patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import sqrt

from markupsafe import Markup

from inleer.i18n import _, format_number

PHASE_SPANS = 12
TONES = ("ok", "warn", "bad", "info", "mute")

# What a week or a session can be, with its word. Any other value is refused.
MARKS = ("present", "partial", "absent", "ill", "excused", "open", "none")

_STEP, _WIDTH, _HEIGHT = 13, 11, 20
_SHAPES = {
    "present": '<rect class="m-ok" x="{x}" width="11" height="20" rx="2"/>',
    "partial": '<rect class="m-ok" x="{x}" y="8" width="11" height="12" rx="2"/>'
    '<rect class="m-warn" x="{x}" width="11" height="6" rx="2"/>',
    "absent": '<rect class="m-bad" x="{x}" width="11" height="20" rx="2"/>'
    '<path class="m-cut" d="M{a} 7l5 6m0-6l-5 6"/>',
    "ill": '<rect class="m-mute" x="{x}" y="7" width="11" height="13" rx="2"/>'
    '<path class="m-cut" d="M{a} 13.5h5"/>',
    "excused": '<rect class="m-info" x="{x}" width="11" height="20" rx="2"/>'
    '<path class="m-cut" d="M{a} 13l5-6"/>',
    "open": '<rect class="m-open" x="{x}.5" y=".5" width="10" height="19" rx="2"/>',
    "none": '<rect class="m-none" x="{x}" y="16" width="11" height="4" rx="2"/>',
}
_DOTS = {
    "present": '<circle class="d-full" cx="{c}" cy="7" r="5"/>',
    "partial": '<circle class="d-line" cx="{c}" cy="7" r="4.5"/><path class="d-full" d="M{c} 2a5 5 0 0 1 0 10Z"/>',
    "absent": '<circle class="d-line" cx="{c}" cy="7" r="4.5"/>',
    "ill": '<circle class="d-line" cx="{c}" cy="7" r="4.5"/><path class="d-line" d="M{l} 7h5"/>',
    "excused": '<circle class="d-line" cx="{c}" cy="7" r="4.5"/><path class="d-line" d="M{l} 9.5l5-5"/>',
    "open": '<circle class="d-soft" cx="{c}" cy="7" r="3"/>',
    "none": '<path class="d-soft" d="M{l} 7h5"/>',
}


def mark_label(mark: str) -> str:
    """The word for a mark in a strip. Raises KeyError for a value outside MARKS."""
    return {
        "present": _("aanwezig"),
        "partial": _("deels aanwezig"),
        "absent": _("ongeoorloofd"),
        "ill": _("ziek"),
        "excused": _("geoorloofd"),
        "open": _("nog niet geregistreerd"),
        "none": _("geen les"),
    }[mark]


def week_strip(marks: Sequence[str], weeks: Sequence[int] = ()) -> Markup:
    """One small bar per week, oldest first; ``weeks`` adds the week numbers to the words.

    Raises KeyError for a mark outside MARKS, ValueError when both sequences differ in length.
    """
    return _week_strip(tuple(marks), tuple(weeks))


@lru_cache(maxsize=4096)
def _week_strip(marks: tuple[str, ...], weeks: tuple[int, ...]) -> Markup:
    words = [mark_label(mark) for mark in marks]
    if weeks:
        words = [_("week %(n)s %(mark)s", n=n, mark=word) for n, word in zip(weeks, words, strict=True)]
    label = _("Per week: %(weeks)s", weeks=", ".join(words)) if words else _("Nog geen weken")
    shapes = "".join(_SHAPES[m].format(x=i * _STEP, a=i * _STEP + 3) for i, m in enumerate(marks))
    width = max(len(marks) * _STEP - 2, 1)
    return Markup(
        '<svg class="strip" width="{0}" height="20" viewBox="0 0 {0} 20" role="img" aria-label="{1}">{2}</svg>'
    ).format(width, label, Markup(shapes))  # nosec B704 - numbers only


def dots(marks: Sequence[str]) -> Markup:
    """The last few sessions as dots, oldest first. Raises KeyError for a mark outside MARKS."""
    return _dots(tuple(marks))


@lru_cache(maxsize=1024)
def _dots(marks: tuple[str, ...]) -> Markup:
    words = ", ".join(mark_label(mark) for mark in marks) or _("nog geen")
    shapes = "".join(_DOTS[m].format(c=i * 15 + 7, l=i * 15 + 4.5) for i, m in enumerate(marks))
    width = max(len(marks) * 15 - 1, 1)
    return Markup(
        '<svg class="dots" width="{0}" height="14" viewBox="0 0 {0} 14" role="img" aria-label="{1}">{2}</svg>'
    ).format(width, _("Laatste lessen: %(marks)s", marks=words), Markup(shapes))  # nosec B704 - numbers only


def bar(value: float | None, maximum: float, tone: str = "ok") -> Markup:
    """A bar of 56 × 8 for a number that stands beside it; None draws an empty, dashed track.

    A value above ``maximum`` fills the bar. Raises ValueError for a tone outside TONES or a maximum of 0 or less.
    """
    if tone not in TONES or maximum <= 0:
        raise ValueError(f"no bar for tone {tone!r}, maximum {maximum!r}")
    if value is None:
        return _bar(-1, tone)
    share = min(max(value / maximum, 0), 1)
    return _bar(max(round(share * 56), 2) if share else 0, tone)


@lru_cache(maxsize=512)
def _bar(width: int, tone: str) -> Markup:
    if width < 0:
        inner = '<rect class="m-open" x=".5" y=".5" width="55" height="7" rx="3.5"/>'
    else:
        fill = (
            f'<rect class="m-{tone}" width="{width}" height="8" rx="{min(4, width / 2):g}"/>' if width else ""
        )
        inner = f'<rect class="m-track" width="56" height="8" rx="4"/>{fill}'
    return Markup(
        '<svg class="bar" width="56" height="8" viewBox="0 0 56 8" aria-hidden="true">{}</svg>'
    ).format(Markup(inner))  # nosec B704 - numbers only


def share(value: float, whole: float) -> str:
    """A part of a whole as an SVG length ("62.5%"), between 0 and 100; a whole of 0 gives 0."""
    return f"{min(max(value / whole, 0), 1) * 100:.2f}%" if whole > 0 else "0%"


@dataclass(frozen=True)
class Segment:
    """A piece of a stacked bar: from ``x`` over ``width`` (SVG lengths in %)."""

    kind: str
    count: int
    x: str
    width: str


def segments(parts: Sequence[tuple[str, int]], whole: int) -> tuple[Segment, ...]:
    """Lay parts (kind, count) one after another on a bar that stands for ``whole`` or more."""
    total = max(whole, sum(count for _kind, count in parts), 1)
    found, start = [], 0
    for kind, count in parts:
        if count > 0:
            found.append(Segment(kind, count, share(start, total), share(count, total)))
            start += count
    return tuple(found)


@dataclass(frozen=True)
class Phase:
    """A phase on the calendar as the page gets it; ``end`` None means open. ``mark`` is a word that makes it stand out.

    ``completed`` is about one person: that somebody recorded the end of the phase.
    """

    label: str
    start: date
    end: date | None
    detail: str = ""
    url: str = ""
    mark: str = ""
    completed: bool = False


@dataclass(frozen=True)
class PhaseBox:
    """A phase as it is drawn. ``state``: done (completed), past (by its dates alone), now or later.

    ``span`` is 1–PHASE_SPANS; ``today`` an SVG length or "".
    """

    phase: Phase
    state: str
    span: int
    today: str


def phase_boxes(phases: Sequence[Phase], today: date) -> tuple[PhaseBox, ...]:
    """Place phases beside each other, wider as they last longer (by the square root, so that a day stays readable)."""
    lengths = [_length(phase) for phase in phases]
    longest = max(lengths, default=1)
    return tuple(
        PhaseBox(
            phase=phase,
            state=_state(phase, today),
            span=max(3, round(sqrt(length / longest) * PHASE_SPANS)),
            today=share((today - phase.start).days + 0.5, length) if _state(phase, today) == "now" else "",
        )
        for phase, length in zip(phases, lengths, strict=True)
    )


def _length(phase: Phase) -> int:
    """Days that a phase lasts; an open phase counts as half a year."""
    return max((phase.end - phase.start).days + 1, 1) if phase.end else 183


def _state(phase: Phase, today: date) -> str:
    if today < phase.start:
        return "later"
    if phase.end is None or today <= phase.end:
        return "now"
    return "done" if phase.completed else "past"


@dataclass(frozen=True)
class ChartRow:
    """One bar of a chart: its words, its number as text and its length (SVG length in %)."""

    label: str
    text: str
    width: str
    tone: str


def chart_rows(
    values: Sequence[tuple[str, float | None]], tone: str = "info", decimals: int = 0
) -> tuple[ChartRow, ...]:
    """Rows for a bar chart, as long as their share of the largest; None reads "onbekend" and has no bar."""
    largest = max((value for _label, value in values if value is not None), default=0)
    return tuple(
        ChartRow(label, format_number(value, decimals), share(value or 0, largest), tone)
        for label, value in values
    )
