"""``python -m bench``: measure, write bench/results/ and docs/benchmarks.md."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from flask import Flask

from bench import asking, checks, database, extra, load, report, serving
from bench.generate import fill
from bench.shapes import Size
from bench.world import Made

RESULTS = Path(__file__).parent / "results"
DOCUMENT = serving.ROOT / "docs" / "benchmarks.md"
ATTEMPTS = 3


@dataclass
class Options:
    """How much is measured. ``seconds`` per target and round; after ``minutes`` no new round begins."""

    rounds: int
    seconds: float
    sizes: tuple[int, ...]
    pages: tuple[str, ...]
    write: bool
    extras: bool
    import_rows: int
    minutes: float
    measured: Path | None = None


@dataclass
class Site:
    """The servers of one size, and what to ask of them."""

    app: Flask
    made: Made
    targets: list[load.Target]
    connection: psycopg.Connection[Any]
    ports: tuple[int, int, int] = (0, 0, 0)
    marks: int = 0
    findings: dict[str, Any] = field(default_factory=dict)


def options(arguments: list[str]) -> Options:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a look in two minutes: only 1 percent, short rounds"
    )
    parser.add_argument("--rounds", type=int, help="rounds in shuffled order (5)")
    parser.add_argument("--seconds", type=float, help="seconds per target and round (2)")
    parser.add_argument(
        "--minutes", type=float, default=12.0, help="the whole takes about as long at most (12)"
    )
    parser.add_argument("--sizes", help="percent of the national data, separated by commas (1,10)")
    parser.add_argument("--pages", help="P1,P2 GET,P2 POST,P3,P5")
    parser.add_argument(
        "--measured", type=Path, help="take the pages from this file of bench/results/, measure only the rest"
    )
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    parser.add_argument("--no-extras", action="store_true", help="only the pages")
    given = parser.parse_args(arguments)
    sizes = given.sizes or ("1" if given.quick else "1,10")
    return Options(
        rounds=given.rounds or (3 if given.quick else 5),
        seconds=given.seconds or (0.7 if given.quick else 2.0),
        sizes=tuple(int(s) for s in sizes.split(",")),
        pages=tuple(given.pages.split(",")) if given.pages else asking.PAGES,
        write=not (given.no_write or given.quick),
        extras=not given.no_extras,
        import_rows=10_000 if given.quick else 100_000,
        minutes=given.minutes,
        measured=given.measured,
    )


@contextmanager
def site(url: str, size: Size, pages: tuple[str, ...]) -> Iterator[Site]:
    """All servers on freshly generated data of one size; the figures are compared first."""
    from inleer.app import create_app

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        var, secret = Path(folder), serving.new_secret()
        ports = serving.free_port(), serving.free_port(), serving.free_port()
        app = create_app(serving.settings_for(url, ports[0], var, secret))
        began = time.perf_counter()
        made = fill(app, size).made
        say(f"{size.percent} %: {size.marks:,} marks in {time.perf_counter() - began:.0f} s")
        with (
            database.connect(url) as connection,
            serving.running("product", url, ports[0], var, secret) as product,
            serving.running("floor", url, ports[1], var, secret) as floor,
            serving.running("peer", url, ports[2], var, secret) as peer,
        ):
            jar = asking.Jar(app)
            asks = {
                page: (asking.product(page, made, jar), asking.floor(page, made)) for page in asking.PAGES
            }
            checks.everything(app, ports, asks, connection, _coaches(made, connection))
            say("product, floor, peer and a recount of the marks give the same figures")
            targets = []
            for page in pages:
                targets.append(load.Target("product", page, ports[0], product.workers, asks[page][0]))
                targets.append(load.Target("floor", page, ports[1], floor.workers, asks[page][1]))
                if page in asking.OF_PEER:
                    targets.append(load.Target("peer", page, ports[2], peer.workers, asks[page][1]))
            yield Site(app, made, targets, connection, ports, size.marks)


def _coaches(made: Made, connection: psycopg.Connection[Any]) -> dict[str, str]:
    statement = "SELECT user_id FROM user_session WHERE token_hash = %s"
    found = {}
    for token in made.lists:
        row = connection.execute(statement, [hashlib.sha256(token.encode()).hexdigest()]).fetchone()
        if row is not None:
            found[f"floor={token}"] = str(row[0])
    return found


def rounds(
    place: Site, chosen: Options, clients: tuple[int, ...], out: Any, percent: int, until: float
) -> list[load.Round]:
    """All rounds of one size, in shuffled order; one JSON line each. After ``until`` (monotonic) no round begins."""
    for target in place.targets:
        load.measure(target, max(clients), min(1.0, chosen.seconds), 0, place.connection)
    made: list[load.Round] = []
    for number in range(1, chosen.rounds + 1):
        if made and time.monotonic() > until:
            say(f"time is up: {number - 1} rounds of {chosen.rounds}")
            break
        order = [(target, n) for target in place.targets for n in clients]
        Random(number).shuffle(order)
        for target, n in order:
            found = _accepted(target, n, chosen.seconds, number, place.connection)
            made.append(found)
            out.write(json.dumps({"percent": percent, **asdict(found)}) + "\n")
            out.flush()
        say(f"round {number} of {chosen.rounds}")
    return made


def _accepted(target: load.Target, clients: int, seconds: float, number: int, connection: Any) -> load.Round:
    """A round without a wrong answer; one that has them is refused, said, and measured again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return load.measure(target, clients, seconds, number, connection)
        except load.RoundRefused as refused:
            say(f"round refused: {refused}")
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def say(text: str) -> None:
    """Tell how far we are."""
    print(time.strftime("%H:%M:%S"), text, flush=True)


