"""Make the project's virtual environment: every package pinned and hash-checked, then inleer and its plugins.

Run by ``make setup`` with any Python 3.11 or newer; needs nothing but the standard library. A second run with an
unchanged lock returns at once. Fails with a message and exit code 1 when a step fails.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".inleer-stamp"
OLDEST = (3, 11)


def plugin_folders() -> list[Path]:
    """Return the folders under plugins/ that are distributions of their own, sorted by name."""
    return sorted(path.parent for path in ROOT.glob("plugins/*/setup.cfg"))


def fingerprint() -> str:
    """Return a hash of all that decides the content of the environment."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    folders = [ROOT, *plugin_folders()]
    for path in [LOCK, *(folder / name for folder in folders for name in ("setup.cfg", "pyproject.toml"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def pinned(name: str, lock: str) -> str:
    """Return the lines of one package in a lock file with hashes; SystemExit when it is not there."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n[ \t]+--hash=.*)+", lock, re.MULTILINE)
    if found is None:
        raise SystemExit(f"{name} is not in {LOCK.name}: run 'make lock'")
    return found.group(0) + "\n"


def run(*command: str | Path) -> None:
    """Run a command from the root of the project; SystemExit when it fails."""
    # The environment we make decides, not one that the caller happens to have activated.
    env = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False)
    if done.returncode != 0:
        raise SystemExit(f"set-up stopped: {' '.join(str(part) for part in command)} gave {done.returncode}")


def install_uv() -> None:
    """Put the locked uv in the environment with pip, its hash checked."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(pinned("uv", LOCK.read_text(encoding="utf-8")), encoding="utf-8")
        run(
            VENV / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--no-deps",
            "-r",
            wanted,
        )


def main() -> None:
    """Make or refresh .venv when something changed since the last run."""
    if sys.version_info < OLDEST:
        raise SystemExit(f"inleer needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    stamp = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp:
        return
    print("Setting up .venv (hashed lock)", flush=True)
    if not (VENV / "bin" / "python").exists():
        venv.create(VENV, with_pip=True, symlinks=True)
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        install_uv()
    run(uv, "pip", "sync", "--quiet", "--require-hashes", LOCK)
    editable = [part for folder in (ROOT, *plugin_folders()) for part in ("-e", str(folder))]
    # setuptools comes from the lock too: no build isolation, so nothing unpinned is downloaded
    run(uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", *editable)
    STAMP.write_text(stamp, encoding="utf-8")


if __name__ == "__main__":
    main()
