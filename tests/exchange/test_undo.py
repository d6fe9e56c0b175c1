"""A whole import back: everything it did, or nothing and a sentence about what stands in the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inleer.accounts.models import Organisation
from inleer.attendance.actions import MarkInput, record_mark
from inleer.attendance.models import Attendance, EnrolmentTotal, EnrolmentWeek
from inleer.audit import verify_chain
from inleer.audit.models import AuditEvent
from inleer.casework.actions import write_note
from inleer.clock import today
from inleer.cohorts.models import Enrolment, EnrolmentEvent, Session, SessionCohort
from inleer.db import db, unit_of_work
from inleer.errors import DomainError, Forbidden, NotVisible
from inleer.events import attendance_recorded
from inleer.exchange.models import ImportItem, ImportRun
from inleer.exchange.undo import UndoRefused, undo_by_id
from inleer.intentions.actions import Answer, confirm_by_telephone
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.people.actions import update_candidate
from inleer.people.models import Candidate, Identifier
from inleer.policy import Role
from inleer.signals.actions import handle
from inleer.signals.models import Signal
from tests.actors import make_actor
from tests.exchange.editions import EMPLOYERS, LESSONS, PEOPLE, START, count, every, make_edition, marks
from tests.exchange.test_candidates import counts

TABLES = (Candidate, Identifier, Enrolment, EnrolmentEvent, Session, SessionCohort, Attendance, EnrolmentTotal,
          EnrolmentWeek, JobIntention, IntentionEvent, Signal)  # fmt: skip


def test_everything_in_reverse_leaves_nothing(edition):
    people = edition.take_in("candidates", PEOPLE)
    lessons = edition.take_in("sessions", LESSONS)
    first = edition.take_in("attendance", marks(*(("K2", n, "O") for n in range(4))))
    second = edition.take_in("attendance", marks(("K2", 0, "Z"), ("K1", 0, "A"), ("K1", 1, "TL", 5)))
    offers = edition.take_in("intentions", EMPLOYERS)
    assert count(Signal) > 0
    for found in (offers, second, first, lessons, people):
        edition.undo(found)
    assert [count(table) for table in TABLES] == [0] * len(TABLES)
    assert count(Organisation, Organisation.kind == "employer") == 0
    assert {run.state for run in every(ImportRun)} == {"undone"}
    assert count(ImportItem, ImportItem.before.is_not(None)) == 0  # former values were personal
    assert count(AuditEvent, AuditEvent.action == "import.undone") == 5
    assert verify_chain(db.session()) == []


def test_what_was_taken_back_can_be_imported_again(edition):
    edition.undo(edition.take_in("candidates", PEOPLE))
    assert counts(edition.take_in("candidates", PEOPLE)) == (3, 0, 0, [])


def test_changed_details_return(edition):
    edition.take_in("candidates", PEOPLE)
    changed = [("K1", "Inês", "", "Bakker", date(1999, 5, 1), "1011 AB", "", START + timedelta(days=7))]
    edition.undo(edition.take_in("candidates", changed))
    (ines,) = every(Candidate, Candidate.first_name == "Inês")
    assert (ines.tussenvoegsel, ines.last_name, ines.birth_date) == ("van den", "Berg", date(1998, 5, 1))
    assert (ines.postcode, ines.sort_name) == ("8232 AB", "berg, ines")
    assert every(Enrolment, Enrolment.candidate_id == ines.id)[0].joined_on == START
    assert count(EnrolmentEvent) == 3


def test_what_absence_means_returns_with_the_details(edition):
    head = "Klantnummer;Voornaam;Achternaam;Geboortedatum;Startkwalificatie\n"
    person = head + "K7;Piet;Proef;01-06-2006;"
    edition.take_in("candidates", f"{person}nee\n".encode())
    edition.take_in("sessions", LESSONS)
    edition.take_in("attendance", marks(*(("K7", n, "O") for n in range(4))))

    def meaning():
        return [s.facts["applies"] for s in every(Signal, Signal.rule == "core.sixteen_hours")]

    before = meaning()
    assert len(before) == 1 and before != ["not_applicable"]
    qualified = edition.take_in("candidates", f"{person}ja\n".encode())
    assert meaning() == ["not_applicable"]
    edition.undo(qualified)
    assert meaning() == before


def test_marks_sessions_and_figures_return(filled):
    filled.take_in("attendance", marks(("K1", 2, "O"), ("K1", 3, "A")))
    before = {(t.planned, t.missed, t.unexcused) for t in every(EnrolmentTotal) if t.planned}
    again = filled.take_in("attendance", marks(("K1", 2, "Z"), ("K1", 0, "A"), ("K2", 0, "A")))
    assert every(Session, order=Session.starts_at)[0].state == "recorded"
    filled.undo(again)
    assert every(Session, order=Session.starts_at)[0].state == "planned"
    assert every(Attendance, Attendance.status == "unexcused")[0].recorded_by_name == "Petra Planner"
    assert {(t.planned, t.missed, t.unexcused) for t in every(EnrolmentTotal) if t.planned} == before


def test_a_moved_session_returns_with_the_minutes_of_its_marks(filled):
    filled.take_in("attendance", marks(("K1", 2, "O")))
    moved = [(LESSONS[2][0], "09:00", "11:00", "ZD2", "Zorg en Dienstverlening", "Elders")]
    filled.undo(filled.take_in("sessions", moved))
    session = every(Session, order=Session.starts_at)[2]
    assert (session.planned_minutes, session.location) == (360, "Lokaal 1")
    assert every(Attendance)[0].missed == 360


def test_plugins_hear_whose_marks_count_as_before(filled, monkeypatch):
    """A timetable that made a lesson shorter is taken back: who has a mark there is told of, as when it came in."""
    told = []
    filled.take_in("attendance", marks(("K1", 2, "O")))
    moved = [(LESSONS[2][0], "09:00", "11:00", "ZD2", "Zorg en Dienstverlening", "Elders")]
    monkeypatch.setattr(attendance_recorded, "_listeners", [lambda _actor, people: told.append(people)])
    found = filled.take_in("sessions", moved)
    filled.undo(found)
    assert len(told) == 2
    assert told[0] == told[1] == {enrolment.id for enrolment in every(Enrolment)}


def refused(edition, found):
    with pytest.raises(UndoRefused) as caught:
        edition.undo(found)
    return " ".join(caught.value.reasons)


def snapshot():
    return [count(table) for table in TABLES]


def test_marks_stand_in_the_way_of_people_and_sessions(edition):
    people, lessons = edition.take_in("candidates", PEOPLE), edition.take_in("sessions", LESSONS)
    edition.take_in("attendance", marks(("K1", 0, "A")))
    before = snapshot()
    assert "aanwezigheid (1)" in refused(edition, people)
    assert "aanwezigheid (1)" in refused(edition, lessons)
    assert snapshot() == before


def test_a_note_stands_in_the_way(edition):
    found = edition.take_in("candidates", PEOPLE)
    coach = make_actor(Role.COACH, edition.agency)
    with unit_of_work():
        ines = every(Candidate, Candidate.first_name == "Inês")[0]
        write_note(coach, ines, "belde", "coaches", "telephone", today())
    assert "notities (1)" in refused(edition, found)


def test_a_change_by_hand_stands_in_the_way(edition):
    found = edition.take_in("candidates", PEOPLE)
    with unit_of_work():
        update_candidate(edition.manager, every(Candidate)[0], {"postcode": "1234 AB"})
    assert "1 kandidaat: daarna veranderd" in refused(edition, found)


def test_a_mark_by_a_teacher_stands_in_the_way(filled):
    found = filled.take_in("attendance", marks(("K1", 2, "O"), ("K2", 2, "A")))
    teacher = make_actor(Role.TEACHER, filled.school)
    with unit_of_work():
        mark = every(Attendance, Attendance.status == "unexcused")[0]
        session = every(Session, Session.id == mark.session_id)[0]
        typed = MarkInput(mark.enrolment_id, "ill", None, mark.version)
        record_mark(teacher, session, typed, [mark.enrolment_id])
    assert "1 aanwezigheid: daarna veranderd" in refused(filled, found)


def test_an_answered_intention_stands_in_the_way(edition):
    found = edition.take_in("intentions", EMPLOYERS)
    with unit_of_work():
        intention = every(JobIntention)[0]
        answer = Answer(today(), "mw. Haar", 3, 20, 24)
        confirm_by_telephone(edition.manager, intention, answer, intention.version)
    assert "1 intentie: daarna veranderd" in refused(edition, found)


def test_an_intention_elsewhere_keeps_the_employer(app, edition):
    found = edition.take_in("intentions", EMPLOYERS[:1])
    other = make_edition(app, "tweede-2026", edition.agency)
    other.take_in("intentions", EMPLOYERS[:1])
    assert "intenties (1)" in refused(edition, found)


def test_a_handled_signal_stands_in_the_way(edition):
    people, lessons = edition.take_in("candidates", PEOPLE), edition.take_in("sessions", LESSONS)
    absent = edition.take_in("attendance", marks(*(("K2", n, "O") for n in range(4))))
    coach = make_actor(Role.COACH, edition.agency)
    with unit_of_work():
        signal = every(Signal, Signal.rule == "core.sixteen_hours")[0]
        handle(coach, signal, "besproken", signal.version)
    edition.undo(absent)
    edition.undo(lessons)
    assert "afgehandelde signalen (1)" in refused(edition, people)


def test_a_second_edition_stands_in_the_way(app, edition):
    found = edition.take_in("candidates", PEOPLE)
    make_edition(app, "tweede-2026", edition.agency).take_in("candidates", PEOPLE[:1])
    assert "deelname aan een lichting (1)" in refused(edition, found)


def test_a_plugins_rows_stand_in_the_way(edition):
    from inleer_zorg.models import HelpRequest

    from inleer import audit

    found = edition.take_in("candidates", PEOPLE)
    with unit_of_work() as session:
        request = HelpRequest(cohort_id=edition.cohort, requester="mw. V.", task="company", description="koffie",
                              area="Boswijk", asked_on=today(), state="assigned",
                              enrolment_id=every(Enrolment)[0].id)  # fmt: skip
        session.add(request)
        audit.record(edition.manager, "test.made", request)
    assert "zorg_help_request (1)" in refused(edition, found)


def test_twice_and_nothing_at_all_are_refused(edition):
    found = edition.take_in("candidates", PEOPLE)
    edition.undo(found)
    with pytest.raises(DomainError, match="al teruggedraaid"):
        edition.undo(found)
    with pytest.raises(DomainError, match="bestaat niet"), unit_of_work():
        undo_by_id(edition.manager, edition.cohort)


def test_only_the_own_programme_manager_takes_back(app, edition):
    found = edition.take_in("candidates", PEOPLE)
    coach = make_actor(Role.COACH, edition.agency)
    with pytest.raises((Forbidden, NotVisible)), unit_of_work():
        undo_by_id(coach, found.run_id)
    foreign = make_edition(app, "elders-2026").manager
    with pytest.raises(DomainError, match="bestaat niet"), unit_of_work():
        undo_by_id(foreign, found.run_id)
    assert count(Candidate) == 3
