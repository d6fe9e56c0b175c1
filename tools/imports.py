"""Check the import rules of setup.cfg, and those between the core and whatever plugins are in plugins/.

Run by ``make check``; import-linter itself cannot discover packages, so their contracts are written here. Exits with
the code of import-linter.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = "importlinter"


def plugin_packages() -> list[Path]:
    """The folders with the code of the plugins that come with the core, by name."""
    return sorted(path.parent for path in ROOT.glob("plugins/*/inleer_*/__init__.py"))


def contracts(packages: list[str]) -> dict[str, dict[str, str]]:
    """The contracts about these packages, as sections of a configuration."""
    listed = "\n".join(packages)
    doors = "\n".join(
        f"{package}{below} -> inleer.{door}"
        for package in packages
        for below in ("", ".**")
        for door in ("plugin", "plugin.**", "testing")
    )
    return {
        f"{MAIN}:contract:core-without-plugins": {
            "name": "The core never imports a plugin",
            "type": "forbidden",
            "source_modules": "inleer",
            "forbidden_modules": listed,
        },
        f"{MAIN}:contract:plugins-by-the-door": {
            "name": "Plugins import of inleer only inleer.plugin, and inleer.testing in tests",
            "type": "forbidden",
            "source_modules": listed,
            "forbidden_modules": "inleer.*",
            "allow_indirect_imports": "True",
            "ignore_imports": doors,
            "unmatched_ignore_imports_alerting": "none",
        },
        f"{MAIN}:contract:plugins-apart": {
            "name": "Plugins do not import each other",
            "type": "independence",
            "modules": listed,
        },
    }


def configuration() -> configparser.ConfigParser:
    """The import rules of setup.cfg, with every plugin."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    for section in config.sections():
        if not section.startswith(MAIN):
            config.remove_section(section)
    packages = [path.name for path in plugin_packages()]
    config[MAIN]["root_packages"] += "\n" + "\n".join(packages)
    config.read_dict(contracts(packages))
    return config


def main() -> int:
    """Run import-linter on all of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "setup.cfg"
        with path.open("w", encoding="utf-8") as file:
            configuration().write(file)
        command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(path)]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
