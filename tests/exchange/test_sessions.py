"""Timetables: matching by key, by start and title, by start; changes with marks kept; cancellations."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from inleer import clock
from inleer.attendance.models import Attendance, EnrolmentTotal
from inleer.cohorts.actions import end_partner, partners_now, planning_calendar
from inleer.cohorts.models import Session, SessionCohort
from inleer.cohorts.sessions import (
    cancel_session,
    change_session,
    finish_session,
    generate_sessions,
    lock_session,
    reinstate_session,
)
from inleer.db import db, unit_of_work
from inleer.leerroutes.queries import definition_by_id
from inleer.policy import Role
from tests.actors import make_actor
from tests.exchange.editions import LESSONS, NOW, PEOPLE, START, count, every, marks
from tests.exchange.test_candidates import counts

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//ROC//NL\r
BEGIN:VEVENT\r
UID:les-1@roc\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Europe/Amsterdam:20260907T{begin}00\r
DTEND;TZID=Europe/Amsterdam:20260907T{end}00\r
SUMMARY:{title}\r
STATUS:{status}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def ics(begin="0900", end="1300", title="Zorg", status="CONFIRMED"):
    return ICS.format(begin=begin, end=end, title=title, status=status).encode()


def test_new_sessions_have_an_organiser_and_count(edition):
    assert counts(edition.take_in("sessions", LESSONS)) == (4, 0, 0, [])
    first, _second, third, _fourth = every(Session, order=Session.starts_at)
    assert (first.kind, first.organisation_id, first.planned_minutes) == (
        "introduction",
        edition.leerhome,
        240,
    )
    assert (third.kind, third.organisation_id, third.code) == ("lesson", edition.school, "ZD2")
    assert first.on == START and first.counts and first.state == "planned"
    assert count(SessionCohort, SessionCohort.cohort_id == edition.cohort) == 4


def test_without_leerhome_the_school_organises_all(edition):
    with unit_of_work():
        for partner in partners_now(edition.cohort):
            if partner.kind == "leerhome":
                partner.since_on = START - timedelta(days=10)
                end_partner(edition.manager, partner, START - timedelta(days=1))
    edition.take_in("sessions", LESSONS)
    # an ended leerhome still was the host of what it organised
    assert {s.organisation_id for s in every(Session)} == {edition.leerhome, edition.school}


def test_the_same_file_twice_changes_nothing(edition):
    edition.take_in("sessions", LESSONS)
    assert counts(edition.take_in("sessions", LESSONS)) == (0, 0, 4, [])
    assert counts(edition.take_in("sessions", ics(), "rooster.ics")) == (
        0,
        1,
        0,
        [],
    )  # same start, another title
    assert counts(edition.take_in("sessions", ics(), "rooster.ics")) == (0, 0, 1, [])
    assert count(Session) == 4


def test_a_key_of_the_sender_finds_a_session_that_moved(edition):
    edition.take_in("sessions", ics(), "rooster.ics")
    assert counts(edition.take_in("sessions", ics("1030", "1200", "Zorg en welzijn"), "rooster.ics")) == (
        0,
        1,
        0,
        [],
    )
    (session,) = every(Session)
    assert (session.title, session.planned_minutes) == ("Zorg en welzijn", 90)
    assert clock.local(session.starts_at).hour == 10


def test_generated_sessions_are_updated_and_not_doubled(edition):
    with unit_of_work():
        cohort = edition.load()
        calendar = planning_calendar(cohort.region, None, cohort.starts_on)
        made = generate_sessions(
            edition.manager, cohort, definition_by_id(cohort.route_version_id), calendar, {}
        )
        first = min(made, key=lambda s: s.starts_at)
        moment, before = clock.local(first.starts_at), len(made)
    row = (moment.date(), f"{moment:%H:%M}", "14:30", "X1", "Eerste dag van het ROC", "Lokaal 3")
    assert counts(edition.take_in("sessions", [row])) == (0, 1, 0, [])
    assert count(Session) == before
    (changed,) = every(Session, Session.title == "Eerste dag van het ROC")
    assert changed.location == "Lokaal 3"
    assert changed.organisation_id is not None


def test_a_generated_session_that_was_moved_is_not_planned_again(edition):
    with unit_of_work():
        cohort = edition.load()
        calendar = planning_calendar(cohort.region, None, cohort.starts_on)
        route = definition_by_id(cohort.route_version_id)

        def generate():
            return generate_sessions(edition.manager, cohort, route, calendar, {})

        made = generate()
        first, second = sorted(made, key=lambda s: s.starts_at)[:2]
        for session, later in ((first, timedelta(minutes=30)), (second, timedelta(days=1))):
            times = {"starts_at": session.starts_at + later, "ends_at": session.ends_at + later}
            change_session(edition.manager, session, times)
        cancel_session(edition.manager, made[-1])
        assert generate() == []
        gone = SessionCohort.session_id == first.id
        db.session.execute(delete(SessionCohort).where(gone))  # as if it had never been
        assert [s.title for s in generate()] == [first.title]


def test_two_lessons_at_once_stay_two(edition):
    rows = [LESSONS[2], (LESSONS[2][0], "09:00", "15:00", "NT2", "Nederlands als tweede taal")]
    assert counts(edition.take_in("sessions", rows)) == (2, 0, 0, [])
    assert counts(edition.take_in("sessions", reversed(rows))) == (0, 0, 2, [])


def test_a_cancelled_session_keeps_its_marks_and_counts_for_nobody(filled):
    filled.take_in("attendance", marks(("K1", 2, "O"), ("K1", 3, "A")))
    assert every(EnrolmentTotal, EnrolmentTotal.planned > 0)[0].planned == 720
    cancelled = [(*LESSONS[2][:7], "vervallen")]
    assert counts(filled.take_in("sessions", cancelled)) == (0, 1, 0, [])
    assert count(Attendance) == 2
    total = every(EnrolmentTotal, EnrolmentTotal.planned > 0)[0]
    assert (total.planned, total.unexcused) == (360, 0)
    assert counts(filled.take_in("sessions", [LESSONS[2]])) == (0, 1, 0, [])  # it goes on after all
    assert every(EnrolmentTotal, EnrolmentTotal.planned > 0)[0].unexcused == 360


def test_a_longer_lesson_makes_an_absence_of_the_whole_longer(filled):
    filled.take_in("attendance", marks(("K1", 2, "O"), ("K2", 2, "O", 60)))
    filled.take_in(
        "sessions", [(LESSONS[2][0], "09:00", "16:00", "ZD2", "Zorg en Dienstverlening", "Lokaal 1")]
    )
    assert sorted(m.missed for m in every(Attendance)) == [60, 420]


def test_a_closed_register_keeps_its_times(filled):
    filled.take_in("attendance", marks(("K1", 2, "A"), ("K2", 2, "A"), ("K3", 2, "A")))
    with unit_of_work():
        session = every(Session, Session.state == "recorded")[0]
        lock_session(filled.manager, session)
    later = [(LESSONS[2][0], "09:00", "16:00", "ZD2", "Zorg en Dienstverlening", "Lokaal 1")]
    # the start is the same, so it is this lesson; its end may not change any more
    assert "dicht" in filled.take_in("sessions", later).rejected[0].message
    assert every(Session, Session.state == "locked")[0].planned_minutes == 360
    moved = [(LESSONS[2][0], "09:00", "15:00", "ZD2", "Zorg en Dienstverlening", "Lokaal 9")]
    assert counts(filled.take_in("sessions", moved)) == (0, 1, 0, [])


def test_a_register_that_closed_by_its_date_keeps_its_times(filled):
    filled.take_in("attendance", marks(("K1", 2, "O"), ("K2", 2, "O"), ("K3", 2, "A")))
    assert [s.state for s in every(Session, Session.on == LESSONS[2][0])] == ["recorded"]
    shorter = [(LESSONS[2][0], "09:00", "12:00", *LESSONS[2][3:])]
    with clock.frozen(NOW):
        assert "Heropen eerst" in filled.take_in("sessions", shorter).rejected[0].message
    with clock.frozen(NOW + timedelta(days=30)):  # nobody pressed anything: it closed by itself
        found = filled.take_in("sessions", shorter)
    assert [(p.row, p.column) for p in found.rejected] == [(2, "Begin")]
    assert "met een reden" in found.rejected[0].message
    assert sorted(m.missed for m in every(Attendance)) == [0, 360, 360]


def test_a_lesson_with_marks_is_not_moved_to_a_day_to_come_by_a_file(edition):
    edition.take_in("candidates", PEOPLE)
    edition.take_in("sessions", ics(), "rooster.ics")
    edition.take_in("attendance", [("K1", START, "", "A")])
    assert [s.state for s in every(Session)] == ["open"]
    later = ics().replace(b"20260907T", b"20261109T")
    assert "latere dag" in edition.take_in("sessions", later, "rooster.ics").rejected[0].message


def decide(edition, act, session_id):
    with unit_of_work():
        act(edition.manager, every(Session, Session.id == session_id)[0])


def test_what_somebody_cancelled_stays_so_until_the_file_says_otherwise_anew(filled):
    lesson = every(Session, order=Session.starts_at)[2].id
    decide(filled, cancel_session, lesson)
    found = filled.take_in("sessions", LESSONS)
    assert counts(found) == (0, 0, 4, [])
    assert ["blijft dat" in n.message for n in found.notices] == [True]
    assert every(Session, Session.id == lesson)[0].state == "cancelled"
    # the school cancels it too, and later lets it go on after all: that is news
    gone = [*LESSONS[:2], (*LESSONS[2][:7], "vervallen"), LESSONS[3]]
    assert counts(filled.take_in("sessions", gone)) == (0, 1, 3, [])
    assert counts(filled.take_in("sessions", LESSONS)) == (0, 1, 3, [])
    assert every(Session, Session.id == lesson)[0].state == "planned"


def test_what_somebody_reinstated_is_not_cancelled_again_by_the_same_file(filled):
    gone = [(*LESSONS[2][:7], "vervallen")]
    filled.take_in("sessions", gone)
    lesson = every(Session, Session.state == "cancelled")[0].id
    decide(filled, reinstate_session, lesson)
    found = filled.take_in("sessions", gone)
    assert counts(found) == (0, 0, 1, []) and "gaat hier door" in found.notices[0].message
    assert every(Session, Session.id == lesson)[0].state == "planned"


def test_an_import_that_is_taken_back_forgets_what_its_file_said(filled):
    gone = [(*LESSONS[2][:7], "vervallen")]
    filled.undo(filled.take_in("sessions", gone))
    assert counts(filled.take_in("sessions", gone)) == (0, 1, 0, [])


def test_a_lesson_that_a_file_made_as_cancelled_goes_on_when_the_file_says_so(edition):
    edition.take_in("sessions", ics(status="CANCELLED"), "rooster.ics")
    assert [s.state for s in every(Session)] == ["cancelled"]
    edition.take_in("sessions", ics(), "rooster.ics")
    assert [s.state for s in every(Session)] == ["planned"]


def test_a_recorded_session_is_not_cancelled_by_a_file(filled):
    with unit_of_work():
        finish_session(filled.manager, every(Session, order=Session.starts_at)[2])
    found = filled.take_in("sessions", [(*LESSONS[2][:7], "vervallen")])
    assert [(p.row, p.column) for p in found.rejected] == [(2, "Status")]


def test_a_known_teacher_is_found_by_name_and_an_unknown_one_is_named(edition):
    teacher = make_actor(Role.TEACHER, edition.school, "Mieke de Vries")
    rows = [(*LESSONS[2][:6], "mieke DE vries"), (*LESSONS[3][:6], "Dhr. Onbekend")]
    found = edition.take_in("sessions", rows)
    assert [s.teacher_id for s in every(Session, order=Session.starts_at)] == [teacher.user_id, None]
    assert any("Onbekend" in n.message for n in found.notices)
    assert counts(edition.take_in("sessions", rows)) == (0, 0, 2, [])


def test_a_lesson_in_the_night_of_the_clock_has_its_real_length(edition):
    data = ics().replace(b"20260907T0900", b"20261025T0130").replace(b"20260907T1300", b"20261025T0330")
    edition.take_in("sessions", data, "rooster.ics")
    assert every(Session)[0].planned_minutes == 180
