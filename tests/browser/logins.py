"""Logging in as people do, once for everybody: the other tests start with the cookies of that."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from inleer.demo import LOGINS, PASSWORD
from tests.browser.person import Person
from tests.browser.site import Site, Template, seed_template
from tests.browser.windows import window


def log_in(person: Person, email: str, password: str, code: str) -> None:
    """Password and second factor, as somebody types them."""
    person.go("/inloggen")
    give_both(person, email, password, code)


def give_both(person: Person, email: str, password: str, code: str) -> None:
    """The same, on the login page that is shown already."""
    person.field("E-mailadres").fill(email)
    person.field("Wachtwoord").fill(password)
    person.follow(person.button("Inloggen"))
    person.field("Code").fill(code)
    person.follow(person.button("Verder"))


def make_template(browser: Browser, folder: Path, work: Path) -> Template:
    """Seed the demo in ``folder``, log everybody in, and keep the database and the cookies. ``work`` is for scratch."""
    template = seed_template(folder)
    with Site(template, work) as site:
        for login in LOGINS:
            context = window(browser)
            someone = Person(context, site.url)
            log_in(someone, login.email, PASSWORD, site.code(login.key))
            someone.done()
            context.storage_state(path=template.state_of(login.key))
            context.close()
        site.copy_to(template.database)
    template.save()
    return template
