"""The pages of imports, through a browser without scripts."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from inleer import clock
from inleer.audit.models import AuditEvent, ReadLog
from inleer.db import unit_of_work
from inleer.exchange import preview, waiting
from inleer.exchange.models import ImportRun
from inleer.jobs import outbox
from inleer.people.actions import update_candidate
from inleer.people.models import Candidate
from inleer.policy import Role, system_actor
from tests.actors import make_actor
from tests.exchange.editions import EMPLOYERS, LESSONS, PEOPLE, count, every, make_edition, marks, sheet
from tests.web.walk import form_on
from tests.world import browse, token_in

SLUGS = {
    "candidates": "kandidaten",
    "sessions": "rooster",
    "attendance": "presentie",
    "intentions": "intenties",
}


@pytest.fixture
def visitor(app, edition):
    return browse(app, edition.manager)


def upload(visitor, edition, kind, data, name="bestand.csv", **fields):
    address = f"/lichtingen/{edition.cohort}/inlezen/{SLUGS[kind]}"
    token = token_in(visitor.get(address).text)
    form = {"csrf_token": token, "file": (io.BytesIO(data), name), **fields}
    return visitor.post(address, data=form, content_type="multipart/form-data")


def post(visitor, address, page=None, **fields):
    """Send the form that the page has for this address, with other values for some of its fields."""
    return visitor.post(address, data={**form_on(visitor.get(page or address), address), **fields})


def sent(visitor, edition, kind, rows, **fields):
    """Send good rows; the address of the preview."""
    answer = upload(visitor, edition, kind, sheet(kind, rows), **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_from_upload_to_taking_back(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    page = visitor.get(address)
    assert page.status_code == 200
    assert "nog niet opgeslagen" in page.text and "Inês van den Berg" in page.text
    assert count(Candidate) == 0
    assert every(ImportRun)[0].content is not None
    answer = post(visitor, f"{address}/opslaan", address)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    (run,) = every(ImportRun)
    assert (run.state, run.content, count(Candidate)) == ("done", None, 3)
    assert "Inês" not in str(run.counts)  # the list of changes was personal
    page = visitor.get(address)
    assert "opgeslagen" in page.text and "Terugdraaien" in page.text
    assert post(visitor, f"{address}/terugdraaien").status_code == 303
    assert count(Candidate) == 0
    assert "teruggedraaid" in visitor.get(address).text
    assert "bestand.csv" in visitor.get(f"/lichtingen/{edition.cohort}/inlezen").text


@pytest.mark.parametrize(
    ("kind", "rows"),
    [("sessions", LESSONS), ("intentions", EMPLOYERS), ("attendance", marks(("K1", 0, "O")))],
)
def test_every_kind_has_its_pages(visitor, filled, kind, rows):
    form = visitor.get(f"/lichtingen/{filled.cohort}/inlezen/{SLUGS[kind]}")
    assert form.status_code == 200 and "Mag ook heten" in form.text
    address = sent(visitor, filled, kind, rows)
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert every(ImportRun, ImportRun.filename == "bestand.csv", ImportRun.kind == kind)[-1].state == "done"


def test_field_by_field(visitor, filled):
    changed = [("K1", "Inês", "", "Bakker", date(1998, 5, 1), "1011 AB")]
    page = visitor.get(sent(visitor, filled, "candidates", changed)).text
    assert re.search(r"<b>Achternaam</b> Berg wordt Bakker", page)
    assert re.search(r"<b>Postcode</b> 8232 AB wordt 1011 AB", page)
    assert re.search(r"<b>Tussenvoegsel</b> van den wordt leeg", page)


def bad_rows(n):
    return [(f"X{i}", "Fout", "", f"Rij{i:03}", "31-02-1990") for i in range(n)]


def test_problems_are_listed_sorted_filtered_and_downloaded(visitor, edition):
    rows = [("=1+1", "Jan", "", "Jansen", date(1990, 1, 1)), *bad_rows(60)]
    address = sent(visitor, edition, "candidates", rows)
    page = visitor.get(address).text
    assert "61 foute rijen" in page
    assert "31-02-1990 bestaat niet" in page and "Bladzijde 2" in page
    last_first = visitor.get(f"{address}?deel=problemen&sort=rij&dir=desc").text
    assert re.search(r'<th scope="row">.*62.*</th>', last_first)
    only = visitor.get(f"{address}?deel=problemen&kolom=Klantnr").text
    assert "formule" in only or "nummer van letters" in only
    assert "31-02-1990" not in only.split("</form>")[-1]
    found = visitor.get(f"{address}?zoek=rij000").text
    assert found.count("<tr>") <= 2
    answer = visitor.get(f"{address}/problemen.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 122 and lines[0] == "Rij;Kolom;Probleem"


def test_wrong_rows_need_a_tick(visitor, edition):
    address = sent(visitor, edition, "candidates", [*PEOPLE[:2], *bad_rows(1)])
    answer = post(visitor, f"{address}/opslaan", address)
    assert answer.status_code == 422
    assert "vinkje" in answer.text and count(Candidate) == 0
    assert post(visitor, f"{address}/opslaan", address, skip_invalid="y").status_code == 303
    assert count(Candidate) == 2
    page = visitor.get(address).text
    assert "overgeslagen rijen" in page and "31-02-1990 bestaat niet" in page


def test_what_was_typed_in_a_skipped_row_is_told_for_a_week_and_then_only_where(visitor, edition):
    bad = ("X1", "Fout", "", "Rij", "31-02-1990")
    address = sent(visitor, edition, "candidates", [*PEOPLE[:2], bad])
    post(visitor, f"{address}/opslaan", address, skip_invalid="y")
    for days, stays in ((6, True), (8, False), (9, False)):
        with clock.frozen(clock.now() + timedelta(days=days)), unit_of_work():
            preview.forget_old(system_actor("worker"), clock.today())
        assert ("31-02-1990" in str(every(ImportRun)[0].counts)) is stays
    (run,) = every(ImportRun)
    assert run.counts["problem_places"] == [[4, "Geboortedatum"]] and run.counts["notice_places"]
    assert (run.state, run.counts["created"], run.counts["problem_count"]) == ("done", 2, 1)
    page = visitor.get(address).text
    assert "De uitleg is na zeven dagen gewist." in page and "overgeslagen rijen" in page
    lines = visitor.get(f"{address}/problemen.csv").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == ["4;Geboortedatum;De uitleg is na zeven dagen gewist."]
    assert len(every(AuditEvent, AuditEvent.action == "import.sentences_forgotten")) == 1


def test_a_file_that_cannot_be_read_cannot_be_saved(visitor, edition):
    address = upload(visitor, edition, "candidates", b"PK\x03\x04", "kapot.xlsx").headers["Location"]
    page = visitor.get(address).text
    assert "niet te lezen" in page and "/opslaan" not in page
    form = {**form_on(visitor.get(address), f"{address}/weggooien"), "version": every(ImportRun)[0].version}
    answer = visitor.post(f"{address}/opslaan", data={**form, "skip_invalid": "y"})
    assert answer.status_code == 422 and "niet te lezen" in answer.text


def test_no_file_and_an_empty_file_are_said_at_the_field(visitor, edition):
    address = f"/lichtingen/{edition.cohort}/inlezen/kandidaten"
    answer = post(visitor, address)
    assert answer.status_code == 422 and "Kies een bestand" in answer.text
    answer = upload(visitor, edition, "candidates", b"")
    assert answer.status_code == 422 and "leeg" in answer.text
    assert count(ImportRun) == 0


def test_throwing_away_leaves_nothing(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    form = form_on(visitor.get(address), f"{address}/opslaan")  # its second button
    assert visitor.post(f"{address}/weggooien", data=form).status_code == 303
    assert count(ImportRun) == count(Candidate) == 0
    assert visitor.get(address).status_code == 404
    assert count(AuditEvent, AuditEvent.action == "import.cancelled") == 1


def test_saving_twice_saves_once(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    form = form_on(visitor.get(address), f"{address}/opslaan")
    first = visitor.post(f"{address}/opslaan", data=form)
    second = visitor.post(f"{address}/opslaan", data=form)
    assert (first.status_code, second.status_code) == (303, 422)
    assert count(Candidate) == 3
    assert count(AuditEvent, AuditEvent.action == "import.done") == 1


def test_nothing_is_saved_that_was_not_shown(visitor, filled):
    changed = [("K1", "Inês", "van den", "Berg", date(1998, 5, 1), "1011 AB")]
    address = sent(visitor, filled, "candidates", changed)
    with unit_of_work():
        update_candidate(
            filled.manager, every(Candidate, Candidate.first_name == "Inês")[0], {"postcode": "9999 ZZ"}
        )
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    page = visitor.get(address).text
    assert "intussen veranderd" in page and "9999 ZZ wordt 1011 AB" in page
    assert every(Candidate, Candidate.first_name == "Inês")[0].postcode == "9999 ZZ"
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert every(Candidate, Candidate.first_name == "Inês")[0].postcode == "1011 AB"


def test_what_stands_in_the_way_of_taking_back_is_told(visitor, filled):
    address = sent(visitor, filled, "attendance", marks(("K1", 0, "A")))
    post(visitor, f"{address}/opslaan", address)
    (people,) = every(ImportRun, ImportRun.kind == "candidates")
    answer = post(visitor, f"/inlezingen/{people.id}/terugdraaien")
    assert answer.status_code == 422
    assert "aanwezigheid (1)" in answer.text and "Er is niets veranderd" in answer.text


def test_the_same_file_again_is_recognised(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    post(visitor, f"{address}/opslaan", address)
    page = visitor.get(sent(visitor, edition, "candidates", PEOPLE)).text
    assert "al ingelezen" in page and "Er verandert niets" in page


def test_new_candidates_come_into_a_chosen_caseload(visitor, edition):
    coach = make_actor(Role.COACH, edition.agency, "Carla Coach")
    foreign = make_actor(Role.COACH)
    address = f"/lichtingen/{edition.cohort}/inlezen/kandidaten"
    assert "Carla Coach" in visitor.get(address).text
    answer = upload(
        visitor, edition, "candidates", sheet("candidates", PEOPLE), coach_id=str(foreign.user_id)
    )
    assert answer.status_code == 422
    address = sent(visitor, edition, "candidates", PEOPLE, coach_id=str(coach.user_id))
    post(visitor, f"{address}/opslaan", address)
    assert {c.coach_id for c in every(Candidate)} == {coach.user_id}


def test_who_has_no_coach_is_told_and_found(app, visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    post(visitor, f"{address}/opslaan", address)
    assert "3 kandidaten hebben geen werkcoach" in visitor.get(address).text
    coach = make_actor(Role.COACH, edition.agency, "Carla Coach")
    board = f"/lichtingen/{edition.cohort}"
    for person in (visitor, browse(app, coach)):
        page = person.get(f"{board}?toon=zonder-coach").text
        assert "Zonder werkcoach" in page and "Berg" in page and "D&#39;Angelo" in page
    address = sent(visitor, edition, "candidates", PEOPLE, coach_id=str(coach.user_id))
    assert "<b>Werkcoach</b> leeg wordt Carla Coach" in visitor.get(address).text
    post(visitor, f"{address}/opslaan", address)
    assert "geen werkcoach" not in visitor.get(address).text
    assert "Zonder werkcoach" not in visitor.get(board).text


@pytest.mark.parametrize("kind", SLUGS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_example_can_be_read_in(visitor, edition, kind, form):
    answer = visitor.get(f"/lichtingen/{edition.cohort}/inlezen/{SLUGS[kind]}/voorbeeld.{form}")
    assert answer.status_code == 200
    if kind == "attendance":  # it is about the people and lessons of the other examples
        for other in ("candidates", "sessions"):
            example = visitor.get(
                f"/lichtingen/{edition.cohort}/inlezen/{SLUGS[other]}/voorbeeld.{form}"
            ).data
            edition.take_in(other, example, f"v.{form}")
    found = edition.try_out(kind, answer.data, f"voorbeeld.{form}", skip_invalid=True)
    early = [p for p in found.rejected if "nog niet ingestapt" not in p.message]
    assert early == [] and found.created > 0
    assert not [n for n in found.notices if "kennen we niet" in n.message]


def test_file_names_do_no_harm(visitor, edition):
    data = sheet("candidates", PEOPLE)
    for name in (
        "../../etc/passwd.csv",
        "C:\\temp\\lijst.csv",
        "<img src=x onerror=alert(1)>.csv",
        "x" * 300 + ".csv",
    ):
        address = upload(visitor, edition, "candidates", data, name).headers["Location"]
        page = visitor.get(address)
        assert page.status_code == 200 and "<img src=x" not in page.text
    names = {run.filename for run in every(ImportRun)}
    assert not [n for n in names if "/" in n or "\\" in n or len(n) > 200]


def test_opening_a_preview_is_recorded(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    visitor.get(address)
    (read,) = every(ReadLog)
    assert (read.subject_kind, read.subject_ids) == ("import_run", [address.rpartition("/")[2]])


def test_others_see_nothing_of_it(app, edition, visitor):
    address = sent(visitor, edition, "candidates", PEOPLE)
    index = f"/lichtingen/{edition.cohort}/inlezen"
    foreign = browse(app, make_edition(app, "elders-2026").manager)
    coach = browse(app, make_actor(Role.COACH, edition.agency))
    teacher = browse(app, make_actor(Role.TEACHER, edition.school))
    assert [b.get(index).status_code for b in (foreign, coach, teacher)] == [404, 403, 403]
    assert [b.get(address).status_code for b in (foreign, coach, teacher)] == [404, 403, 404]


def large(edition, monkeypatch):
    monkeypatch.setattr(waiting, "INLINE_BYTES", 10)


def test_a_large_file_is_read_and_saved_by_the_worker(visitor, edition, monkeypatch):
    large(edition, monkeypatch)
    address = sent(visitor, edition, "candidates", PEOPLE)
    page = visitor.get(address).text
    assert "Er wordt aan gewerkt" in page and "wordt gelezen en vergeleken, sinds" in page
    assert f'hx-get="{address}/klaar"' in page and visitor.get(f"{address}/klaar").status_code == 204
    assert outbox.drain().sent == 1
    assert visitor.get(f"{address}/klaar").headers["HX-Refresh"] == "true"
    page = visitor.get(address).text
    assert "Er wordt aan gewerkt" not in page and "Inês van den Berg" in page
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert count(Candidate) == 0 and "Er wordt aan gewerkt" in visitor.get(address).text
    assert outbox.drain().sent == 1
    (run,) = every(ImportRun)
    assert (run.state, run.content, run.by_name, count(Candidate)) == ("done", None, "Petra Planner", 3)
    (event,) = every(AuditEvent, AuditEvent.action == "import.done")
    assert (event.user_id, event.origin) == (edition.manager.user_id, "worker")


def test_the_worker_saves_nothing_for_who_lost_the_role(visitor, edition, monkeypatch):
    from inleer import audit
    from inleer.accounts.models import Membership

    large(edition, monkeypatch)
    address = sent(visitor, edition, "candidates", PEOPLE)
    outbox.drain()
    post(visitor, f"{address}/opslaan", address)
    with unit_of_work():
        member = every(Membership, Membership.id == edition.manager.membership_id)[0]
        member.ended_at = clock.now()
        audit.record(system_actor(), "test.made", member)
    assert outbox.drain().sent == 1
    (run,) = every(ImportRun)
    assert (run.state, count(Candidate)) == ("preview", 0)
    assert "heeft deze rol niet meer" in run.counts["message"]


def test_a_file_that_nobody_decides_about_goes_after_a_week(visitor, edition):
    sent(visitor, edition, "candidates", PEOPLE)
    for days, left in ((6, 1), (8, 0)):
        with clock.frozen(clock.now() + timedelta(days=days)), unit_of_work():
            preview.forget_old(system_actor("worker"), clock.today())
        assert count(ImportRun) == left
