"""A web server of our own for a measurement: product, floor or peer, behind the same gunicorn settings.

``python -m bench.serving product|floor|peer`` is what the child process runs; its settings come from the environment.
"""

from __future__ import annotations

import importlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from inleer.config import Settings

WORKERS = 2
STARTING_SECONDS = 180
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and which processes work."""

    port: int
    workers: tuple[int, ...]


def settings_for(url: str, port: int, var: Path, secret: str) -> Settings:
    """Settings of the product while measuring: as in production."""
    return Settings(
        database_url=url,
        secret_key=secret,
        var_dir=var,
        base_url=f"http://127.0.0.1:{port}",
        bind=f"127.0.0.1:{port}",
        workers=WORKERS,
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def new_secret() -> str:
    """A secret key for one run."""
    return secrets.token_urlsafe(48)


@contextmanager
def running(kind: str, url: str, port: int, var: Path, secret: str) -> Iterator[Server]:
    """Serve ``kind`` (product, floor or peer) in a child process while the block runs. Raises RuntimeError."""
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("INLEER_")},
        "BENCH_URL": url,
        "BENCH_FLOOR_URL": url.replace("postgresql+psycopg://", "postgresql://"),
        "BENCH_PORT": str(port),
        "BENCH_VAR": str(var),
        "BENCH_SECRET": secret,
    }
    log = var / f"{kind}.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "bench.serving", kind], cwd=ROOT, env=environ, stdout=output, stderr=output
        )
        try:
            _wait(child, port, log)
            yield Server(port, tuple(children(child.pid)))
        finally:
            child.terminate()
            child.wait(timeout=30)


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until and child.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/hello")
            connection.getresponse().read()
            connection.close()
        except OSError:
            time.sleep(0.5)
            continue
        if len(children(child.pid)) == WORKERS:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started, from /proc."""
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def main(kind: str) -> None:
    """Serve until told to stop."""
    from inleer.ops.serve import Server as Gunicorn

    port = int(os.environ["BENCH_PORT"])
    settings = settings_for(
        os.environ["BENCH_URL"], port, Path(os.environ["BENCH_VAR"]), os.environ["BENCH_SECRET"]
    )
    if kind == "product":
        Gunicorn(settings).run()
        return

    class Other(Gunicorn):
        """The same server with another application in it, made after the fork as well."""

        def load(self) -> Any:
            """The application of the floor or the peer."""
            module = importlib.import_module("bench.floor" if kind == "floor" else "bench.peer.wsgi")
            return module.application

    Other(settings).run()


if __name__ == "__main__":
    main(sys.argv[1])
