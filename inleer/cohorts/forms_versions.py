"""Forms with which a cohort moves to another version of its route: which phase becomes which, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional

from inleer.cohorts.forms import choices
from inleer.cohorts.version_rules import Held
from inleer.extend.types import RouteDefinition
from inleer.forms import VersionedForm
from inleer.i18n import _

_PREFIX = "fase_"


class PhaseMapForm(VersionedForm):
    """One choice for each phase of the cohort; the fields are added by :func:`phase_map_form`."""

    @property
    def chosen(self) -> dict[str, str | None]:
        """The phase map: the cohort's phase → the phase it becomes, None when it disappears."""
        return {f.name.removeprefix(_PREFIX): f.data or None for f in self if f.name.startswith(_PREFIX)}

    def refuse_phases(self, refused: Sequence[tuple[str, str]]) -> None:
        """Show what cannot be beside the phase it is about."""
        for key, sentence in refused:
            field = self[f"{_PREFIX}{key}"]
            field.errors = [*field.errors, sentence]

    def kept(self) -> list[tuple[str, str]]:
        """What was chosen, to send along."""
        return [(f.name, f.data or "") for f in self if f.name.startswith(_PREFIX)]


class TakeMoveBackForm(VersionedForm):
    """The button that takes a move back."""


def phase_map_form(held: Sequence[Held], new: RouteDefinition) -> type[PhaseMapForm]:
    """The form for the phases of a cohort and the phases of a version."""
    options = [(phase.key, phase.name) for phase in new.phases]
    fields: dict[str, Any] = {
        f"{_PREFIX}{phase.key}": SelectField(
            phase.name,
            choices=choices(options, empty=_("verdwijnt uit deze lichting")),
            validators=[Optional()],
        )
        for phase in held
    }
    return type("ChosenPhaseMapForm", (PhaseMapForm,), fields)
