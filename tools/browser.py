"""Make sure there is a Chromium for the browser tests, or say loudly that there is none.

Run by ``make test``. Looks at INLEER_TEST_CHROMIUM and the usual names on PATH; as root on a Debian machine it installs
the packages ``chromium`` and ``chromium-l10n`` (Dutch dates in date fields). Always exits 0: without a browser the
other tests still run, and a run that must be complete fails on its counts.
"""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium, None when there is none."""
    given = os.environ.get("INLEER_TEST_CHROMIUM")
    if given:
        return shutil.which(given)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install_chromium() -> bool:
    """Install Debian's chromium when we may; return whether that went well."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    print("Installing Debian's chromium for the browser tests", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        [apt, "update", "-qq"],
        [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-l10n"],
    )
    return all(
        subprocess.run(line, env=env, check=False, stdout=subprocess.DEVNULL).returncode == 0
        for line in commands
    )


def main() -> None:
    """Find or install a browser and say which."""
    path = find_chromium() or (find_chromium() if install_chromium() else None)
    if path:
        print(f"Browser: {path}")
    else:
        print("*" * 78)
        print(
            "NO BROWSER: the browser tests are skipped. Install chromium (Debian: apt-get install chromium)"
        )
        print("or name one in INLEER_TEST_CHROMIUM.")
        print("*" * 78)


if __name__ == "__main__":
    main()
