"""How the browser is started, and the two kinds of screens."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

#: Debian's Chromium, as quiet as it can be.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
#: Dutch dates in date fields; Debian has the words for it in chromium-l10n.
LANGUAGE = {"LANGUAGE": "nl", "LANG": "nl_NL.UTF-8", "LC_ALL": "nl_NL.UTF-8"}
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
WAIT_MILLISECONDS = 20_000


def launch_arguments(path: str) -> dict[str, Any]:
    """How the Chromium at ``path`` is started."""
    return {"executable_path": path, "args": ARGUMENTS, "env": {**os.environ, **LANGUAGE}}


def window(
    browser: Browser, size: str = "desktop", state: Path | None = None, scripts: bool = True
) -> BrowserContext:
    """A window of its own, with the cookies in ``state``; ``size`` is a key of SIZES."""
    context = browser.new_context(
        storage_state=state,
        java_script_enabled=scripts,
        locale="nl-NL",
        reduced_motion="reduce",
        **SIZES[size],
    )
    context.set_default_timeout(WAIT_MILLISECONDS)
    return context
