"""A test client that shares nothing with the test that uses it."""

from __future__ import annotations

import contextvars
from typing import Any

from flask.globals import _cv_app, _cv_request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Client(FlaskClient):
    """A test client whose requests get an application context, a session and a ``g`` of their own.

    The test's own context is pushed all the time; without this a request would share its database session and
    who is logged in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base.update({"wsgi.url_scheme": "https"})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request, between two transactions of the test's own session."""
        from inleer.db import db

        db.session.rollback()
        kwargs.setdefault("base_url", "https://localhost")
        response: TestResponse = contextvars.copy_context().run(self._open_afresh, *args, **kwargs)
        db.session.rollback()  # whatever the test holds is read again
        return response

    def _open_afresh(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]
        _cv_request.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)
