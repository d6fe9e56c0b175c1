"""Resolve setup.cfg into requirements.lock and tools/node.in into tools/node.lock, with hashes and without hosts.

Run by ``make lock``. The locks hold for every Python from 3.11 on and every platform (universal resolution).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": ["setup.cfg", "--all-extras"],
    "tools/node.lock": ["tools/node.in"],
}


def main() -> None:
    """Write both locks; SystemExit when a lock names a host."""
    for lock, source in LOCKS.items():
        subprocess.run(
            [
                ".venv/bin/uv",
                "pip",
                "compile",
                *source,
                "--upgrade",
                "--generate-hashes",
                "--universal",
                "--python-version",
                "3.11",
                "--no-header",
                "--no-annotate",
                "--quiet",
                "--output-file",
                lock,
            ],
            cwd=ROOT,
            check=True,
        )
        if "://" in (ROOT / lock).read_text(encoding="utf-8"):
            raise SystemExit(f"{lock} names a host: it may hold only names, versions and hashes")


if __name__ == "__main__":
    main()
