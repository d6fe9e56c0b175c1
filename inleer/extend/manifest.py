"""Who a plugin is, and for which version of the interface it was made."""

from __future__ import annotations

from dataclasses import dataclass

from inleer.extend.checks import require, slug, text

API_VERSION = 1
CORE = "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Who a plugin is. A plugin module carries it as ``manifest``.

    ``name`` equals the name of the entry point; ``core_revision`` is the core's Alembic revision that the
    plugin's tables need; its tables start with ``table_prefix``; ``migrations`` is "package:folder" with its
    Alembic scripts. A plugin without tables leaves these three out.
    """

    name: str
    api_version: int
    distribution: str
    core_revision: str | None = None
    table_prefix: str | None = None
    migrations: str | None = None

    def __post_init__(self) -> None:
        slug(self.name, "Plugin")
        text(self.distribution, f"Distributie van plugin {self.name}")
        given = [part is not None for part in (self.core_revision, self.table_prefix, self.migrations)]
        require(
            all(given) or not any(given),
            "core_revision, table_prefix en migrations horen bij elkaar: geef ze alle drie, of geen.",
        )
        if self.table_prefix is not None:
            require(
                self.table_prefix == f"{self.name}_",
                f"De tabellen van {self.name} beginnen met {self.name}_.",
            )
