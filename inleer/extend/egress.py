"""No network for plugins: while a plugin's code runs, Python opens no connection and looks up no name.

There is no guarded client yet, so there is no allowed way out. This holds off a slip or an import that phones home; it
is no wall against malice (docs/decisions/0022): a thread of the plugin's own, or a library in C, is not seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from sqlalchemy import Dialect, Engine, event

#: Events of Python's audit hooks (PEP 578) that reach out, or let others in.
REFUSED: Final = frozenset(
    {
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.getnameinfo",
        "socket.sendmsg",
        "socket.sendto",
    }
)
_plugin: ContextVar[str | None] = ContextVar("inleer_plugin_that_runs", default=None)
_hooked = False


class NoEgress(RuntimeError):
    """A plugin reached for the network. Not an OSError: what handles a bad line must not pass over this."""

    def __init__(self, plugin: str, what: str) -> None:
        super().__init__(
            f"Plugin '{plugin}' may not use the network ({what}): there is no guarded client yet."
        )


def install(engine: Engine) -> None:
    """Refuse from now on, in this process. A connection that ``engine`` opens meanwhile is the core's own."""
    global _hooked
    event.listen(engine, "do_connect", _connect)
    if not _hooked:  # an audit hook stays until the process ends
        sys.addaudithook(_refuse)
        _hooked = True


@contextmanager
def running(plugin: str) -> Iterator[None]:
    """What runs within is the code of ``plugin``."""
    token = _plugin.set(plugin)
    try:
        yield
    finally:
        _plugin.reset(token)


def _refuse(what: str, _arguments: tuple[Any, ...]) -> None:
    if what in REFUSED and (plugin := _plugin.get()) is not None:
        raise NoEgress(plugin, what)


def _connect(dialect: Dialect, _record: object, arguments: Any, named: dict[str, Any]) -> Any:
    # psycopg looks up the name of the database server in Python, also when a plugin's query is the first.
    token = _plugin.set(None)
    try:
        return dialect.connect(*arguments, **named)
    finally:
        _plugin.reset(token)
