"""docs/benchmarks.md: medians, ratios to the floor per round with their range, and what is over its budget."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from statistics import median
from typing import Any

from bench.asking import OF_PEER, PAGES
from bench.load import Round

#: The budgets of the project: CPU × the floor, and statements.
CPU = {"P1": 2.5, "P2 GET": 2.5, "P2 POST": 3.0, "P3": 2.5, "P5": 2.5}
STATEMENTS = {"P1": 8, "P2 GET": 6, "P2 POST": 12, "P3": 7, "P5": 10}
GROWTH = 1.3
PEER = 3.0
NAMES = {
    "P1": "a cohort's board, 20 people",
    "P2 GET": "the register of a lesson, 20 people",
    "P2 POST": "the register saved, 20 marks changed",
    "P3": "a coach's list, 60 people in 4 cohorts",
    "P5": "a candidate's file",
}


@dataclass
class Found:
    """Everything that was measured. ``rounds`` and ``memory`` by percent of the national data."""

    options: dict[str, Any]
    database: str = ""
    rounds: dict[int, list[Round]] = field(default_factory=dict)
    memory: dict[int, list[float]] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    minutes: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)


def document(found: Found) -> str:
    """The whole page, in Markdown."""
    parts = [_head(found), *(_size(found, percent) for percent in sorted(found.rounds)), _growth(found)]
    parts += [_rest(found), _verdict(found)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(found: Found) -> str:
    chosen = found.options
    sizes = " and ".join(f"{p} %" for p in found.rounds)
    counts = sorted({max(r.number for r in rounds) for rounds in found.rounds.values()})
    return f"""# Benchmarks

Made by `make bench` on {time.strftime("%Y-%m-%d")}: {os.cpu_count()} cores, Python {platform.python_version()},
{found.database}; gunicorn with 2 workers of 4 threads for both servers; client and database on the same machine.
{" and ".join(map(str, counts))} rounds in shuffled order, {chosen["seconds"]:g} s per page, server and number of
clients; {sizes} of the national set (342 municipalities, 4,000 cohorts, 80,000 candidates, 24 million marks).

**Times differ by machine and hour; what counts is the ratio to the floor in the same round.** The floor is
hand-written SQL through the driver and a plain Jinja page with the same figures, with login and permission. It has no
read log, audit trail, roll-ups, plugins or design system. The product has all of them and all plugins on. CPU is that
of web workers and database processes together. Before timing, product, floor and a recount of the marks give the same
figures. The peer is what somebody would build instead: the board as a Django view ({_django()}) tuned by hand, with
joins, annotations and the same roll-ups, behind the same server; it has what the floor has, and no more.
The budgets are those the project set itself before the first line.

