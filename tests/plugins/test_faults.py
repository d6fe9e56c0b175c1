"""A fault in a plugin costs its own box and nothing else, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from inleer import audit, clock
from inleer.accounts.models import Organisation
from inleer.audit import AuditEvent
from inleer.db import after_commit, db, new_id, unit_of_work
from inleer.extend import faults
from inleer.extend.faults import FaultLog, Unavailable
from inleer.extend.types import SignalFinding, Verdict
from inleer.policy import system_actor

IDS = (UUID(int=1), UUID(int=2))
BROKEN = Unavailable("zorg", "zorg.box")


def anything(result: Any) -> Any:
    return result


def call(log: FaultLog, function: Callable[[], object], accept: Callable[[Any], Any] = anything) -> Any:
    return faults.call(log, db.session(), "zorg", "zorg.box", function, accept)


def organisation(name: str) -> Organisation:
    """An organisation in the session, recorded in the audit trail."""
    made = Organisation(id=new_id(), slug=f"o-{uuid4().hex[:8]}", name=name, kind="employer")
    db.session.add(made)
    audit.record(system_actor(), "organisation.create", made)
    return made


def names() -> list[str]:
    db.session.expire_all()
    statement = select(Organisation.name).execution_options(inleer_scope="test").order_by(Organisation.name)
    return list(db.session.scalars(statement))


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement.split()[0].upper())

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fail(error: BaseException) -> Callable[[], object]:
    def run() -> object:
        raise error

    return run


def bad_sql() -> object:
    return db.session.execute(text("SELECT * FROM a_table_that_is_not_there")).all()


def bad_sql_on_the_connection() -> object:
    return db.session.connection().exec_driver_sql("SELECT * FROM a_table_that_is_not_there")


def half_written() -> object:
    organisation("van de plugin")
    db.session.flush()
    raise ValueError


def half_changed() -> object:
    one = db.session.execute(select(Organisation).execution_options(inleer_scope="test")).scalars().first()
    assert one is not None
    one.name = "veranderd door de plugin"
    raise ValueError


def left_unflushed_and_wrong() -> object:
    db.session.add(Organisation(id=new_id(), slug=None, name="zonder slug", kind="employer"))
    return {}


FAULTS: dict[str, Callable[[], object]] = {
    "raises": fail(ValueError("Jan de Vries")),
    "exits": fail(SystemExit(1)),
    "recursion": fail(RecursionError()),
    "bad SQL": bad_sql,
    "bad SQL on the connection": bad_sql_on_the_connection,
    "half written": half_written,
    "half changed": half_changed,
    "left unflushed and wrong": left_unflushed_and_wrong,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_users_save_stands(app: Flask, fault: str) -> None:
    log, done = FaultLog(), []
    with unit_of_work() as session:
        organisation("van de gebruiker")
        after_commit(session, lambda: done.append("mail"))
        assert call(log, FAULTS[fault]) == BROKEN
        organisation("daarna")
    assert names() == ["daarna", "van de gebruiker"]
    assert [f.kind for f in log.recent] == ["fault"]
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.create")).all()
    assert len(events) == 2
    assert audit.verify_chain(db.session()) == []
    assert done == ["mail"]


def test_without_the_savepoint_bad_sql_would_break_the_page(app: Flask) -> None:
    """The control: this is what the savepoint protects against."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL gives up a transaction after an error")
    with pytest.raises(Exception, match="a_table_that_is_not_there"):
        bad_sql()
    with pytest.raises(Exception, match="transaction is aborted"):
        names()
    db.session.rollback()


def test_a_fault_of_the_core_is_not_put_down_to_the_plugin(app: Flask) -> None:
    log = FaultLog()
    with unit_of_work() as session:
        left_unflushed_and_wrong()
        with pytest.raises(IntegrityError):
            call(log, lambda: {})
        session.rollback()
    assert not log.recent


def test_what_a_plugin_writes_is_saved_with_the_rest(app: Flask) -> None:
    log = FaultLog()
    with unit_of_work():
        assert call(log, lambda: organisation("van de plugin").name) == "van de plugin"
    assert names() == ["van de plugin"]
    assert not log.recent


