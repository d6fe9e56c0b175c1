"""A timetable says per session what it does, and a lesson that moves keeps its marks."""

from __future__ import annotations

from datetime import timedelta

from inleer.attendance.models import Attendance
from inleer.cohorts.models import Session
from inleer.exchange.kinds import KINDS, make_plan
from inleer.exchange.presenting import view_of
from tests.exchange.editions import LESSONS, count, every, marks, sheet
from tests.exchange.test_pages import post, sent, upload
from tests.web.test_query_counts import counted
from tests.world import browse

ROW, WAY, LABEL, FIELDS, REMARK = range(5)


def test_it_says_what_is_new_moved_cancelled_and_left(app, filled):
    with_key = [(f"L{n}", *lesson) for n, lesson in enumerate(LESSONS)]

    def file(rows):
        head = "Les-id;Datum;Begin;Einde;Lescode;Titel;Locatie;Docent;Status"
        lines = [
            ";".join("" if c is None else f"{c:%d-%m-%Y}" if hasattr(c, "year") else c for c in r)
            for r in rows
        ]
        return "\n".join([head, *lines]).encode()

    filled.take_in("sessions", file(with_key))
    filled.take_in("attendance", marks(("K1", 2, "O")))
    key, day, _start, _end, *rest = with_key[2]
    moved = (key, day + timedelta(days=1), "10:00", "15:00", *rest)
    cancelled = (*with_key[3][:-1], "vervallen")
    new = ("L9", day + timedelta(days=200), "09:00", "12:00", "ZD2", "Terugkomdag", None, None, None)
    changed = file([with_key[0], moved, cancelled, new])

    view = view_of(make_plan(filled.load(), KINDS["sessions"], changed, "rooster.csv"))
    said = {row[LABEL].split(",")[0] + row[WAY]: row[REMARK] for row in view["changes"]}
    assert view["ways"] == {"unchanged": 1, "moved": 1, "cancelled": 1, "created": 1}
    assert said["Zorg en Dienstverleningmoved"] == (
        "Van ma 21 sep 09:00–15:00 naar di 22 sep 10:00–15:00. De registratie van 1 persoon blijft staan."
    )
    assert said["Terugkomdagcreated"] == ""

    visitor = browse(app, filled.manager)
    address = sent_file(visitor, filled, changed)
    page = visitor.get(f"{address}?deel=veranderingen").text
    assert "verplaatst" in page and "vervalt" in page and "Van ma 21 sep" in page
    assert post(visitor, f"{address}/opslaan", address).status_code == 303
    lesson = every(Session, Session.external_uid == "L2")[0]
    (mark,) = every(Attendance)
    assert (mark.session_id, mark.missed, f"{lesson.on}") == (lesson.id, 300, "2026-09-22")
    assert "verplaatst" in visitor.get(address).text


def sent_file(visitor, edition, data):
    answer = upload(visitor, edition, "sessions", data, "rooster.csv")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_what_is_planned_and_not_in_the_file_is_listed(filled):
    later = (LESSONS[0][0] + timedelta(days=200), "09:00", "12:00", "ZD2", "Later", None, None, None)
    filled.take_in("sessions", [later])
    other = (LESSONS[0][0] + timedelta(days=201), "09:00", "12:00", "ZD2", "Anders", None, None, None)
    view = view_of(make_plan(filled.load(), KINDS["sessions"], sheet("sessions", [other]), "r.csv"))
    assert view["untouched_count"] == 1 and view["untouched"][0].startswith("Later, ")


def test_a_page_of_rows_takes_the_same_statements_whatever_their_number(app, edition):
    visitor = browse(app, edition.manager)
    found = []
    for n in (2, 18):
        bad = [(f"X{n}{i}", "Fout", "", "Rij", "31-02-1990") for i in range(n)]
        address = sent(visitor, edition, "candidates", bad)
        visitor.get(f"{address}/rijen")
        with counted() as statements:
            assert visitor.get(f"{address}/rijen").text.count("31-02-1990 bestaat niet") == n
        found.append(len(statements))
    assert found[0] == found[1]
    assert count(Session) == 0
