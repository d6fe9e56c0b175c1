"""What the administrator's pages share: the blueprint, and how a list reads its filters from the address."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request

from inleer.accounts.forms import clean

blueprint = Blueprint("admin", __name__, url_prefix="/beheer")


def show(template: str, form: Any = None, **context: Any) -> Response:
    """A page; 422 when its form was sent and refused."""
    status = 422 if form is not None and form.errors else 200
    return make_response(render_template(template, form=form, **context), status)


def go(url: str) -> Response:
    """Go on with a GET."""
    return cast(Response, redirect(url, 303))


def asked_text(name: str, longest: int = 200) -> str:
    """A text from the address, cleaned; empty when it is not there."""
    return clean(request.args.get(name))[:longest]


def asked_choice(name: str, allowed: Any) -> str:
    """One of ``allowed`` from the address; anything else counts as not asked."""
    value = request.args.get(name, "")
    return value if value in allowed else ""


def asked_id(name: str) -> UUID | None:
    """An id from the address; anything else counts as not asked."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def asked_day(name: str) -> date | None:
    """A day (2026-11-17) of our time from the address; anything else counts as not asked."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def asked_page() -> int:
    """The page of a list, from 1."""
    raw = request.args.get("page", "1")
    return max(1, int(raw)) if raw.isdecimal() and len(raw) < 7 else 1


def is_descending() -> bool:
    """Whether the list is asked from high to low."""
    return request.args.get("dir") == "desc"
