"""The application for a WSGI server: ``gunicorn wsgi:app``. Refuses to start on tables of another version."""

from inleer.config import from_environment
from inleer.ops.serve import checked_app

app = checked_app(from_environment())
