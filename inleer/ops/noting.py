"""Auditing what operations do, also when the app itself does not start (a broken plugin)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from inleer import audit
from inleer.config import Settings
from inleer.db import db, engine_options, unit_of_work
from inleer.db.core import prepare_engine
from inleer.migrate import all_owners, reading, schema_problems
from inleer.policy import system_actor


def database_app(settings: Settings) -> Flask:
    """An app with the database alone: no plugins, no pages."""
    app = Flask("inleer.ops")
    app.config.update(
        INLEER=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    return app


def note(settings: Settings, action: str, subject: str, details: dict[str, Any]) -> bool:
    """Record an act of the command line in the audit trail; not in tables of another version (False)."""
    with reading(settings.database_url) as connection:
        if schema_problems(connection, all_owners()):
            return False
    app = database_app(settings)
    with app.app_context():
        with unit_of_work():
            audit.record(system_actor(), action, ("backup", subject), details=details)
        db.session.remove()
        db.engine.dispose()
    return True