{_run(found)} The load of the machine was {found.load[0]:.1f} before it began and
{found.load[1]:.1f} on average in its last five minutes. Its own work makes about 3; {_quiet(found)}"""


def _run(found: Found) -> str:
    if found.options.get("measured"):
        return (
            "The pages were measured in an earlier run of the same day; this one measured the rest, "
            "its load is below."
        )
    return f"The run took {found.minutes:.0f} minutes."


def _django() -> str:
    return f"Django {version('django')}"


def _quiet(found: Found) -> str:
    if max(found.load[0], found.load[1] - 3) < 1.5:
        return "so the machine was otherwise quiet."
    return (
        "so other programs ran beside it: the times are longer than those of a quiet machine,\n"
        "and the ratios are rough."
    )


def _size(found: Found, percent: int) -> str:
    rounds = found.rounds[percent]
    lines = [f"## {percent} % of the national data ({percent * 240_000:,} marks)"]
    for clients in sorted({r.clients for r in rounds}):
        lines += ["", f"### {clients} client{'s' if clients > 1 else ''}", ""]
        lines.append(
            "| page | floor: CPU ms | product: CPU ms (web + database) | p50 / p95 ms | requests/s |"
            " CPU × floor, median (min–max) | budget |"
        )
        lines.append("|---|---|---|---|---|---|---|")
        lines += [
            _row(page, [r for r in rounds if r.page == page and r.clients == clients])
            for page in _pages(rounds)
        ]
        lines += _peer(rounds, clients)
    return "\n".join(lines)


def _peer(rounds: Sequence[Round], clients: int) -> list[str]:
    """The peer beside the product, per page that it has."""
    lines = []
    for page in OF_PEER:
        here = [r for r in rounds if r.page == page and r.clients == clients]
        peer = [r for r in here if r.target == "peer"]
        if peer:
            shares = ratios(here, "peer")
            faster = faster_than_peer(here)
            lines.append(
                f"The peer's {page}: {_mid(peer, lambda r: r.cpu):.1f} ms of CPU, **{median(shares):.1f}** × the floor "
                f"({min(shares):.1f}–{max(shares):.1f}), {_mid(peer, lambda r: r.per_second):.0f} requests/s: "
                f"the product serves {faster:.1f} × as many (goal ≥ {PEER:g} ×)."
            )
    return ["", *lines] if lines else []


def faster_than_peer(rounds: Sequence[Round]) -> float:
    """How many times the requests per second of the peer the product serves: the median over the rounds."""
    peer = {(r.number, r.clients): r.per_second for r in rounds if r.target == "peer"}
    return median(r.per_second / peer[r.number, r.clients] for r in rounds if r.target == "product")


def _pages(rounds: Iterable[Round]) -> list[str]:
    there = {r.page for r in rounds}
    return [page for page in PAGES if page in there]


def _row(page: str, rounds: Sequence[Round]) -> str:
    ours = [r for r in rounds if r.target == "product"]
    floor = [r for r in rounds if r.target == "floor"]
    found = ratios(rounds)
    cells = [
        f"{page}, {NAMES[page]}",
        f"{_mid(floor, lambda r: r.cpu):.1f}",
        f"{_mid(ours, lambda r: r.cpu):.1f} ({_mid(ours, lambda r: r.cpu_web):.1f} + "
        f"{_mid(ours, lambda r: r.cpu_database):.1f})",
        f"{_mid(ours, lambda r: r.p50):.1f} / {_mid(ours, lambda r: r.p95):.1f}",
        f"{_mid(ours, lambda r: r.per_second):.0f} (floor {_mid(floor, lambda r: r.per_second):.0f})",
        f"**{median(found):.1f}** ({min(found):.1f}–{max(found):.1f})",
        f"≤ {CPU[page]:g}",
    ]
    return f"| {' | '.join(cells)} |"


def ratios(rounds: Sequence[Round], target: str = "product") -> list[float]:
    """CPU of the product (or another target) by that of the floor, for each round."""
    floor = {(r.number, r.clients): r.cpu for r in rounds if r.target == "floor"}
    return [r.cpu / floor[r.number, r.clients] for r in rounds if r.target == target]


def _mid(rounds: Sequence[Round], value: Callable[[Round], float]) -> float:
    return median(value(r) for r in rounds)


def _growth(found: Found) -> str:
    if len(found.rounds) < 2:
        return ""
    small, large = min(found.rounds), max(found.rounds)
    lines = [
        f"## Growth from {small} % to {large} %",
        "",
        "CPU per request of one client; that of the floor beside it tells what the machine did.",
        "",
        "| page | product | floor | budget (1 % to 100 %) |",
        "|---|---|---|---|",
    ]
    for page in _pages(found.rounds[large]):
        both = [_grown(found, page, target, small, large) for target in ("product", "floor")]
        lines.append(f"| {page} | × {both[0]:.2f} | × {both[1]:.2f} | ≤ {GROWTH} |")
    return "\n".join(lines)


def _grown(found: Found, page: str, target: str, small: int, large: int) -> float:
    def cpu(percent: int) -> float:
        rounds = found.rounds[percent]
        return median(r.cpu for r in rounds if (r.page, r.target, r.clients) == (page, target, 1))

    return cpu(large) / cpu(small)


def _rest(found: Found) -> str:
    if not found.memory and not found.statements and not found.extras:
        return ""
    lines = ["## Beside the pages", "", "| what | found | budget |", "|---|---|---|"]
    for page, count in found.statements.items():
        lines.append(
            f"| statements of {page} (tests hold them equal for 5, 20 and 60 people) | {count} | "
            f"≤ {STATEMENTS[page]} |"
        )
    memory = max((mb for each in found.memory.values() for mb in each), default=0.0)
    lines.append(f"| resident memory of a web worker after the load | {memory:.0f} MB | ≤ 100 MB |")
    extras = found.extras
    if extras:
        start, load, grid = extras["start"], extras["import"], extras["grid"]
        lines += [
            f"| import of the app | {start['seconds']:.1f} s ({start['cpu']:.1f} s CPU) | ≤ 1.5 s |",
            f"| promise 16: log in with a known or an unknown address, medians of 100 pairs | "
            f"{_pair(extras['login'])} | ≤ 5 ms apart |",
            f"| promise 3: a foreign or a non-existent cohort, medians of 100 pairs | {_pair(extras['foreign'])} | "
            "≤ 5 ms apart |",
            f"| promise 25: {grid['cells']:,} cells of a register saved at once, median of 3 | "
            f"{grid['seconds']:.2f} s ({grid['cpu']:.2f} s CPU of our own) | ≤ 1 s |",
            f"| promise 46: import of {load['rows']:,} rows of attendance from the command line | "
            f"{'FAILED after ' if load['failed'] else ''}{load['seconds']:.0f} s ({load['cpu']:.0f} s CPU, "
            f"{load['memory_mb']:.0f} MB) | ≤ 60 s for 100,000, 300 MB |",
        ]
    return "\n".join(lines)


def _pair(pair: dict[str, Any]) -> str:
    alike = (
        "same answers" if len(pair["answers"]) == 1 else f"DIFFERENT answers: {', '.join(pair['answers'])}"
    )
    return f"{pair['known']:.1f} and {pair['unknown']:.1f} ms, {pair['apart']:.1f} apart; {alike}"


def _verdict(found: Found) -> str:
    over = list(_over(found))
    if not over:
        return "## Over budget\n\nNothing."
    return "\n".join(["## Over budget", "", *(f"- {line}" for line in over)])


def _over(found: Found) -> Iterable[str]:
    percent = max(found.rounds)
    for page in _pages(found.rounds[percent]):
        share = median(ratios([r for r in found.rounds[percent] if r.page == page and r.clients == 1]))
        if share > CPU[page]:
            yield f"{page}: {share:.1f} × the CPU of the floor; the budget is {CPU[page]:g} ×."
        here = [r for r in found.rounds[percent] if r.page == page and r.clients == 1]
        if page in OF_PEER and faster_than_peer(here) < PEER:
            yield f"{page}: {faster_than_peer(here):.1f} × the requests of the Django view; the goal is {PEER:g} ×."
        if page in found.statements and found.statements[page] > STATEMENTS[page]:
            yield f"{page}: {found.statements[page]} statements; the budget is {STATEMENTS[page]}."
        if (
            len(found.rounds) > 1
            and (grown := _grown(found, page, "product", min(found.rounds), percent)) > GROWTH
        ):
            yield f"{page}: grows × {grown:.2f}."
    if max((mb for each in found.memory.values() for mb in each), default=0) > 100:
        yield "the memory of a web worker."
    if found.extras:
        yield from _slow(found.extras)


def _slow(extras: dict[str, Any]) -> Iterable[str]:
    if extras["start"]["seconds"] > 1.5:
        yield f"import of the app: {extras['start']['seconds']:.1f} s."
    for name in ("login", "foreign"):
        if extras[name]["apart"] > 5 or len(extras[name]["answers"]) > 1:
            yield f"{name}: the two kinds of answer can be told apart."
    load, grid = extras["import"], extras["grid"]
    if grid["seconds"] > 1:
        yield f"{grid['cells']:,} cells saved at once: {grid['seconds']:.2f} s."
    if load["memory_mb"] > 300:
        yield f"import of {load['rows']:,} rows: {load['memory_mb']:.0f} MB."
    if load["failed"] or load["seconds"] > 60:
        yield f"import of {load['rows']:,} rows: {load['seconds']:.0f} s{', and it FAILED' if load['failed'] else ''}."
