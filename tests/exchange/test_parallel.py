"""An import of marks while teachers save the same register: real threads, transactions and requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from inleer.attendance.actions import MarkInput, record_many
from inleer.attendance.models import Attendance
from inleer.attendance.rollups import verify
from inleer.attendance.stamps import stamp
from inleer.audit.models import AuditEvent
from inleer.cohorts.models import Enrolment, Session
from inleer.db import db, unit_of_work
from inleer.exchange.models import ImportRun
from inleer.people.models import Identifier
from inleer.policy import Actor, Role
from tests.actions.test_attendance_parallel import together
from tests.actors import make_actor
from tests.exchange.editions import LESSONS, Edition, every, frozen, marks, sheet
from tests.exchange.test_pages import post, sent, upload
from tests.world import browse, one, token_in

PEOPLE = [(f"K{n}", "Jan", "", f"Naam{'abcdefgh'[n]}", date(1990, 1, 1)) for n in range(8)]
LESSON = 2  # at the school


@pytest.fixture
def edition(edition: Edition) -> Edition:
    edition.take_in("candidates", PEOPLE)
    edition.take_in("sessions", LESSONS)
    return edition


@pytest.fixture
def teacher(edition: Edition) -> Actor:
    return make_actor(Role.TEACHER, edition.school, "Pieter Smit")


def lesson() -> Session:
    found: Session = every(Session, order=Session.starts_at)[LESSON]
    return found


def enrolled() -> dict[str, UUID]:
    """Enrolments by client number."""
    found = {e.candidate_id: e.id for e in every(Enrolment)}
    return {i.number: found[i.candidate_id] for i in every(Identifier)}


def stored() -> dict[str, tuple[str, int, str]]:
    """The marks of the lesson by client number: status, version, by whom."""
    who = {enrolment_id: number for number, enrolment_id in enrolled().items()}
    return {
        who[m.enrolment_id]: (m.status, m.version, m.recorded_by_name)
        for m in every(Attendance, Attendance.session_id == lesson().id)
    }


def at_once(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Run all at the same time, each with the clock of this test; returns results, or the errors they raised."""

    def still(work: Callable[[], Any]) -> Any:
        with frozen():
            return work()

    return together(app, *(partial(still, work) for work in works))


def figures_are_right() -> bool:
    """Whether the roll-ups of everybody with a mark equal a recount."""
    marked = {m.enrolment_id for m in every(Attendance)}
    return verify([e.candidate_id for e in every(Enrolment) if e.id in marked]) == []


def held_up(work: Callable[[], object], written: Event) -> Callable[[], object]:
    """Do the work, say so, and keep the transaction open for a while."""

    def run() -> object:
        with unit_of_work():
            found = work()
            db.session.flush()
            written.set()
            Event().wait(0.8)
        return found

    return run


def test_an_import_waits_for_a_teacher_and_compares_with_what_was_saved(
    app: Flask, edition: Edition, teacher: Actor
) -> None:
    ids, session_id, written = enrolled(), lesson().id, Event()
    edition.take_in("attendance", marks(("K0", LESSON, "A")))

    def saves() -> int:
        typed = [
            MarkInput(ids["K0"], "ill", None, 1),
            MarkInput(ids["K1"], "ill", None, 0),
            MarkInput(ids["K7"], "present", None, 0),
        ]
        return len(record_many(teacher, one(Session, session_id), typed, ids.values())[0])

    def imports() -> tuple[int, int, int, str]:
        written.wait(10)
        rows = marks(*((number, LESSON, "O") for number in ("K0", "K1", "K2")))
        found = edition.take_in("attendance", rows)
        return found.created, found.updated, len(found.rejected), " ".join(n.message for n in found.notices)

    results = at_once(app, held_up(saves, written), imports)
    assert results[0] == 3
    assert results[1] == (
        1,
        2,
        0,
        "2 vastgelegde aanwezigheden worden anders. Vastgelegd door: Pieter Smit (2).",
    )
    assert stored() == {
        "K0": ("unexcused", 3, "Petra Planner"),
        "K1": ("unexcused", 2, "Petra Planner"),
        "K2": ("unexcused", 1, "Petra Planner"),
        "K7": ("present", 1, "Pieter Smit"),
    }
    assert figures_are_right()
    edition_run = every(ImportRun, ImportRun.kind == "attendance", order=ImportRun.created_at)[-1]
    assert edition_run.counts["updated"] == 2


def test_a_teacher_who_comes_after_an_import_is_shown_what_it_wrote(
    app: Flask, edition: Edition, teacher: Actor
) -> None:
    ids, session_id, written = enrolled(), lesson().id, Event()

    def imports() -> int:
        from inleer.exchange.actions import import_file

        data = sheet("attendance", marks(("K0", LESSON, "O"), ("K1", LESSON, "Z")))
        return import_file(edition.manager, edition.load(), "attendance", data, "a.csv").created

    def saves() -> tuple[list[str], list[str]]:
        written.wait(10)
        with unit_of_work():
            typed = [MarkInput(ids[number], "present", None, 0) for number in ("K0", "K2")]
            saved, conflicts = record_many(teacher, one(Session, session_id), typed, ids.values())
            return [m.status for m in saved], [c.stored.status for c in conflicts]

    assert at_once(app, held_up(imports, written), saves) == [2, (["present"], ["unexcused"])]
    assert {number: mark[0] for number, mark in stored().items()} == {
        "K0": "unexcused",
        "K1": "ill",
        "K2": "present",
    }
    assert figures_are_right()


