"""The commands of editions, imports, figures, routes and plugins: sentences, exit codes, JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from inleer import clock
from inleer.accounts.models import Organisation, User
from inleer.accounts.organisations import OrganisationData, create
from inleer.attendance.models import Attendance
from inleer.audit.models import AuditEvent
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.cohorts.models import Cohort, CohortPhase, Partner, Session
from inleer.db import db, unit_of_work
from inleer.exchange.models import ImportRun
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import definition_by_id
from inleer.people.models import Candidate
from inleer.policy import SYSTEM_USER_ID, Role, system_actor
from tests.actors import make_actor
from tests.exchange.editions import EMPLOYERS, LESSONS, PEOPLE, count, every, marks, sheet
from tests.routes import publish_third

CREATE = ["cohort", "create", "--slug", "almere-2026", "--route", "zorg.wijkleerbedrijf", "--version", "2",
          "--name", "Almere", "--start", "2026-09-07", "--region", "midden"]  # fmt: skip


@pytest.fixture
def inleer(app):
    """`inleer ARGS` on this test's database: (exit status, standard output, standard error)."""

    def run(*args):
        import contextvars

        def alone():
            from flask.globals import _cv_app

            _cv_app.set(None)  # type: ignore[arg-type]
            return CliRunner().invoke(main, [str(a) for a in args], obj=Cli(app.config["INLEER"], app))

        db.session.rollback()  # the test's own reads end, as between two requests
        found = contextvars.copy_context().run(alone)
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found.exit_code, found.stdout, found.stderr

    return run


@pytest.fixture
def ready(app, inleer):
    """Routes published, one work agency."""
    with unit_of_work():
        publish(system_actor(), app.extensions["inleer"])
        create(system_actor(), "work_agency", OrganisationData(name="Werkbedrijf"))
    return inleer


def test_create_lays_the_phases(ready):
    code, out, _err = ready(*CREATE)
    assert code == 0 and "almere-2026" in out
    (cohort,) = every(Cohort)
    assert (cohort.state, cohort.starts_on.isoformat()) == ("running", "2026-09-07")
    assert count(CohortPhase) > 4 and count(Session) == 0
    (event,) = every(AuditEvent, AuditEvent.action == "cohort.created")
    assert (event.user_id, event.organisation_id, event.origin) == (SYSTEM_USER_ID, cohort.agency_id, "cli")


def test_create_with_partners_and_sessions(ready):
    with unit_of_work():
        for kind, name in (("school", "ROC Flevo"), ("leerhome", "Leerhome Oost")):
            create(system_actor(), kind, OrganisationData(name=name))
    code, out, _err = ready(
        *CREATE, "--school", "roc-flevo", "--leerhome", "leerhome-oost", "--generate-sessions"
    )
    assert code == 0 and "bijeenkomsten gepland" in out
    assert "Er is nog geen werkgever." in out and "geen school" not in out
    assert {p.kind for p in every(Partner)} == {"lead", "school", "leerhome"}
    kinds = {s.kind: s.organisation_id for s in every(Session)}
    assert kinds["introduction"] != kinds["lesson"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--route", "zorg.bestaatniet"), "niet gepubliceerd"),
        (("--version", "9"), "zorg.wijkleerbedrijf 2"),
        (("--agency", "elders"), "werkbedrijf"),
        (("--school", "elders"), "Er zijn: -"),
        (("--slug", "Met Spatie"), "kleine letters"),
        (("--start", "31-02-2026"), "is geen dag"),
        (("--start", "2042-01-01"), "schoolvakanties"),
        (("--region", "west"), "west"),
    ],
)
def test_create_refuses_with_a_sentence_and_two(ready, change, words):
    code, out, err = ready(*CREATE, *change)
    assert code == 2 and words in err and out == ""
    assert count(Cohort) == 0


def test_an_edition_that_starts_on_a_leap_day(ready):
    """Corpus 19: two years after 29-02-2028 there is no 29 February."""
    start = CREATE.index("--start") + 1
    assert ready(*CREATE[:start], "2028-02-29", *CREATE[start + 1 :], "--generate-sessions")[0] == 0
    phases = every(CohortPhase, order=CohortPhase.starts_on)
    assert max(phase.ends_on for phase in phases) > date(2029, 3, 1)
    assert all(phase.starts_on <= phase.ends_on for phase in phases)


