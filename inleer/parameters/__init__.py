"""Dated parameters and their official values."""

from inleer.parameters.catalogue import CATALOGUE, Parameter
from inleer.parameters.models import Setting
from inleer.parameters.values import all_values, history, parameter, set_parameter, values_on

__all__ = [
    "CATALOGUE",
    "Parameter",
    "Setting",
    "all_values",
    "history",
    "parameter",
    "set_parameter",
    "values_on",
]
