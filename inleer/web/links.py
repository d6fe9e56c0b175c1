"""Addresses of pages that an installation may lack: a link is offered only when the page is there."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, or an empty string when there is no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
