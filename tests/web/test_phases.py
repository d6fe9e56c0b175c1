"""The pages on which phases are completed: one person, a group with a preview, and the way back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from inleer import audit, clock
from inleer.cohorts.completion import complete
from inleer.cohorts.models import CohortPhase, PhaseCompletion
from inleer.db import db, unit_of_work
from inleer.policy import Role
from tests import phases
from tests.kit import assert_sound
from tests.phases import RULE, WEEKS, audited, bind_rule, completions, phase_row, use_rule
from tests.web.test_query_counts import counted, statements
from tests.world import World, browse, build, token_in

SIZES = (5, 20, 60)


@pytest.fixture
def world(app: Flask) -> World:
    return build(app, people=4, weeks=WEEKS)


@pytest.fixture
def coach(app: Flask, world: World) -> FlaskClient:
    return browse(app, world.own.actors[Role.COACH])


def tab(world: World, number: int = 0) -> str:
    return f"/kandidaten/{world.own.candidates[number]}/fasen"


def one_person(world: World, number: int = 0, key: str = phases.PHASE) -> str:
    return f"/deelnames/{world.own.enrolments[number]}/fasen/{phase_row(world.own.cohort, key).id}"


def group(world: World, key: str = phases.PHASE) -> str:
    return f"/lichtingen/{world.own.cohort}/afronden/{phase_row(world.own.cohort, key).id}"


def fields(page: str, **values: object) -> dict[str, object]:
    return {"csrf_token": token_in(page), "on": clock.today().isoformat(), "reason": "", **values}


def undo_in(page: str) -> tuple[str, dict[str, str]]:
    """The first way back that a message offers: its address and hidden fields."""
    form = re.search(r'<div class="undo">.*?action="([^"]+)"(.*?)</form>', page, re.DOTALL)
    assert form is not None, "no way back on this page"
    return form.group(1), dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(2)))


# --- one person -----------------------------------------------------------------------------------


def test_the_tab_says_what_the_rules_say_and_what_was_completed(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    use_rule(app, phases.fulfilled_for())
    page = coach.get(tab(world)).text
    assert_sound(page)
    assert "niet voldaan" in page and "12 van 80 uur." in page
    assert "afgerond op" in page and "Reden KANARIEA" in page  # the intake, completed in the world
    assert "nog niet begonnen" in page
    assert one_person(world) in page
    assert one_person(world, key="intake") not in page


def test_a_phase_whose_rules_are_fulfilled_takes_a_day(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    form = coach.get(one_person(world)).text
    assert_sound(form)
    assert "voldaan" in form and 'name="reason"' not in form
    assert "Fase afgerond" not in coach.get(
        f"/kandidaten/{world.own.candidates[0]}?toon=stappen"
    ).text.replace("Fase afgerond: Intake", "")
    answer = coach.post(
        one_person(world), data={"csrf_token": token_in(form), "on": clock.today().isoformat()}
    )
    assert answer.status_code == 303 and answer.location == tab(world)
    assert [r.enrolment_id for r in completions()] == [world.own.enrolments[0]]
    page = coach.get(answer.location).text
    assert "vastgelegd door coach KANARIEA" in page
    # the fact stands in the timeline, for the leerhome too
    for reader in (coach, browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])):
        line = reader.get(f"/kandidaten/{world.own.candidates[0]}?toon=stappen").text
        assert f"Fase afgerond: {phase_row(world.own.cohort).name}" in line
        assert "Uren in de wijk: voldaan. 90 van 80 uur." in line
    url, hidden = undo_in(page)
    assert coach.post(url, data={"csrf_token": token_in(page), **hidden}).location == tab(world)
    assert completions() == []
    assert len(audited("phase.completion_undone")) == 1


def test_rules_are_judged_today_and_a_fact_of_an_earlier_day_says_so(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    use_rule(app, phases.everyone)
    today = clock.today()
    with unit_of_work():
        row = phase_row(world.own.cohort)
        row.ends_on = today - timedelta(days=3)
        audit.record(world.own.actors[Role.COACH], "phase.moved", row)
    form = ""
    for page in (one_person(world), group(world)):
        form = coach.get(page).text
        assert f'value="{today.isoformat()}"' in form and "beoordeeld op wat vandaag is vastgelegd" in form
    earlier = (today - timedelta(days=3)).isoformat()
    coach.post(one_person(world), data=fields(form, on=earlier))
    coach.post(one_person(world, 1), data=fields(form))
    assert "regels beoordeeld op" in coach.get(tab(world)).text
    assert "regels beoordeeld op" in coach.get(group(world)).text
    assert "regels beoordeeld op" not in coach.get(tab(world, 1)).text


def test_without_a_reason_the_error_stands_at_the_field_and_input_is_kept(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    use_rule(app, phases.fulfilled_for())
    form = coach.get(one_person(world)).text
    day = clock.today() - timedelta(days=1)
    answer = coach.post(one_person(world), data=fields(form, on=day.isoformat()))
    assert answer.status_code == 422
    assert_sound(answer.text)
    assert 'href="#reason"' in answer.text and 'id="reason-fout"' in answer.text
    assert day.isoformat() in answer.text
    assert completions() == []
    assert coach.post(one_person(world), data=fields(form, reason="Werkte al in de zorg.")).status_code == 303
    assert [(r.fulfilled, r.reason) for r in completions()] == [(False, "Werkte al in de zorg.")]
    assert (
        "Reden om toch af te ronden: Werkte al in de zorg."
        in coach.get(f"/kandidaten/{world.own.candidates[0]}").text
    )


@pytest.mark.parametrize("day", ["", "morgen", "2999-01-01", "2001-01-01"])
def test_an_impossible_day_is_refused_at_the_field(
    app: Flask, coach: FlaskClient, world: World, day: str
) -> None:
    use_rule(app, phases.everyone)
    answer = coach.post(one_person(world), data=fields(coach.get(one_person(world)).text, on=day))
    assert answer.status_code == 422 and 'id="on-fout"' in answer.text
    assert completions() == []


def test_twice_is_refused_with_who_was_first(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    form = coach.get(one_person(world)).text
    assert coach.post(one_person(world), data=fields(form)).status_code == 303
    again = coach.post(one_person(world), data=fields(form))
    assert again.status_code == 422 and "vastgelegd door coach KANARIEA" in again.text
    assert len(completions()) == 1


@pytest.mark.parametrize("check", [None, phases.raises, phases.bad_sql], ids=["missing", "raises", "bad SQL"])
def test_a_rule_without_an_answer_reads_not_available(
    app: Flask, coach: FlaskClient, world: World, check: phases.Check | None
) -> None:
    use_rule(app, check)
    for path in (tab(world), one_person(world), group(world)):
        answer = coach.get(path)
        assert answer.status_code == 200, path
        assert "niet beschikbaar" in answer.text and "geheim" not in answer.text
    assert coach.post(one_person(world), data=fields(coach.get(tab(world)).text)).status_code == 422
    assert completions() == []
    noted = app.extensions["inleer"].faults.of("zorg")
    assert {f.key for f in noted} == (set() if check is None else {RULE})


def test_whose_phases_they_are(app: Flask, world: World) -> None:
    use_rule(app, phases.everyone)
    path = one_person(world)
    form = browse(app, world.own.actors[Role.COACH]).get(path).text
    refused = {Role.TEACHER: 403, Role.PROGRAMME_MANAGER: 403, Role.ADMINISTRATOR: 403, Role.EMPLOYER: 404}
    for role, code in refused.items():
        client = browse(app, world.own.actors[role])
        token = token_in(client.get("/account").text)
        assert client.get(path).status_code == code, role
        assert client.post(path, data={**fields(form), "csrf_token": token}).status_code == code
    stranger = browse(app, world.foreign.actors[Role.COACH])
    assert stranger.get(path).status_code == 404
    assert completions() == []


@pytest.mark.parametrize(
    ("check", "word"), [(phases.fulfilled_for(), "niet voldaan"), (None, "niet beschikbaar")]
)
def test_a_binding_rule_keeps_the_form_shut_and_no_reason_opens_it(
    app: Flask, coach: FlaskClient, world: World, check: phases.Check | None, word: str
) -> None:
    bind_rule(world.own.cohort)
    use_rule(app, check)
    form = coach.get(one_person(world)).text
    assert_sound(form)
    assert word in form and "bindend" in form and "een bindende regel is niet voldaan" in form
    assert 'name="on"' not in form and 'name="reason"' not in form
    answer = coach.post(one_person(world), data=fields(form, reason="Ik weet het zeker."))
    assert answer.status_code == 422
    assert_sound(answer.text)
    name = "Uren in de wijk" if check else RULE
    assert f"“{name}” is {word} bij Voor0 van Achter0" in answer.text
    assert "ook niet met een reden" in answer.text and "Ik weet het zeker." in answer.text
    page = coach.get(group(world)).text
    assert f"De regel “{name}” is bindend" in page
    for button in ("bekijk", "afronden"):
        values = fields(page, people=world.own.enrolments[:2], reason="Ik weet het zeker.", submit=button)
        refused = coach.post(group(world), data=values)
        assert refused.status_code == 422 and 'id="people-fout"' in refused.text
        assert f"“{name}” is {word} bij Voor0 van Achter0" in refused.text
    assert completions() == []


def test_a_binding_rule_that_is_fulfilled_completes_as_ever(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    bind_rule(world.own.cohort)
    use_rule(app, phases.everyone)
    form = coach.get(one_person(world)).text
    assert coach.post(one_person(world), data=fields(form)).status_code == 303
    assert [row.verdicts[RULE]["binding"] for row in completions()] == [True]
    assert "bindend" in coach.get(tab(world)).text


# --- a group --------------------------------------------------------------------------------------


def test_the_page_opens_on_what_ended_and_nobody_completed_else_on_what_runs(
    app: Flask, coach: FlaskClient, world: World
) -> None:
    begun = [p for p in all_phases(world) if p.starts_on <= clock.today()]
    ended = [p for p in begun if p.ends_on is not None and p.ends_on < clock.today()]
    first = f"/lichtingen/{world.own.cohort}/afronden"
    with unit_of_work():
        for phase in ended:
            complete(world.own.actors[Role.COACH], phase, world.own.enrolments[1:2], clock.today(), "Klaar.")
    assert coach.get(first).location == f"{first}/{begun[-1].id}"
    with unit_of_work():
        done = PhaseCompletion.phase_key == ended[0].key
        db.session.execute(audit.in_bulk(delete(PhaseCompletion).where(done), "test"))
    assert coach.get(first).location == f"{first}/{ended[0].id}"
    assert (
        f'href="/lichtingen/{world.own.cohort}/afronden"' in coach.get(f"/lichtingen/{world.own.cohort}").text
    )


def all_phases(world: World) -> list[CohortPhase]:
    from inleer.cohorts.queries import phases_of

    return list(phases_of(world.own.cohort))


def test_choose_look_save_and_take_back(app: Flask, coach: FlaskClient, world: World) -> None:
    first, second, third = world.own.enrolments[:3]
    use_rule(app, phases.fulfilled_for(first, second))
    page = coach.get(group(world)).text
    assert_sound(page)
    checked = re.findall(r'value="([0-9a-f-]{36})"[^>]*\bchecked', page)
    assert [UUID(one) for one in checked] == [first, second]
    assert "1 deelnemer staat hier niet: die heeft een andere werkcoach." in page

    look = coach.post(group(world), data=fields(page, people=[first, third], submit="bekijk"))
    assert look.status_code == 200
    assert_sound(look.text)
    assert "Fase afronden voor 2 deelnemers" in look.text and "12 van 80 uur." in look.text
    assert completions() == []

    bare = coach.post(group(world), data=fields(look.text, people=[first, third], submit="afronden"))
    assert bare.status_code == 422 and 'id="reason-fout"' in bare.text
    assert "Fase afronden voor 2 deelnemers" in bare.text  # still the overview, with what was chosen
    assert completions() == []

    saved = coach.post(
        group(world),
        data=fields(look.text, people=[first, third], reason="Deed al zorgwerk.", submit="afronden"),
    )
    assert saved.status_code == 303
    assert {r.enrolment_id: r.reason for r in completions()} == {first: "", third: "Deed al zorgwerk."}
    after = coach.get(saved.location).text
    assert_sound(after)
    assert "2 deelnemers hebben de fase" in after and "Reden: Deed al zorgwerk." in after
    url, hidden = undo_in(after)
    assert coach.post(url, data={"csrf_token": token_in(after), **hidden}).status_code == 303
    assert completions() == []
    assert coach.post(url, data={"csrf_token": token_in(after), **hidden}).status_code == 422


def test_back_from_the_overview_keeps_the_choice(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    third = world.own.enrolments[2]
    day = (clock.today() - timedelta(days=1)).isoformat()
    back = coach.post(
        group(world), data=fields(coach.get(group(world)).text, people=[third], on=day, submit="terug")
    )
    assert back.status_code == 200 and f'value="{day}"' in back.text
    assert re.findall(r'value="([0-9a-f-]{36})"[^>]*\bchecked', back.text) == [str(third)]


def test_errors_of_the_group_stand_at_their_fields(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    first = world.own.enrolments[0]
    page = coach.get(group(world)).text
    for change, field in (({"people": []}, "people"), ({"on": "x"}, "on"), ({"on": "2999-01-01"}, "on")):
        for button in ("bekijk", "afronden"):
            values = {"people": [first], **change, "submit": button}
            answer = coach.post(group(world), data=fields(page, **values))
            assert answer.status_code == 422, (change, button)
            assert f'id="{field}-fout"' in answer.text
            assert_sound(answer.text)
    assert completions() == []


def test_who_was_completed_meanwhile_is_named(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    first, second = world.own.enrolments[:2]
    page = coach.get(group(world)).text
    coach.post(one_person(world), data=fields(page))
    answer = coach.post(group(world), data=fields(page, people=[first, second], submit="afronden"))
    assert answer.status_code == 422 and "heeft deze fase al afgerond" in answer.text
    assert len(completions()) == 1


def test_people_who_were_never_offered_do_not_exist(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    page = coach.get(group(world)).text
    for stranger in (world.own.enrolments[-1], world.foreign.enrolments[0], "x"):
        answer = coach.post(group(world), data=fields(page, people=[stranger], submit="afronden"))
        assert answer.status_code == 404
    other = f"/lichtingen/{world.own.cohort}/afronden/{phase_row(world.foreign.cohort).id}"
    assert coach.get(other).status_code == 404
    assert completions() == []


def test_one_of_the_group_can_be_taken_back(app: Flask, coach: FlaskClient, world: World) -> None:
    use_rule(app, phases.everyone)
    page = coach.get(group(world)).text
    coach.post(group(world), data=fields(page, people=world.own.enrolments[:2], submit="afronden"))
    first, second = (row.id for row in completions())
    answer = coach.post(
        f"/deelnames/fasen/{first}/ongedaan", data={"csrf_token": token_in(page), "back": "lichting"}
    )
    assert answer.status_code == 303 and answer.location == group(world)
    assert [row.id for row in completions()] == [second]


def test_a_phase_that_has_not_begun_offers_nobody(app: Flask, coach: FlaskClient, world: World) -> None:
    calls = use_rule(app, phases.everyone)
    later = all_phases(world)[-1]
    assert later.starts_on > clock.today()
    page = coach.get(f"/lichtingen/{world.own.cohort}/afronden/{later.id}").text
    assert "Deze fase begint op" in page and 'type="checkbox"' not in page
    assert calls == []


def test_the_leerhome_completes_for_everybody(app: Flask, world: World) -> None:
    use_rule(app, phases.everyone)
    client = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    page = client.get(group(world)).text
    assert "andere werkcoach" not in page
    answer = client.post(group(world), data=fields(page, people=world.own.enrolments, submit="afronden"))
    assert answer.status_code == 303 and len(completions()) == 4


# --- statements -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str, int], int]:
    """How many statements each request took, over the tests of this module: request, database, people."""
    return {}


@pytest.mark.parametrize("people", SIZES)
def test_as_many_statements_for_any_group(
    app: Flask, database: str, people: int, seen: dict[tuple[str, str, int], int]
) -> None:
    """With the real rule of the plugin, which counts hours."""
    world = build(app, people=people, weeks=WEEKS)
    client = browse(app, world.own.actors[Role.LEERHOME_COORDINATOR])
    taken = {"tab": len(statements(client, tab(world))), "group": len(statements(client, group(world)))}
    page = client.get(group(world)).text
    values = fields(page, people=world.own.enrolments, reason="Planning.", submit="bekijk")
    for button in ("bekijk", "afronden"):
        with counted() as sent:
            answer = client.post(group(world), data={**values, "submit": button})
        assert answer.status_code == (200 if button == "bekijk" else 303)
        taken[button] = len(sent)
    taken["group, done"] = len(statements(client, group(world)))
    after = client.get(group(world)).text
    batch = str(completions()[0].batch_id)
    with counted() as sent:
        answer = client.post(f"{group(world)}/ongedaan", data={"csrf_token": token_in(after), "batch": batch})
    assert answer.status_code == 303 and completions() == []
    taken["undo"] = len(sent)
    kind = database.split(":")[0]
    for name, count in taken.items():
        seen[name, kind, people] = count
        others = {n for (request, db_kind, _p), n in seen.items() if (request, db_kind) == (name, kind)}
        assert len(others) == 1, f"{name} differs with the number of people: {seen}"


def test_the_neighbourhood_rule_counts_real_hours(app: Flask, coach: FlaskClient, world: World) -> None:
    """End to end with the plugin itself: one hour of visits of the eighty that are needed."""
    page = coach.get(tab(world)).text
    assert "van 80\u00a0u bezoeken in de wijk." in page
    begins: date = phase_row(world.own.cohort).starts_on
    assert begins <= clock.today()
