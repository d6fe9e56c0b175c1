"""Make sure there is a libical to read our agenda feeds in the tests, or say loudly that there is none.

Run by ``make test``. As root on a Debian machine it installs the package ``libical3``. Always exits 0: without it the
test that needs it is skipped with the same words.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess


def install_libical() -> bool:
    """Install Debian's libical when we may; return whether that went well."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    print("Installing Debian's libical for the tests of agenda feeds", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", "libical3"])
    return all(
        subprocess.run(line, env=env, check=False, stdout=subprocess.DEVNULL).returncode == 0
        for line in commands
    )


def main() -> None:
    """Find or install the library and say which."""
    found = ctypes.util.find_library("ical") or (install_libical() and ctypes.util.find_library("ical"))
    if found:
        print(f"libical: {found}")
    else:
        print("*" * 78)
        print(
            "NO LIBICAL: that libical reads our agenda feeds is not tested (Debian: apt-get install libical3)."
        )
        print("*" * 78)


if __name__ == "__main__":
    main()
