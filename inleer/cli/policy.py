"""``inleer policy dump``: every URL rule with who may, under which relation, as a person reviews it."""

from __future__ import annotations

import csv
import io

import click
from flask import Flask

from inleer.cli.base import Cli, pass_cli
from inleer.policy import Role, allowed_relations
from inleer.policy.startup import STATIC, policy_of

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
HEAD = ("endpoint", "methods", "permission", "on", "anonymous", *(role.value for role in ROLES))
NEVER = "-"


def rows(app: Flask) -> list[tuple[str, ...]]:
    """One row per endpoint: what it needs, and per role the relations under which it is allowed."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint == STATIC:
            continue
        policy = policy_of(app, rule.endpoint)
        if policy is None:
            raise RuntimeError(f"no policy on {rule.endpoint}")
        methods = "|".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        if policy.perm is None:
            cells = ["any"] * (len(ROLES) + 1)
        else:
            cells = [NEVER, *("|".join(sorted(allowed_relations(r, policy.perm))) or NEVER for r in ROLES)]
        model = policy.model.__name__ if policy.model else ""
        found[rule.endpoint, methods] = (rule.endpoint, methods, policy.perm or "public", model, *cells)
    return [tuple(str(cell) for cell in found[key]) for key in sorted(found)]


def as_csv(app: Flask) -> str:
    """The rows as CSV, as ``tests/policy/policy_matrix.csv`` keeps them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows(app))
    return out.getvalue()


@click.group()
def policy() -> None:
    """Wie mag wat: bekijk de toegangsregels zoals de code ze heeft."""


@policy.command()
@pass_cli
def dump(cli: Cli) -> None:
    """Druk elke URL-regel af met de relaties per rol; vergelijk met tests/policy/policy_matrix.csv."""
    click.echo(as_csv(cli.app), nl=False)
