"""A plugin of which a phase lasts 6, without saying of what."""

from typing import Any

from inleer.plugin import PhaseDef, PhaseKind

VALUES: dict[str, Any] = {"key": "basis", "name": "Basis", "kind": PhaseKind.LEARNING, "duration": 6}
PHASE = PhaseDef(**VALUES)
