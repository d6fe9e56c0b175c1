"""Every page of every role, at both widths: it opens, axe finds nothing, nothing sticks out, no word is left over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import FilePayload

from inleer.demo import LOGINS
from inleer.policy import allowed_relations
from inleer.policy.startup import policy_of
from tests.browser.conftest import People
from tests.browser.crawling import Walker
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.test_checks import into_main, spoil

#: Pages that need what the demo does not have; each is seen in the journey that is named.
ELSEWHERE = {
    "account.invitation": "test_identity: by a link in a mail",
    "account.reset": "by a link in a mail",
    "account.setup": "test_identity: before the first second factor",
    "account.second_factor": "test_identity: while logging in",
    "account.new_second_factor": "asks for the password first",
    "admin.settings_remove": "test_administrator: a planned value of a setting",
    "account.new_key": "test_security_keys: a browser knows no keys at a bare address, where the demo is",
    "account.remove_key": "test_security_keys: after one was added",
    "account.recovery_codes": "asks for the password first",
    "attendance.correct": "test_register: a correction after the register closed",
    "planning.calendar": "test_programme: the second step of a new edition",
    "imports.undo": "test_programme: after an import",
    "signals.page": "no page: it leads to the page of a plugin",
    "imports.columns": "test_mending: after a file with a column that nobody knows",
    "imports.rows": "test_mending: the rows of a file that waits",
    "answers.show": "test_employers: by a link in a mail",
    "agenda.feed": "test_agenda: a file for an app, at a secret address",
    "mailbox.show": "needs a mail; tests/web/test_mailbox",
    "mailbox.show_html": "the mail as it is, no page of ours; tests/web/test_mailbox",
    "asking.message": "test_employers: after a question of an employer",
    "imports.ready": "no page: an answer to htmx while a large file waits",
}
#: The same for one login only.
ELSEWHERE_FOR = {
    # The trainees of the demo are in the caseload of the other coach; the programme manager opens these.
    **dict.fromkeys(
        (
            ("coach", name)
            for name in ("placements.change", "placements.end", "gemeente.profile", "gemeente.place")
        ),
        "programma",
    ),
    ("leerhome", "signals.handle"): "test_lessons: why a lesson was not recorded; all of the leerhome's are",
}
ROLES = {login.key: login.role for login in LOGINS if not login.key.endswith("2")}


def for_role(app: Flask, key: str) -> Callable[[str], bool]:
    """Whether an endpoint has a page for this login; "" is a stranger."""

    def allowed(endpoint: str) -> bool:
        if endpoint in ELSEWHERE or (key, endpoint) in ELSEWHERE_FOR:
            return False
        policy = policy_of(app, endpoint)
        perm = policy.perm if policy else None
        if perm is None or not key:
            return perm is None and not key
        return bool(allowed_relations(ROLES[key], perm))

    return allowed


def upload(manager: Person) -> None:
    """An import that waits to be looked at, with a problem in it."""
    manager.go("/lichtingen")
    manager.follow(manager.link("WijkLeerbedrijf Zorg · lichting 2026 (najaar)"))
    manager.follow(manager.link("Importeren"))
    manager.follow(manager.link("Kandidaten", exact=True).and_(manager.page.locator("main a")))
    text = "Klantnr;Voornaam;Achternaam\r\nX1;Marit;Ploeg\r\nX2;;\r\n"
    file: FilePayload = {"name": "kandidaten.csv", "mimeType": "text/csv", "buffer": text.encode()}
    manager.page.locator("input[type=file]").set_input_files(file)
    manager.follow(manager.button("Bekijk wat er zou gebeuren"))


PREPARED: dict[str, Callable[[Person], None]] = {"programma": upload}


@pytest.mark.parametrize("key", ["", *ROLES])
def test_every_page_of_a_role(person: People, site: Site, site_app: Flask, key: str) -> None:
    someone = person(key)
    PREPARED.get(key, lambda _someone: None)(someone)
    walker = Walker(site_app, site, someone)
    walker.links()
    walk = walker.rules(for_role(site_app, key))
    assert not walk.problems, "\n".join(walk.problems)
    missing = {rule.endpoint for rule in site_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missing = {e for e in missing if e != "static" and for_role(site_app, key)(e)} - set(walk.opened)
    assert {e for e in missing if not is_file(e)} == set()
    assert len(walk.opened) >= 3


def is_file(endpoint: str) -> bool:
    """Endpoints that answer with a file; these are fetched."""
    return endpoint in {"imports.example", "imports.problems"}


FAULTS = {
    "a value that is missing": (into_main("<p>Einddatum: None</p>"), "text: "),
    "a template that was not filled": (into_main("<p>{{ naam }}</p>"), "text: "),
    "a script that went wrong": (into_main('<p title="undefined">x</p>'), "text: "),
    "an inline script": (into_main("<script>document.title = 'x'</script>"), "CSP script-src"),
    "something wide at the desktop": (
        into_main('<svg width="1500" height="9" role="img" aria-label="x"></svg>'),
        "at 1280 px: overflow",
    ),
    "something too wide for a phone": (
        into_main('<svg width="600" height="9" role="img" aria-label="x"></svg>'),
        "at 360 px: overflow",
    ),
    "a field without a label": (into_main('<input name="x" />'), "axe: label"),
    "a link to nowhere": (into_main('<a href="/bestaat/niet">Verder</a>'), "a link to nowhere"),
}


def test_the_crawl_finds_planted_faults(person: People, site: Site, site_app: Flask) -> None:
    for name, (change, sign) in FAULTS.items():
        someone = person()
        spoil(someone.page, change, "/wachtwoord-vergeten")
        walk = Walker(site_app, site, someone, only="/wachtwoord-vergeten").links("/wachtwoord-vergeten")
        assert any(sign in problem for problem in walk.problems), (name, walk.problems)
        assert all("/wachtwoord-vergeten" in problem for problem in walk.problems)


def test_the_crawl_finds_a_page_that_breaks(person: People, site: Site, site_app: Flask) -> None:
    someone = person()
    someone.page.route("**/stijlgids", lambda route: route.fulfill(status=500, body="<h1>stuk</h1>"))
    walk = Walker(site_app, site, someone, only="/stijlgids").links("/stijlgids")
    assert any("status 500" in problem for problem in walk.problems), walk.problems
