"""Dated parameters and their official values."""

from inleer.parameters.catalogue import CATALOGUE, Parameter
from inleer.parameters.models import Setting
from inleer.parameters.values import (
    Dated,
    Planned,
    all_values,
    dated_texts,
    dated_values,
    history,
    known_parameters,
    parameter,
    planned_value,
    remove_planned,
    set_parameter,
    version_of,
)

__all__ = [
    "CATALOGUE",
    "Dated",
    "Parameter",
    "Planned",
    "Setting",
    "all_values",
    "dated_texts",
    "dated_values",
    "history",
    "known_parameters",
    "parameter",
    "planned_value",
    "remove_planned",
    "set_parameter",
    "version_of",
]
