"""Views of a list that a person keeps: the filters in the address under a name, as links above the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from inleer.accounts.saved_views import remove_view, save_view
from inleer.forms import posted, tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("saved_views", __name__, url_prefix="/weergaven")
#: The lists, the page of each, and which parts of its address are kept.
LISTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "vandaag": ("today.worklist", frozenset({"soort", "lichting", "coach"})),
    "kandidaten": (
        "candidates.index",
        frozenset({"zoek", "lichting", "signaal", "stand", "coach", "sort", "dir", "kolom"}),
    ),
}


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a list, as (name, address, whether this is it), and the filters of now ("": there are none)."""

    list: str
    kept: tuple[tuple[str, str, bool], ...]
    query: str


def views(list_: str) -> Views:
    """The views that this person keeps of a list, in this request."""
    now = _kept_of(list_, request.query_string.decode("utf-8", "replace"))
    here = url_for(LISTS[list_][0])
    kept = getattr(current_user, "views", {}).get(list_, ())
    return Views(list_, tuple((name, f"{here}?{query}", query == now) for name, query in kept), now)


def _kept_of(list_: str, query: str) -> str:
    """What is kept of the filters in an address, in one order, so that the same filters are the same text."""
    pairs = parse_qsl(query, max_num_fields=50)
    return urlencode(sorted((key, value) for key, value in pairs if key in LISTS[list_][1] and value))


@blueprint.post("/<any(vandaag, kandidaten):name>")
@guarded(Perm.ACCOUNT_OWN)
def keep(name: str) -> Response:
    """Keep the filters under a name; back to the list with those filters."""
    query, called = _kept_of(name, urlsplit("?" + posted("filters")).query), posted("naam")
    save_view(require_actor(), name, called, query)
    tell(_("Bewaard als “%(name)s”.", name=" ".join(called.split())))
    return cast(Response, redirect(f"{url_for(LISTS[name][0])}?{query}", 303))


@blueprint.post("/<any(vandaag, kandidaten):name>/weg")
@guarded(Perm.ACCOUNT_OWN)
def remove(name: str) -> Response:
    """Forget a view; back to the list."""
    called, query = posted("naam"), posted("filters")
    remove_view(require_actor(), name, called)
    back = url_for("saved_views.keep", name=name)
    tell(_("“%(name)s” is weggehaald.", name=called), back, naam=called, filters=query)
    return cast(Response, redirect(url_for(LISTS[name][0]), 303))
