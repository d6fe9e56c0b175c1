"""Calendars: which days are free, which weeks are school weeks. ``rules`` is pure and knows no database."""
