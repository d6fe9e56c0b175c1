"""A word of a hundred letters breaks inside its cell: no table widens the screen, and no other word breaks."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import People
from tests.browser.test_casework import NOW, open_file

WORD = "Hottentottententententoonstelling" * 3 + "X"

#: Words of a table that stand on more than one line, apart from the long one and those with a hyphen.
_BROKEN = """() => {
  const found = [];
  for (const cell of document.querySelectorAll(".table > tbody > tr > *")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const match of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
        if (match[0].length > 40) continue;
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const lines = new Set([...range.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.top)));
        if (lines.size > 1) found.push(match[0]);
      }
    }
  }
  return found;
}"""


def broken_words(page: Page) -> list[str]:
    """Ordinary words in tables that were broken over lines."""
    found: list[str] = page.evaluate(_BROKEN)
    return found


def test_a_long_word_stays_inside_its_table(person: People, size: str) -> None:
    assert len(WORD) == 100
    coach = person("coach", size)
    open_file(coach, "El Amrani, Fatima")
    coach.follow(coach.link("Wijzigen", exact=True))
    coach.field("Achternaam").fill(WORD)
    coach.follow(coach.button("Opslaan"))
    coach.heading(WORD)
    for path in ("/kandidaten", "/kandidaten?sort=naam", "/vandaag"):
        coach.go(path)  # a page that is wider than the screen is a fault of its own
        coach.sees(WORD)
        assert broken_words(coach.page) == [], path
    for name in (NOW, "Fasen afronden"):
        coach.go("/lichtingen")
        coach.follow(coach.link(NOW))
        if name != NOW:
            coach.follow(coach.link(name))
        coach.sees(WORD)
        assert broken_words(coach.page) == [], name
    manager = person("programma", size)
    manager.go("/lichtingen/nieuw")
    for page in ("/lichtingen", "/leerroutes"):
        manager.go(page)
        assert broken_words(manager.page) == [], page


def test_a_table_that_does_not_break_its_words_is_found(person: People) -> None:
    """The planted fault: what the tables did before."""
    coach = person("coach")
    coach.go("/kandidaten")
    name = coach.page.locator("tbody th a").first
    name.evaluate(f"element => {{ element.textContent = '{WORD}'; }}")
    coach.check()
    assert coach.problems == []
    name.evaluate("element => { element.closest('th').style.overflowWrap = 'normal'; }")
    coach.check()
    assert any("overflow:" in problem for problem in coach.problems)
    coach.problems.clear()


def test_a_broken_word_is_found(person: People) -> None:
    coach = person("coach")
    coach.go("/kandidaten")
    assert broken_words(coach.page) == []
    cell = coach.page.locator("tbody td").first
    cell.evaluate("element => { element.innerHTML = '<span>Ongeoorloofd</span>'; }")
    cell.locator("span").evaluate(
        "e => { e.style.display = 'block'; e.style.inlineSize = '3ch'; e.style.overflowWrap = 'anywhere'; }"
    )
    assert broken_words(coach.page) == ["Ongeoorloofd"]
