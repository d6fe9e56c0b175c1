"""Pages for logging in, for links from mails, and for one's own account."""

from inleer.accounts.views import keys, links, login, notifications, own
from inleer.accounts.views.base import blueprint
from inleer.accounts.views.login import session_ended

__all__ = ["blueprint", "keys", "links", "login", "notifications", "own", "session_ended"]
