"""The register, changes of a lesson, imports."""

from __future__ import annotations

import io
from typing import Any

from flask.testing import FlaskClient

from inleer.cohorts.models import Session
from inleer.exchange.models import ImportRow, ImportRun
from tests.accounts.logins import change
from tests.exchange.editions import PEOPLE, sheet
from tests.web.cases.common import (
    LEERHOME,
    MANAGER,
    TEACHER,
    cohort,
    first,
    lesson,
    version_of,
)
from tests.web.walk import Case, Fields, Scene, form_on
from tests.world import browse


def _register(number: int) -> Any:
    return lambda s: f"/lessen/{s.own.sessions[number]}"


def _cell(s: Scene) -> Fields:
    return {**lesson(0)(s), "enrolment_id": s.own.enrolments[6]}


def _typed_cell(s: Scene) -> Fields:
    if "register" not in s.kept:
        path = _register(0)(s)
        s.kept["register"] = form_on(browse(s.app, s.actor(TEACHER)).get(path), path)
    page: Fields = s.kept["register"]
    return {
        "status": "late",
        "minutes": "15",
        "note": "bus",
        "version": page[f"version-{s.own.enrolments[6]}"],
    }


def _filled(s: Scene) -> str:
    """The page that offers to undo "the empty ones are present"."""
    if "filled" not in s.kept:
        path, client = _register(1)(s), browse(s.app, s.actor(TEACHER))
        answer = client.post(path, data={**form_on(client.get(path), path), "action": "fill"})
        s.kept["filled"] = answer.headers["Location"]
    page: str = s.kept["filled"]
    return page


def _finished(s: Scene) -> FlaskClient:
    change(Session, s.own.sessions[-1], state="recorded")
    return browse(s.app, s.actor(LEERHOME))


def _locked(s: Scene) -> FlaskClient:
    change(Session, s.own.sessions[0], state="locked")
    return browse(s.app, s.actor(TEACHER))


def _other_teacher(s: Scene) -> FlaskClient:
    assert s.own.other_teacher is not None
    return browse(s.app, s.own.other_teacher)


_SECOND = version_of(Session, lesson(1))

LESSONS = [
    Case(
        "attendance.save",
        TEACHER,
        lesson(0),
        lambda s: {f"status-{s.own.enrolments[6]}": "ill", "action": "save"},
        page="",
    ),
    Case("attendance.save_cell", TEACHER, _cell, _typed_cell),
    Case("attendance.undo_fill", TEACHER, lesson(1), page=_filled),
    Case("attendance.reopen", _finished, lesson(-1)),
    Case(
        "attendance.correct",
        _locked,
        _cell,
        lambda s: {"mark": "excused", "minutes": "", "reason": "brief gezien"},
        page="",
    ),
    Case("attendance.change", TEACHER, lesson(1), lambda s: {"location": "Lokaal 9"}, page=""),
    Case("attendance.take_over", _other_teacher, lesson(1), _SECOND),
    Case("attendance.give_back", _other_teacher, lesson(1), _SECOND),
    Case("attendance.cancel", TEACHER, lesson(1), _SECOND),
    Case("attendance.reinstate", TEACHER, lesson(1), _SECOND),
]


def _file(s: Scene, name: str) -> Fields:
    return {"file": (io.BytesIO(sheet("candidates", [row[:7] for row in PEOPLE])), name)}


def _waiting(s: Scene) -> Fields:
    return {"import_run_id": first(ImportRun, ImportRun.filename == "een.csv").id}


def _thrown_away(s: Scene) -> Fields:
    if "thrown" not in s.kept:
        client, path = browse(s.app, s.actor(MANAGER)), f"/lichtingen/{s.own.cohort}/inlezen/kandidaten"
        data = {**form_on(client.get(path), path), **_file(s, "twee.csv")}
        client.post(path, data=data, content_type="multipart/form-data")
        s.kept["thrown"] = first(ImportRun, ImportRun.filename == "twee.csv").id
    return {"import_run_id": s.kept["thrown"]}


def _asked(s: Scene) -> Fields:
    """A file with a column that nobody knows."""
    if "asked" not in s.kept:
        client, path = browse(s.app, s.actor(MANAGER)), f"/lichtingen/{s.own.cohort}/inlezen/kandidaten"
        strange = io.BytesIO(b"Registratie;Achternaam;Geb.datum\nR1;Berg;01-05-1998\n")
        data = {**form_on(client.get(path), path), "file": (strange, "drie.csv")}
        client.post(path, data=data, content_type="multipart/form-data")
        s.kept["asked"] = first(ImportRun, ImportRun.filename == "drie.csv").id
    return {"import_run_id": s.kept["asked"]}


def _held(s: Scene) -> Fields:
    return {"import_run_id": s.own.others["held_file"]}


def _rows(s: Scene) -> str:
    return f"/inlezingen/{s.own.others['held_file']}/rijen"


def _row(s: Scene) -> Fields:
    stored = first(ImportRow, ImportRow.import_id == s.own.others["held_file"])
    return {"row": "2", "version": str(stored.version)}


def _file_page(s: Scene) -> str:
    return f"/inlezingen/{_waiting(s)['import_run_id']}"


IMPORTS = [
    Case(
        "imports.upload",
        MANAGER,
        lambda s: {**cohort(s), "kind": "kandidaten"},
        lambda s: _file(s, "een.csv"),
        page="",
    ),
    Case("imports.columns", MANAGER, _asked, lambda s: {"column-0": "client_number"}, page=""),
    Case("imports.forget", MANAGER, lambda s: {"import_mapping_id": s.own.others["import_mapping"]}),
    Case("imports.leave_out", MANAGER, _held, _row, page=_rows),
    Case("imports.take_in", MANAGER, _held, _row, page=lambda s: f"{_rows(s)}?toon=weggelaten"),
    Case("imports.mend", MANAGER, _held, lambda s: {**_row(s), "cell-2": "28-02-1990"}, page=_rows),
    Case("imports.check", MANAGER, _held),
    Case("imports.confirm", MANAGER, _waiting, page=_file_page, optional=("skip_invalid",)),
    Case("imports.undo", MANAGER, _waiting, page=""),
    Case("imports.cancel", MANAGER, _thrown_away, optional=("version", "skip_invalid")),
]
