"""Somebody at a screen: goes to pages, and every page they see is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from tests.browser import checks

#: Also says in the console what the content security policy kept out, wherever the browser itself logs it.
_WATCH_CSP = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""
_STATUS_LINE = re.compile(r"the server responded with a status of (\d+)")


class Person:
    """A browser window of one person.

    ``go`` and ``follow`` open pages and check what comes: axe, width, console, server errors. ``done`` (the fixture
    calls it) fails when a page was opened in another way and never checked. ``questions`` are what the page asked to
    confirm; the answer is yes, unless the person ``declines``.
    """

    def __init__(self, context: BrowserContext, url: str, scripts: bool = True) -> None:
        """Open a window in ``context`` on the site at ``url``."""
        self.url, self.scripts = url, scripts
        self.problems: list[str] = []
        self.opened: list[str] = []
        self.checked = 0
        self.expected: set[int] = set()
        self.questions: list[str] = []
        self.declines = False
        context.add_init_script(_WATCH_CSP)
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._failed)
        self._copy = None if scripts else _copy_of(context)

    # ---- what the browser tells ----

    def _note(self, problem: str) -> None:
        self.problems.append(f"{urlsplit(self.page.url).path}: {problem}")

    def _console(self, message: ConsoleMessage) -> None:
        status = _STATUS_LINE.search(message.text)
        if status and int(status.group(1)) in self.expected:
            return
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "confirm":
            self.questions.append(dialog.message)
        else:
            self._note(f"dialog {dialog.type}: {dialog.message}")
        if self.declines:
            dialog.dismiss()
        else:
            dialog.accept()

    def _response(self, response: Response) -> None:
        if response.status >= 500 and response.status not in self.expected:
            self._note(f"{response.status} from {response.request.method} {urlsplit(response.url).path}")
        shown = "text/html" in response.headers.get("content-type", "") and not 300 <= response.status < 400
        if shown and self._is_document(response.request):
            self.opened.append(f"{response.request.method} {urlsplit(response.url).path}")

    def _failed(self, request: Request) -> None:
        # A page that is left stops what it was loading; that is no fault.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self._note(f"{request.failure}: {request.method} {urlsplit(request.url).path}")

    def _is_document(self, request: Request) -> bool:
        return request.is_navigation_request() and request.frame == self.page.main_frame

    # ---- moving about ----

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """These answers are meant here; the browser's own remark about them is no fault."""
        self.expected = set(statuses)
        try:
            yield
            self.check()
        finally:
            self.expected = set()

    def go(self, path: str) -> None:
        """Open an address and check the page."""
        self.page.goto(path if "://" in path else f"{self.url}{path}")
        self.check()

    def follow(self, locator: Locator) -> None:
        """Click (tap on a phone) what leads to a new page, and check that page."""
        with self.page.expect_event("load"):
            self.press(locator)
        self.check()

    def press(self, locator: Locator) -> None:
        """Click, or tap on a phone."""
        locator.scroll_into_view_if_needed()
        if self.on_phone:
            locator.tap()
        else:
            locator.click()

    def keys(self, *names: str) -> None:
        """Press keys on what has the focus."""
        for name in names:
            self.page.keyboard.press(name)

    def enter(self, key: str = "Enter") -> None:
        """Press a key that leads to a new page, and check that page."""
        with self.page.expect_event("load"):
            self.page.keyboard.press(key)
        self.check()

    def menu(self, name: str) -> None:
        """Choose a line of the main menu."""
        if self.on_phone:
            self.press(self.page.locator("summary", has_text="Menu"))
        self.follow(self.page.locator("nav:visible").get_by_role("link", name=name, exact=True))

    def check(self) -> None:
        """Check the page that is shown. What is wrong is kept, and told at the end of the test."""
        self.page.wait_for_load_state("load")
        problems = checks.page_problems(self._checkable())
        self.problems += [f"{urlsplit(self.page.url).path}: {problem}" for problem in problems]
        self.checked = len(self.opened)

    def _checkable(self) -> Page:
        """A page in which axe can run: without scripts a copy of what is shown, in which only axe runs."""
        if self._copy is None:
            return self.page
        body = self.page.content()
        self._copy.unroute_all()
        self._copy.route(
            "**/*", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
        )
        self._copy.route("**/static/**", lambda route: route.continue_())
        self._copy.route("**/*.js*", lambda route: route.abort())
        self._copy.goto(self.page.url)
        return self._copy

    @property
    def on_phone(self) -> bool:
        """Whether this is a narrow screen that is touched."""
        size = self.page.viewport_size
        return size is not None and size["width"] < 600

    # ---- finding ----

    def link(self, name: str, **options: Any) -> Locator:
        """A link that can be seen, by its name."""
        return self.page.get_by_role("link", name=name, **options).locator("visible=true").first

    def button(self, name: str, **options: Any) -> Locator:
        """A button that can be seen, by its name."""
        return self.page.get_by_role("button", name=name, **options).locator("visible=true").first

    def field(self, label: str, **options: Any) -> Locator:
        """The box, list or area with this label that can be seen."""
        boxes = self.page.locator("input, select, textarea").locator("visible=true")
        return self.page.get_by_label(label, **options).and_(boxes).first

    def choose(self, question: str, answer: str) -> None:
        """Choose one of the answers (radio buttons) to a question."""
        group = self.page.get_by_role("group", name=question).or_(
            self.page.get_by_role("radiogroup", name=question)
        )
        self.press(group.locator("label", has=self.page.get_by_text(answer, exact=True)).first)

    def sees(self, *texts: str) -> None:
        """Each text is in the page's main part."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text, use_inner_text=True)

    def misses(self, *texts: str) -> None:
        """None of these texts is in the page's main part."""
        for text in texts:
            expect(self.page.locator("main")).not_to_contain_text(text, use_inner_text=True)

    def told(self, text: str) -> None:
        """The message at the top says this."""
        expect(self.page.locator("#meldingen")).to_contain_text(text)

    def heading(self, text: str) -> None:
        """The page says what it is."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def done(self) -> None:
        """Fail when something was wrong on a page, or a page was never checked."""
        self.page.unroute_all(behavior="ignoreErrors")
        if self._copy is not None:
            self._copy.unroute_all(behavior="ignoreErrors")
            self._copy.context.close()
        assert not self.problems, "\n".join(self.problems)
        missed = self.opened[self.checked :]
        assert not missed, f"pages that nobody checked: {missed}"


def _copy_of(context: BrowserContext) -> Page:
    """A page in a window of the same size, in which scripts run."""
    browser, shown = context.browser, context.pages[0]
    assert browser is not None and shown.viewport_size is not None
    return browser.new_context(viewport=shown.viewport_size, reduced_motion="reduce").new_page()
