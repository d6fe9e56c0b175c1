"""`inleer serve`: the app behind gunicorn, only on a schema that this version knows."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from inleer.config import ConfigError, Settings
from inleer.extend import manifests
from inleer.migrate import SchemaError, all_owners, reading, schema_problems

THREADS = 4
TIMEOUT_SECONDS = 60


def check_database(settings: Settings) -> None:
    """Raise SchemaError when the tables are not those of this version; MigrationError without a database."""
    with reading(settings.database_url) as connection:
        problems = schema_problems(connection, all_owners(manifests(settings.plugins)))
    if problems:
        raise SchemaError(" ".join(problems))


def checked_app(settings: Settings) -> Flask:
    """The app, when the database is what it needs. Raises SchemaError, MigrationError, ConfigError or PluginError."""
    from inleer.app import create_app

    check_database(settings)
    return create_app(settings)


def check_free(bind: str) -> None:
    """Raise ConfigError when nothing can listen on this address and port: gunicorn would only try again, in English."""
    parts = urlsplit(f"//{bind}")
    try:
        family, kind, _proto, _name, place = socket.getaddrinfo(
            parts.hostname, parts.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen()
    except OSError as error:
        why = "daar luistert al iets" if error.errno == errno.EADDRINUSE else "dat lukt niet op deze machine"
        raise ConfigError(
            f"inleer kan niet luisteren op {bind} (INLEER_BIND): {why}. Kies een ander adres of een andere poort."
        ) from error


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings, and no other source of configuration."""

    def __init__(self, settings: Settings) -> None:
        """Serve with these settings."""
        self.settings = settings
        super().__init__(prog="inleer serve")

    def load_config(self) -> None:
        """Tell gunicorn what it needs to know."""
        for name, value in self.options().items():
            self.cfg.set(name, value)

    def options(self) -> dict[str, Any]:
        """Gunicorn's settings by name."""
        return {
            "bind": self.settings.bind,
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": TIMEOUT_SECONDS,
            "graceful_timeout": 30,
            # An address can hold the token of an invitation: no access log. The app logs requests by endpoint.
            "accesslog": None,
            "errorlog": "-",
            "control_socket_disable": True,
            # Whom to believe about X-Forwarded-* is INLEER_PROXY_COUNT's business, in the app.
            "forwarded_allow_ips": "127.0.0.1",
            "proc_name": "inleer",
        }

    def load(self) -> Flask:
        """The app of one worker process, made after the fork: database connections are never shared."""
        return checked_app(self.settings)


def serve(settings: Settings) -> None:
    """Serve until told to stop (TERM); HUP starts new workers without losing a request.

    Raises SchemaError or MigrationError before anything listens, when the database is not what this version needs, and
    ConfigError when the address is taken.
    """
    check_database(settings)
    if "GUNICORN_FD" not in os.environ:  # USR2: a new server takes over the socket of the old one
        check_free(settings.bind)
    # GUNICORN_CMD_ARGS would be a second, unknown source of settings.
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Server(settings).run()
