"""What every page is checked for: accessibility by axe, and nothing that sticks out sideways."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"

_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const excess = document.documentElement.scrollWidth - width;
  if (excess <= 0) return [];
  const inside = (element) => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > width + 0.5 && !inside(element),
  );
  const name = (e) => `<${e.localName} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`;
  const names = wide.slice(-3).map(name);
  return [`${excess} px wider than ${width} px: ${names.join(" | ")}`];
}"""

_WORDS = """() => {
  const found = [document.title, document.body.innerText];
  for (const name of ["aria-label", "title", "alt", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name));
  }
  return found.join("\\n");
}"""
#: What templates and scripts leave behind when a value is missing; none of it is Dutch.
_LEFTOVER = re.compile(
    r"\bNone\b|\bnull\b|\bundefined\b|\bNaN\b|\{\{|\}\}|\{%|%\(\w+\)|\[object |<\w+ object|&(?:amp|lt|gt|quot|#\d+);"
)

_AXE = """async () => {
  const result = await axe.run(document, { resultTypes: ["violations"] });
  const summary = (node) => (node.failureSummary || "").replace(/\\s+/g, " ");
  return result.violations.map((one) => {
    const where = one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} (${summary(node)})`);
    return `${one.id}, ${one.nodes.length} times: ${one.help}: ${where.join(" | ")}`;
  });
}"""


#: Pages in which axe found nothing, as a digest of what they hold and how wide they are shown. Journeys come by the
#: same page again and again, and axe takes longer over it than everything else together.
_sound: set[bytes] = set()
#: What differs in a page that is the same: what only this answer knows.
_ONLY_NOW = re.compile(r'name="csrf_token" (?:type="hidden" )?value="[^"]*"|nonce="[^"]*"|content="[^"]*"')


def axe_problems(page: Page) -> list[str]:
    """Violations of any rule of axe, best practices included; a page that was sound is not gone through again."""
    content = _ONLY_NOW.sub("", page.content())
    digest = sha256(f"{page.viewport_size} {content}".encode()).digest()
    if digest in _sound:
        return []
    found = _axe(page)
    if not found:
        _sound.add(digest)
    return found


def _axe(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_AXE)
    return [f"axe: {line}" for line in found]


def leftovers(page: Page) -> list[str]:
    """Words on the page that nobody meant to show, with what stands around them."""
    words: str = page.evaluate(_WORDS)
    return [
        words[max(0, m.start() - 30) : m.end() + 30].replace("\n", " ") for m in _LEFTOVER.finditer(words)
    ]


def overflow_problems(page: Page) -> list[str]:
    """What makes the page wider than the screen."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return [f"overflow: {line}" for line in found]


def page_problems(page: Page) -> list[str]:
    """Everything that is wrong with the page as it is shown now."""
    return overflow_problems(page) + axe_problems(page)
