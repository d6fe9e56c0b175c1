"""Log lines hold ids, never names, addresses or tokens."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, g, request

from inleer.config import Settings

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]
DEEPEST = 12


def configure(settings: Settings) -> None:
    """JSON lines on standard error; level DEBUG only in tests that ask for it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_message,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if settings.testing else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def without_message(_logger: object, _name: str, event: Any) -> Any:
    """A structlog processor: of an error its kinds and where it was raised. Its message may hold personal data.

    A database says which value it refused ("Key (email)=(…) already exists"), a parser what it could not read.
    """
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"], event["frames"] = _kinds(error), _frames(error)
    return event


def install(app: Flask) -> None:
    """What Flask itself logs (an error past all handlers) goes our way: without address and message."""

    def log_exception(exc_info: ExcInfo) -> None:
        error = exc_info[1]
        structlog.get_logger("inleer.web").error(
            "error_past_handlers", reference=g.get("trace_id", ""), endpoint=request.endpoint, exc_info=error
        )

    app.log_exception = log_exception  # type: ignore[method-assign]


def _kinds(error: BaseException) -> list[str]:
    """The kind of an error and of those that led to it, last first."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < DEEPEST:
        found.append(type(cause).__name__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def _frames(error: BaseException) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-DEEPEST:]]
