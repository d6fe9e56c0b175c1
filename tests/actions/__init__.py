"""Tests of what actions write, on both databases."""
