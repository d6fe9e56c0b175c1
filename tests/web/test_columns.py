"""The columns of the lists of people: chosen with the login or in the URL, without scripts, followed by the export."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from inleer.accounts.models import ColumnChoice
from inleer.audit import AuditEvent
from inleer.db import db
from inleer.policy import Role
from tests.kit import assert_sound
from tests.web.walk import Forms
from tests.world import World, browse, build

LIST = "/kandidaten"


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=3)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def headings(page: str) -> list[str]:
    """The words of the heading of the list."""
    head = re.search(r"<thead>(.*?)</thead>", page, re.DOTALL)
    assert head is not None
    cells = re.findall(r"<th [^>]*>(.*?)</th>", head.group(1), re.DOTALL)
    return [
        re.sub(r"<(small|span|svg).*?</\1>|<[^>]+>|\s+", " ", one, flags=re.DOTALL).strip() for one in cells
    ]


def labels(page: str) -> set[str]:
    """What the cells of the first row are called on a phone."""
    row = re.search(r"<tbody>.*?</tr>", page, re.DOTALL)
    assert row is not None
    return set(re.findall(r'data-label="([^"]+)"', row.group()))


def cells(client: FlaskClient, path: str) -> list[list[str]]:
    """The file of this view."""
    sign = "&" if "?" in path else "?"
    answer = client.get(f"{path}{sign}format=csv")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def group(world: World) -> str:
    return f"/lichtingen/{world.own.cohort}"


def test_without_a_choice_the_usual_columns(coach: FlaskClient, world: World) -> None:
    page = coach.get(LIST).text
    assert_sound(page)
    assert headings(page) == ["Naam", "Signaal", "Lichting en fase", "Aanwezig", "Ongeoorloofd", "Contact"]
    assert len(cells(coach, LIST)[0]) == 11  # all of them but the work coach
    board = coach.get(group(world)).text
    assert_sound(board)
    assert headings(board)[:2] == ["Naam", "Per week"]
    assert len(cells(coach, group(world))[0]) == 9


def test_the_url_chooses_and_the_file_follows(coach: FlaskClient, world: World) -> None:
    chosen = f"{LIST}?kolom=contact&kolom=coach&sort=naam"
    page = coach.get(chosen).text
    assert_sound(page)
    assert headings(page) == ["Naam", "Contact", "Werkcoach"]
    assert labels(page) == {"Contact", "Werkcoach"}
    found = cells(coach, chosen)
    assert found[0] == ["Naam", "Laatste contact", "Werkcoach"]
    assert {row[2] for row in found[1:]} == {"coach KANARIEA"}
    assert len(found) == 3  # the coach has two of the three

    chosen = f"{group(world)}?kolom=aanwezig&kolom=week"
    page = coach.get(chosen).text
    assert_sound(page)
    assert headings(page) == ["Naam", "Per week", "Aanwezig"]
    assert cells(coach, chosen)[0] == [
        "Naam",
        "Per week",
        "Aanwezig in %",
        "Aanwezige uren",
        "Uren met oordeel",
    ]


def test_filters_sorting_and_the_choice_keep_each_other(coach: FlaskClient, world: World) -> None:
    page = coach.get(f"{LIST}?kolom=contact&zoek=chter&sort=naam&page=1").text
    get = [fields for method, _action, fields in Forms(page).found if method == "get"]
    searching = next(f for f in get if "zoek" in f and "lichting" in f)
    assert searching["kolom"] == "contact" and searching["sort"] == "naam"
    choosing = next(f for method, _action, f in Forms(page).found if "terug" in f)
    assert (
        html.unescape(choosing["terug"]) == f"{LIST}?zoek=chter&sort=naam" and choosing["kolom"] == "contact"
    )
    links = re.findall(r'href="(\?[^"]*|/kandidaten\?[^"]*)"', page)
    kept = [one for one in links if "sort=" in one]
    assert (
        kept and sum("kolom=contact" in one for one in kept) == len(kept) - 1
    )  # all but the way to one's own columns
    assert [one for one in links if "format=csv" in one and "kolom=contact" in one]


@pytest.mark.parametrize("query", ["kolom=verzonnen", "kolom=", "kolom=%00&kolom=naam", "kolom=Signaal"])
def test_what_does_not_exist_is_not_chosen(coach: FlaskClient, world: World, query: str) -> None:
    assert headings(coach.get(f"{LIST}?{query}").text) == headings(coach.get(LIST).text)
    assert cells(coach, f"{LIST}?{query}")[0] == cells(coach, LIST)[0]


def test_nobody_chooses_what_the_role_does_not_see(app: Flask, world: World) -> None:
    manager = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    page = manager.get(f"{group(world)}?kolom=signaal&kolom=contact&kolom=coach").text
    assert_sound(page)
    assert headings(page) == ["Naam", "Werkcoach"]
    assert 'value="signaal"' not in page and 'value="contact"' not in page
    assert cells(manager, f"{group(world)}?kolom=signaal&kolom=coach")[0] == ["Naam", "Werkcoach"]


def choose(client: FlaskClient, path: str, *wanted: str, **other: str) -> TestResponse:
    """Send the form about the columns of a list, with these of them ticked."""
    found = Forms(client.get(path).text).found
    action, fields = next((action, f) for _method, action, f in found if "terug" in f)
    fields.pop("gewoon", None)
    return client.post(action, data={**fields, "kolom": list(wanted), **other})


def test_a_choice_is_remembered_on_every_device(app: Flask, coach: FlaskClient, world: World) -> None:
    answer = choose(coach, f"{LIST}?zoek=chter&kolom=fase&page=2", "coach", "contact")
    assert (answer.status_code, answer.location) == (303, f"{LIST}?zoek=chter")
    elsewhere = browse(app, world.own.actors[Role.COACH])
    for client in (coach, elsewhere):
        page = client.get(LIST).text
        assert_sound(page)
        assert headings(page) == ["Naam", "Contact", "Werkcoach"]
    assert cells(coach, LIST)[0] == ["Naam", "Laatste contact", "Werkcoach"]
    # Another list and another person have their own.
    assert len(headings(coach.get(group(world)).text)) == 7
    other = browse(app, world.foreign.actors[Role.COACH])
    assert len(headings(other.get(LIST).text)) == 6
    told = db.session.execute(select(AuditEvent).where(AuditEvent.action == "columns.chosen")).scalar_one()
    assert told.details == {"list": "kandidaten", "columns": ["contact", "coach"]}


def test_the_address_goes_before_what_is_remembered(coach: FlaskClient) -> None:
    choose(coach, LIST, "coach")
    page = html.unescape(coach.get(f"{LIST}?kolom=signaal&sort=naam").text)
    assert headings(page) == ["Naam", "Signaal"]
    assert "Deze kolommen komen uit het adres" in page and f'href="{LIST}?sort=naam">Naar de eigen' in page
    assert headings(coach.get(LIST).text) == ["Naam", "Werkcoach"], "a look changes nothing"


def test_the_way_back_to_the_usual_columns(coach: FlaskClient) -> None:
    usual = headings(coach.get(LIST).text)
    assert 'name="gewoon"' not in coach.get(LIST).text
    choose(coach, LIST, "coach")
    assert 'name="gewoon"' in coach.get(LIST).text
    assert choose(coach, LIST, gewoon="ja").status_code == 303
    assert headings(coach.get(LIST).text) == usual
    assert db.session.execute(select(ColumnChoice)).all() == []


@pytest.mark.parametrize("wanted", [(), ("verzonnen",), ("coach", "verzonnen"), ("week",), ("a/b;c",)])
def test_what_cannot_be_chosen_is_refused(coach: FlaskClient, wanted: tuple[str, ...]) -> None:
    assert choose(coach, LIST, *wanted).status_code == 422
    assert db.session.execute(select(ColumnChoice)).all() == []


@pytest.mark.parametrize("back", ["https://elders.example/", "//elders.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(coach: FlaskClient, back: str) -> None:
    assert choose(coach, LIST, "coach", terug=back).location == "/"


def test_a_role_that_sees_fewer_columns_keeps_to_those(app: Flask, world: World) -> None:
    manager = browse(app, world.own.actors[Role.PROGRAMME_MANAGER])
    assert choose(manager, group(world), "coach", "signaal", "contact").status_code == 303
    assert headings(manager.get(group(world)).text) == ["Naam", "Werkcoach"]
    assert choose(manager, group(world), "signaal").status_code == 303
    assert headings(manager.get(group(world)).text)[1:] == [
        "Per week",
        "Aanwezig",
        "Ongeoorloofd",
        "Werkcoach",
    ]


def test_choosing_again_replaces_the_choice(app: Flask, coach: FlaskClient) -> None:
    for one in ("coach", "contact"):
        assert choose(coach, LIST, one).status_code == 303
    (row,) = db.session.execute(select(ColumnChoice.list, ColumnChoice.columns)).all()
    assert tuple(row) == ("kandidaten", "contact")


def test_the_file_of_editions_has_the_columns_of_the_screen(app: Flask, coach: FlaskClient) -> None:
    page = coach.get("/lichtingen").text
    assert "Open signalen" in page
    assert "Open signalen" in cells(coach, "/lichtingen")[0]


def test_without_a_choice_the_file_is_as_the_screen_too(coach: FlaskClient, world: World) -> None:
    assert "Werkcoach" not in headings(coach.get(LIST).text)
    found = cells(coach, LIST)
    assert "Werkcoach" not in found[0] and all(", " in row[0] for row in found[1:])  # names as on the screen
    group_file = cells(coach, group(world))
    assert "Per week" in group_file[0] and "Stand" not in group_file[0]
