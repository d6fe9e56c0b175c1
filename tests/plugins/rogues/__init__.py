"""Plugins with one fault each."""
