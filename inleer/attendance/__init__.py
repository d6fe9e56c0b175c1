"""Attendance: marks, figures and what absence means. ``rules`` (and what it gathers) is pure."""
