"""The checks find what they are for: each fault is planted on a real page and must be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import People
from tests.browser.person import Person

PATH = "/inloggen"


def spoil(page: Page, change: Callable[[str], str], path: str = PATH) -> None:
    """Let the server's answer arrive with a fault in it."""

    def handle(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.text()))

    page.route(f"**{path}", handle)


def into_main(markup: str) -> Callable[[str], str]:
    """Put markup at the end of the main part."""
    return lambda text: text.replace("</main>", f"{markup}</main>")


FAULTS = {
    "a field without a label": (into_main('<input name="x" />'), "axe: label"),
    "an image without a text": (into_main('<img src="/static/img/favicon.svg" />'), "axe: image-alt"),
    "a page without a language": (lambda text: text.replace(' lang="nl"', ""), "axe: html-has-lang"),
    "an inline script": (into_main("<script>document.title = 'x'</script>"), "CSP script-src"),
    "an inline handler": (into_main('<img src="/nowhere" alt="" onerror="alert(1)" />'), "CSP script-src"),
    "an inline style": (into_main('<p style="color: red">x</p>'), "CSP style-src"),
    "a picture from elsewhere": (into_main('<img src="https://example.org/x" alt="" />'), "CSP img-src"),
    "a file that is not there": (into_main('<img src="/static/nowhere.png" alt="" />'), "status of 404"),
    "something too wide": (
        into_main('<svg width="1500" height="20" role="img" aria-label="breed"></svg>'),
        "overflow: ",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(person: People, size: str, fault: str) -> None:
    change, sign = FAULTS[fault]
    someone = person(size=size)
    spoil(someone.page, change)
    someone.go(PATH)
    assert any(sign in problem for problem in someone.problems), someone.problems
    someone.problems.clear()


def test_words_in_the_console_are_found(person: People) -> None:
    someone = person()
    someone.go(PATH)
    assert someone.problems == []
    someone.page.evaluate("() => { console.error('kapot'); console.warn('vreemd'); console.log('gewoon') }")
    someone.page.evaluate("() => setTimeout(() => { throw new Error('mis') })")
    someone.page.wait_for_timeout(200)
    found = "\n".join(someone.problems)
    assert (
        "console error: kapot" in found
        and "console warning: vreemd" in found
        and "script error: mis" in found
    )
    assert "gewoon" not in found
    someone.problems.clear()


def test_a_dialog_is_found(person: People) -> None:
    someone = person()
    someone.go(PATH)
    someone.page.evaluate("() => setTimeout(() => alert(1))")
    someone.page.wait_for_timeout(200)
    assert any("dialog alert: 1" in problem for problem in someone.problems)
    someone.problems.clear()


def test_a_server_error_is_found(person: People) -> None:
    someone = person()
    someone.page.route(f"**{PATH}", lambda route: route.fulfill(status=500, body="<h1>stuk</h1>"))
    someone.go(PATH)
    assert any("500 from GET" in problem for problem in someone.problems)
    someone.problems.clear()


def test_a_page_that_nobody_checked_is_found(person: People) -> None:
    someone: Person = person()
    someone.go(PATH)
    someone.page.goto(f"{someone.url}/wachtwoord-vergeten")
    with pytest.raises(AssertionError, match="nobody checked"):
        someone.done()
    someone.check()
