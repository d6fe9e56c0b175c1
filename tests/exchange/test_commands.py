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
from inleer.people.models import Candidate
from inleer.policy import SYSTEM_USER_ID, Role, system_actor
from tests.actors import make_actor
from tests.exchange.editions import EMPLOYERS, LESSONS, PEOPLE, count, every, marks, sheet

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
    assert ready("import", "undo", runs["attendance"])[0] == 0
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


def test_plugins(inleer):
    code, out, _err = inleer("plugins")
    assert code == 0 and "zorg  aan" in out and "zorg.wijkleerbedrijf" in out
    (zorg,) = json.loads(inleer("plugins", "--json")[1])["plugins"]
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
    with clock.frozen(datetime(2026, 9, 7, 12, tzinfo=UTC)):
        assert json.loads(ready("report", "cohort", "almere-2026", "--json")[1])["at"] == "2026-09-07"
