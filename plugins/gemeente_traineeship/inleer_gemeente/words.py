"""What the plugin calls things. The four profiles are planning values (docs/decisions/0091)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROFILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "services": "Dienstverlening",
        "support": "Bedrijfsvoering",
        "space": "Openbare ruimte",
        "social": "Sociaal domein",
    }
)
#: How far a placement is, as the core says it.
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "proposed": "voorgesteld",
        "agreed": "afgesproken",
        "running": "loopt",
        "completed": "afgerond",
        "ended_early": "eerder gestopt",
    }
)
