"""Everything by keyboard: the skip link, focus that can be seen, menus, questions, and a whole register in a minute."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_register import LESSON, has_mark, progress, saved

#: How the element with the focus looks: a name, whether it can be seen, and whether something shows the focus.
_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const styles = [at, at.closest("label"), at.nextElementSibling].filter(Boolean).map((e) => getComputedStyle(e));
  const box = at.getBoundingClientRect();
  const words = (at.getAttribute("aria-label") || at.textContent || at.name || "").trim();
  const name = `<${at.localName}> ${words.slice(0, 40)}`;
  const marked = styles.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  const [above, below] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const middle = [box.left + box.width / 2, (above + below) / 2];
  const inside = above < below && box.width > 0;
  const top = inside ? document.elementFromPoint(...middle) : null;
  const seen = !!top && (at.contains(top) || top.contains(at) || !!at.closest("label")?.contains(top));
  return { name, marked, seen };
}"""


def tab_to(someone: Person, selector: str, most: int = 80) -> None:
    """Press Tab until what matches has the focus."""
    for _step in range(most):
        someone.keys("Tab")
        if someone.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {most} times Tab")


def walk_with_tab(page: Page, most: int = 120) -> tuple[int, list[str]]:
    """Tab through a page: how many stops there are, and those where the focus cannot be seen."""
    page.evaluate("document.body.focus()")
    stops, wrong = 0, []
    for _step in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUS)
        if found is None:
            break
        stops += 1
        wrong += [] if found["marked"] else [f"no focus to see on {found['name']}"]
        wrong += [] if found["seen"] else [f"hidden or covered: {found['name']}"]
    return stops, wrong


PAGES = [
    ("coach", "/vandaag"),
    ("coach", "/kandidaten"),
    ("coach", "/waarneming"),
    ("docent", "/lessen"),
    ("programma", "/lichtingen/nieuw"),
    ("beheer", "/beheer/logboek"),
]


@pytest.mark.parametrize(("key", "path"), PAGES)
def test_the_focus_can_always_be_seen(person: People, size: str, key: str, path: str) -> None:
    someone = person(key, size)
    someone.go(path)
    stops, wrong = walk_with_tab(someone.page)
    assert not wrong, "\n".join(wrong)
    assert stops >= 8


def test_a_focus_that_cannot_be_seen_is_found(person: People) -> None:
    someone = person("docent")

    def without(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "\n:focus-visible { outline: none !important; }")

    someone.page.route("**/css/register.css*", without)
    someone.go("/lessen")
    _stops, wrong = walk_with_tab(someone.page)
    assert any("no focus to see" in line for line in wrong)


def test_the_skip_link_leads_past_the_menu(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/vandaag")
    coach.keys("Tab")
    skip = coach.page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    coach.keys("Enter")
    expect(coach.page.locator("#inhoud")).to_be_focused()
    coach.keys("Tab")
    assert coach.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_menu_opens_and_closes_with_keys(person: People, size: str) -> None:
    coach = person("coach", size)
    coach.go("/vandaag")
    menu = coach.page.locator(".menu--user")
    menu.locator("summary").focus()
    coach.keys("Enter")
    expect(menu).to_have_attribute("open", "")
    coach.keys("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_a_question_is_answered_with_keys(person: People) -> None:
    coach, colleague = person("coach"), person("coach2")
    coach.go("/waarneming")
    coach.field("Wie neemt waar?").select_option(label="Bas Oosterhuis")
    coach.field("Laatste dag").fill("2026-12-01")
    coach.field("Laatste dag").focus()
    tab_to(coach, "button[type=submit]")
    coach.enter()
    coach.told("De waarneming is geregeld")
    coach.declines = True
    tab_to(coach, "main li button")
    coach.keys("Enter")
    coach.page.wait_for_timeout(300)
    assert any("ziet deze kandidaten dan niet meer" in question for question in coach.questions)
    colleague.go("/waarneming")
    colleague.sees("geldt nu")
    coach.declines = False
    coach.enter()
    colleague.go("/waarneming")
    colleague.misses("geldt nu")


def test_a_class_is_recorded_in_a_minute(person: People) -> None:
    """From the first page of the teacher to "klaar", nineteen people, by keys only; the coach reads it."""
    teacher, coach = person("docent"), person("coach")
    teacher.go("/")
    began = time.monotonic()
    tab_to(teacher, f"a[aria-label='Invullen: {LESSON}']")
    teacher.enter()
    tab_to(teacher, "[data-code]")
    teacher.page.keyboard.type("aaazoaaaa")
    teacher.page.keyboard.type("l15\n")
    teacher.page.keyboard.type("g")
    teacher.page.keyboard.type("v30\n")
    teacher.page.keyboard.type("aaaaaaa")
    progress(teacher, "19 van 19 ingevuld")
    for card in teacher.page.locator("[data-enrolment]").all():
        expect(card).not_to_have_class("is-saving")
    saved(teacher, "Vries, Jeroen de")
    tab_to(teacher, "button[value=done]")
    teacher.enter()
    seconds = time.monotonic() - began
    teacher.heading("Mijn lessen vandaag")
    teacher.sees("alles klaar")
    assert seconds < 60, f"{seconds:.0f} seconds"

    coach.go("/kandidaten?zoek=Amrani")
    coach.follow(coach.link("El Amrani, Fatima"))
    coach.follow(coach.link("Aanwezigheid", exact=True))
    row = coach.page.get_by_role("row").filter(has_text="17 nov").first
    expect(row).to_contain_text("ongeoorloofd")


def test_arrows_move_and_letters_choose(person: People) -> None:
    """The keys of design/ui.md: each letter, up and down between people, left and right between statuses."""
    teacher = person("docent")
    teacher.go("/")
    teacher.follow(teacher.link(f"Invullen: {LESSON}", exact=True))
    tab_to(teacher, "[data-code]")
    names = teacher.page.locator("[data-enrolment] .cell__name").all_inner_texts()
    for letter in "azgo":
        teacher.keys(letter)
    teacher.keys("l")
    teacher.page.keyboard.type("10")
    teacher.keys("Enter", "v")
    teacher.page.keyboard.type("20")
    teacher.keys("Enter")
    for name, letter in zip(names, "AZGOLV", strict=False):
        saved(teacher, name)
        has_mark(teacher, name, letter)
    teacher.keys("ArrowUp", "ArrowUp", "ArrowUp")
    focused = (
        "document.activeElement.closest('[data-enrolment]').querySelector('.cell__name').textContent.trim()"
    )
    assert teacher.page.evaluate(focused) == names[3]
    teacher.keys("ArrowLeft", "Space")
    saved(teacher, names[3])
    has_mark(teacher, names[3], "G")
    teacher.check()
