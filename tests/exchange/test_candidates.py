"""Candidates: who is new, who is known, who is enrolled, and what is refused."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest

from inleer import audit, clock
from inleer.accounts.models import User
from inleer.audit.models import AuditEvent
from inleer.cohorts.enrolments import move
from inleer.cohorts.models import Enrolment, EnrolmentEvent
from inleer.cohorts.steps import steps_of
from inleer.cohorts.undo import undo_step
from inleer.db import db, unit_of_work
from inleer.errors import Forbidden, ImportProblem, NotVisible
from inleer.exchange.actions import import_file
from inleer.exchange.models import ImportItem, ImportRun
from inleer.exchange.plan_common import Options
from inleer.people.models import Candidate, Identifier
from inleer.policy import Role
from inleer.reports.board import group_of
from inleer.signals.models import Signal
from tests.actors import make_actor
from tests.exchange.editions import PEOPLE, START, count, every, make_edition, marks, sheet
from tests.world import one


def counts(found):
    return found.created, found.updated, found.unchanged, sorted({p.row for p in found.rejected})


def test_new_people_are_stored_and_enrolled(edition):
    assert counts(edition.take_in("candidates", PEOPLE)) == (3, 0, 0, [])
    ines, said, noor = (every(Candidate, order=Candidate.birth_date)[n] for n in (1, 2, 0))
    assert (ines.first_name, ines.tussenvoegsel, ines.last_name) == ("Inês", "van den", "Berg")
    assert (ines.postcode, ines.email, ines.sort_name) == ("8232 AB", "ines@voorbeeld.nl", "berg, ines")
    assert {c.agency_id for c in (ines, said, noor)} == {edition.agency}
    enrolled = {e.candidate_id: e for e in every(Enrolment)}
    assert (enrolled[ines.id].joined_on, enrolled[ines.id].state) == (START, "active")
    assert enrolled[noor.id].joined_on == START + timedelta(days=14)
    assert count(EnrolmentEvent) == 3
    assert {(i.number, i.organisation_id) for i in every(Identifier)} == {
        (n, edition.agency) for n in ("K1", "K2", "K3")
    }


def test_who_joins_later_is_selected(edition):
    edition.take_in("candidates", [("K1", "Inês", "", "Berg", date(1998, 5, 1), "", "", date(2027, 1, 4))])
    assert every(Enrolment)[0].state == "selected"


def test_the_same_file_twice_changes_nothing(edition):
    edition.take_in("candidates", PEOPLE)
    versions = {c.id: c.version for c in every(Candidate)}
    assert counts(edition.take_in("candidates", PEOPLE)) == (0, 0, 3, [])
    assert {c.id: c.version for c in every(Candidate)} == versions
    assert count(Candidate) == count(Enrolment) == 3


def test_two_ways_to_write_a_letter_are_one_name(edition):
    edition.take_in("candidates", [("K1", "José", "", "Ibáñez", date(1998, 5, 1))])
    spread = [
        (
            "K1",
            unicodedata.normalize("NFD", "José"),
            "",
            unicodedata.normalize("NFD", "Ibáñez"),
            date(1998, 5, 1),
        )
    ]
    assert counts(edition.take_in("candidates", spread)) == (0, 0, 1, [])


def test_capitals_of_a_system_never_replace_a_name(edition):
    edition.take_in("candidates", [("K1", "Inês", "", "Bakker-Öztürk", date(1998, 5, 1))])
    shouted = [("K1", "INÊS", "", "BAKKER-ÖZTÜRK", date(1998, 5, 1))]
    assert counts(edition.take_in("candidates", shouted)) == (0, 0, 1, [])
    edition.take_in("candidates", [("K1", "Inês", "", "McDonald", date(1998, 5, 1))])
    unlike = [("K1", "INÊS", "", "MCDONALD", date(1998, 5, 1))]
    assert counts(edition.take_in("candidates", unlike)) == (0, 0, 1, [])


def test_a_new_name_in_capitals_is_written_as_people_write_it(edition):
    edition.take_in("candidates", [("K2", "SAID", "VAN DEN", "BERG-D'ANGELO", date(1990, 5, 1))])
    (said,) = every(Candidate)
    assert (said.first_name, said.tussenvoegsel, said.last_name) == ("Said", "van den", "Berg-D'Angelo")
    assert said.sort_name == "berg-d'angelo, said"
    later = edition.take_in("candidates", [("K2", "SAID", "", "EL AMRANI", date(1990, 5, 1))])
    assert counts(later) == (0, 1, 0, [])
    (said,) = every(Candidate)
    assert (said.tussenvoegsel, said.last_name) == ("", "El Amrani")


def test_changed_details_are_updated_and_empty_cells_take_nothing_away(edition):
    edition.take_in("candidates", PEOPLE)
    found = edition.take_in(
        "candidates", [("K1", "Inês", "", "Bakker", date(1998, 5, 1), "", "nieuw@voorbeeld.nl")]
    )
    assert counts(found) == (0, 1, 0, [])
    (ines,) = every(Candidate, Candidate.email == "nieuw@voorbeeld.nl")
    assert (ines.tussenvoegsel, ines.last_name, ines.postcode) == ("", "Bakker", "8232 AB")
    assert (ines.sort_name, ines.version) == ("bakker, ines", 2)


def test_a_known_candidate_is_enrolled_in_a_second_edition(app, edition):
    edition.take_in("candidates", PEOPLE)
    other = make_edition(app, "tweede-2026", edition.agency)
    assert counts(other.take_in("candidates", PEOPLE[:1])) == (0, 1, 0, [])
    assert count(Candidate) == 3
    assert count(Enrolment, Enrolment.cohort_id == other.cohort) == 1


def test_the_number_of_another_agency_is_another_person(app, edition):
    edition.take_in("candidates", PEOPLE)
    foreign = make_edition(app, "elders-2026")
    assert counts(foreign.take_in("candidates", PEOPLE)) == (3, 0, 0, [])
    assert count(Candidate) == 6


def test_a_number_of_clearly_somebody_else_is_refused(edition):
    edition.take_in("candidates", PEOPLE)
    found = edition.take_in("candidates", [("K1", "Jan", "", "Smit", date(1970, 1, 1))])
    assert found.refused and found.rejected[0].column == "Klantnr"
    assert "andere naam" in found.rejected[0].message


def test_joining_can_change_but_not_before_the_start_or_after_the_end(edition):
    edition.take_in("candidates", PEOPLE)
    later = [("K1", "Inês", "van den", "Berg", date(1998, 5, 1), "", "", START + timedelta(days=7))]
    assert counts(edition.take_in("candidates", later)) == (0, 1, 0, [])
    too_soon = [("K1", "Inês", "van den", "Berg", date(1998, 5, 1), "", "", START - timedelta(days=1))]
    found = edition.take_in("candidates", too_soon)
    assert [p.column for p in found.rejected] == ["Instapdatum"]
    with unit_of_work():
        enrolment = every(Enrolment, Enrolment.joined_on == START + timedelta(days=7))[0]
        from inleer.cohorts.enrolments import drop_out

        drop_out(
            edition.manager,
            enrolment,
            START + timedelta(days=20),
            "candidate",
            "other_job",
            "no",
            enrolment.version,
        )
    again = [("K1", "Inês", "van den", "Berg", date(1998, 5, 1), "", "", START)]
    assert "geëindigd" in edition.take_in("candidates", again).rejected[0].message


def test_a_refused_intake_is_no_participant(edition):
    edition.take_in("candidates", PEOPLE[:1])
    with unit_of_work():
        enrolment = every(Enrolment)[0]
        enrolment.state = "rejected"
        from inleer import audit

        audit.record(edition.manager, "test.made", enrolment)
    assert "afgewezen" in edition.take_in("candidates", PEOPLE[:1]).rejected[0].message


def test_student_numbers_go_to_the_school(edition):
    header = b"Klantnr;Voornaam;Achternaam;Geboortedatum;Studentnummer\n"
    data = header + b"K1;An;Bos;01-02-1990;S7\nK2;Bo;Cras;01-02-1991;S8\n"
    assert counts(edition.take_in("candidates", data)) == (2, 0, 0, [])
    assert {i.number for i in every(Identifier, Identifier.organisation_id == edition.school)} == {"S7", "S8"}
    swapped = header + b"K1;An;Bos;01-02-1990;S8\n"
    found = edition.take_in("candidates", swapped)
    assert [(p.row, p.column) for p in found.rejected] == [(2, "Studentnummer")]


def test_look_alikes_are_pointed_at(edition):
    edition.take_in("candidates", PEOPLE)
    found = edition.take_in("candidates", [("K9", "Ines", "van den", "BERG", date(1998, 5, 1))])
    assert found.created == 1
    assert any("K1" in n.message for n in found.notices)


def test_one_bad_row_saves_nothing_and_skipping_saves_the_rest(edition):
    rows = [
        *PEOPLE[:2],
        ("K3", "Noor", "el", "Amrani", "31-02-1979"),
        ("", "Zonder", "", "Nummer", date(1990, 1, 1)),
    ]
    found = edition.take_in("candidates", rows)
    assert found.refused and counts(found) == (0, 0, 0, [4, 5])
    assert count(Candidate) == count(ImportRun) == 0
    found = edition.take_in("candidates", rows, skip_invalid=True)
    assert not found.refused and counts(found) == (2, 0, 0, [4, 5])
    assert count(Candidate) == 2


def test_a_dry_run_tells_the_same_and_saves_nothing(edition):
    assert counts(edition.try_out("candidates", PEOPLE)) == (3, 0, 0, [])
    assert count(Candidate) == count(ImportRun) == 0


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "leeg.csv"),
        (b"x", "foto.png"),
        (b"Naam;Leeftijd\nA;3\n", "lijst.csv"),
        (b"\xd0\xcf\x11\xe0", "oud.xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_even_when_rows_may_be_skipped(edition, data, name):
    found = edition.take_in("candidates", data, name, skip_invalid=True)
    assert found.refused and found.rejected and found.run_id is None
    assert count(ImportRun) == 0


def test_a_header_alone_is_refused(edition):
    assert edition.take_in("candidates", sheet("candidates", []), skip_invalid=True).refused


def test_an_import_is_audited_with_the_agency_and_leaves_its_rows(edition):
    found = edition.take_in("candidates", PEOPLE)
    (event,) = every(AuditEvent, AuditEvent.action == "import.done")
    assert (event.subject_id, event.organisation_id) == (str(found.run_id), edition.agency)
    assert event.details["created"] == 3
    assert "Inês" not in str(event.details)
    assert count(ImportItem, ImportItem.import_id == found.run_id) == 9  # person, number, enrolment
    run = every(ImportRun)[0]
    assert (run.state, run.content, run.filename) == ("done", None, "bestand.csv")


def test_new_people_can_come_into_a_caseload(edition):
    coach = make_actor(Role.COACH, edition.agency)
    edition.take_in("candidates", PEOPLE, options=Options(coach.user_id))
    assert {c.coach_id for c in every(Candidate)} == {coach.user_id}


def test_only_those_who_may_import_do(app, edition):
    coach = make_actor(Role.COACH, edition.agency)
    foreign = make_edition(app, "elders-2026").manager
    for actor in (coach, foreign):
        with pytest.raises((Forbidden, NotVisible)), unit_of_work():
            import_file(actor, edition.load(), "candidates", sheet("candidates", PEOPLE), "k.csv")
    db.session.rollback()
    assert count(Candidate) == 0


WITH_COACH = ("Klantnr;Voornaam;Achternaam;Geboortedatum;Coach\n", "{};{};{};01-02-1990;{}\n")


def named(*rows):
    """A file with a column for the coach."""
    return (WITH_COACH[0] + "".join(WITH_COACH[1].format(*row) for row in rows)).encode()


def without_coach(found):
    return [n.message for n in found.notices if "geen werkcoach" in n.message]


def coaches():
    return {c.first_name: c.coach_id for c in every(Candidate)}


def test_a_column_names_the_coach_and_goes_before_the_choice(edition):
    carla = make_actor(Role.COACH, edition.agency, "Carla de Coach")
    bas = make_actor(Role.COACH, edition.agency, "Bas Oosterhuis")
    email = every(User, User.id == bas.user_id)[0].email
    data = named(
        ("K1", "Jan", "Een", "carla DE coach"),
        ("K2", "Piet", "Twee", email.upper()),
        ("K3", "Bo", "Drie", ""),
        ("K4", "Jo", "Vier", "Coach, Carla de"),
    )
    found = edition.take_in("candidates", data, options=Options(bas.user_id))
    assert counts(found) == (4, 0, 0, []) and without_coach(found) == []
    assert coaches() == {
        "Jan": carla.user_id, "Piet": bas.user_id, "Bo": bas.user_id, "Jo": carla.user_id,
    }  # fmt: skip


def test_only_a_coach_of_the_agency_can_be_named(edition):
    make_actor(Role.COACH, edition.agency, "Twee Namen")
    make_actor(Role.COACH, edition.agency, "Twee Namen")
    make_actor(Role.COACH, None, "Van Elders")
    make_actor(Role.TEACHER, edition.school, "Geen Coach")
    rows = [
        (f"K{n}", "Jan", "Berg", name)
        for n, name in enumerate(("Twee Namen", "Van Elders", "Geen Coach", "=1"))
    ]
    found = edition.take_in("candidates", named(*rows))
    assert found.refused and [p.row for p in found.rejected] == [2, 3, 4, 5]
    assert {p.column for p in found.rejected} == {"Coach"}
    assert count(Candidate) == 0


def test_who_has_no_coach_is_counted_and_gets_one_from_the_same_file(edition):
    found = edition.take_in("candidates", PEOPLE)
    assert "3 kandidaten hebben geen werkcoach" in without_coach(found)[0]
    carla = make_actor(Role.COACH, edition.agency, "Carla de Coach")
    other = make_actor(Role.COACH, edition.agency, "Bas Oosterhuis")
    again = edition.take_in("candidates", PEOPLE, options=Options(carla.user_id))
    assert counts(again) == (0, 3, 0, []) and without_coach(again) == []
    assert set(coaches().values()) == {carla.user_id}
    # A choice takes nobody out of a caseload; a column, which names this person, does.
    assert counts(edition.take_in("candidates", PEOPLE, options=Options(other.user_id))) == (0, 0, 3, [])
    moved = edition.take_in("candidates", named(("K1", "Inês", "Berg", "Bas Oosterhuis")), skip_invalid=True)
    assert counts(moved)[:3] == (0, 1, 0) and coaches()["Inês"] == other.user_id
    edition.undo(moved)
    assert coaches()["Inês"] == carla.user_id
    edition.undo(again)
    assert set(coaches().values()) == {None}


def test_open_signals_go_with_the_candidate_to_another_coach(filled):
    filled.take_in("attendance", marks(*(("K2", n, "O") for n in range(4))))
    assert every(Signal, Signal.rule == "core.sixteen_hours")[0].owner_id is None
    carla = make_actor(Role.COACH, filled.agency, "Carla de Coach")
    filled.take_in("candidates", PEOPLE, options=Options(carla.user_id))
    raised = every(Signal, Signal.candidate_id.is_not(None), Signal.state == "open")
    assert raised and {signal.owner_id for signal in raised} == {carla.user_id}


def test_nothing_is_read_into_an_edition_that_was_cancelled(edition) -> None:
    with unit_of_work():
        cancelled = edition.load()
        cancelled.state = "cancelled"
        audit.record(edition.manager, "cohort.test", cancelled)
    with pytest.raises(ImportProblem, match="geannuleerd"):
        edition.take_in("candidates", PEOPLE)


def test_what_rules_find_about_new_people_is_said_at_once(edition):
    """In the neighbourhood phase without a visit for three school weeks: known with the import, not a night later."""
    edition.take_in("candidates", PEOPLE)
    raised = every(Signal, Signal.rule == "zorg.no_visits")
    active = {e.candidate_id for e in every(Enrolment) if e.joined_on == START}
    assert {s.candidate_id for s in raised} >= active and len(active) == 2


def test_whose_move_to_this_edition_was_taken_back_is_enrolled_by_a_file_and_that_is_undone(app, edition):
    edition.take_in("candidates", PEOPLE[:1])
    other = make_edition(app, "tweede", edition.agency)
    (enrolment,) = every(Enrolment)
    today = clock.today()
    with clock.frozen(clock.now() + timedelta(hours=1)), unit_of_work():
        row = one(Enrolment, enrolment.id)
        move(edition.manager, row, other.load(), today, today + timedelta(days=1), "reistijd", row.version)
    with clock.frozen(clock.now() + timedelta(hours=2)), unit_of_work():
        row = one(Enrolment, enrolment.id)
        undo_step(edition.manager, row, row.version)
    (back,) = every(Enrolment, Enrolment.cohort_id == other.cohort)
    assert back.taken_back and steps_of(back.id) == []

    for _again in range(2):
        found = other.take_in("candidates", PEOPLE[:1])
        assert (found.created, found.updated, found.rejected) == (0, 1, ())
        (row,) = every(Enrolment, Enrolment.cohort_id == other.cohort)
        assert (row.id, row.state, row.joined_on, row.taken_back) == (back.id, "active", START, False)
        assert [(s.from_state, s.to_state, s.on) for s in steps_of(row.id)] == [(None, "active", START)]
        assert [p.candidate_id for p in group_of(other.manager, other.cohort)] == [row.candidate_id]
        assert other.take_in("candidates", PEOPLE[:1]).unchanged == 1

        other.undo(found)
        (row,) = every(Enrolment, Enrolment.cohort_id == other.cohort)
        assert (row.state, row.joined_on, row.taken_back) == ("withdrawn", back.joined_on, True)
        assert steps_of(row.id) == []


def test_who_withdrew_is_not_enrolled_by_a_file(edition):
    edition.take_in("candidates", PEOPLE[:1])
    with unit_of_work():
        row = every(Enrolment)[0]
        row.state = "withdrawn"
        audit.record(edition.manager, "enrolment.test", row)
    (problem,) = edition.take_in("candidates", PEOPLE[:1]).rejected
    assert "staat al bij deze lichting" in problem.message
