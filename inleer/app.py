"""create_app: the only file that knows everything."""

from __future__ import annotations

from uuid import uuid4

import structlog
from flask import Flask, g, request
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from inleer import audit, policy
from inleer.accounts import access as accounts_access
from inleer.accounts import plugin_faults, sessions
from inleer.casework import access as casework_access
from inleer.cohorts import access as cohorts_access
from inleer.config import Settings, from_environment
from inleer.db import db, engine_options
from inleer.db.core import prepare_engine
from inleer.db.texts import look_at_texts
from inleer.exchange import access as exchange_access
from inleer.extend import egress
from inleer.extend.manager import build_registry
from inleer.intentions import access as intentions_access
from inleer.merging import access as merging_access
from inleer.people import access as people_access
from inleer.placements import access as placements_access
from inleer.policy.startup import check_models, check_policies
from inleer.resources import resource
from inleer.signals import access as signals_access
from inleer.web import blueprints, environment, errors, headers, listeners, logs, plugin_events, templating

ACCESS = (
    accounts_access,
    people_access,
    cohorts_access,
    intentions_access,
    placements_access,
    casework_access,
    signals_access,
    merging_access,
    exchange_access,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises ConfigError or PluginError with a sentence when it cannot be trusted to run."""
    settings = settings or from_environment()
    app = Flask("inleer", template_folder=str(resource("templates")), static_folder=str(resource("static")))
    app.jinja_environment = environment.Environment
    _configure(app, settings)
    logs.configure(settings)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        egress.install(db.engine)
    policy.guard_session(db.session)
    audit.guard_changes(db.session)
    look_at_texts(db.session)
    for feature in ACCESS:
        feature.register()
    CSRFProtect(app)
    _login(app)
    _identify_requests(app)
    headers.install(app)
    errors.install(app)
    logs.install(app)
    templating.install(app)
    registry = build_registry(settings)
    app.extensions["inleer"] = registry
    check_models(registry)
    policy.set_plugin_grants(registry.grants)
    blueprints.install(app, registry)
    listeners.install()
    plugin_events.install()
    plugin_faults.install(app)
    check_policies(app)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(resource("static")),
        prefix="static/",
        add_headers_function=headers.for_static,
        max_age=3600,
        allow_all_origins=False,
    )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        INLEER=settings,
        TESTING=settings.testing,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-inleer",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=11 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,  # else Flask-WTF asks Flask-Babel for the messages: WTForms speaks Dutch itself
        # Referrer-Policy is no-referrer, so the referrer cannot be checked; the token is.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _login(app: Flask) -> None:
    # Without its context processor: an error page must render while the database cannot say who is logged in.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the session itself is a row that can be ended
    manager.user_loader(sessions.load_user)


def _identify_requests(app: Flask) -> None:
    @app.before_request
    def _trace() -> None:
        g.trace_id = uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=g.trace_id, method=request.method)

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        db.session.remove()
