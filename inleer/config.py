"""Settings from the environment. Unknown names and weak secrets are refused; nothing has a default secret."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

KNOWN = {
    "INLEER_DATABASE_URL": "database, e.g. sqlite:///var/inleer.db or postgresql+psycopg://user@host/name",
    "INLEER_SECRET_KEY": "at least 32 random characters; signs cookies and encrypts second-factor secrets",
    "INLEER_SECRET_KEY_FALLBACKS": "former keys, separated by commas, while you rotate",
    "INLEER_VAR_DIR": "folder for the embedded database, mail and backups (default: var)",
    "INLEER_BASE_URL": "address people use, e.g. https://inleer.example.nl; links in mails start with it",
    "INLEER_PROXY_COUNT": "number of reverse proxies whose X-Forwarded-* headers are believed (default 0)",
    "INLEER_PLUGINS": "plugins that are on, in order, separated by commas (not set: all installed; empty: none)",
    "INLEER_SMTP_URL": "smtp://host:port or smtps://user:password@host:port; without it mail is kept as files",
    "INLEER_MAIL_FROM": "sender of the mails",
    "INLEER_BIND": "address and port of `inleer serve` (default 127.0.0.1:5000)",
    "INLEER_WORKERS": "number of web worker processes of `inleer serve` (default 2)",
    "INLEER_LOGIN_TRIES": "wrong tries to log in from one internet address within an hour (default 20)",
    "INLEER_LOGIN_MAILS": "mails about logging in to one e-mail address within an hour (default 10)",
    "INLEER_WRONG_PASSWORDS": "wrong passwords on one account within 24 hours before each must wait (default 20)",
    "INLEER_DEMO": "1 marks the demo: a banner says so, and everybody can read the mail",
}
WEAK_SECRETS = frozenset(
    {"secret", "changeme", "change-me", "dev", "development", "inleer", "password", "geheim"}
)
SECRET_FILE = "secret.key"
#: Names of this machine itself: only there may people come without https.
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigError(Exception):
    """A setting is missing, unknown or unsafe; the message says which and how to mend it."""


class NoSecret(ConfigError):
    """There is no key yet: this installation was not made (``inleer init``)."""


@dataclass(frozen=True)
class Settings:
    """All settings of one running inleer. Build with :func:`from_environment`, or directly in tests."""

    database_url: str
    secret_key: str
    var_dir: Path
    secret_key_fallbacks: tuple[str, ...] = ()
    base_url: str = "http://127.0.0.1:5000"
    proxy_count: int = 0
    plugins: tuple[str, ...] | None = None
    smtp_url: str | None = None
    mail_from: str = "inleer <geen-antwoord@localhost>"
    bind: str = "127.0.0.1:5000"
    workers: int = 2
    demo: bool = False
    login_tries: int = 20
    login_mails: int = 10
    wrong_passwords: int = 20
    # Not settable from the environment: tests hash faster, production never weaker than OWASP's floor.
    argon2_memory_kib: int = 19_456
    argon2_time: int = 2
    testing: bool = False
    extra_plugins: tuple[object, ...] = field(default=())

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Host names that a request may carry: that of the base URL."""
        host = urlsplit(self.base_url).netloc
        return (host,)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read INLEER_* settings. Raises ConfigError for unknown names, weak secrets and unusable values."""
    env = dict(os.environ if environ is None else environ)
    unknown = sorted(
        name
        for name in env
        if name.startswith("INLEER_") and name not in KNOWN and not name.startswith("INLEER_TEST_")
    )
    if unknown:
        raise ConfigError(
            f"Onbekende instelling: {', '.join(unknown)}. Bekend zijn: {', '.join(sorted(KNOWN))}."
        )
    var_dir = Path(env.get("INLEER_VAR_DIR", "var")).resolve()
    secret = env.get("INLEER_SECRET_KEY") or _secret_from_file(var_dir)
    fallbacks = tuple(s for s in env.get("INLEER_SECRET_KEY_FALLBACKS", "").split(",") if s)
    for key in (secret, *fallbacks):
        check_secret(key)
    return Settings(
        database_url=_database_url(env.get("INLEER_DATABASE_URL"), var_dir),
        secret_key=secret,
        secret_key_fallbacks=fallbacks,
        var_dir=var_dir,
        base_url=check_base_url(env.get("INLEER_BASE_URL", "http://127.0.0.1:5000")),
        proxy_count=_integer(env, "INLEER_PROXY_COUNT", 0),
        plugins=chosen_plugins(env),
        smtp_url=env.get("INLEER_SMTP_URL") or None,
        mail_from=env.get("INLEER_MAIL_FROM", "inleer <geen-antwoord@localhost>"),
        bind=check_bind(env.get("INLEER_BIND", "127.0.0.1:5000")),
        workers=_integer(env, "INLEER_WORKERS", 2),
        demo=env.get("INLEER_DEMO") == "1",
        login_tries=_at_least_one(env, "INLEER_LOGIN_TRIES", 20),
        login_mails=_at_least_one(env, "INLEER_LOGIN_MAILS", 10),
        wrong_passwords=_at_least_one(env, "INLEER_WRONG_PASSWORDS", 20),
    )


def chosen_plugins(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """The names in INLEER_PLUGINS, in order: none when it is empty, None (all installed) when it is not set."""
    names = environ.get("INLEER_PLUGINS")
    return None if names is None else tuple(p.strip() for p in names.split(",") if p.strip())


def check_secret(secret: str) -> None:
    """Refuse a secret that can be guessed. Raises ConfigError."""
    if len(secret) < 32 or len(set(secret)) < 10 or secret.lower() in WEAK_SECRETS:
        raise ConfigError(
            "INLEER_SECRET_KEY is te zwak: gebruik minstens 32 willekeurige tekens, bijvoorbeeld van"
            " `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )


def check_base_url(url: str) -> str:
    """The address without a slash at its end. Raises ConfigError unless it is a scheme and a host (and a port), and
    https when the host is not this machine."""
    parts = _split(url.rstrip("/"))
    plain = parts is not None and not (parts.path or parts.query or parts.fragment or parts.username)
    if parts is None or not plain or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f"INLEER_BASE_URL ({url}) is geen adres als https://inleer.example.nl: schrijf https://, de naam van de"
            " server en zo nodig een poort, en niets erachter."
        )
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise ConfigError(f"INLEER_BASE_URL ({url}) is niet versleuteld. Gebruik https.")
    return url.rstrip("/")


def check_bind(bind: str) -> str:
    """An address and a port to listen on, as 127.0.0.1:5000 or [::1]:5000. Raises ConfigError for anything else."""
    parts = _split(f"//{bind}")
    if parts is None or not parts.hostname or not parts.port or parts.netloc != bind or parts.username:
        raise ConfigError(
            f"INLEER_BIND ({bind}) is geen adres met een poort. Schrijf bijvoorbeeld 127.0.0.1:5000."
        )
    return bind


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None when it is none, or its port is no port."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and not any(c.isspace() for c in url)
    except ValueError:  # a port above 65535, or a bracket that is not closed
        return None
    return parts if usable else None


def _secret_from_file(var_dir: Path) -> str:
    path = var_dir / SECRET_FILE
    if not path.exists():
        raise NoSecret(
            "INLEER_SECRET_KEY ontbreekt. Zet die instelling, of voer `inleer init` uit: dat maakt een sleutel"
            f" in {path}."
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path} is leesbaar voor anderen. Voer uit: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _database_url(url: str | None, var_dir: Path) -> str:
    if not url:
        return f"sqlite:///{var_dir / 'inleer.db'}"
    if url.startswith(("postgresql://", "postgres://")):
        # SQLAlchemy picks another driver per version when the URL does not name one.
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("INLEER_DATABASE_URL moet beginnen met sqlite:/// of postgresql+psycopg://.")
    if not _names_a_database(url):
        # Without the address itself: it can hold a password.
        raise ConfigError(
            "INLEER_DATABASE_URL is geen adres van een database. Schrijf bijvoorbeeld sqlite:///var/inleer.db of"
            " postgresql+psycopg://gebruiker@host:5432/naam."
        )
    return url


def _names_a_database(url: str) -> bool:
    try:
        parts = make_url(url)
        return bool(parts.database) or not url.startswith("sqlite")
    except (ArgumentError, ValueError):  # the port is no number
        return False


def _at_least_one(env: Mapping[str, str], name: str, default: int) -> int:
    number = _integer(env, name, default)
    if number < 1:
        raise ConfigError(f"{name} moet minstens 1 zijn: met 0 kan niemand inloggen.")
    return number


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isdecimal():
        raise ConfigError(f"{name} moet een getal zijn, niet {raw!r}.")
    return int(raw)
