"""Intentions: employers found or made within the agency, drafts, and answers that a file does not undo."""

from __future__ import annotations

from datetime import date

import pytest

from inleer.accounts.models import Organisation
from inleer.clock import today
from inleer.cohorts.actions import end_partner, partners_now
from inleer.cohorts.models import Partner
from inleer.db import unit_of_work
from inleer.intentions.actions import Answer, confirm_by_telephone
from inleer.intentions.models import IntentionEvent, JobIntention
from inleer.intentions.queries import employers_in
from inleer.reports.board import cohorts_of
from tests.actors import make_organisation
from tests.exchange.editions import EMPLOYERS, count, every, make_edition
from tests.exchange.test_candidates import counts


def employers():
    return every(Organisation, Organisation.kind == "employer", order=Organisation.name)


def test_intentions_arrive_as_draft_with_their_employers(edition):
    found = edition.take_in("intentions", EMPLOYERS)
    assert counts(found) == (2, 0, 0, [])
    assert any("Zorggroep Polder" in n.message for n in found.notices)
    sluis, polder = employers()
    assert (polder.managed_by_id, polder.slug, polder.contact_email) == (
        edition.agency,
        "zorggroep-polder",
        "hr@voorbeeld.nl",
    )
    stored = {i.employer_id: i for i in every(JobIntention)}
    assert (stored[polder.id].positions, stored[polder.id].hours_min, stored[polder.id].state) == (
        4,
        20,
        "draft",
    )
    assert stored[sluis.id].positions is None
    assert count(IntentionEvent) == 2


def test_who_gives_an_intention_is_a_partner_until_the_import_is_taken_back(edition):
    wanted = Partner.cohort_id == edition.cohort, Partner.kind == "employer"
    found = edition.take_in("intentions", EMPLOYERS)
    assert {p.organisation_id for p in every(Partner, *wanted)} == {e.id for e in employers()}
    assert [p.since_on for p in every(Partner, *wanted)] == [today(), today()]
    (row,) = [row for row in cohorts_of(edition.manager) if row.id == edition.cohort]
    assert "employer" not in row.lacks
    assert [name for _id, name in employers_in(edition.cohort)] == ["Thuiszorg Sluis", "Zorggroep Polder"]
    edition.undo(found)
    assert every(Partner, *wanted) == [] and employers() == []


def test_whose_part_somebody_ended_stays_out(edition):
    edition.take_in("intentions", EMPLOYERS)
    with unit_of_work():
        ended = next(p for p in partners_now(edition.cohort) if p.kind == "employer")
        end_partner(edition.manager, ended, today())
    again = [*EMPLOYERS, (*EMPLOYERS[0][:1], "Verzorgende", *EMPLOYERS[0][2:])]
    assert counts(edition.take_in("intentions", again)) == (1, 0, 2, [])
    assert count(Partner, Partner.cohort_id == edition.cohort, Partner.kind == "employer") == 2


def test_the_same_file_twice_changes_nothing(edition):
    edition.take_in("intentions", EMPLOYERS)
    assert counts(edition.take_in("intentions", EMPLOYERS)) == (0, 0, 2, [])
    assert len(employers()) == 2


def test_a_known_employer_is_found_by_name_and_only_the_agencys_own(edition):
    known = make_organisation("employer", "ZORGGROEP  Pólder", edition.agency)
    foreign = make_organisation("employer", "Thuiszorg Sluis")
    edition.take_in("intentions", EMPLOYERS)
    stored = {i.employer_id for i in every(JobIntention)}
    assert known.id in stored
    assert foreign.id not in stored
    assert len(employers()) == 3


def test_two_agencies_have_employers_of_the_same_name(app, edition):
    edition.take_in("intentions", EMPLOYERS)
    make_edition(app, "elders-2026").take_in("intentions", EMPLOYERS)
    assert len(employers()) == 4
    assert len({o.slug for o in employers()}) == 4


def test_a_changed_number_is_updated(edition):
    edition.take_in("intentions", EMPLOYERS)
    changed = [(*EMPLOYERS[0][:2], 6, *EMPLOYERS[0][3:]), EMPLOYERS[1]]
    assert counts(edition.take_in("intentions", changed)) == (0, 1, 1, [])
    (event,) = every(IntentionEvent, IntentionEvent.old_positions == 4)
    assert event.new_positions == 6


def test_two_lines_of_one_employer_stay_two(edition):
    more = (*EMPLOYERS[0][:3], 32, 36, *EMPLOYERS[0][5:])
    assert counts(edition.take_in("intentions", [EMPLOYERS[0], more])) == (2, 0, 0, [])
    assert counts(edition.take_in("intentions", [more, EMPLOYERS[0]])) == (0, 0, 2, [])
    assert len(employers()) == 1


def test_what_an_employer_answered_stays(edition):
    edition.take_in("intentions", EMPLOYERS)
    with unit_of_work():
        intention = every(JobIntention, JobIntention.positions == 4)[0]
        answer = Answer(today(), "mw. Haar", 3, 20, 24)
        confirm_by_telephone(edition.manager, intention, answer, intention.version)
    found = edition.take_in("intentions", EMPLOYERS)
    assert counts(found) == (0, 0, 2, [])
    assert any("bevestigd" in n.message for n in found.notices)
    assert every(JobIntention, JobIntention.state == "confirmed")[0].positions == 3


@pytest.mark.parametrize(
    ("changes", "column"),
    [({2: "twee"}, "Aantal"), ({3: 30, 4: 12}, "Uren min"), ({4: 48}, "Uren max"), ({6: "volgend jaar"}, "Vanaf"),
     ({5: "misschien"}, "Soort"), ({0: ""}, "Werkgever")],
)  # fmt: skip
def test_what_is_refused(edition, changes, column):
    row = [changes.get(place, value) for place, value in enumerate(EMPLOYERS[0])]
    found = edition.take_in("intentions", [row])
    assert found.refused and found.rejected[0].column == column
    assert employers() == []


def test_a_route_with_a_guarantee_asks_for_a_number(app):
    edition = make_edition(app, "eerste-2026", version=1)
    found = edition.take_in("intentions", EMPLOYERS)
    assert [(p.row, p.column) for p in found.rejected] == [(3, "Aantal")]


def test_a_guarantee_without_number_is_a_draft_with_a_warning(edition):
    found = edition.take_in(
        "intentions", [("Zorggroep", "Helpende", None, 20, 28, "garantie", date(2027, 9, 1))]
    )
    assert found.created == 1
    assert any("bevestigd" in n.message for n in found.notices)
