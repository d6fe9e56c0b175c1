"""Attendance: whose mark, in which session, new or changed; figures once for all; sessions recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from inleer import audit, clock
from inleer.attendance.models import Attendance, AttendanceCode, EnrolmentTotal
from inleer.attendance.rollups import verify
from inleer.cohorts.enrolments import drop_out, pause
from inleer.cohorts.models import Enrolment, Session
from inleer.cohorts.sessions import cancel_session, lock_session
from inleer.db import db, unit_of_work
from inleer.events import figures_changed
from inleer.people.actions import set_number
from inleer.people.models import Candidate, Identifier
from inleer.signals.models import Signal
from inleer.signals.unrecorded import sweep_unrecorded
from tests.exchange.editions import LESSONS, START, count, every, make_edition, marks
from tests.exchange.test_candidates import counts


def person(number):
    (owner,) = every(Identifier, Identifier.number == number)
    return every(Candidate, Candidate.id == owner.candidate_id)[0]


def enrolment_of(number):
    return every(Enrolment, Enrolment.candidate_id == person(number).id)[0]


def refusal(found):
    assert found.refused, "nothing was refused"
    (problem,) = found.rejected
    return problem.column, problem.message


def test_marks_are_stored_with_their_minutes(filled):
    found = filled.take_in(
        "attendance", marks(("K1", 0, "A"), ("K2", 0, "TL", 20), ("K1", 1, "o"), ("K2", 1, "O", 60))
    )
    assert counts(found) == (4, 0, 0, [])
    stored = sorted((m.status, m.minutes or 0, m.missed) for m in every(Attendance))
    assert stored == [("late", 20, 20), ("present", 0, 0), ("unexcused", 0, 240), ("unexcused", 60, 60)]
    assert {m.recorded_by_name for m in every(Attendance)} == {"Petra Planner"}
    totals = {t.enrolment_id: (t.planned, t.unexcused, t.late) for t in every(EnrolmentTotal)}
    assert totals[enrolment_of("K1").id] == (480, 240, 0)
    assert totals[enrolment_of("K2").id] == (480, 60, 20)
    assert verify([person("K1").id, person("K2").id]) == []


def test_figures_are_made_once_for_the_whole_file(filled, monkeypatch):
    told = []
    monkeypatch.setattr(
        figures_changed, "_listeners", [*figures_changed._listeners, lambda _a, ids: told.append(ids)]
    )
    filled.take_in("attendance", marks(*((k, n, "A") for k in ("K1", "K2") for n in range(4))))
    assert told == [frozenset({enrolment_of("K1").id, enrolment_of("K2").id})]


def test_the_same_mark_is_unchanged_and_another_is_updated(filled):
    filled.take_in("attendance", marks(("K1", 0, "O"), ("K2", 0, "A")))
    assert counts(filled.take_in("attendance", marks(("K1", 0, "O", 240), ("K2", 0, "a")))) == (0, 0, 2, [])
    assert counts(filled.take_in("attendance", marks(("K1", 0, "Z"), ("K2", 0, "A")))) == (0, 1, 1, [])
    assert every(Attendance, Attendance.status == "ill")[0].version == 2
    assert every(EnrolmentTotal, EnrolmentTotal.ill > 0)[0].unexcused == 0


def test_a_session_opens_and_is_recorded_once_everybody_has_a_mark(filled):
    with unit_of_work():
        sweep_unrecorded(filled.manager)
    assert count(Signal, Signal.rule == "core.unrecorded", Signal.state == "open") == 4
    filled.take_in("attendance", marks(("K1", 0, "A")))
    assert [s.state for s in every(Session, order=Session.starts_at)][:2] == ["open", "planned"]
    filled.take_in("attendance", marks(("K2", 0, "A")))  # K3 joins later: nobody is left
    assert every(Session, order=Session.starts_at)[0].state == "recorded"
    assert count(Signal, Signal.rule == "core.unrecorded", Signal.state == "open") == 3


def test_the_schools_own_number_goes_first(filled):
    with unit_of_work():
        set_number(filled.manager, person("K1"), filled.school, "S100")
    filled.take_in("attendance", marks(("S100", 0, "A")))
    assert every(Attendance)[0].enrolment_id == enrolment_of("K1").id


def test_a_number_of_two_people_is_refused(filled):
    with unit_of_work():
        set_number(filled.manager, person("K1"), filled.school, "K2")
    column, message = refusal(filled.take_in("attendance", marks(("K2", 0, "A"))))
    assert column == "Studentnr" and "iemand anders" in message


def test_two_numbers_of_one_person_are_one_cell(filled):
    with unit_of_work():
        set_number(filled.manager, person("K1"), filled.school, "S100")
    found = filled.take_in("attendance", marks(("S100", 0, "A"), ("K1", 0, "O")))
    assert [p.row for p in found.rejected] == [3]
    assert "rij 2" in found.rejected[0].message


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("ONBEKEND", LESSONS[0][0], "", "A", None), "Studentnr", "niet bekend"),
        (("K1", START + timedelta(days=1), "", "A", None), "Datum", "geen les"),
        (("K1", date(2027, 1, 4), "", "A", None), "Datum", "nog niet geweest"),
        (("K3", LESSONS[0][0], "", "A", None), "Datum", "nog niet ingestapt"),
        (("K1", LESSONS[0][0], "", "Q", None), "Code", "onbekend"),
        (("K1", LESSONS[0][0], "", "TL", None), "Minuten", "hoeveel minuten"),
        (("K1", LESSONS[0][0], "", "O", 300), "Minuten", "meer dan de les"),
        (("K1", LESSONS[0][0], "", "A", 10), "Minuten", "horen geen minuten"),
    ],
)
def test_what_is_refused(filled, row, column, words):
    got, message = refusal(filled.take_in("attendance", [row]))
    assert got == column and words in message
    assert count(Attendance) == 0


def test_after_leaving_and_in_a_pause_there_is_no_mark(filled):
    with unit_of_work():
        first, second = enrolment_of("K1"), enrolment_of("K2")
        drop_out(
            filled.manager, first, START + timedelta(days=7), "candidate", "other_job", "no", first.version
        )
        owner = filled.manager.user_id
        pause(
            filled.manager,
            second,
            START + timedelta(days=7),
            START + timedelta(days=8),
            owner,
            "vakantie",
            second.version,
        )
    assert "gestopt" in refusal(filled.take_in("attendance", marks(("K1", 2, "A"))))[1]
    assert "gepauzeerd" in refusal(filled.take_in("attendance", marks(("K2", 1, "A"))))[1]
    assert counts(filled.take_in("attendance", marks(("K1", 1, "A"), ("K2", 0, "A")))) == (2, 0, 0, [])


def test_cancelled_and_closed_sessions_take_no_marks(filled):
    filled.take_in("attendance", marks(("K1", 3, "A"), ("K2", 3, "A"), ("K3", 3, "A")))
    with unit_of_work():
        sessions = every(Session, order=Session.starts_at)
        cancel_session(filled.manager, sessions[0])
        lock_session(filled.manager, sessions[3])
    assert "geannuleerd" in refusal(filled.take_in("attendance", marks(("K1", 0, "A"))))[1]
    assert "dicht" in refusal(filled.take_in("attendance", marks(("K1", 3, "O"))))[1]
    assert counts(filled.take_in("attendance", marks(("K1", 3, "A")))) == (
        0,
        0,
        1,
        [],
    )  # as it stands already


def test_several_lessons_that_day_are_told_apart_by_code_or_title(filled):
    day = LESSONS[2][0]
    filled.take_in("sessions", [(day, "16:00", "18:00", "NT2", "Nederlands als tweede taal")])
    assert counts(filled.take_in("attendance", [("K1", day, "nt2", "A", "")])) == (1, 0, 0, [])
    assert counts(filled.take_in("attendance", [("K1", day, "Zorg en Dienstverlening", "A", "")])) == (
        1,
        0,
        0,
        [],
    )
    for code in ("", "GYM"):
        column, message = refusal(filled.take_in("attendance", [("K2", day, code, "A", "")]))
        assert column == "Les" and "ZD2, NT2" in message


def test_with_one_lesson_that_day_the_code_may_be_the_schools_own(filled):
    assert counts(filled.take_in("attendance", [("K1", LESSONS[2][0], "ABC-9", "A", "")])) == (1, 0, 0, [])


def test_a_cancelled_lesson_beside_another_is_not_meant(filled):
    day = LESSONS[2][0]
    filled.take_in("sessions", [(day, "16:00", "18:00", "NT2", "Taal", "", "", "vervallen")])
    assert counts(filled.take_in("attendance", [("K1", day, "", "A", "")])) == (1, 0, 0, [])
    assert "geannuleerd" in refusal(filled.take_in("attendance", [("K2", day, "NT2", "A", "")]))[1]


def test_a_school_has_codes_of_its_own(filled):
    with unit_of_work() as session:
        code = AttendanceCode(organisation_id=filled.school, code="TA", status="late")
        session.add(code)
        audit.record(filled.manager, "test.made", code)
    assert counts(filled.take_in("attendance", marks(("K1", 0, "ta", 5), ("K2", 0, "O")))) == (2, 0, 0, [])


def test_a_person_of_another_edition_is_not_marked_here(app, filled):
    other = make_edition(app, "tweede-2026", filled.agency)
    other.take_in("candidates", [("K7", "Bo", "", "Bos", date(1990, 1, 1))])
    assert "doet niet mee" in refusal(filled.take_in("attendance", marks(("K7", 0, "A"))))[1]


def test_a_foreign_agencys_number_is_simply_unknown(app, filled):
    foreign = make_edition(app, "elders-2026")
    foreign.take_in("candidates", [("X9", "Bo", "", "Bos", date(1990, 1, 1))])
    assert "niet bekend" in refusal(filled.take_in("attendance", marks(("X9", 0, "A"))))[1]


def test_sixteen_hours_give_one_signal(filled):
    filled.take_in("attendance", marks(*(("K2", n, "O") for n in range(4))))
    (signal,) = every(Signal, Signal.rule == "core.sixteen_hours")
    assert signal.candidate_id == person("K2").id
    filled.take_in("attendance", marks(*(("K2", n, "O") for n in range(4))))
    assert count(Signal, Signal.rule == "core.sixteen_hours") == 1
    db.session.rollback()


def test_a_mark_on_a_public_holiday_needs_a_lesson_in_the_timetable(filled):
    """Corpus 27: the timetable decides, not the calendar; a lesson that was held on a holiday has marks."""
    christmas = date(2026, 12, 25)
    with clock.frozen(datetime(2027, 1, 5, 10, tzinfo=UTC)):
        column, message = refusal(filled.take_in("attendance", [("K1", christmas, "", "A", None)]))
        assert column == "Datum" and "Op 25 dec 2026 is er geen les" in message
        filled.take_in("sessions", [(christmas, "09:00", "13:00", "ZD2", "Zorg en Dienstverlening")])
        assert counts(filled.take_in("attendance", [("K1", christmas, "", "O", None)])) == (1, 0, 0, [])
        totals = {t.enrolment_id: (t.planned, t.unexcused) for t in every(EnrolmentTotal)}
    assert totals[enrolment_of("K1").id] == (240, 240)
