"""Settings from the environment. Unknown names and weak secrets are refused; nothing has a default secret."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

KNOWN = {
    "INLEER_DATABASE_URL": "database, e.g. sqlite:///var/inleer.db or postgresql+psycopg://user@host/name",
    "INLEER_SECRET_KEY": "at least 32 random characters; signs cookies and encrypts second-factor secrets",
    "INLEER_SECRET_KEY_FALLBACKS": "former keys, separated by commas, while you rotate",
    "INLEER_VAR_DIR": "folder for the embedded database, mail and backups (default: var)",
    "INLEER_BASE_URL": "address people use, e.g. https://inleer.example.nl; links in mails start with it",
    "INLEER_PROXY_COUNT": "number of reverse proxies whose X-Forwarded-* headers are believed (default 0)",
    "INLEER_PLUGINS": "names of the plugins that are on, in order, separated by commas (default: all installed)",
    "INLEER_SMTP_URL": "smtp://host:port or smtps://user:password@host:port; without it mail is kept as files",
    "INLEER_MAIL_FROM": "sender of the mails",
    "INLEER_BIND": "address and port of `inleer serve` (default 127.0.0.1:5000)",
    "INLEER_WORKERS": "number of web worker processes of `inleer serve` (default 2)",
    "INLEER_DEMO": "1 marks the demo: a banner says that the data is fictional",
}
WEAK_SECRETS = frozenset(
    {"secret", "changeme", "change-me", "dev", "development", "inleer", "password", "geheim"}
)
SECRET_FILE = "secret.key"


class ConfigError(Exception):
    """A setting is missing, unknown or unsafe; the message says which and how to mend it."""


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
    plugins = env.get("INLEER_PLUGINS")
    return Settings(
        database_url=_database_url(env.get("INLEER_DATABASE_URL"), var_dir),
        secret_key=secret,
        secret_key_fallbacks=fallbacks,
        var_dir=var_dir,
        base_url=env.get("INLEER_BASE_URL", "http://127.0.0.1:5000").rstrip("/"),
        proxy_count=_integer(env, "INLEER_PROXY_COUNT", 0),
        plugins=None if plugins is None else tuple(p.strip() for p in plugins.split(",") if p.strip()),
        smtp_url=env.get("INLEER_SMTP_URL") or None,
        mail_from=env.get("INLEER_MAIL_FROM", "inleer <geen-antwoord@localhost>"),
        bind=env.get("INLEER_BIND", "127.0.0.1:5000"),
        workers=_integer(env, "INLEER_WORKERS", 2),
        demo=env.get("INLEER_DEMO") == "1",
    )


def check_secret(secret: str) -> None:
    """Refuse a secret that can be guessed. Raises ConfigError."""
    if len(secret) < 32 or len(set(secret)) < 10 or secret.lower() in WEAK_SECRETS:
        raise ConfigError(
            "INLEER_SECRET_KEY is te zwak: gebruik minstens 32 willekeurige tekens, bijvoorbeeld van"
            " `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )


def _secret_from_file(var_dir: Path) -> str:
    path = var_dir / SECRET_FILE
    if not path.exists():
        raise ConfigError(
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
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("INLEER_DATABASE_URL moet beginnen met sqlite:/// of postgresql+psycopg://.")
    return url


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isdecimal():
        raise ConfigError(f"{name} moet een getal zijn, niet {raw!r}.")
    return int(raw)
