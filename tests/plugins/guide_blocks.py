"""The files that the guide for authors of plugins is made of."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "plugins" / "guide.md"
_BLOCK = re.compile(
    r"^```\{code-block\} [^\n]+\n:caption: (?P<path>[^\n]+)\n\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(text: str) -> dict[str, str]:
    """Path → content of each block that is a file. Raises ValueError when a file stands there twice."""
    found: dict[str, str] = {}
    for block in _BLOCK.finditer(text):
        if block["path"] in found:
            raise ValueError(f"{block['path']} stands in the guide twice")
        found[block["path"]] = block["text"]
    return found


def apply(folder: Path) -> list[str]:
    """Write the guide's files over the skeleton in ``folder``; returns their paths."""
    found = blocks(GUIDE.read_text(encoding="utf-8"))
    for path, text in found.items():
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{path} lies outside the plugin")
        target.write_text(text, encoding="utf-8")
    return list(found)
