"""Placements (stages): who works where, when, and on which days."""
