"""Walk through the site as one person: every kind of page that links lead to, and every rule that links do not reach.

A kind of page is its endpoint with the names of its query: ``/kandidaten/<id>`` is opened once, whoever it is about.
Each kind is shown at both widths and checked for everything; every other link is only fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from inleer.policy.startup import STATIC, policy_of
from tests.browser import checks
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.windows import SIZES

#: Each link of a kind that was already opened is fetched without showing it; no more than this many a person.
FETCHES = 60
WIDTHS = [SIZES["desktop"]["viewport"], SIZES["phone"]["viewport"]]
_HREFS = "links => links.map(link => link.getAttribute('href'))"
Look = Callable[[Person], list[str]]


@dataclass
class Walk:
    """What a walk found: the kinds of pages by endpoint, how many links were fetched, and what is wrong."""

    opened: dict[str, list[str]] = field(default_factory=dict)
    fetched: int = 0
    problems: list[str] = field(default_factory=list)


def everything(someone: Person) -> list[str]:
    """All checks on the page that is shown, at both widths."""
    found = [f"text: {words}" for words in checks.leftovers(someone.page)]
    for width in WIDTHS:
        someone.page.set_viewport_size(width)
        found += [f"at {width['width']} px: {problem}" for problem in checks.page_problems(someone.page)]
    return found


class Walker:
    """Walks as one person. ``look`` checks a page that is shown; ``only`` keeps the walk to some paths."""

    def __init__(
        self, app: Flask, site: Site, someone: Person, look: Look = everything, only: str = ""
    ) -> None:
        self.app, self.site, self.someone, self.look, self.only = app, site, someone, look, only
        self.map = app.url_map.bind("127.0.0.1")
        self.walk = Walk()
        self._kinds: set[tuple[str, ...]] = set()
        self._others: list[str] = []

    def links(self, start: str = "/") -> Walk:
        """Follow links from ``start`` until there is no new kind of page, then fetch the others."""
        waiting = [start]
        while waiting:
            waiting += self.open(waiting.pop(0))
        for path in dict.fromkeys(self._others[:: max(1, len(self._others) // FETCHES)]):
            self._fetch(path)
        return self.walk

    def rules(self, allowed: Callable[[str], bool]) -> Walk:
        """Open what no link led to: each rule for GET that ``allowed(endpoint)`` says is for this person."""
        for rule in self.app.url_map.iter_rules():
            known = rule.endpoint in self.walk.opened or rule.endpoint == STATIC
            if not known and "GET" in (rule.methods or ()) and allowed(rule.endpoint):
                path = next(filter(self._answers, self._addresses(rule)), None)
                if path is None:
                    self.walk.problems.append(f"{rule.rule}: nothing of the demo opens it")
                else:
                    self.open(path)
        return self.walk

    def open(self, path: str) -> list[str]:
        """Show a page when it is the first of its kind; returns the links on it."""
        found = self._endpoint(path)
        if found is None or (self.only and not path.startswith(self.only)):
            return []
        kind = (found, *sorted(name for name, _value in parse_qsl(urlsplit(path).query)))
        if kind in self._kinds:
            self._others.append(path)
            return []
        self._kinds.add(kind)
        if not self._is_page(path):
            return []
        self.walk.opened.setdefault(found, []).append(path)
        self._show(path)
        landed = urlsplit(self.someone.page.url).path
        if landed != urlsplit(path).path:
            self.walk.opened.setdefault(self._endpoint(landed) or landed, []).append(landed)
        return [href for href in self._hrefs() if href.startswith("/")]

    def _show(self, path: str) -> None:
        page = self.someone.page
        page.set_viewport_size(WIDTHS[0])
        answer = page.goto(f"{self.someone.url}{path}")
        page.wait_for_load_state("load")
        problems = [] if answer and answer.status == 200 else [f"status {answer and answer.status}"]
        problems += self.look(self.someone)
        self.someone.checked = len(self.someone.opened)
        told = [problem.partition(": ")[2] for problem in self.someone.problems]
        self.someone.problems.clear()
        self.walk.problems += [f"{path}: {problem}" for problem in problems + told]

    def _hrefs(self) -> list[str]:
        found: list[str] = self.someone.page.eval_on_selector_all("a[href]", _HREFS)
        return [href.split("#")[0] for href in found]

    def _endpoint(self, path: str) -> str | None:
        """The endpoint of a page, None for what is not ours to open."""
        parts = urlsplit(path)
        if parts.scheme or parts.netloc or not path.startswith("/"):
            return None
        try:
            endpoint = str(self.map.match(parts.path, method="GET")[0])
        except HTTPException:
            self.walk.problems.append(f"{path}: a link to nowhere, on {self.someone.page.url}")
            return None
        return None if endpoint == STATIC else endpoint

    def _is_page(self, path: str) -> bool:
        """Whether this is a page to show; a file to download is only fetched."""
        answer = self.someone.page.request.get(f"{self.someone.url}{path}")
        if "text/html" in answer.headers.get("content-type", ""):
            return True
        self._note(path, answer.status)
        return False

    def _answers(self, path: str) -> bool:
        return self.someone.page.request.get(f"{self.someone.url}{path}").status == 200

    def _fetch(self, path: str) -> None:
        answer = self.someone.page.request.get(f"{self.someone.url}{path}")
        self._note(path, answer.status)

    def _note(self, path: str, status: int) -> None:
        self.walk.fetched += 1
        if status != 200:
            self.walk.problems.append(f"{path}: status {status}")

    def _addresses(self, rule: Rule) -> Iterator[str]:
        """A rule with ids of the demo: those of its model, in each edition."""
        policy = policy_of(self.app, rule.endpoint)
        table = policy.model.__tablename__ if policy and policy.model else ""
        cohorts = self.site.ids("cohort")
        for each in self.site.ids(table) if table else [""]:
            for cohort in cohorts if "cohort_id" in rule.arguments and table != "cohort" else [each]:
                values = {name: cohort if name == "cohort_id" else each for name in rule.arguments}
                yield self.map.build(rule.endpoint, self._words(rule, values))

    @staticmethod
    def _words(rule: Rule, values: dict[str, str]) -> dict[str, str]:
        return {name: min(getattr(rule._converters[name], "items", [v])) for name, v in values.items()}


def shown_text(page: Page) -> str:
    """What can be read on the page."""
    return re.sub(r"\s+", " ", page.locator("body").inner_text())
