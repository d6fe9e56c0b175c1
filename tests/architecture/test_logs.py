"""The plugin that reads every log line of the suite: what it calls personal, and that it fails such a test."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests import plugin_logs

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """
import logging, threading
from pathlib import Path
import pytest, structlog
from inleer.config import Settings
from inleer.web import logs
from tests.plugin_logs import remember

@pytest.fixture(autouse=True)
def configured():
    secret = "0123456789-abcdefghijklmnopqrstuvwxyz"
    logs.configure(Settings(database_url="sqlite://", secret_key=secret, var_dir=Path("x"), testing=True))
    remember("Fatima Bewaard")

def test_sound():
    structlog.get_logger().warning("refused", candidate="7d4e", role="coach")
    logging.getLogger("any").warning("nothing personal")

def test_name():
    structlog.get_logger().info("opened", who="Fatima Bewaard")

def test_below_production():
    structlog.get_logger().debug("opened", who="Fatima Bewaard")

def test_address():
    logging.getLogger("any").error("no mail to %s", "fatima@example.nl")

def test_traceback():
    try:
        raise ValueError("Key (email)=(fatima@example.nl) already exists")
    except ValueError:
        logging.getLogger("any").exception("failed")

def test_our_traceback_has_no_message():
    try:
        raise ValueError("Key (email)=(fatima@example.nl) already exists")
    except ValueError:
        structlog.get_logger().exception("failed")

def test_in_a_thread():
    thread = threading.Thread(target=structlog.get_logger().error, args=("x",), kwargs={"of": "Achter3"})
    thread.start()
    thread.join()
"""
FAULTS = {"test_name", "test_address", "test_traceback", "test_in_a_thread"}


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_a_test_that_logs_something_personal_fails(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "INLEER_", "COV_"))}
    command = ["-m", "pytest", "-p", "tests.plugin_logs", "-p", "no:cacheprovider", "-rA", *options]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )
    failed = {line.split("::")[1].split(" ")[0] for line in done.stdout.splitlines() if line[:6] == "FAILED"}
    assert failed == FAULTS, done.stdout
    assert done.returncode == 1 and "a log line holds personal data" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "van iemand@roc.example",
        f"/uitnodiging/{secrets.token_urlsafe(32)}1aA"[:13] + "aB3" * 14 + "x",
        "KANARIEA",
    ],
)
def test_what_is_personal_or_secret(text: str) -> None:
    assert plugin_logs.problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "0b0e7f0a-1f3e-4b7e-9c55-0d7c1f3a2b11",
        "a" * 64,
        "coach mist candidate:view",
        "KeyError inleer/web/today.py:12",
    ],
)
def test_what_is_not(text: str) -> None:
    assert plugin_logs.problems(text) == []


# Files that start processes in which the product does not run, and why not.
NO_PRODUCT = {
    "tests/agendas.py": "another reader of calendars",
    "tests/architecture/test_counts.py": "a pytest that counts tests",
    "tests/architecture/test_dbserver.py": "a pytest that looks for a database",
    "tests/architecture/test_packaging.py": "git and make",
    "tests/dbserver.py": "PostgreSQL",
}


def starts_unread(source: str) -> bool:
    """Whether these tests start a process and never hand what it wrote to the plugin."""
    starts = any(word in source for word in ("subprocess.run(", "subprocess.Popen(", "subprocess.check_"))
    return starts and not any(word in source for word in ("plugin_logs.read_text(", "plugin_logs.read_file("))


def test_what_other_processes_write_is_read_too() -> None:
    folders = [ROOT / "tests", *sorted(ROOT.glob("plugins/*/tests"))]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    unread = {
        path.relative_to(ROOT).as_posix() for path in files if starts_unread(path.read_text(encoding="utf-8"))
    }
    assert unread == set(NO_PRODUCT)


def test_a_process_that_is_not_read_is_found() -> None:
    assert starts_unread("subprocess.run(['inleer', 'serve'])")
    assert not starts_unread("done = subprocess.run(['x']); plugin_logs.read_text(done.stderr)")


def test_what_a_file_holds_is_read_from_where_it_was(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("started\nopened by Fatima Bewaard\n", encoding="utf-8")
    end = plugin_logs.read_file(log, names=["Fatima Bewaard"])
    assert plugin_logs.take_found() == ["'Fatima Bewaard' in: opened by Fatima Bewaard"]
    assert plugin_logs.read_file(log, end, names=["Fatima Bewaard"]) == end
    assert plugin_logs.take_found() == []
