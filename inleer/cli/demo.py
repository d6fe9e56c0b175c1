"""``inleer demo``: everything set up on embedded SQLite with fictional people, and served on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from inleer.config import KNOWN, Settings, from_environment
from inleer.errors import DomainError
from inleer.i18n import _

BIND = "127.0.0.1:5000"
DATABASE = "demo.db"


def demo_settings() -> Settings:
    """Settings of the demo: its own SQLite file under var/, whatever database the environment names."""
    from inleer.ops import install

    folder = Path(os.environ.get("INLEER_VAR_DIR", "var")).resolve()
    install.make_var(folder)
    install.make_secret(folder)
    chosen = {"INLEER_PLUGINS", "INLEER_BIND", "INLEER_WORKERS"} & set(os.environ)
    settings = from_environment(
        {
            **{n: os.environ[n] for n in os.environ if n not in KNOWN or n in chosen},
            "INLEER_VAR_DIR": str(folder),
        }
    )
    bind = os.environ.get("INLEER_BIND", BIND)
    return replace(
        settings,
        database_url=f"sqlite:///{folder / DATABASE}",
        bind=bind,
        base_url=f"http://{bind}",
        workers=1,
        demo=True,
    )


@click.group(invoke_without_command=True)
@click.option("--no-serve", is_flag=True, help="maak alleen de gegevens en druk de inloggegevens af")
@click.pass_context
def demo(ctx: click.Context, no_serve: bool) -> None:
    """Probeer inleer met verzonnen mensen: SQLite onder var/, op http://127.0.0.1:5000 (anders: zet INLEER_BIND)."""
    if ctx.invoked_subcommand is not None:
        return
    from inleer.demo.jobs import beside
    from inleer.ops.serve import serve

    settings = demo_settings()
    _make(settings)
    _tell(settings)
    if not no_serve:
        with beside(settings):
            serve(settings)


def _make(settings: Settings) -> None:
    """Fill the demo. A first one gets its name when it is complete: half of one would pass for a demo next time."""
    whole = Path(settings.var_dir, DATABASE)
    if whole.exists():
        _fill(settings)
        return
    click.echo(_("De demo wordt gemaakt. Dat duurt ongeveer een halve minuut."))
    part = whole.with_name(f"{DATABASE}.part")
    for left in part.parent.glob(f"{part.name}*"):  # of a time that was broken off
        left.unlink()
    _fill(replace(settings, database_url=f"sqlite:///{part}"))
    part.replace(whole)


def _fill(settings: Settings) -> None:
    from inleer.app import create_app
    from inleer.db import db
    from inleer.demo import seed
    from inleer.ops import install

    install.migrate(settings)
    app = create_app(settings)
    install.fill(app)
    with app.app_context():
        seed()
        db.session.remove()
        db.engine.dispose()  # everything is in the file itself, nothing in a log beside it


def _tell(settings: Settings) -> None:
    from inleer.demo import LOGINS, PASSWORD

    click.echo(_("De demo staat klaar met verzonnen mensen en werkgevers."))
    click.echo(_("Adres:      %(url)s", url=settings.base_url))
    click.echo(_("Wachtwoord: %(password)s (voor iedereen)", password=PASSWORD))
    for login in LOGINS:
        click.echo(f"  {login.email:24} {login.label:22} code: inleer demo totp {login.key}")
    click.echo(
        _("De code van de tweede stap verandert elke 30 seconden; vraag haar op met het commando erachter.")
    )


@demo.command()
@click.argument("role")
def totp(role: str) -> None:
    """Toon de code van de tweede stap van een demo-login: coach, leerhome, docent, programma, beheer."""
    from sqlalchemy import select

    from inleer import clock
    from inleer.accounts.models import User
    from inleer.accounts.second_factor import current_code
    from inleer.accounts.secrets import decrypt
    from inleer.accounts.signing_in import TOTP
    from inleer.app import create_app
    from inleer.db import db
    from inleer.demo.logins import LOGINS, login_named

    login = login_named(role)
    if login is None:
        names = ", ".join(known.key for known in LOGINS)
        raise DomainError(_("Onbekende rol: %(role)s. Kies uit: %(names)s.", role=role, names=names))
    app = create_app(demo_settings())
    with app.app_context():
        sealed = db.session.execute(
            select(User.totp_secret).where(User.email == login.email)
        ).scalar_one_or_none()
        if sealed is None:
            raise DomainError(_("De demo is er nog niet. Start haar met: inleer demo"))
        click.echo(current_code(decrypt(TOTP, sealed), clock.now()))
