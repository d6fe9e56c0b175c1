"""Which columns of a list are shown: those that the URL names, else those that the person chose, else the usual ones.

The choice of a person is remembered with the login. One in the URL (``?kolom=signaal&kolom=contact``) goes before it,
so that a link shows everybody the same. The export of a list follows what is shown, and nothing needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask_login import current_user

from inleer.accounts.columns import choose_columns
from inleer.accounts.safe_next import safe_next
from inleer.errors import DomainError
from inleer.forms import know, posted, tell
from inleer.i18n import _
from inleer.policy import Perm
from inleer.policy.guard import guarded, require_actor

blueprint = Blueprint("columns", __name__, url_prefix="/kolommen")
#: The name in the URL.
PARAM = "kolom"
#: The columns of each list that can be chosen; the name is always there. A role may see fewer of them.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "kandidaten": {
        "signaal": "Signaal",
        "fase": "Lichting en fase",
        "aanwezig": "Aanwezig",
        "ongeoorloofd": "Ongeoorloofd",
        "contact": "Contact",
        "coach": "Werkcoach",
    },
    "groep": {
        "week": "Per week",
        "aanwezig": "Aanwezig",
        "ongeoorloofd": "Ongeoorloofd",
        "coach": "Werkcoach",
        "signaal": "Signaal",
        "contact": "Contact",
    },
}
#: What the way back to the list leaves out: the columns, the page and the kind of file.
_NOT_KEPT = frozenset({PARAM, "page", "format"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the list ``name`` that can be chosen, in their order, and those that are shown.

    ``from_url``: the address says which; ``own``: the person chose (for this list, shown or not). ``back``: the address
    of this list without columns.
    """

    name: str
    options: tuple[tuple[str, str], ...]
    shown: frozenset[str]
    from_url: bool
    own: bool
    back: str

    @property
    def chosen(self) -> bool:
        """Whether what is shown was chosen, here or in the address."""
        return self.from_url or self.own


def columns(name: str, usual: Sequence[str], leave_out: Sequence[str] = ()) -> Columns:
    """The columns of the list ``name`` in this request. ``leave_out``: those that are not for this role."""
    labels = {key: label for key, label in CHOICES[name].items() if key not in leave_out}
    asked = frozenset(request.args.getlist(PARAM)) & labels.keys()
    own = getattr(current_user, "columns", {}).get(name, frozenset()) & labels.keys()
    return Columns(
        name,
        tuple((key, _(label)) for key, label in labels.items()),
        asked or own or frozenset(usual) & labels.keys(),
        from_url=bool(asked),
        own=bool(own),
        back=_back(),
    )


def _back() -> str:
    kept = [(k, v) for k, values in request.args.lists() for v in values if k not in _NOT_KEPT and v]
    return request.path + ("?" + urlencode(kept) if kept else "")


def of_file(
    headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]], wanted: Columns
) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of an export of the chosen columns; ``headings``: (column of the list, heading) per cell.

    A heading that belongs to no column ("") is in every file; the others are as on the screen.
    """
    here = [n for n, (key, _head) in enumerate(headings) if not key or key in wanted.shown]
    return [_(headings[n][1]) for n in here], ([row[n] for n in here] for row in rows)


@blueprint.post("/<any(kandidaten, groep):name>")
@guarded(Perm.ACCOUNT_OWN)
def choose(name: str) -> Response:
    """Remember which columns this person wants in a list, or (``gewoon``) the usual ones again; back to the list."""
    know([PARAM])
    wanted = frozenset(request.form.getlist(PARAM))
    usual, back = posted("gewoon"), safe_next(posted("terug")) or "/"
    if not usual and not (wanted and wanted <= CHOICES[name].keys()):
        raise DomainError(_("Kies minstens één kolom uit de lijst. Ga terug en kies opnieuw."))
    choose_columns(require_actor(), name, [] if usual else [key for key in CHOICES[name] if key in wanted])
    tell(_("De gewone kolommen staan er weer.") if usual else _("De kolommen zijn bewaard."))
    return cast(Response, redirect(back, 303))
