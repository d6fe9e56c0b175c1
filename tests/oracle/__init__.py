"""Freshly generated editions against figures that share no code with the product."""
