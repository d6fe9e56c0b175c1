"""Demo data: the fictional editions that the plugins bring, and a login for each role that has pages."""

from inleer.demo.logins import LOGINS, PASSWORD, Login
from inleer.demo.seed import seed

__all__ = ["LOGINS", "PASSWORD", "Login", "seed"]
