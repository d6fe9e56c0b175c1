"""Measures the main pages against a floor: hand-written SQL and plain templates on the same data and server.

``python -m bench`` (or ``make bench``) writes docs/benchmarks.md; raw figures go to bench/results/.
"""
