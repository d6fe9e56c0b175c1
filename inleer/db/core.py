"""Declarative base, column types and engine settings for SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from inleer.db.work import WRITE_MODE

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive datetime raises ValueError: it would mean two things."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> UUID:
    """A random identifier: ids in URLs cannot be guessed or counted."""
    return uuid4()


Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
JsonValue = JSON


class Base(DeclarativeBase):
    """Base of all models; names every constraint so that both databases can migrate them."""

    # In the registry, not on the class: Flask-SQLAlchemy derives a class from this one.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, UUID: Uuid, dict[str, Any]: JSON, list[str]: JSON},
    )


class Versioned:
    """Adds ``version``: a save that started from an older version is refused, never overwrites."""

    version: Mapped[int] = mapped_column(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.version}


# Objects stay readable after commit; queries never start behind our back.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})


def rows_changed(statement: Executable) -> int:
    """Carry out an update or a delete in the open unit of work; returns how many rows it changed."""
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount


def is_sqlite(url: str) -> bool:
    """Whether a database URL names the embedded database."""
    return url.startswith("sqlite")


def engine_options(url: str) -> dict[str, Any]:
    """Engine settings per database: time limits on PostgreSQL, one connection per use on SQLite."""
    # The values of a statement that failed stay out of its message: they are names and notes.
    if is_sqlite(url):
        return {"connect_args": {"timeout": 5, "check_same_thread": False}, "hide_parameters": True}
    limits = "-c statement_timeout=15000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
    # A statement that a connection sends for the sixth time has been prepared by psycopg. PostgreSQL would still plan
    # some of those each time, and planning takes longer than running them; one plan for all values is enough here,
    # where statements are about ids. What is sent seldom (reports) is not prepared, and planned for its values.
    options = f"{limits} -c plan_cache_mode=force_generic_plan"
    return {
        "hide_parameters": True,
        "pool_size": 5,
        "max_overflow": 5,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "connect_args": {"connect_timeout": 2, "options": options, "application_name": "inleer"},
    }


def prepare_engine(engine: Engine) -> None:
    """Set what SQLite needs for many writers: WAL, FULL sync, foreign keys, IMMEDIATE for writes only."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A deferred transaction that reads and then writes fails at once when another writer was first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if WRITE_MODE.get() else "BEGIN")
