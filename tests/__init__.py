"""Tests of inleer; `make test` runs them on SQLite, on PostgreSQL and in a browser."""
