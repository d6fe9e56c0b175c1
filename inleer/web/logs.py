"""Log lines hold ids, never names, addresses or tokens."""

from __future__ import annotations

import logging
import sys

import structlog

from inleer.config import Settings


def configure(settings: Settings) -> None:
    """JSON lines on standard error; level DEBUG only in tests that ask for it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if settings.testing else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
