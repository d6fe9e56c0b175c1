"""What a user installs is what we tested: pinned, complete and licensed."""

from __future__ import annotations

import configparser
import importlib.metadata
import io
import json
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

import inleer.resources
from inleer.resources import resource
from tools import environment, vendor
from tools.environment import plugin_folders
from tools.imports import configuration, plugin_packages

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "tools/node.lock")
# Put together here, so that this file does not name them itself.
REGISTRY_HOSTS = tuple(
    f"{name}.{domain}"
    for name, domain in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("registry.yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("deb.debian", "org"),
    ]
)


def setup_cfg(folder: Path = ROOT) -> configparser.ConfigParser:
    config = configparser.ConfigParser(interpolation=None)
    config.read(folder / "setup.cfg", encoding="utf-8")
    return config


def plugin_name(folder: Path) -> str:
    """The name of the plugin in a folder: that of its entry point, which need not be the folder's."""
    return setup_cfg(folder)["options.entry_points"]["inleer.plugins"].partition("=")[0].strip()


def tracked_files() -> list[Path]:
    """The files of the checkout that git knows or would add; everything but the ignored when git is not there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> set[str]:
    """The names at the start of requirement lines, comments left out."""
    found = re.findall(r"^\s*([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)
    return {canonical(name) for name in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def test_the_lock_holds_every_declared_dependency() -> None:
    config = setup_cfg()
    declared = requirements(config["options"]["install_requires"])
    for extra in config["options.extras_require"].values():
        declared |= requirements(extra)
    locked = set(
        re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    )
    assert {"flask", "sqlalchemy", "pytest", "types-wtforms"} <= declared
    assert declared <= {canonical(name) for name in locked}


def test_one_package_can_be_taken_from_the_lock_and_a_missing_one_is_told() -> None:
    lock = "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nuvx==2.0 \\\n    --hash=sha256:cc\n"
    assert environment.pinned("uv", lock) == lock.split("uvx")[0]
    with pytest.raises(SystemExit, match="make lock"):
        environment.pinned("flask", lock)


def test_no_file_names_a_package_registry() -> None:
    files = tracked_files()
    assert ROOT / "setup.cfg" in files
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in files
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert named == []


@pytest.mark.parametrize("folder", [ROOT, *plugin_folders()], ids=lambda path: path.name)
def test_pyproject_only_names_the_build_backend(folder: Path) -> None:
    lines = (folder / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert lines[0] == "[build-system]"


@pytest.mark.parametrize("top", [ROOT / "inleer", *plugin_packages()], ids=lambda path: path.name)
def test_every_folder_with_code_is_a_package(top: Path) -> None:
    folders = {path.parent for path in top.rglob("*.py") if "migrations" not in path.parts}
    assert top in folders
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_plugin_is_found_by_its_entry_point() -> None:
    names = {
        entry.name: entry.dist.name
        for entry in importlib.metadata.entry_points(group="inleer.plugins")
        if entry.dist
    }
    made = {plugin_name(folder): setup_cfg(folder)["metadata"]["name"] for folder in plugin_folders()}
    assert {"zorg", "logistiek", "gemeente"} <= made.keys()
    assert made.items() <= names.items(), "run make setup"


def test_the_import_rules_are_about_every_plugin() -> None:
    config = configuration()
    packages = {path.name for path in plugin_packages()}
    assert len(packages) == len(plugin_folders())
    rules = {
        "core-without-plugins": "forbidden_modules",
        "plugins-by-the-door": "source_modules",
        "plugins-apart": "modules",
    }
    for name, option in rules.items():
        assert set(config[f"importlinter:contract:{name}"][option].split()) == packages
    assert set(config["importlinter"]["root_packages"].split()) == {"inleer", *packages}


def test_resources_of_a_checkout() -> None:
    assert resource("templates") == ROOT / "templates"
    assert resource("migrations") == ROOT / "migrations"
    assert resource("static") == ROOT / "inleer" / "static"


def test_resources_of_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "inleer"
    (package / "templates").mkdir(parents=True)
    # another project's folder in site-packages is not ours
    (tmp_path / "migrations").mkdir()
    monkeypatch.setattr(inleer.resources, "PACKAGE", package)
    assert resource("templates") == package / "templates"
    with pytest.raises(FileNotFoundError, match="migrations"):
        resource("migrations")


def test_an_unknown_resource_is_refused() -> None:
    with pytest.raises(ValueError, match="templates, migrations, static"):
        resource("../etc")


def test_vendored_files_are_there_with_their_licence_and_ignored_by_git() -> None:
    packages = vendor.manifest()
    for package in packages:
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"])
        assert any(name.startswith("LICENSE") for name in package["files"].values()), package["name"]
        assert len(vendor.installed(package)) == len(package["files"]), "run make setup"
    targets = [package["into"] for package in packages]
    ignored = subprocess.run(
        ["git", "check-ignore", *targets], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert ignored.stdout.split() == targets


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_only_the_wanted_files_are_unpacked_and_a_changed_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"dist/a.css": b"a{}", "install.js": b"bad()"})
    package: vendor.Package = {
        "name": "a",
        "version": "1.0.0",
        "integrity": vendor.integrity(path.read_bytes()),
        "license": "MIT",
        "into": "static/a",
        "files": {"dist/a.css": "a.css"},
    }
    vendor.unpack(package, path, tmp_path)
    assert [file.name for file in (tmp_path / "static" / "a").iterdir()] == ["a.css"]
    assert len(vendor.installed(package, tmp_path)) == 1

    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(SystemExit, match="sha512 differs"):
        vendor.unpack(package, path, tmp_path)


def test_the_licence_is_the_full_text_of_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    package = next(
        package for package in vendor.manifest() if package["name"] == "@utrecht/component-library-css"
    )
    assert text == (ROOT / package["into"] / "LICENSE.md").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    for folder in (ROOT, *plugin_folders()):
        assert setup_cfg(folder)["metadata"]["license"] == "EUPL-1.2"


def test_publiccode_is_complete_and_agrees_with_setup_cfg() -> None:
    data = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    required = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType",
                "description", "legal", "maintenance", "localisation"}  # fmt: skip
    assert required <= data.keys()
    assert float(data["publiccodeYmlVersion"]) >= 0.4
    assert data["softwareVersion"] == setup_cfg()["metadata"]["version"]
    assert data["legal"]["license"] == setup_cfg()["metadata"]["license"]
    assert data["maintenance"]["type"] == "community"
    assert data["maintenance"]["contacts"][0]["name"]
    assert "nl" in data["description"]
    for text in data["description"].values():
        assert 1 <= len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in text["features"])


def test_the_security_promise_is_written_down() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "48 hours" in text
    assert "7 days" in text


def test_the_ci_script_runs_the_make_targets_that_help_lists() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    wanted = {"help", "setup", "demo", "test", "check", "bench", "docs"}
    assert wanted <= set(re.findall(r"make (\w+)", listed))
    assert re.findall(r"^make (\w+)", script.read_text(encoding="utf-8"), re.MULTILINE) == [
        "check",
        "docs",
        "test",
    ]


def test_the_manifest_is_plain_json_without_addresses() -> None:
    text = (ROOT / "vendor.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert json.loads(text)["packages"]
