"""What templates can call: dates, hours, percentages with their base, names, links that keep the filters.

``install(app)`` makes them known to Jinja. Nothing here reads the database.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, request
from markupsafe import Markup

from inleer import clock, i18n
from inleer.i18n import NBSP, _, format_hours, format_number, format_percent
from inleer.web import icons, markup, svg


def list_name(given: str, tussenvoegsel: str, family: str) -> str:
    """A name as it stands in a list: "Berg, Rachid van den". Empty parts fall away."""
    rest = " ".join(part for part in (given, tussenvoegsel) if part)
    return f"{family}, {rest}" if family and rest else family or rest


def full_name(given: str, tussenvoegsel: str, family: str) -> str:
    """A name as it is said: "Rachid van den Berg"."""
    return " ".join(part for part in (given, tussenvoegsel, family) if part)


def short_name(given: str, tussenvoegsel: str, family: str) -> str:
    """A name with an initial: "R. van den Berg"; without a family name the given name itself."""
    if not family:
        return given
    return full_name(f"{given[0].upper()}." if given else "", tussenvoegsel, family)


def initials(name: str) -> str:
    """One or two capitals of a name as it is said: "Rachid van den Berg" gives "RB". Empty gives "?"."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def name_sort_key(given: str, tussenvoegsel: str, family: str) -> tuple[str, str, str]:
    """Sort names under the family name, without accents or case; the tussenvoegsel comes last."""
    return _plain(family or given), _plain(given), _plain(tussenvoegsel)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if char.isalnum() or char == " ").strip()


def percent_of(part: int | None, whole: int, unit: str = "hours") -> Markup:
    """A percentage with its base: "83 % 25 van 30 u".

    ``unit`` "hours" takes minutes; "count" takes numbers of things. Nothing to count from reads as that, and an
    unknown part (None) as "onbekend". Raises KeyError for another unit.
    """
    return _percent_of(part, whole, unit, i18n.language())


@lru_cache(maxsize=4096)
def _percent_of(part: int | None, whole: int, unit: str, _language: str) -> Markup:
    units: dict[str, Callable[[int], str]] = {
        "hours": partial(format_hours, style="getal"),
        "count": format_number,
    }
    show = units[unit]
    if whole <= 0:
        return Markup('<span class="soft">{}</span>').format(_("nog niets te tellen"))
    if part is None:
        return Markup('<span class="soft">{}</span>').format(i18n.unknown())
    base = _("%(part)s van %(whole)s", part=show(part), whole=show(whole))
    suffix = NBSP + _("u") if unit == "hours" else ""
    return Markup('<span class="pct">{}</span> <small class="soft">{}{}</small>').format(
        format_percent(Decimal(part) * 100 / whole), base, suffix
    )


def time_tag(moment: date | datetime | None, style: str = "kort") -> Markup:
    """A date in a ``<time>`` element; a datetime gets its time of day too. None reads "onbekend"."""
    if moment is None:
        return Markup('<span class="soft">{}</span>').format(i18n.unknown())
    # By its text: two moments that are the same one in two time zones are equal, but do not read the same.
    return _time_tag(moment, moment.isoformat(), style, i18n.language())


@lru_cache(maxsize=4096)
def _time_tag(moment: date | datetime, text: str, style: str, _language: str) -> Markup:
    words = i18n.format_date(moment, style)
    if isinstance(moment, datetime):
        words = _("%(date)s om %(time)s", date=words, time=i18n.format_time(moment))
    return Markup('<time datetime="{}">{}</time>').format(text, words)


def ago(moment: date | datetime | None, today: date | None = None) -> Markup:
    """How long ago (or ahead), with the exact date beside it: "3 dagen geleden (14 nov 2026)"."""
    if moment is None:
        return Markup('<span class="soft">{}</span>').format(i18n.unknown())
    words = i18n.format_relative(moment, today or clock.today())
    return Markup('<time datetime="{}">{} <small class="soft">({})</small></time>').format(
        moment.isoformat(), words, i18n.format_date(moment)
    )


def query_url(**changes: object) -> str:
    """This page's address with some query values changed; None removes one (filters and sorting live there)."""
    args = request.args.to_dict(flat=False)
    for key, value in changes.items():
        if value is None:
            args.pop(key, None)
        else:
            args[key] = [str(value)]
    query = urlencode([(key, item) for key, items in args.items() for item in items])
    return f"{request.script_root}{request.path}?{query}" if query else f"{request.script_root}{request.path}"


def asset_of(app: Flask) -> Callable[[str], str]:
    """The function ``asset(name)``: the address of a static file with a mark of its content.

    Browsers may keep such an address for ever. A file that is missing (``make setup`` was not run) gets its address
    without a mark: the browser names it. While developing (debug) the mark follows changes; else a file is read once.
    """
    folder, prefix = Path(app.static_folder or ""), app.static_url_path or ""

    def asset(name: str) -> str:
        file = folder / name if app.debug else None
        changed = file.stat().st_mtime_ns if file and file.is_file() else 0
        return f"{request.script_root}{prefix}/{name}{_content_mark(folder, name, changed)}"

    return asset


@lru_cache(maxsize=256)
def _content_mark(folder: Path, name: str, _changed: int) -> str:
    file = folder / name
    return "?v=" + hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""


def kept_input() -> list[tuple[str, str]]:
    """What was just typed in a form of our own, as (name, value) pairs, to offer it again after a failure.

    Empty unless the browser says that the form came from this site: another site's fields are never offered
    again with a fresh token. Secrets are left out.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if not _is_secret(name)]


def _is_secret(name: str) -> bool:
    return name in {"csrf_token", "nonce", "code", "current"} or "password" in name or "wachtwoord" in name


FILTERS = {
    "date": i18n.format_date,
    "time": i18n.format_time,
    "moment": i18n.format_datetime,
    "hours": format_hours,
    "percent": format_percent,
    "number": format_number,
    "relative": i18n.format_relative,
    "ago": ago,
    "time_tag": time_tag,
    "initials": initials,
}

GLOBALS = {
    "_": _,
    "ngettext": i18n.ngettext,
    "icon": icons.icon,
    "week_strip": svg.week_strip,
    "mark_label": svg.mark_label,
    "dots": svg.dots,
    "bar": svg.bar,
    "svg_share": svg.share,
    "svg_segments": svg.segments,
    "phase_boxes": svg.phase_boxes,
    "chart_rows": svg.chart_rows,
    "percent_of": percent_of,
    "list_name": list_name,
    "full_name": full_name,
    "short_name": short_name,
    "period": i18n.format_period,
    "query_url": query_url,
    "register_statuses": markup.register_statuses,
    "register_segment": markup.register_segment,
    "chip_markup": markup.chip,
    "bar_number_markup": markup.bar_number,
    "row_head_markup": markup.row_head,
    "cell_markup": markup.cell,
    "kept_input": kept_input,
    "language": i18n.language,
}


def install(app: Flask) -> None:
    """Make the filters and functions above known to the templates of ``app``."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS, asset=asset_of(app))