def test_taking_back_and_saving_at_once_lose_nothing(app: Flask, edition: Edition, teacher: Actor) -> None:
    ids, session_id, written = enrolled(), lesson().id, Event()
    taken = edition.take_in("attendance", marks(*((f"K{n}", LESSON, "O") for n in range(8))))

    def saves() -> int:
        typed = [MarkInput(ids["K3"], "present", None, 1)]
        return len(record_many(teacher, one(Session, session_id), typed, ids.values())[0])

    def undoes() -> dict[str, int]:
        written.wait(10)
        return edition.undo(taken)

    saved, refused = at_once(app, held_up(saves, written), undoes)
    assert saved == 1 and "daarna veranderd" in str(refused)
    assert stored()["K3"] == ("present", 2, "Pieter Smit") and len(stored()) == 8


def test_what_a_preview_did_not_show_is_not_saved(app: Flask, edition: Edition, teacher: Actor) -> None:
    """Between looking and saving the teacher recorded: the page shows that, and nothing is saved."""
    visitor, ids = browse(app, edition.manager), enrolled()
    address = sent(visitor, edition, "attendance", marks(("K0", LESSON, "O")))
    with unit_of_work():
        record_many(teacher, lesson(), [MarkInput(ids["K0"], "present", None, 0)], ids.values())
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    page = visitor.get(address).text
    assert "intussen veranderd" in page and "Aanwezig wordt" in page.replace(
        "aanwezig wordt", "Aanwezig wordt"
    )
    assert "Vastgelegd door: Pieter Smit (1)" in page
    assert stored()["K0"] == ("present", 1, "Pieter Smit")


def patiently(ask: Callable[[], TestResponse]) -> TestResponse:
    """The answer; on SQLite, whose one writer can be somebody else for five seconds, asked again after "busy" (503)."""
    answer = ask()
    for _again in range(10 if db.engine.dialect.name == "sqlite" else 0):
        if answer.status_code != 503:
            break
        answer = ask()
    return answer


def test_browsers_and_imports_at_once_answer_and_lose_nothing(app: Flask, edition: Edition) -> None:
    """Three teachers walk over all cells while two managers read the same lesson in: what was acknowledged is there.

    A cell's version counts the writes it got, so an acknowledged save that was written over unseen would show.
    """
    session_id, ids = lesson().id, enrolled()
    teachers = [browse(app, make_actor(Role.TEACHER, edition.school, f"Docent {n}")) for n in range(3)]
    token = [token_in(t.get(f"/lessen/{session_id}").text) for t in teachers]
    manager = [browse(app, edition.manager) for _n in range(2)]
    form = [token_in(m.get(f"/lichtingen/{edition.cohort}/inlezen/presentie").text) for m in manager]
    assert all(form)

    def walks(n: int) -> list[int]:
        answers = []
        for turn in range(len(ids)):
            number = f"K{(3 * n + turn) % len(ids)}"
            status = ("present", "ill")[(turn + n) % 2]
            data = {"csrf_token": token[n], "status": status, "version": str(stamp(0, None, None, None))}
            address = f"/lessen/{session_id}/cel/{ids[number]}"
            answers.append(patiently(partial(teachers[n].post, address, data=data)).status_code)
        return answers

    def imports(n: int) -> list[int]:
        answers = []
        for turn in range(3):
            code = ("O", "Z")[(turn + n) % 2]
            data = sheet("attendance", marks(*((f"K{i}", LESSON, code) for i in range(8))))
            sent_file = patiently(partial(upload, manager[n], edition, "attendance", data))
            address = sent_file.headers["Location"]
            answers.append(patiently(partial(post, manager[n], f"{address}/opslaan", address)).status_code)
        return answers

    results = at_once(
        app, *(lambda n=n: walks(n) for n in range(3)), *(lambda n=n: imports(n) for n in range(2))
    )
    assert all(isinstance(result, list) for result in results), results
    assert {code for result in results[:3] for code in result} <= {200, 409}, results
    assert {code for result in results[3:] for code in result} == {303}, results
    assert len(stored()) == len(ids)
    assert figures_are_right()
    done = [run.counts for run in every(ImportRun, ImportRun.kind == "attendance") if run.state == "done"]
    written = sum(counts["created"] + counts["updated"] for counts in done)
    by_teachers = sum(e.action == "attendance.recorded" for e in every(AuditEvent))
    assert sum(version for _status, version, _by in stored().values()) == written + by_teachers
