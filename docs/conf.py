"""Sphinx settings of the guides: Markdown, in Dutch, without assets from elsewhere."""

project = "inleer"
copyright = "de makers van inleer, EUPL-1.2"  # Sphinx wants this name
author = "de makers van inleer"
language = "nl"
extensions = ["myst_parser"]
exclude_patterns = ["_build", "plan.md"]
html_theme = "furo"
html_title = "inleer"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
