"""The sender of mail as a process that is there at once: the app is made before, each sender is a fork of that."""

from __future__ import annotations

import os
import sys

import click

from inleer.app import create_app
from inleer.db import db
from inleer.jobs import outbox


def main() -> None:
    """For each line that comes in: start a sender, say its process id, and when it ended with which status."""
    app = create_app()
    for _line in sys.stdin:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()  # a connection is never shared with a fork
        pid = os.fork()
        if not pid:
            with app.app_context():
                outbox.drain()
            os._exit(0)
        click.echo(pid)
        click.echo(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
