"""People at work while the server is killed: each knows what was acknowledged, and what may or may not be there."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from tests.faults.server import Browser

STATUSES = ("present", "ill", "excused", "unexcused")


@dataclass
class Worker(threading.Thread):
    """Somebody who does the same thing over and over until told to stop."""

    browser: Browser
    stopping: threading.Event
    acknowledged: list[str] = field(default_factory=list, init=False)
    unknown: int = field(default=0, init=False)
    faults: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__


@dataclass
class Saver(Worker):
    """A teacher who saves the marks of one person in one lesson over and over, and nobody else does."""

    session_id: UUID
    enrolment_id: UUID
    versions_before: int
    cut_off: bool = False

    __hash__ = threading.Thread.__hash__

    @property
    def register(self) -> str:
        """The address of the lesson."""
        return f"/lessen/{self.session_id}"

    def run(self) -> None:
        """Save until told to stop."""
        number, version = 0, ""
        while not self.stopping.is_set():
            number += 1
            note = f"opgeslagen {number}"
            try:
                if not version:
                    version = self._look(number - 1)
                version = self._save(version, STATUSES[number % len(STATUSES)], note)
            except OSError:
                # It may have been saved or not. Look what is there before going on.
                self.unknown += 1
                version, self.cut_off = "", True
                time.sleep(0.05)

    def _save(self, version: str, status: str, note: str) -> str:
        path = f"{self.register}/cel/{self.enrolment_id}"
        code, page = self.browser.post(path, version=version, status=status, minutes="", note=note)
        if code == 409 and self.cut_off:
            # PostgreSQL carries out a COMMIT whose sender is dead; we looked just before it was done.
            self.cut_off = False
            return ""
        self.cut_off = False
        if code == 503:  # a busy machine: refused, so nothing may be there
            return ""
        if code != 200:
            self.faults.append(f"{code} for {note}")
            return ""
        self.acknowledged.append(note)
        return _value(page, f"version-{self.enrolment_id}")

    def _look(self, number: int) -> str:
        """What is stored now: the last that was acknowledged, or what was cut off since."""
        code, page = self.browser.get(self.register)
        if code != 200:
            raise ConnectionError(str(code))
        stored = _value(page, f"note-{self.enrolment_id}")
        self.check(stored, number)
        return _value(page, f"version-{self.enrolment_id}")

    def check(self, stored: str, number: int | None = None) -> None:
        """Note a fault when an acknowledged save is gone, or something is there that was never sent."""
        last = int(self.acknowledged[-1].split()[1]) if self.acknowledged else 0
        found = int(stored.split()[1]) if stored else 0
        if found < last or (number is not None and found > number):
            self.faults.append(f"stored {stored!r}, acknowledged {last}, sent {number}")


@dataclass
class Inviter(Worker):
    """An administrator who invites one person after the other: an account, a role and a mail in one transaction."""

    organisation_id: UUID
    sent: list[str] = field(default_factory=list, init=False)

    __hash__ = threading.Thread.__hash__
    path = "/beheer/mensen/uitnodigen"

    def run(self) -> None:
        """Invite until told to stop; who may or may not have been invited is not invited again."""
        while not self.stopping.is_set():
            try:
                if not self.browser.token and self.browser.get(self.path)[0] != 200:
                    raise ConnectionError(self.path)
                self._invite(f"genodigde{len(self.sent) + 1}@inleer.example")
            except OSError:
                self.unknown += 1
            time.sleep(0.05)  # the savers are what is to be killed

    def _invite(self, email: str) -> None:
        self.sent.append(email)
        organisation = str(self.organisation_id)
        code, _page = self.browser.post(
            self.path, name="Genodigde Persoon", email=email, role="coach", organisation=organisation
        )
        if code == 200:
            self.acknowledged.append(email)
        elif code != 503:
            self.faults.append(f"{code} for an invitation")


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, f"no {name} in the answer"
    return found.group(1)
