"""Whether two kinds of request take the same time: medians of interleaved pairs, which a busy machine hardly moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

Ask = Callable[[], object]
PAIRS = 100
APART_MS = 5.0
TRIES = 3


def medians(first: Ask, second: Ask, pairs: int = PAIRS) -> tuple[float, float]:
    """The median of each in milliseconds. They take turns in who comes first, so that both feel the same load."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        for which in ((0, 1), (1, 0))[number % 2]:
            began = time.perf_counter()
            (first, second)[which]()
            took[which].append((time.perf_counter() - began) * 1000)
    return median(took[0]), median(took[1])


def apart(first: Ask, second: Ask, pairs: int = PAIRS) -> float:
    """How far the medians are apart in milliseconds, warmed up: the best of at most three tries.

    Chance (a busy machine) moves a try both ways; what really takes longer does so in each of them.
    """
    first(), second()
    best = float("inf")
    for _try in range(TRIES):
        one, other = medians(first, second, pairs)
        best = min(best, abs(one - other))
        if best <= APART_MS:
            break
    return best
