"""Who owns which tables: the core, and each plugin with its prefix, its scripts and its own version table."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from inleer.resources import resource

if TYPE_CHECKING:
    from inleer.extend.types import Manifest

CORE_OWNER = "core"
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class Owner:
    """An owner of tables. ``prefix`` is empty for the core; ``versions`` is the folder with revision files.

    ``package`` holds the models; ``needs`` is the core revision that a plugin's tables build on, None for the core.
    """

    name: str
    prefix: str
    versions: Path
    package: str
    needs: str | None = None

    @property
    def is_core(self) -> bool:
        """Whether this is the core itself."""
        return self.name == CORE_OWNER

    @property
    def version_table(self) -> str:
        """The table that holds this owner's revision."""
        return VERSION_TABLE if self.is_core else f"{VERSION_TABLE}_{self.name}"

    @property
    def script(self) -> ScriptDirectory:
        """This owner's revisions. The template of a new revision is the core's, for every owner."""
        return ScriptDirectory(str(resource("migrations")), version_locations=[str(self.versions)])

    @property
    def head(self) -> str | None:
        """The newest revision that this installation knows, None when there is none yet."""
        return self.script.get_current_head()

    def knows(self, revision: str) -> bool:
        """Whether this installation has that revision."""
        return any(found.revision == revision for found in self.script.walk_revisions())


def core_owner() -> Owner:
    """The core as owner."""
    return Owner(CORE_OWNER, prefix="", versions=resource("migrations") / "versions", package="inleer")


def plugin_owner(manifest: Manifest) -> Owner | None:
    """The owner that a plugin's manifest describes, None for a plugin without tables.

    The folder that ``manifest.migrations`` ("package:folder") names holds a folder ``versions``. Raises
    FileNotFoundError when it does not exist.
    """
    if manifest.migrations is None or manifest.table_prefix is None:
        return None
    package, _, folder = manifest.migrations.partition(":")
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        versions = Path(place) / folder / "versions"
        if versions.is_dir():
            return Owner(
                manifest.name, manifest.table_prefix, versions, package, needs=manifest.core_revision
            )
    raise FileNotFoundError(f"plugin {manifest.name}: {manifest.migrations} has no folder versions")


def all_owners(manifests: Iterable[Manifest] = ()) -> tuple[Owner, ...]:
    """The core first, then the plugins that have tables, by name."""
    plugins = (plugin_owner(manifest) for manifest in manifests)
    found = sorted((owner for owner in plugins if owner is not None), key=lambda owner: owner.name)
    return (core_owner(), *found)
