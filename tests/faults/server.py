"""The production server in processes of its own, to be killed; and a browser that speaks to it over a socket."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

from inleer.config import Settings
from tests import plugin_logs

HOST = "127.0.0.1"
WORKERS = 2
START_SECONDS = 60
_COOKIE = "__Host-inleer"


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


class Server:
    """``inleer serve`` on a database. A context manager; what it says is kept in ``log``."""

    def __init__(self, settings: Settings, first: str = "") -> None:
        """Serve this installation, on a port of our own. ``first`` is Python that its process runs before."""
        self.port = free_port()
        self._command = f"{first}\nfrom inleer.cli import main; main()"
        self.log = settings.var_dir / "server.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("INLEER_")}
        self._environment = {
            **kept,
            "INLEER_DATABASE_URL": settings.database_url,
            "INLEER_SECRET_KEY": settings.secret_key,
            "INLEER_VAR_DIR": str(settings.var_dir),
            "INLEER_BASE_URL": f"http://{HOST}:{self.port}",
            "INLEER_BIND": f"{HOST}:{self.port}",
            "INLEER_WORKERS": str(WORKERS),
            "PYTHONUNBUFFERED": "1",  # what a killed worker said is read too
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers. Raises RuntimeError with what it said when it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._command, "serve"],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that all of it can be killed at once
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if Browser(self.port).get("/inloggen")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the server does not answer:\n{self.log.read_text()[-4000:]}")

    def worker_pids(self) -> list[int]:
        """The worker processes that live now."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def serving_pids(self) -> list[int]:
        """The workers that answer requests: one that is still starting has no threads for them yet."""
        return [pid for pid in self.worker_pids() if len(list(Path(f"/proc/{pid}/task").iterdir())) > 1]

    def wait_until_all_serve(self) -> None:
        """Wait until every worker answers requests. Raises RuntimeError when that takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if len(self.serving_pids()) == WORKERS:
                return
            time.sleep(0.02)
        raise RuntimeError("a worker that was killed is not replaced")

    def kill_a_worker(self, chance: random.Random) -> int:
        """Kill -9 one of the workers; gunicorn starts another. Returns its id."""
        pid = chance.choice(self.serving_pids())
        os.kill(pid, signal.SIGKILL)
        while pid in self.worker_pids():
            time.sleep(0.005)
        return pid

    def kill(self) -> None:
        """Kill -9 all of it at once, as when the power goes."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        plugin_logs.read_file(self.log)


@dataclass
class Browser:
    """Just enough of a browser: a connection per request, one cookie. Raises OSError when the server is not there."""

    port: int
    cookie: str = ""
    token: str = field(default="", init=False)

    def get(self, path: str) -> tuple[int, str]:
        """Open a page; its CSRF token is kept."""
        status, text = self._send("GET", path, None)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        self.token = found.group(1) if found else self.token
        return status, text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form with the token of the last page."""
        return self._send("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        headers = {"Cookie": f"{_COOKIE}={self.cookie}"} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error  # cut off in the middle of an answer
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _sep, value = header.partition(";")[0].partition("=")
            if name == _COOKIE:
                self.cookie = value
        return answer.status, text
