"""Inleerroutes: published versions of what plugins define, and how a route lies on the calendar."""