def test_create_twice_and_for_one_of_two_agencies(ready):
    ready(*CREATE)
    assert ready(*CREATE)[0] == 2
    with unit_of_work():
        create(system_actor(), "work_agency", OrganisationData(name="Tweede"))
    again = [*CREATE[:3], "zeist-2026", *CREATE[4:]]
    code, _out, err = ready(*again)
    assert code == 2 and "--agency" in err and "tweede" in err
    assert ready(*again, "--agency", "tweede")[0] == 0


def test_create_makes_the_first_agency(app, inleer):
    with unit_of_work():
        publish(system_actor(), app.extensions["inleer"])
    code, out, _err = inleer(*CREATE)
    assert code == 0 and "Werkbedrijf" in out


@pytest.fixture
def files(tmp_path):
    """A file of each kind."""
    rows = {
        "candidates": PEOPLE,
        "sessions": LESSONS,
        "attendance": marks(("K1", 0, "O")),
        "intentions": EMPLOYERS,
    }
    for kind, content in rows.items():
        (tmp_path / f"{kind}.csv").write_bytes(sheet(kind, content))
    return tmp_path


def test_import_report_and_undo(ready, files):
    ready(*CREATE)
    for kind in ("candidates", "sessions", "attendance", "intentions"):
        code, out, _err = ready("import", kind, files / f"{kind}.csv", "--cohort", "almere-2026")
        assert code == 0 and "nieuw" in out and "import undo" in out
    code, out, _err = ready("report", "cohort", "almere-2026", "--at", "2026-11-01", "--json")
    figures = json.loads(out)
    assert (code, figures["candidates"], figures["sessions"], figures["attendance_rows"]) == (0, 3, 4, 1)
    assert (figures["planned_hours"], figures["positions"]) == (20.0, 4)
    assert figures["per_candidate"]["K1"]["unexcused_hours"] == 4.0
    assert "Inês van den Berg" in ready("report", "cohort", "almere-2026")[1]
    runs = {run.kind: run.id for run in every(ImportRun)}
    code, _out, err = ready("import", "undo", runs["candidates"])
    assert code == 2 and "aanwezigheid (1)" in err
    undone = ready("import", "undo", runs["attendance"])
    assert undone[:2] == (0, "Teruggedraaid: 1 bijeenkomst, 1 keer aanwezigheid.\n")
    assert count(Attendance) == 0
    assert ready("import", "undo", runs["attendance"])[0] == 2
    assert {(e.origin, e.user_id) for e in every(AuditEvent, AuditEvent.action.startswith("import."))} == {
        ("cli", SYSTEM_USER_ID)
    }


def test_candidates_come_into_a_caseload(ready, files):
    ready(*CREATE)
    (agency,) = every(Organisation, Organisation.kind == "work_agency")
    coach = make_actor(Role.COACH, agency.id, "Carla Coach")
    email = every(User, User.id == coach.user_id)[0].email
    line = ("import", "candidates", files / "candidates.csv", "--cohort", "almere-2026")
    code, out, err = ready(*line, "--coach", "niemand@voorbeeld.nl")
    assert code == 2 and out == "" and email in err and count(Candidate) == 0
    code, _out, err = ready(*line)
    assert code == 0 and "3 kandidaten hebben geen werkcoach" in err
    code, out, err = ready(*line, "--coach", email.upper(), "--json")
    found = json.loads(out)
    assert (code, found["updated"], found["warnings"], err) == (0, 3, [], "")
    assert {c.coach_id for c in every(Candidate)} == {coach.user_id}
    assert (
        ready("import", "sessions", files / "sessions.csv", "--cohort", "almere-2026", "--coach", email)[0]
        == 2
    )


