"""A file that waits is mended: its columns pointed out by hand, its rows mended one by one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from inleer import clock
from inleer.audit.models import AuditEvent
from inleer.cohorts.actions import add_partner, end_partner
from inleer.cohorts.models import Partner
from inleer.db import unit_of_work
from inleer.errors import DomainError
from inleer.exchange import mapping, mending, preview, waiting
from inleer.exchange.kinds import KINDS
from inleer.exchange.models import ImportMapping, ImportRow, ImportRun
from inleer.exchange.queries_waiting import held_files, senders_of
from inleer.exchange.senders import default_sender
from inleer.exchange.waiting import options_of
from inleer.jobs import outbox
from inleer.people.models import Candidate, Identifier
from inleer.policy import Role, system_actor
from tests.actors import make_actor, make_organisation
from tests.exchange.editions import PEOPLE, START, count, every, make_edition, sheet
from tests.exchange.test_pages import post, sent, upload
from tests.web.walk import Forms, form_on
from tests.world import browse

LELYSTAD = Path(__file__).parents[1] / "data" / "lelystad-2020"
BAD = [("K8", "Jan", "", "Fout", "31-02-1990", "82 32A"), ("K9", "Eva", "", "Goed", date(1991, 1, 1))]
STRANGE = (
    "Registratie;Voornaam;Achternaam;Geb.datum;Hobby\n"
    "R1;Inês;Berg;01-05-1998;dansen\n"
    "R2;Said;D'Angelo;03-02-2009;\n"
)


@pytest.fixture
def visitor(app, edition):
    return browse(app, edition.manager)


def row_form(visitor, address, number, query="", what="rijen"):
    """The fields of a form of one row, as the browser would send them."""
    page = visitor.get(f"{address}/rijen{query}")
    assert page.status_code == 200
    return form_in(page.text, number, f"{address}/{what}")


def form_in(page, number, path):
    start = page.index(f'id="rij-{number}"')
    forms = Forms(page[start : page.find("</li>", start)]).found
    return next(fields for _method, action, fields in forms if urlsplit(action).path == path)


def mend(visitor, address, number, query="", **cells):
    form = row_form(visitor, address, number, query)
    assert set(cells) <= set(form), form
    return visitor.post(f"{address}/rijen{query}", data={**form, **cells})


def run_of(address) -> ImportRun:
    run: ImportRun = every(ImportRun, ImportRun.id == UUID(address.rpartition("/")[2]))[0]
    return run


# ---- rows ----


def test_a_bad_row_is_mended_in_place_and_checked_at_once(visitor, edition):
    address = sent(visitor, edition, "candidates", [*PEOPLE, *BAD])
    page = visitor.get(f"{address}/rijen").text
    assert "Nog 1 rij met een probleem" in page and "31-02-1990 bestaat niet" in page and 'id="rij-5"' in page
    assert 'id="rij-6"' not in page and 'id="rij-6"' in visitor.get(f"{address}/rijen?toon=alle").text
    assert page.index('id="rij-5-cel-4"') and 'name="cell-0"' not in page  # only what is wrong is a box

    answer = mend(visitor, address, 5, **{"cell-4": "28-02-1990", "cell-5": "8232 A"})
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).text
    assert "Rij 5 is bewaard, maar er klopt nog iets niet" in page
    assert 'value="28-02-1990"' in page and "In het bestand: 31-02-1990" in page
    assert "1 foute rij" in visitor.get(address).text

    answer = mend(visitor, address, 5, **{"cell-5": "8232 AB"})
    assert "Alle rijen zijn goed" in visitor.get(answer.headers["Location"]).text
    assert "31-02-1990" in visitor.get(f"{address}/rijen?toon=hersteld").text
    assert "<b>Rij 5</b> Geboortedatum, Postcode<small>Petra Planner" in visitor.get(address).text
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    mended = every(Candidate, Candidate.last_name == "Fout")[0]
    assert (mended.birth_date, mended.postcode, count(Candidate)) == (date(1990, 2, 28), "8232 AB", 5)
    run = run_of(address)
    assert run.counts["rejected"] == 0 and run.grid is None and count(ImportRow) == 0
    assert "28-02-1990" not in str(run.counts) and "Met de hand hersteld" in visitor.get(address).text


def test_the_audit_names_rows_and_fields_and_no_values(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    mend(visitor, address, 2, **{"cell-4": "28-02-1990", "cell-5": "8232 AB"})
    (event,) = every(AuditEvent, AuditEvent.action == "import.row_mended")
    assert event.details == {"row": 2, "fields": ["birth_date", "postcode"]}
    assert event.user_id == edition.manager.user_id
    assert "8232" not in str([e.details for e in every(AuditEvent)])


def test_a_row_that_was_refused_as_double_is_free_when_the_other_is_left_out(visitor, edition):
    rows = [PEOPLE[0], (PEOPLE[0][0], "Ander", "", "Mens", date(1980, 1, 1))]
    address = sent(visitor, edition, "candidates", rows)
    assert "Dit staat al op rij 2." in visitor.get(f"{address}/rijen").text
    form = row_form(visitor, address, 2, "?toon=alle", "rijen/weglaten")
    answer = visitor.post(f"{address}/rijen/weglaten", data=form)
    assert answer.status_code == 303
    assert "Alle rijen zijn goed" in visitor.get(f"{address}/rijen").text
    assert "weggelaten" in visitor.get(address).text

    form = row_form(visitor, address, 2, "?toon=weggelaten", "rijen/meenemen")
    assert visitor.post(f"{address}/rijen/meenemen", data=form).status_code == 303
    assert "Dit staat al op rij 2." in visitor.get(f"{address}/rijen").text

    answer = mend(visitor, address, 3, **{"cell-0": "K77"})
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert {i.number for i in every(Identifier)} == {"K1", "K77"}


def test_any_cell_of_any_row_can_be_changed(visitor, edition):
    address = sent(visitor, edition, "candidates", PEOPLE)
    mend(visitor, address, 2, "?toon=alle&rij=2", **{"cell-3": "Bakker", "cell-5": ""})
    post(visitor, f"{address}/opslaan", address)
    first = every(Candidate, Candidate.first_name == "Inês")[0]
    assert (first.last_name, first.postcode) == ("Bakker", None)


def test_typing_back_what_the_file_says_is_no_mend(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    mend(visitor, address, 2, **{"cell-4": "28-02-1990"})
    mend(visitor, address, 2, **{"cell-4": "31-02-1990"})
    (row,) = every(ImportRow)
    assert row.cells == {} and "31-02-1990 bestaat niet" in visitor.get(f"{address}/rijen").text


def test_what_a_colleague_mended_meanwhile_is_shown_and_not_overwritten(app, visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    mine = row_form(visitor, address, 2)
    colleague = browse(app, make_actor(Role.PROGRAMME_MANAGER, edition.agency, "Piet Collega"))
    assert mend(colleague, address, 2, **{"cell-4": "27-02-1990"}).status_code == 303

    answer = visitor.post(f"{address}/rijen", data={**mine, "cell-4": "28-02-1990", "cell-5": "8232 AB"})
    assert answer.status_code == 409
    assert "Piet Collega veranderde deze rij intussen" in answer.text
    assert 'value="28-02-1990"' in answer.text and "Piet Collega zette hier: 27-02-1990" in answer.text
    assert every(ImportRow)[0].cells == {"4": "27-02-1990"}

    again = {
        **mine,
        "version": form_in(answer.text, 2, f"{address}/rijen")["version"],
        "cell-4": "28-02-1990",
        "cell-5": "8232 AB",
    }
    assert visitor.post(f"{address}/rijen", data=again).status_code == 303
    assert every(ImportRow)[0].cells == {"4": "28-02-1990", "5": "8232 AB"}


def test_nobody_saves_what_a_colleague_mended_unseen(app, visitor, edition):
    address = sent(visitor, edition, "candidates", [*PEOPLE, *BAD])
    form = form_on(visitor.get(address), f"{address}/opslaan")
    colleague = browse(app, make_actor(Role.PROGRAMME_MANAGER, edition.agency))
    mend(colleague, address, 5, **{"cell-4": "28-02-1990", "cell-5": "8232 AB"})
    answer = visitor.post(f"{address}/opslaan", data={**form, "skip_invalid": "y"})
    assert answer.status_code == 422 and "intussen door iemand veranderd" in answer.text
    assert count(Candidate) == 0
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert count(Candidate) == 5


def test_what_is_refused_keeps_what_was_typed(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    form = row_form(visitor, address, 2)
    answer = visitor.post(f"{address}/rijen", data={**form, "cell-4": "28-02-1990\u202e", "cell-5": "x" * 40})
    assert answer.status_code == 422 and "leesrichting" in answer.text and "x" * 40 in answer.text
    long = visitor.post(f"{address}/rijen", data={**form, "cell-4": "1" * 3000})
    assert long.status_code == 422 and "1" * 3000 in long.text
    assert count(ImportRow) == 0
    for wrong in ({"row": "999"}, {"cell-99": "x"}, {"row": ""}, {"version": "nul"}):
        assert visitor.post(f"{address}/rijen", data={**form, **wrong}).status_code == 422, wrong
    assert visitor.post(f"{address}/rijen", data={**form, "by_name": "x"}).status_code == 422
    assert count(ImportRow) == 0


def test_nothing_is_mended_once_it_is_saved(visitor, edition):
    address = sent(visitor, edition, "candidates", [*PEOPLE, *BAD])
    form = row_form(visitor, address, 5)
    post(visitor, f"{address}/opslaan", address, skip_invalid="y")
    assert visitor.post(f"{address}/rijen", data=form).status_code == 422
    assert "al opgeslagen" in visitor.get(f"{address}/rijen").text
    assert "geen kolommen om aan te wijzen" in visitor.get(f"{address}/kolommen").text


def test_what_was_typed_goes_with_the_file(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    mend(visitor, address, 2, **{"cell-4": "28-02-1990"})
    with clock.frozen(clock.now() + timedelta(days=8)), unit_of_work():
        preview.forget_old(system_actor("worker"), clock.today())
    assert count(ImportRow) == count(ImportRun) == 0
    address = sent(visitor, edition, "candidates", BAD)
    mend(visitor, address, 2, **{"cell-4": "28-02-1990"})
    form = form_on(visitor.get(address), f"{address}/opslaan")
    assert visitor.post(f"{address}/weggooien", data=form).status_code == 303
    assert count(ImportRow) == count(ImportRun) == 0


def test_cells_beyond_the_header_can_be_emptied(visitor, edition):
    data = sheet("candidates", PEOPLE[:1]) + b"K5;Bo;;Los;01-01-1990;;;;teveel\n"
    address = upload(visitor, edition, "candidates", data).headers["Location"]
    assert "meer cellen dan er kolomnamen zijn" in visitor.get(f"{address}/rijen").text
    mend(visitor, address, 3, **{"cell-8": ""})
    assert "Alle rijen zijn goed" in visitor.get(f"{address}/rijen").text


def test_every_bad_row_of_lelystad_is_mended(visitor, edition):
    data = (LELYSTAD / "kandidaten.xlsx").read_bytes()
    with clock.frozen(clock.now()):
        address = upload(visitor, edition, "candidates", data, "kandidaten.xlsx").headers["Location"]
    assert address.endswith("/kolommen")  # Opmerking is a column that nobody knows
    address = address.removesuffix("/kolommen")
    assert post(visitor, f"{address}/kolommen").status_code == 303
    before = run_of(address).counts
    assert (before["created"], before["rejected"]) == (20, 4)
    visitor.post(f"{address}/rijen/weglaten", data=row_form(visitor, address, 13, what="rijen/weglaten"))
    mend(visitor, address, 25, **{_cell(address, "Geb.datum"): "28-02-1990"})
    mend(visitor, address, 26, **{_cell(address, "Klantnr"): "L-9926"})
    mend(visitor, address, 27, **{_cell(address, "Postcode"): "8232 AB", _cell(address, "Taalniveau"): "B1"})
    now = run_of(address).counts
    assert (now["created"], now["rejected"], now["problem_count"]) == (23, 0, 0)
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    assert count(Candidate) == 23


def _cell(address, name):
    (place,) = [c.place for c in mending.seen(run_of(address)).columns if c.name == name]
    return f"cell-{place}"


def test_an_agenda_has_rows_to_leave_out_and_no_cells(visitor, edition):
    data = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//\n"
        "BEGIN:VEVENT\nUID:1\nDTSTART:20261109T080000Z\nDTEND:20261109T120000Z\nSUMMARY:Les\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2\nDTSTART:20261110T080000Z\nDTEND:20261110T070000Z\nSUMMARY:Fout\nEND:VEVENT\n"
        "END:VCALENDAR\n"
    ).replace("\n", "\r\n")
    address = upload(visitor, edition, "sessions", data.encode(), "rooster.ics").headers["Location"]
    page = visitor.get(f"{address}/rijen").text
    assert (
        "Het einde ligt niet na het begin" in page and "niet te wijzigen" in page and "Alle rijen" not in page
    )
    visitor.post(f"{address}/rijen/weglaten", data=row_form(visitor, address, 2, what="rijen/weglaten"))
    counts = run_of(address).counts
    assert (counts["created"], counts["rejected"], [entry[0] for entry in counts["left_out"]]) == (1, 0, [2])


# ---- columns ----


def test_columns_that_nobody_knows_are_pointed_out_and_remembered(visitor, edition):
    answer = upload(visitor, edition, "candidates", STRANGE.encode())
    address = answer.headers["Location"].removesuffix("/kolommen")
    page = visitor.get(f"{address}/kolommen").text
    assert "Nodig en niet gevonden: Klantnummer" in page and "R1, R2" in page and "dansen" in page
    assert "Kolommen aanwijzen" in visitor.get(address).text

    answer = post(visitor, f"{address}/kolommen")
    assert answer.status_code == 422 and "Wijs aan welke kolom dit is: Klantnummer" in answer.text
    answer = post(
        visitor, f"{address}/kolommen", **{"column-0": "client_number", "column-4": "client_number"}
    )
    assert answer.status_code == 422 and "al gekozen bij kolom Registratie" in answer.text
    assert count(ImportMapping) == 0
    assert post(visitor, f"{address}/kolommen", **{"column-0": "client_number"}).status_code == 303
    assert "Kolommen aanwijzen" not in visitor.get(address).text and run_of(address).counts["created"] == 2
    (remembered,) = every(ImportMapping)
    assert remembered.headers == {"registratie": "client_number", "hobby": ""}
    assert (remembered.sender_id, remembered.kind) == (edition.agency, "candidates")
    assert "dansen" not in str(remembered.headers)

    second = upload(visitor, edition, "candidates", STRANGE.encode(), "tweede.csv").headers["Location"]
    assert not second.endswith("/kolommen") and run_of(second).counts["created"] == 2
    assert "aangewezen" in visitor.get(f"{second}/kolommen").text  # the step can be opened all the same
    assert edition.try_out("candidates", STRANGE.encode()).created == 2  # and so does the command line


def test_another_sender_is_asked_again_and_what_is_remembered_can_be_forgotten(visitor, edition):
    first = upload(visitor, edition, "candidates", STRANGE.encode()).headers["Location"]
    post(visitor, first, **{"column-0": "client_number"})
    other = upload(visitor, edition, "candidates", STRANGE.encode(), sender_id=str(edition.school))
    assert other.headers["Location"].endswith("/kolommen")
    index = f"/lichtingen/{edition.cohort}/inlezen"
    page = visitor.get(index)
    assert "Onthouden kolommen" in page.text and "“registratie” is Klantnummer" in page.text
    (remembered,) = every(ImportMapping)
    forget = f"/kolomindelingen/{remembered.id}/vergeten"
    assert (
        visitor.post(f"{forget}?lichting={edition.cohort}", data=form_on(page, forget)).headers["Location"]
        == index
    )
    assert count(ImportMapping) == 0
    assert upload(visitor, edition, "candidates", STRANGE.encode()).headers["Location"].endswith("/kolommen")
    assert edition.try_out("candidates", STRANGE.encode()).refused


def test_a_column_of_bsns_is_never_pointed_out(visitor, edition):
    data = STRANGE.replace("Hobby", "BSN").replace("dansen", "123456782").encode()
    address = upload(visitor, edition, "candidates", data).headers["Location"]
    page = visitor.get(address).text
    assert "123456782" not in page and 'name="column-4"' not in page
    form = {**form_on(visitor.get(address), address), "column-0": "client_number", "column-4": "email"}
    assert visitor.post(address, data=form).status_code == 422
    look = mending.seen(run_of(address.removesuffix("/kolommen")))
    with pytest.raises(DomainError, match="BSN wordt nooit"):
        mapping.check_choices(KINDS["candidates"], look, {0: "client_number", 4: "email"})


def test_others_can_do_nothing_with_it(app, visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    form = row_form(visitor, address, 2)
    first = upload(visitor, edition, "candidates", STRANGE.encode()).headers["Location"]
    post(visitor, first, **{"column-0": "client_number"})
    (remembered,) = every(ImportMapping)
    foreign = browse(app, make_edition(app, "elders-2026").manager)
    coach = browse(app, make_actor(Role.COACH, edition.agency))
    for who, code in ((foreign, 404), (coach, 403)):
        token = form_on(who.get("/account/naam"), "/account/naam")["csrf_token"]
        for path in ("rijen", "kolommen"):
            assert who.get(f"{address}/{path}").status_code == code
        for path in ("rijen", "rijen/weglaten", "rijen/meenemen", "nakijken"):
            data = {**form, "csrf_token": token}
            assert who.post(f"{address}/{path}", data=data).status_code == code
        gone = who.post(f"/kolomindelingen/{remembered.id}/vergeten", data={"csrf_token": token})
        assert gone.status_code == code
    assert count(ImportRow) == 0 and count(ImportMapping) == 1


# ---- many rows ----


def test_more_than_300_rows_are_saved_by_the_worker_with_progress(visitor, edition):
    rows = [(f"N{n}", "Voor", "", "Achternaam", date(1990, 1, 1)) for n in range(301)]
    address = sent(visitor, edition, "candidates", rows)
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    page = visitor.get(address).text
    assert count(Candidate) == 0 and "In de wachtrij" in page and "301 rijen" in page and "<progress" in page
    assert "er wordt aan gewerkt" in visitor.get(f"/lichtingen/{edition.cohort}/inlezen").text
    assert outbox.drain().sent == 1
    assert count(Candidate) == 301 and "opgeslagen" in visitor.get(address).text


def test_a_large_file_is_mended_row_by_row_and_checked_whole_before_it_is_saved(
    visitor, edition, monkeypatch
):
    monkeypatch.setattr(waiting, "INLINE_BYTES", 10)
    address = sent(visitor, edition, "candidates", [*PEOPLE, *BAD])
    outbox.drain()
    page = visitor.get(f"{address}/rijen").text
    assert "Alle rijen</a>" not in page and 'id="rij-5"' in page
    mend(visitor, address, 5, **{"cell-4": "30-02-1990"})
    assert "30-02-1990 bestaat niet" in visitor.get(f"{address}/rijen").text
    mend(visitor, address, 5, "?rij=5", **{"cell-0": "K1", "cell-4": "28-02-1990", "cell-5": "8232 AB"})
    assert "Alle rijen zijn goed" in visitor.get(f"{address}/rijen").text  # by itself: nothing compared it
    answer = post(visitor, f"{address}/opslaan", address)
    assert answer.status_code == 422 and "opnieuw nakijken" in answer.text
    assert post(visitor, f"{address}/nakijken", address).status_code == 303
    outbox.drain()
    assert "Dit staat al op rij 2." in visitor.get(f"{address}/rijen").text
    mend(visitor, address, 5, **{"cell-0": "K8"})
    post(visitor, f"{address}/nakijken", address)
    outbox.drain()
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    outbox.drain()
    assert count(Candidate) == 5 and count(ImportRow) == 0


def test_columns_of_a_large_file_are_said_and_the_worker_reads_it_again(visitor, edition, monkeypatch):
    monkeypatch.setattr(waiting, "INLINE_BYTES", 10)
    address = upload(visitor, edition, "candidates", STRANGE.encode()).headers["Location"]
    outbox.drain()
    with monkeypatch.context() as nobody:
        nobody.setattr(waiting, "make_plan", None)  # the page plans nothing
        answer = post(visitor, f"{address}/kolommen", **{"column-0": "client_number"})
    assert answer.status_code == 303
    assert "Er wordt aan gewerkt" in visitor.get(address).text
    assert run_of(address).counts["waiting"] == "plan"
    assert outbox.drain().sent == 1
    counts = run_of(address).counts
    assert "waiting" not in counts and counts["created"] == 2


def test_while_the_worker_has_it_nothing_is_mended(visitor, edition, monkeypatch):
    address = sent(visitor, edition, "candidates", BAD)
    form = row_form(visitor, address, 2)
    monkeypatch.setattr(waiting, "INLINE_BYTES", 10)
    with unit_of_work():
        preview.check_again(edition.manager, run_of(address))
    answer = visitor.post(f"{address}/rijen", data=form)
    assert answer.status_code == 422 and count(ImportRow) == 0
    assert "Er wordt aan dit bestand gewerkt" in visitor.get(f"{address}/rijen").text


def test_open_work_is_listed_at_the_edition_and_at_the_start(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    index = visitor.get(f"/lichtingen/{edition.cohort}/inlezen").text
    assert "Nog niet afgemaakt" in index and "1 foute rij" in index and address in index
    start = visitor.get("/lichtingen").text
    assert "bestand.csv" in start and address in start and "1 foute rij" in start
    (held,) = held_files(edition.manager)
    assert (held.waiting, held.rejected, held.readable) == (None, 1, True)
    other = sent(visitor, edition, "candidates", PEOPLE)
    assert "klaar om op te slaan" in visitor.get("/lichtingen").text
    post(visitor, f"{other}/opslaan", other)
    assert run_of(other).mapping is None
    upload(visitor, edition, "candidates", b"\x00\x01", "kapot.xlsx")
    assert {file.filename: file.readable for file in held_files(edition.manager)} == {
        "bestand.csv": True,
        "kapot.xlsx": False,
    }


def test_who_is_the_school_again_is_the_usual_sender(edition):
    other = make_organisation("school", managed_by=edition.agency).id
    for day, successor in ((20, other), (40, edition.school)):
        with unit_of_work():
            cohort = edition.load()
            (now,) = every(Partner, Partner.kind == "school", Partner.ended_on.is_(None))
            end_partner(edition.manager, now, START + timedelta(days=day))
            add_partner(edition.manager, cohort, successor, "school", START + timedelta(days=day + 1))
    found = [one for one, _name in senders_of(edition.load(), ("school", "work_agency"))]
    assert found == [edition.school, other, edition.agency]
    assert default_sender(edition.load(), KINDS["attendance"]) == edition.school


def test_open_work_names_its_sender(visitor, edition):
    address = sent(visitor, edition, "candidates", BAD)
    assert options_of(run_of(address)).sender_id == edition.agency
