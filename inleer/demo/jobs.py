"""The background work of the demo: large imports and mail, in a process beside the web server that ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from flask import Flask

from inleer.config import Settings

_log = structlog.get_logger()

#: Nobody who tries the demo waits a minute for the next round, as the worker of an installation does.
EVERY_SECONDS = 1.0
_GRACE_SECONDS = 10
#: What `beside` starts; the browser tests run it at the same other time as their pages.
COMMAND: tuple[str, ...] = ("-m", "inleer.demo.jobs")


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Run the demo's background work as long as this lasts, in a process of its own so that pages stay quick."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("INLEER_")},
        **{name: os.environ[name] for name in ("INLEER_PLUGINS", "INLEER_BIND") if name in os.environ},
        "INLEER_VAR_DIR": str(settings.var_dir),
    }
    # Its end is told by the pipe: it closes when we are gone, however that came about.
    worker = subprocess.Popen([sys.executable, *COMMAND], env=environment, stdin=subprocess.PIPE)
    ours = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == ours:  # web processes are forked from us and leave by the same door
            worker.terminate()
            worker.wait(_GRACE_SECONDS)


def main() -> None:
    """Empty the demo's outbox every second until whoever started us is gone."""
    from inleer.app import create_app
    from inleer.cli.demo import demo_settings

    gone = Event()
    Thread(target=_wait_for_end, args=(gone,), daemon=True).start()
    work(create_app(demo_settings()), gone)


def work(app: Flask, gone: Event) -> None:
    """Empty the outbox every second until ``gone`` is set. A round that fails is logged, and the next one comes."""
    from inleer.jobs import outbox

    while not gone.wait(EVERY_SECONDS):
        try:
            with app.app_context():
                outbox.drain()
        except Exception as error:  # as the worker does: a database that is busy now answers the next time
            _log.error("demo_round_failed", exc_info=error)


def _wait_for_end(gone: Event) -> None:
    sys.stdin.buffer.read()
    gone.set()


if __name__ == "__main__":
    main()