def earlier(file: Path) -> dict[int, list[load.Round]]:
    """The rounds that were measured before, by percent."""
    found: dict[int, list[load.Round]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "percent" in row:
            found.setdefault(row.pop("percent"), []).append(load.Round(**row))
    return found


def beside(place: Site, chosen: Options, found: report.Found, url: str, out: Any) -> None:
    """Statements, and what is measured without the pages; written down as soon as it is known."""
    found.statements = extra.statements(place.app, place.targets, place.connection)
    if chosen.extras:
        found.extras = extra.everything(place.app, place.made, place.ports[0], url, chosen.import_rows)
    out.write(
        json.dumps({"extras": found.extras, "memory": found.memory, "statements": found.statements}) + "\n"
    )


def measure(chosen: Options, found: report.Found, admin: str, out: Any) -> None:
    """Every size; what is beside the pages with the last one."""
    began = time.monotonic()
    sizes = chosen.sizes
    if chosen.measured is not None:
        found.rounds = earlier(chosen.measured)
        sizes = sizes[:1]
    for percent in sizes:
        last = percent == sizes[-1]
        with database.fresh(admin) as url, site(url, Size(percent), chosen.pages) as place:
            if chosen.measured is None:
                share = (
                    (0.75 if last else 0.3) * chosen.minutes * 60
                )  # the rest is for what is beside the pages
                clients = (1, 4) if last else (1,)
                found.rounds[percent] = rounds(place, chosen, clients, out, percent, began + share)
            else:
                rounds(
                    place, replace(chosen, rounds=1), (4,), out, percent, began
                )  # memory is that after a load
            product = next(t for t in place.targets if t.name == "product")
            found.memory[percent] = [load.resident_mb(pid) for pid in product.processes]
            if last:
                beside(place, chosen, found, url, out)


def main(arguments: list[str]) -> int:
    """Measure every size, then report."""
    chosen = options(arguments)
    RESULTS.mkdir(exist_ok=True)
    results = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    began, before = time.monotonic(), os.getloadavg()[0]
    found = report.Found(options=asdict(chosen))
    with database.server() as (admin, label), results.open("w", encoding="utf-8") as out:
        found.database = label
        measure(chosen, found, admin, out)
    found.minutes = (time.monotonic() - began) / 60
    found.load = (before, os.getloadavg()[1])
    text = report.document(found)
    print(text)
    if chosen.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