def test_bad_rows_are_two_with_sentences_and_skipping_is_zero(ready, files):
    ready(*CREATE)
    bad = files / "fout.csv"
    bad.write_bytes(sheet("candidates", [*PEOPLE[:1], ("K9", "Jan", "", "Fout", "31-02-1990", "82 32A")]))
    code, out, err = ready("import", "candidates", bad, "--cohort", "almere-2026")
    assert code == 2 and out == ""
    assert "Rij 3, Geboortedatum: 31-02-1990 bestaat niet" in err and "Rij 3, Postcode" in err
    assert count(Candidate) == 0
    code, out, _err = ready("import", "candidates", bad, "--cohort", "almere-2026", "--json")
    found = json.loads(out)
    assert code == 2 and found["import_id"] is None and [p["row"] for p in found["rejected"]] == [3, 3]
    code, out, _err = ready(
        "import", "candidates", bad, "--cohort", "almere-2026", "--dry-run", "--skip-invalid"
    )
    assert code == 0 and out.startswith("Proef: 1 nieuw") and count(Candidate) == 0
    code, out, _err = ready("import", "candidates", bad, "--cohort", "almere-2026", "--skip-invalid")
    assert code == 0 and count(Candidate) == 1


def test_what_does_not_exist(ready, files):
    code, _out, err = ready("import", "candidates", files / "candidates.csv", "--cohort", "nergens")
    assert code == 2 and "nergens" in err
    assert ready("import", "candidates", files / "weg.csv", "--cohort", "nergens")[0] == 2
    assert ready("report", "cohort", "nergens")[0] == 2
    assert ready("import", "undo", "00000000-0000-0000-0000-000000000001")[0] == 2
    assert ready("import", "undo", "geen-id")[0] == 2


def test_a_fault_of_ours_gives_a_number_and_no_names(ready, files, monkeypatch):
    ready(*CREATE)

    def fails(*_args):
        raise KeyError("Inês van den Berg")

    monkeypatch.setattr("inleer.exchange.actions.save", fails)
    code, out, err = ready("import", "candidates", files / "candidates.csv", "--cohort", "almere-2026")
    assert code == 1 and "Meld dit nummer" in err and "Inês" not in out + err
    assert count(Candidate) == 0


def test_routes(app, inleer):
    code, out, _err = inleer("routes", "list")
    assert code == 0 and "niet gepubliceerd" in out
    code, _out, err = inleer("routes", "show", "zorg.wijkleerbedrijf")
    assert code == 2 and "niet gepubliceerd" in err
    assert "zorg.wijkleerbedrijf 2: gepubliceerd" in inleer("routes", "publish")[1]
    assert "was al gepubliceerd" in inleer("routes", "publish")[1]
    code, out, _err = inleer("routes", "show", "zorg.wijkleerbedrijf", "--version", "1")
    assert code == 0 and "WijkLeerbedrijf Zorg" in out and "baangarantie" in out
    stored = json.loads(inleer("routes", "show", "zorg.wijkleerbedrijf", "--json")[1])
    assert stored["route"]["version"] == 2
    assert "(nieuwste)" in inleer("routes", "list")[1]


@pytest.fixture
def edition(ready):
    """`inleer`, an edition that follows version 2 of its route, and a third version of it."""
    assert ready(*CREATE)[0] == 0
    publish_third()
    return ready


def moved_to():
    db.session.rollback()
    row = every(Cohort)[0]
    return definition_by_id(row.route_version_id).version


def test_an_edition_moves_to_another_version_and_back(edition):
    move = ("cohort", "move-version", "almere-2026", "--version", 3, "--map", "adl=verzorging")
    code, out, _err = edition(*move, "--dry-run")
    assert code == 0 and out.endswith("Proef: er is niets opgeslagen.\n")
    assert "adl -> verzorging" in out and "selectie -> -  verdwijnt" in out and "nieuw -> terugkomen" in out
    assert moved_to() == 2
    said = json.loads(edition(*move, "--dry-run", "--json")[1])
    assert (said["cohort"], said["from"], said["to"], said["moved"]) == ("almere-2026", 2, 3, False)
    assert said["gone"] == ["selectie"] and said["refused"] == []
    assert {"old": "adl", "new": "verzorging"}.items() <= said["phases"][5].items()

    said = json.loads(edition(*move, "--json")[1])
    assert said["moved"] and moved_to() == 3
    event = next(e for e in every(AuditEvent) if e.action == "cohort.version_moved")
    cohort = every(Cohort)[0]
    assert (event.user_id, event.role, event.organisation_id) == (SYSTEM_USER_ID, "system", cohort.agency_id)

    code, out, _err = edition("cohort", "move-back", "almere-2026")
    assert code == 0 and "volgt weer versie 2" in out
    assert moved_to() == 2
    code, _out, err = edition("cohort", "move-back", "almere-2026")
    assert code == 2 and "geen overgang" in err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--version", 9], "Versie 9 van deze route is niet gepubliceerd."),
        (["--version", 2], "heeft versie 2 al"),
        (["--version", 3, "--map", "adl"], "Schrijf --map als OUD=NIEUW"),
        (["--version", 3, "--map", "zee=wijk"], "geen fase “zee”"),
        (["--version", 3, "--map", "adl=wijk"], "kunnen niet allebei"),
    ],
)
@pytest.mark.parametrize("rehearsal", [[], ["--dry-run"]])
def test_a_move_that_cannot_be_is_refused(edition, given, said, rehearsal):
    code, _out, err = edition("cohort", "move-version", "almere-2026", *given, *rehearsal)
    assert code == 2 and said in err
    assert moved_to() == 2


