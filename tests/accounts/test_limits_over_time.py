"""Promise 15, as a machine: whatever is tried, from wherever, whatever the clock does, the limits hold and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import delete

from inleer import clock
from inleer.db import db, unit_of_work
from inleer.errors import TooManyTries, WrongSecret
from inleer.forms import BaseForm
from inleer.policy import limits
from inleer.policy.models import LoginTrace

PLACES = ("203.0.113.1", "203.0.113.2", "2001:db8::1")
EMAILS = ("een@example.nl", "twee@example.nl")
TRIES, PASSWORDS = 4, 3
LONGEST = timedelta(hours=1)
SMALL = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Logins(RuleBasedStateMachine):
    """Tries that are right or wrong, in a clock that runs, jumps and goes back. The model is a list of wrong tries."""

    app: Flask
    remembers = True

    @initialize()
    def begin(self) -> None:
        with unit_of_work():
            db.session.execute(delete(LoginTrace))
        self.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
        self.wrong: list[tuple[datetime, str, str]] = []
        self.longest = 0.0

    @rule(place=st.sampled_from(PLACES), email=st.sampled_from(EMAILS), right=st.booleans())
    def attempt(self, place: str, email: str, right: bool) -> None:
        let_in = self._try(place, email, right)
        assert let_in is self._may(place, email) and self.longest <= LONGEST.total_seconds()
        if let_in and not right:
            self.wrong.append((self.now, place, email))

    @rule(seconds=st.sampled_from([1, 59, 61, 300, 899, 1800, 3599, 3600, 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(hours=st.sampled_from([-2, 30 * 24]))
    def the_clock_is_set(self, hours: int) -> None:
        """Promise 34."""
        self.now += timedelta(hours=hours)

    @rule()
    def nobody_waits_longer_than_an_hour(self) -> None:
        for place, email in product(PLACES, EMAILS):
            assert self._may(place, email, self.now + LONGEST)
        self.now += LONGEST
        assert self._try(PLACES[0], EMAILS[0], True)

    def _may(self, place: str, email: str, now: datetime | None = None) -> bool:
        """What promise 15 says, counted in the plainest way."""
        now = now or self.now
        here = [
            at for at, p, _e in self.wrong if p == place and timedelta(0) <= now - at < timedelta(hours=1)
        ]
        account = [
            at for at, _p, e in self.wrong if e == email and timedelta(0) <= now - at < timedelta(days=1)
        ]
        if len(here) >= TRIES:
            return False
        if len(account) < PASSWORDS:
            return True
        minutes = [1, 2, 4, 8, 15, *[15] * 100][len(account) - PASSWORDS]
        return now - max(account) >= timedelta(minutes=minutes)

    def _try(self, place: str, email: str, right: bool) -> bool:
        """Whether the password was looked at."""
        where = {"environ_base": {"REMOTE_ADDR": place}, "method": "POST", "data": {"email": email}}
        with self.app.test_request_context("/inloggen", **where), clock.frozen(self.now):
            try:
                with limits.counted(limits.account_here(None)):
                    if not right:
                        BaseForm(formdata=None).refuse(WrongSecret("verkeerd"))
            except TooManyTries as error:
                self.longest = max(self.longest, error.seconds)
                return False
            finally:
                if not self.remembers:
                    with unit_of_work():
                        db.session.execute(delete(LoginTrace))
        return True


def test_the_limits_hold_and_end(app: Flask):
    app.config["INLEER"] = replace(app.config["INLEER"], login_tries=TRIES, wrong_passwords=PASSWORDS)
    machine = type("Machine", (Logins,), {"app": app})
    run_state_machine_as_test(machine, settings=SMALL)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_limiter_that_forgets_is_found(app: Flask):
    """The planted fault."""
    app.config["INLEER"] = replace(app.config["INLEER"], login_tries=TRIES, wrong_passwords=PASSWORDS)
    machine = type("Machine", (Logins,), {"app": app, "remembers": False})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=SMALL)
