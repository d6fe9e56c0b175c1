"""Pages of plugins: each says who may see it, and is about a cohort of one of the plugin's own routes.

What a page declares is checked when the application starts. Which cohort the address names is checked before the
view runs: a foreign one, and one of another route, do not exist (404), with the same bytes as an id that never was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from inleer.cohorts.models import Cohort, Enrolment
from inleer.db import db
from inleer.errors import Forbidden, InleerError, NotVisible
from inleer.extend import CORE, Owned, PluginError, Registry, egress, faults
from inleer.extend.types import BlueprintDef, SignalDef
from inleer.plugin.core import put_cohort
from inleer.policy import Actor, Perm, allowed_relations, unscoped
from inleer.policy.guard import LoginRequired, Policy, SecondFactorRequired, require_actor
from inleer.policy.scope import load_where, relations_of
from inleer.policy.startup import policy_of

NAMES = frozenset({"cohort_id", "enrolment_id"})
#: What a page says to people on purpose, and what the core answers when two save at once.
MEANT = (HTTPException, InleerError, LoginRequired, SecondFactorRequired, IntegrityError, StaleDataError)


def install(app: Flask, registry: Registry) -> None:
    """Register the pages that the plugins bring. Raises PluginError for one that forgot to say who may see it."""
    owners: dict[str, str] = {}
    for owned in registry.blueprints:
        _register(app, owned)
        if owned.plugin == CORE:
            continue
        owners[owned.key] = owned.plugin
        known = set(Perm) | {permission.key for permission in registry.permissions}
        for rule in app.url_map.iter_rules():
            if _blueprint(rule.endpoint) == owned.key:
                _check(owned.plugin, rule, policy_of(app, rule.endpoint), known)
                view = app.view_functions[rule.endpoint]
                app.view_functions[rule.endpoint] = _watched(owned.plugin, rule.endpoint, view)
    for signal in registry.signals:
        if signal.value.endpoint:
            _check_endpoint(app, signal)
    if owners:
        app.before_request(partial(_gate, owners))


def _check_endpoint(app: Flask, signal: Owned[SignalDef]) -> None:
    """Raise PluginError unless the page that a signal names is one of the plugin's, reachable from one person."""
    wanted = signal.value.endpoint
    own = [rule for rule in app.url_map.iter_rules() if _blueprint(rule.endpoint) == signal.plugin]
    fitting = {r.endpoint for r in own if "GET" in (r.methods or ()) and r.arguments <= NAMES}
    if wanted not in fitting:
        known = ", ".join(sorted(fitting)) or "geen"
        raise PluginError(
            signal.plugin,
            f"signaal '{signal.key}' noemt pagina '{wanted}'. Pagina's met alleen een enrolment_id of cohort_id in het"
            f" adres zijn: {known}.",
        )


def _register(app: Flask, owned: Owned[BlueprintDef]) -> None:
    before = _on_every_page(app)
    try:
        app.register_blueprint(owned.value.blueprint, url_prefix=owned.value.url_prefix)
    except (ValueError, AssertionError) as error:
        raise PluginError(owned.plugin, f"blueprint '{owned.key}' past niet ({error}).") from error
    if owned.plugin != CORE and _on_every_page(app) != before:
        raise PluginError(
            owned.plugin,
            f"blueprint '{owned.key}' doet iets bij elke bladzijde (zoals before_app_request of app_errorhandler);"
            " een plugin werkt alleen op zijn eigen bladzijden.",
        )


def _on_every_page(app: Flask) -> list[int]:
    """How much is done around every page, by kind: what a blueprint adds there runs outside any guard."""
    kinds = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.template_context_processors,
        app.url_value_preprocessors,
        app.url_default_functions,
    )
    handlers = app.error_handler_spec.get(None, {})
    return [*(len(kind.get(None, ())) for kind in kinds), sum(len(found) for found in handlers.values())]


def _check(plugin: str, rule: Rule, policy: Policy | None, known: set[Any]) -> None:
    if policy is None or policy.perm is None:
        raise PluginError(plugin, f"pagina {rule.rule} zegt niet wie haar mag zien (@guarded).")
    if policy.perm not in known:
        raise PluginError(plugin, f"pagina {rule.rule} noemt recht '{policy.perm}', dat er niet is.")
    if not NAMES & rule.arguments:
        raise PluginError(plugin, f"pagina {rule.rule} noemt geen cohort_id en geen enrolment_id.")


def _watched(plugin: str, endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """The same page, without network; what fails in it is kept under the plugin's name, and shown as any error is."""

    @wraps(view)
    def run(**named: Any) -> Any:
        registry: Registry = current_app.extensions["inleer"]
        began = time.perf_counter()
        try:
            with egress.running(plugin):
                answer = view(**named)
        except MEANT:
            raise
        except (Exception, SystemExit) as error:
            faults.note_fault(registry.faults, plugin, endpoint, error, began)
            if isinstance(error, SystemExit):  # it would end the server's process
                raise RuntimeError(f"a page of plugin {plugin} exits") from error
            raise
        faults.note_slow(registry.faults, plugin, endpoint, began)
        return answer

    return run


def _blueprint(endpoint: str) -> str:
    return endpoint.partition(".")[0] if "." in endpoint else ""


def _gate(owners: Mapping[str, str]) -> None:
    """Before a page of a plugin: load the cohort that the address names, or raise NotVisible."""
    endpoint = request.endpoint or ""
    plugin = owners.get(_blueprint(endpoint))
    policy = policy_of(current_app, endpoint) if plugin else None
    if plugin is None or policy is None:
        return
    try:
        actor = require_actor(policy.partial_ok)
    except (LoginRequired, SecondFactorRequired):
        return  # the view's own guard says where to go
    put_cohort(_cohort(actor, plugin, policy, request.view_args or {}))


def _cohort(actor: Actor, plugin: str, policy: Policy, named: Mapping[str, Any]) -> Cohort:
    own = Cohort.route_key.startswith(f"{plugin}.", autoescape=True)
    cohort_id, enrolment_id = named.get("cohort_id"), named.get("enrolment_id")
    if enrolment_id is None:
        found: Cohort = _load(actor, policy, Cohort, cohort_id, own)
        return found
    within = Enrolment.cohort_id.in_(select(Cohort.id).where(own).scalar_subquery())
    enrolment = _load(actor, policy, Enrolment, enrolment_id, within)
    if cohort_id not in (None, enrolment.cohort_id):
        raise NotVisible
    cohort: Cohort = _unscoped(Cohort, enrolment.cohort_id)
    return cohort


def _load(actor: Actor, policy: Policy, model: Any, row_id: Any, own: ColumnElement[bool]) -> Any:
    """The cohort or enrolment, when the actor is related to it and has the page's permission on it.

    A permission that holds under other relations than those to the cohort or enrolment ("any", or one of the plugin's
    own tables) is left to the page's guard; a page without an object of its own has no such guard, and gets "any" only.
    """
    if not isinstance(row_id, UUID):
        raise NotVisible
    try:
        return load_where(actor, policy.perm or "", model, (model.id == row_id) & own)
    except Forbidden:
        elsewhere = allowed_relations(actor.role, policy.perm or "") - set(relations_of(model))
        if "any" in elsewhere or (elsewhere and policy.model is not None):
            return _unscoped(model, row_id)
        raise


def _unscoped(model: Any, row_id: UUID) -> Any:
    statement = unscoped(select(model).where(model.id == row_id), "found in scope just before")
    return db.session.execute(statement).scalar_one()