def test_two_versions_of_a_route_are_compared(ready):
    code, out, _err = ready("routes", "compare", "zorg.wijkleerbedrijf", 1, 2)
    assert code == 0
    assert out.splitlines()[0] == "Werkgevers geven een intentie in plaats van een garantie."
    assert len(out.splitlines()) == 3
    said = json.loads(ready("routes", "compare", "zorg.wijkleerbedrijf", 1, 2, "--json")[1])
    assert (said["from"], said["to"], len(said["general"])) == (1, 2, 3)
    assert {p["state"] for p in said["phases"]} == {"same"}
    same = ready("routes", "compare", "zorg.wijkleerbedrijf", 2, 2)[1]
    assert same == "Niets: beide versies hebben dezelfde inhoud.\n"
    code, _out, err = ready("routes", "compare", "zorg.wijkleerbedrijf", 1, 9)
    assert code == 2 and "zorg.wijkleerbedrijf 2" in err


def test_plugins(inleer):
    code, out, _err = inleer("plugins")
    assert code == 0 and "zorg  aan" in out and "zorg.wijkleerbedrijf" in out
    found = {plugin["name"]: plugin for plugin in json.loads(inleer("plugins", "--json")[1])["plugins"]}
    zorg = found["zorg"]
    assert {"gemeente", "logistiek", "zorg"} <= set(found)
    assert zorg["on"] and "zorg.wijkleerbedrijf" in zorg["brings"]["routes"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_report_of_an_earlier_day_knows_nothing_of_later(ready, files):
    ready(*CREATE)
    for kind in ("candidates", "sessions", "attendance"):
        ready("import", kind, files / f"{kind}.csv", "--cohort", "almere-2026")
    day = ("report", "cohort", "almere-2026", "--json", "--at")
    before = json.loads(ready(*day, "2026-09-06")[1])["per_candidate"]["K1"]
    assert (before["planned_hours"], before["present_pct"], before["unexcused_hours"]) == (0.0, None, 0.0)
    after = json.loads(ready(*day, "2026-09-07")[1])["per_candidate"]["K1"]
    assert (after["planned_hours"], after["present_pct"], after["unexcused_hours"]) == (4.0, 0.0, 4.0)
    totals = [json.loads(ready(*day, f"2026-09-{number:02}")[1]) for number in (6, 7, 14)]
    assert [t["sessions"] for t in totals] == [0, 1, 2]
    assert [t["planned_hours"] for t in totals] == [0.0, 4.0, 8.0]
    assert [t["attendance_rows"] for t in totals] == [0, 1, 1]
    with clock.frozen(datetime(2026, 9, 7, 12, tzinfo=UTC)):
        assert json.loads(ready("report", "cohort", "almere-2026", "--json")[1])["at"] == "2026-09-07"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_lesson_of_today_is_unrecorded_once_it_ended(ready, files):
    ready(*CREATE)
    for kind in ("candidates", "sessions", "attendance"):
        ready("import", kind, files / f"{kind}.csv", "--cohort", "almere-2026")
    for hour, unrecorded in (
        (4, 2),
        (12, 2),
        (13, 3),
    ):  # 06:00, 14:00 and 15:00 in Amsterdam; it ends at 15:00
        with clock.frozen(datetime(2026, 9, 28, hour, tzinfo=UTC)):
            made = json.loads(ready("report", "cohort", "almere-2026", "--json")[1])
        assert made["per_candidate"]["K1"]["unrecorded_sessions"] == unrecorded, hour