def test_no_savepoint_when_the_session_is_not_used(app: Flask) -> None:
    with unit_of_work():
        organisation("eerst")
        db.session.flush()
        with statements() as seen:
            assert call(FaultLog(), lambda: {"a": 1}) == {"a": 1}
        assert seen == []
        with statements() as seen:
            call(FaultLog(), lambda: db.session.execute(text("SELECT 1")).scalar())
        assert seen == ["SAVEPOINT", "SELECT", "RELEASE"]


def test_a_write_while_reading_is_refused_and_the_page_goes_on(app: Flask) -> None:
    log = FaultLog()

    def write() -> object:
        db.session.add(Organisation(id=new_id(), slug="x", name="x", kind="employer"))
        db.session.flush()
        return {}

    assert call(log, write) == BROKEN
    assert names() == []


def test_an_interrupt_passes(app: Flask) -> None:
    with pytest.raises(KeyboardInterrupt):
        call(FaultLog(), fail(KeyboardInterrupt()))


def test_the_log_names_the_plugin_and_no_person(app: Flask) -> None:
    log = FaultLog()
    with structlog.testing.capture_logs() as lines:
        call(log, fail(ValueError("Jan de Vries")))
    (line,) = lines
    assert (line["event"], line["plugin"], line["key"], line["log_level"]) == (
        "plugin_fault",
        "zorg",
        "zorg.box",
        "error",
    )
    assert line["detail"].startswith("ValueError in run, regel ")
    assert "Vries" not in str(lines) and "Vries" not in str(log.recent)


def test_a_slow_call_is_noted_and_its_result_is_used(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.5, 1.5])
    monkeypatch.setattr("inleer.extend.faults.time.perf_counter", lambda: next(ticks))
    log = FaultLog()
    with clock.frozen(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        assert call(log, lambda: 7) == 7
    (note,) = log.of("zorg")
    assert (note.kind, note.seconds, note.at) == ("slow", 1.5, datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert log.of("ander") == ()


def test_the_log_keeps_the_newest_hundred() -> None:
    log = FaultLog()
    for number in range(120):
        log.add(faults.Fault(clock.now(), "zorg", str(number), "fault", "", 0.0))
    kept = log.of("zorg")
    assert (len(kept), kept[0].key, kept[-1].key) == (100, "119", "20")


# --- the shape of what comes back ----------------------------------------------------------------

FINDING = SignalFinding(enrolment_id=IDS[0], cause="c", on=date(2026, 3, 2), text="Bel even.")
RIGHT: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "boxes": (faults.boxes(IDS), {IDS[0]: {"n": 1}}, {IDS[0]: {"n": 1}}),
    "no boxes": (faults.boxes(IDS), {}, {}),
    "panel": (faults.panel, {"n": 1}, {"n": 1}),
    "no panel": (faults.panel, None, None),
    "signals": (faults.records(SignalFinding, 2), [FINDING], (FINDING,)),
    "verdicts": (
        faults.verdicts(IDS, Verdict),
        dict.fromkeys(IDS, Verdict(None, "Nog niet.")),
        dict.fromkeys(IDS, Verdict(None, "Nog niet.")),
    ),
}
WRONG: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "boxes as a list": (faults.boxes(IDS), [1]),
    "box for a stranger": (faults.boxes(IDS), {UUID(int=9): {}}),
    "box that is no context": (faults.boxes(IDS), {IDS[0]: "tekst"}),
    "context with other keys": (faults.boxes(IDS), {IDS[0]: {1: "een"}}),
    "panel as text": (faults.panel, "<p>"),
    "signals as a generator": (faults.records(SignalFinding, 2), iter([FINDING])),
    "signal of another type": (faults.records(SignalFinding, 2), [FINDING, "x"]),
    "verdict missing": (faults.verdicts(IDS, Verdict), {IDS[0]: Verdict(True, "Klaar.")}),
    "verdict as a boolean": (faults.verdicts(IDS, Verdict), dict.fromkeys(IDS, True)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name: str) -> None:
    accept, given, expected = RIGHT[name]
    assert accept(given) == expected


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_of_the_wrong_shape_is_a_fault(name: str) -> None:
    accept, given = WRONG[name]
    with pytest.raises(TypeError):
        accept(given)


def test_a_wrong_answer_costs_only_its_box(app: Flask) -> None:
    log = FaultLog()
    assert call(log, lambda: "<p>", faults.panel) == BROKEN
    assert log.recent[0].detail.startswith("TypeError in _context")
