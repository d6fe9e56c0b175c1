"""Fixtures of the browser tests: the demo served by the real command line, and people who sit at a screen.

Every test starts from the same seeded database (it is put back in a moment), logged in by cookies that were made
once by a real login with a second factor. Each test gets as many people as it needs:

    def test_something(person): coach = person("coach")
"""

from __future__ import annotations

import fcntl
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.logins import make_template
from tests.browser.person import Person
from tests.browser.site import Site, Template, app_of, load_template
from tests.browser.windows import WAIT_MILLISECONDS, launch_arguments, window
from tools.browser import find_chromium

NO_BROWSER = "NO BROWSER: no chromium found, so nothing was tested in a browser (see tools/browser.py)"
People = Callable[..., Person]
_FOLDER = Path(__file__).parent
expect.set_options(timeout=WAIT_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests."""
    for item in items:
        if _FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser; without one the tests are skipped, loudly."""
    path = find_chromium()
    if path is None:
        warnings.warn(NO_BROWSER, stacklevel=1)
        pytest.skip(NO_BROWSER)
    return launch_arguments(path)


@pytest.fixture(scope="session")
def template(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The seeded demo in which everybody has logged in once; made by the first test process that needs it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    # While writing tests: INLEER_TEST_TEMPLATE names a folder that keeps the seeded demo for the next run.
    folder = Path(os.environ.get("INLEER_TEST_TEMPLATE", base / "browser-template"))
    with (base / "browser-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load_template(folder) or make_template(browser, folder, tmp_path_factory.mktemp("logins"))


@pytest.fixture(scope="session")
def served(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo of this test process."""
    with Site(template, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The demo, as it was seeded. What it logs meanwhile holds nothing personal."""
    served.restore()
    yield served
    served.read_log()


@pytest.fixture(scope="session")
def site_app(served: Site) -> Flask:
    """The rules of the demo."""
    return app_of(served.folder)


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    """Both kinds of screen: 1280 px with a mouse, 360 px that is touched."""
    return str(request.param)


@pytest.fixture
def person(browser: Browser, site: Site) -> Iterator[People]:
    """``person("coach", size="desktop", scripts=True)``: somebody who is logged in; "" is a stranger."""
    contexts, people = [], []

    def make(key: str = "", size: str = "desktop", scripts: bool = True) -> Person:
        context = window(browser, size, site.template.state_of(key) if key else None, scripts)
        contexts.append(context)
        people.append(Person(context, site.url, scripts))
        return people[-1]

    yield make
    try:
        for one in people:
            one.done()
    finally:
        for context in contexts:
            context.close()
