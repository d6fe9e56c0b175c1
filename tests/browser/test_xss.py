"""Promise 52 and 50: whatever people type, on every page of every role it is shown as text and nothing runs.

Every column that holds words of people gets markup that would run, and the names of the bad-input corpus.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from itertools import cycle

import pytest
from flask import Flask

from tests.browser.conftest import People
from tests.browser.crawling import Walker, shown_text
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.test_checks import spoil
from tests.browser.test_crawl import ROLES
from tests.corpus.bad_inputs import NAMES

#: Each would leave an element with data-xss, run something, or show 49. ``%d`` makes them different per row.
PAYLOADS = (
    "XSS%d<script>alert(1)</script><b data-xss>x</b>",
    'XSS%d"><img src=x onerror=alert(1) data-xss>',
    "XSS%d'><img src=x onerror=alert(1) data-xss>",
    'XSS%d" onmouseover="alert(1)" autofocus onfocus="alert(1)" data-xss="',
    "XSS%d' onmouseover='alert(1)' autofocus onfocus='alert(1)' data-xss='",
    "XSS%d</textarea></title></style></script><svg onload=alert(1) data-xss>",
    "XSS%d<iframe srcdoc='<script>parent.alert(1)</script>' data-xss></iframe>",
    "XSS%d{{7*7}}${7*7}#{7*7}<%%= 7*7 %%>",
    "XSS%d{0.__class__}{{config}}",
    "javascript:alert(1)//XSS%d",
    "XSS%d<a href='javascript:alert(1)' data-xss>klik</a>",
    "XSS%d--><!--<form action=//example.org data-xss><input name=x>",
    "XSS%d&lt;img src=x onerror=alert(1) data-xss&gt;",
    'XSS%d</li></td></div></main><object data="data:text/html,x" data-xss></object>',
)
CORPUS_NAMES = [bad.given for bad in NAMES if isinstance(bad.given, str) and bad.given.isprintable()]

#: Tables that hold no words of people, or may not change.
NOT_WORDS = {
    "account_token",
    "attendance_code",
    "audit_event",
    "daily_run",
    "outbox",
    "plugin_fault",
    "plugin_stop",
    "read_log",
    "route_version",
    "setting",
    "user_session",
}
#: Columns from which people choose, and those that the program makes.
CHOSEN = frozenset(
    """
    action audience brin category cause channel code dropout_initiator dropout_reason ended_by exit_kind external_uid
    field from_state group_key key kind language_level outcome password_hash phase_key postcode profile region role
    route_key rule
    sha256 slug sort_name startkwalificatie state status task to_state tone totp_pending totp_secret trace_id urgency
    would_return
    """.split()  # noqa: SIM905 - words, as in the schema
)
# The reason of an end stands beside its day, or is empty: words alone cannot be put there.
KEPT = {("user_account", "email"), ("attendance", "status"), ("placement", "ended_reason")}


def columns_of_words(database: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """(table, column, length) of everything that people can put words in."""
    found = []
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        if table in NOT_WORDS or table.startswith(("alembic_version", "sqlite_")):
            continue
        for _n, name, kind, _null, _default, _key in database.execute(f'PRAGMA table_info("{table}")'):
            words = kind.startswith(("VARCHAR", "TEXT"))
            if words and name not in CHOSEN and (table, name) not in KEPT:
                found.append((table, name, int(kind[8:-1]) if "(" in kind else 10_000))
    return found


def poison(site: Site) -> list[str]:
    """Fill every such column; returns their names."""
    texts = cycle([*PAYLOADS, *("XSS%d " + name.replace("%", "%%") for name in CORPUS_NAMES)])
    with closing(sqlite3.connect(site.database, timeout=20)) as database, database:
        columns = columns_of_words(database)
        number = 0
        for table, column, length in columns:
            ids = database.execute(f'SELECT rowid FROM "{table}" WHERE "{column}" IS NOT NULL').fetchall()
            for (row,) in ids:
                number += 1
                text = (next(texts) % number)[:length]
                database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (text, row))
    return [f"{table}.{column}" for table, column, _length in columns]


_ALIVE = """() => [...document.querySelectorAll(
  "[data-xss], script:not([src]), iframe, object, [onerror], [onfocus], [onload], a[href^='javascript' i]",
)].map((one) => one.outerHTML.slice(0, 120))"""

#: What the template payload becomes when one of its parts is worked out: 49 beside the parts that are not.
_RAN = re.compile(r"49\$\{7|7\}\}49|7\}49")


class Look:
    """Looks at a page for what came alive, and counts the pages on which the words can be read."""

    def __init__(self) -> None:
        self.shown = 0

    def __call__(self, someone: Person) -> list[str]:
        page = someone.page
        found = [f"came alive: {one}" for one in page.evaluate(_ALIVE)]
        text = shown_text(page)
        self.shown += "XSS" in text
        found += ["a template ran"] if _RAN.search(text) else []
        return found


@pytest.mark.parametrize("key", list(ROLES))
def test_words_of_people_stay_words(person: People, site: Site, site_app: Flask, key: str) -> None:
    columns = poison(site)
    assert {"candidate.last_name", "note.text", "organisation.name", "session.title"} <= set(columns)
    look = Look()
    walk = Walker(site_app, site, person(key), look=look).links()
    assert not walk.problems, "\n".join(walk.problems)
    assert look.shown >= len(walk.opened) - 3, "hardly any page shows a name: this sees nothing"


def test_markup_that_is_not_escaped_is_found(person: People, site: Site, site_app: Flask) -> None:
    """The control: the same page with its words unescaped."""
    poison(site)
    coach = person("coach")
    spoil(coach.page, unescape, "/kandidaten")
    walk = Walker(site_app, site, coach, look=Look(), only="/kandidaten?").links("/kandidaten")
    assert not walk.problems, "\n".join(walk.problems)
    walk = Walker(site_app, site, coach, look=Look(), only="/kandidaten").links("/kandidaten")
    found = "\n".join(problem for problem in walk.problems if problem.startswith("/kandidaten:"))
    assert "came alive" in found and "CSP script-src" in found, found
