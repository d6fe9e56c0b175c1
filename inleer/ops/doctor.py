"""`inleer doctor`: is this installation healthy and safe? Each check is one function in a module ``checks_*``."""

from __future__ import annotations

from collections.abc import Callable

from inleer.config import Settings
from inleer.ops import checks_content, checks_database, checks_host, checks_network
from inleer.ops.checkup import CHECKS, FAIL, Finding, Patient, perform

MODULES = (checks_host, checks_network, checks_database, checks_content)


def examine(settings: Callable[[], Settings]) -> list[Finding]:
    """Run all checks, in the order of MODULES. ``settings`` reads the settings; it may raise."""
    patient = Patient(settings)
    order = [module.__name__ for module in MODULES]
    checks = sorted(CHECKS.values(), key=lambda one: order.index(one.run.__module__))
    try:
        return [perform(one, patient) for one in checks]
    finally:
        patient.close()


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing failed. What was skipped needed something that failed itself."""
    return all(finding.state != FAIL for finding in findings)
