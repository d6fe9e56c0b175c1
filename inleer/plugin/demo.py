"""What a plugin describes a fictional edition with, for ``inleer_register_demo``."""

from inleer.extend.demo import (
    DemoDef,
    DemoEdition,
    DemoEmployer,
    DemoEscalation,
    DemoIntention,
    DemoNote,
    DemoPattern,
    DemoPerson,
)

__all__ = [
    "DemoDef",
    "DemoEdition",
    "DemoEmployer",
    "DemoEscalation",
    "DemoIntention",
    "DemoNote",
    "DemoPattern",
    "DemoPerson",
]
