"""The icons: a small line drawing per name, written into the page so that it prints in the text's colour."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

# Drawn on a 24 × 24 grid; colour and stroke come from the class "icon".
PATHS: dict[str, str] = {
    "check": '<path d="m5 13 4.5 4.5L19 7"/>',
    "warn": '<path d="M12 4 2.5 20h19Z"/><path d="M12 10.5v4M12 17.4v.1"/>',
    "bad": '<path d="M8.2 2.5h7.6l5.7 5.7v7.6l-5.7 5.7H8.2l-5.7-5.7V8.2Z"/><path d="M12 7.5v5M12 16v.1"/>',
    "info": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.4v.1"/>',
    "minus": '<path d="M6 12h12"/>',
    "question": '<circle cx="12" cy="12" r="9.5"/>'
    '<path d="M9.4 9.2a2.7 2.7 0 1 1 3.7 2.9c-.8.3-1.1.9-1.1 1.7M12 17v.1"/>',
    "clock": '<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V12l3.5 2.5"/>',
    "calendar": '<rect x="3" y="4.5" width="18" height="16.5" rx="2"/><path d="M3 10h18M8 2.5v4M16 2.5v4"/>',
    "person": '<circle cx="12" cy="8" r="4.2"/><path d="M4 21c.8-4.4 4-6.5 8-6.5s7.2 2.1 8 6.5"/>',
    "people": '<circle cx="9" cy="8.5" r="3.7"/><path d="M2 20c.6-4 3.4-5.8 7-5.8s6.4 1.8 7 5.8"/>'
    '<path d="M16 5.2a3.5 3.5 0 0 1 0 6.6M18.5 14.8c2 .9 3.2 2.6 3.5 5.2"/>',
    "building": '<path d="M4 21V4.5L14 3v18M14 9l6 1.5V21M2 21h20M8 8v.1M8 12v.1M8 16v.1M17 14v.1M17 17.5v.1"/>',
    "phone": '<path d="M6 3h3l2 5-2.5 1.8a12 12 0 0 0 5.7 5.7L16 13l5 2v3'
    'a3 3 0 0 1-3.2 3A16.5 16.5 0 0 1 3 6.2 3 3 0 0 1 6 3Z"/>',
    "mail": '<rect x="2.5" y="5" width="19" height="14" rx="2"/><path d="m3 7 9 6 9-6"/>',
    "note": '<path d="M5 3h10l4 4v14H5Z"/><path d="M8.5 11h7M8.5 15h5"/>',
    "undo": '<path d="M8.5 4.5 4 9l4.5 4.5"/><path d="M4 9h10a5.5 5.5 0 0 1 0 11H9"/>',
    "refresh": '<path d="M20 5v5h-5"/><path d="M20 10a8.5 8.5 0 1 0 .4 4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5.5 5.5"/>',
    "menu": '<path d="M3 6.5h18M3 12h18M3 17.5h18"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "chevron-down": '<path d="m6 9.5 6 6 6-6"/>',
    "chevron-right": '<path d="m9.5 6 6 6-6 6"/>',
    "chevron-left": '<path d="m14.5 6-6 6 6 6"/>',
    "sort": '<path d="m8 9.5 4-4.5 4 4.5M8 14.5l4 4.5 4-4.5"/>',
    "sort-up": '<path d="m7 14 5-6 5 6Z" fill="currentColor"/>',
    "sort-down": '<path d="m7 10 5 6 5-6Z" fill="currentColor"/>',
    "filter": '<path d="M3 5h18l-7 8.5V20l-4-2v-4.5Z"/>',
    "download": '<path d="M12 3v12m-5-4.5 5 5 5-5M4 20.5h16"/>',
    "upload": '<path d="M12 16V4M7 8.5l5-5 5 5M4 20.5h16"/>',
    "print": '<path d="M7 8V3h10v5M7 17H3.5V8h17v9H17"/><path d="M7 14h10v7H7Z"/>',
    "plus": '<path d="M12 4.5v15M4.5 12h15"/>',
    "edit": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19Z"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10.5" rx="2"/><path d="M8 10.5V7a4 4 0 0 1 8 0v3.5"/>',
    "logout": '<path d="M14 4H4.5v16H14M10 12h11m-4.5-4.5L21 12l-4.5 4.5"/>',
    "arrow-right": '<path d="M4 12h16m-6-6 6 6-6 6"/>',
}


@cache
def icon(name: str, label: str = "") -> Markup:
    """An icon as inline SVG. Decorative, or spoken with a ``label``. Raises KeyError for another name."""
    naming = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(naming, Markup(PATHS[name]))  # nosec B704 - a fixed drawing
