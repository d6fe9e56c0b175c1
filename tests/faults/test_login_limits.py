"""Promise 15 over two worker processes, and over a restart: together they let no more through than one would."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from inleer.config import Settings
from inleer.policy import Role
from tests.accounts.logins import PASSWORD, make_login
from tests.faults.server import START_SECONDS, WORKERS, Browser, Server

AT_ONCE = 8
TRIES = 48


def wrong(port: int, number: int) -> int:
    """One wrong password on an account of its own."""
    browser = Browser(port)
    browser.get("/inloggen")
    return browser.post("/inloggen", email=f"iemand{number}@example.nl", password="heel iets anders")[0]


def until_both_serve(server: Server, threads: ThreadPoolExecutor) -> None:
    """Ask for pages until each worker has answered one. Raises RuntimeError when that takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while len(server.serving_pids()) < WORKERS:
        if time.monotonic() > deadline:
            raise RuntimeError("one of the workers does not serve")
        list(threads.map(lambda _n: Browser(server.port).get("/inloggen"), range(AT_ONCE)))


def test_two_workers_count_together_and_a_restart_forgets_nothing(app: Flask, settings: Settings) -> None:
    login = make_login(Role.EMPLOYER)
    with Server(settings) as server:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            until_both_serve(server, threads)
            seen = Counter(threads.map(lambda n: wrong(server.port, n), range(TRIES)))
        assert seen == {422: settings.login_tries, 429: TRIES - settings.login_tries}
    with Server(settings) as server:
        assert wrong(server.port, TRIES) == 429
        browser = Browser(server.port)
        browser.get("/inloggen")
        status, page = browser.post("/inloggen", email=login.email, password=PASSWORD)
        assert status == 429 and "het laatste uur te vaak geprobeerd" in page
