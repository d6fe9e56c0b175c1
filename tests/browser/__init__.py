"""Journeys in a real browser: each changes something and reads it back as somebody else."""
