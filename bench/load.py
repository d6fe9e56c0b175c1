"""A small client that keeps its connections open, and the CPU that its requests cost, from /proc."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

import psycopg

from bench.asking import Ask, refresh
from bench.database import backends

TICKS = os.sysconf("SC_CLK_TCK")


class RoundRefused(RuntimeError):
    """An answer had another status than expected: such a round measures something else."""


@dataclass
class Target:
    """One page of one server. ``processes`` are its web workers."""

    name: str
    page: str
    port: int
    processes: tuple[int, ...]
    asks: Sequence[Ask]


@dataclass
class _Seen:
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Round:
    """What one round measured. Times in milliseconds; CPU of web workers and of the database's processes."""

    target: str
    page: str
    clients: int
    number: int
    requests: int
    per_second: float
    p50: float
    p95: float
    cpu_web: float
    cpu_database: float

    @property
    def cpu(self) -> float:
        """CPU milliseconds of one request, web worker and database together."""
        return self.cpu_web + self.cpu_database


def measure(
    target: Target, clients: int, seconds: float, number: int, connection: psycopg.Connection[Any]
) -> Round:
    """Ask for ``seconds`` with this many clients at once. Raises RoundRefused when an answer is not right."""
    refresh(target.asks, connection)
    seen = [_Seen() for _n in range(clients)]
    threads = [
        threading.Thread(target=_client, args=(target, target.asks[n::clients], seconds, number, seen[n]))
        for n in range(clients)
    ]
    databases = backends(connection)
    before = cpu_seconds(target.processes), cpu_seconds(databases)
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    web = cpu_seconds(target.processes) - before[0]
    database = cpu_seconds(databases) - before[1]
    wrong = [text for one in seen for text in one.wrong]
    if wrong:
        raise RoundRefused(f"{target.name} {target.page}: {wrong[0]} ({len(wrong)} answers)")
    times = [t for one in seen for t in one.times]
    return Round(
        target=target.name,
        page=target.page,
        clients=clients,
        number=number,
        requests=len(times),
        per_second=len(times) / took,
        p50=median(times) * 1000,
        p95=quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else times[0] * 1000,
        cpu_web=web * 1000 / len(times),
        cpu_database=database * 1000 / len(times),
    )


def _client(target: Target, asks: Sequence[Ask], seconds: float, seed: int, seen: _Seen) -> None:
    order = list(asks)
    Random(seed).shuffle(order)
    connection = HTTPConnection("127.0.0.1", target.port, timeout=30)
    until = time.perf_counter() + seconds
    place = 0
    while time.perf_counter() < until and len(seen.wrong) < 5:
        ask = order[place % len(order)]
        place += 1
        body = ask.body()
        began = time.perf_counter()
        connection.request(ask.method, ask.path, body=body, headers=ask.headers)
        answer = connection.getresponse()
        answer.read()
        seen.times.append(time.perf_counter() - began)
        if answer.status != ask.expected:
            seen.wrong.append(f"{ask.method} {ask.path} gave {answer.status}")
    connection.close()


def cpu_seconds(processes: Iterable[int]) -> float:
    """User and system time of processes so far; one that is gone counts as nothing."""
    total = 0
    for pid in processes:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_mb(pid: int) -> float:
    """The resident memory of a process in MB (10⁶ bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"no VmRSS of {pid}")
