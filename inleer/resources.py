"""Where templates, migrations and static files lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
NAMES = ("templates", "migrations", "static")


def resource(name: str) -> Path:
    """Return the folder of one kind of data file.

    `name` is "templates", "migrations" or "static". ValueError for another name, FileNotFoundError when the
    installation lacks the folder.

    A wheel carries the three folders inside the package. In a checkout templates/ and migrations/ stand at the
    top level; an editable install points at that checkout, and setup.cfg beside the package tells it from
    a site-packages folder in which another project left a folder of the same name.
    """
    if name not in NAMES:
        raise ValueError(f"unknown resource {name!r}: one of {', '.join(NAMES)}")
    inside = PACKAGE / name
    if inside.is_dir():
        return inside
    beside = PACKAGE.parent / name
    if (PACKAGE.parent / "setup.cfg").is_file() and beside.is_dir():
        return beside
    raise FileNotFoundError(f"this installation of inleer has no {name} folder: install it again")
