"""The administrator's pages: organisations, people, settings, plugins, audit log. No case content anywhere."""

from inleer.web.admin import (
    codes,
    lateness,
    logbook,
    mail_texts,
    messages,
    organisations,
    people,
    plugins,
    settings,
)
from inleer.web.admin.base import blueprint

__all__ = [
    "blueprint",
    "codes",
    "lateness",
    "logbook",
    "mail_texts",
    "messages",
    "organisations",
    "people",
    "plugins",
    "settings",
]
