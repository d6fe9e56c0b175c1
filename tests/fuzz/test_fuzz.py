"""Promise 47: atheris feeds each reader for a while (a minute in CI); only ImportProblem may come out.

``INLEER_FUZZ_SECONDS`` says how long per reader; that hunt starts somewhere else each time. Without it the seed is
fixed, so that what fails on a commit can be repeated on that commit. Without atheris, which has wheels for Linux on
x86-64 only, these tests are skipped, loudly.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests import plugin_logs
from tests.corpus import workbooks
from tests.unit.exchange.test_only_import_problem import CSV, ICS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("INLEER_FUZZ_SECONDS", "60" if os.environ.get("CI") == "true" else "10"))
SEED = 0 if "INLEER_FUZZ_SECONDS" in os.environ else 2026  # 0: libFuzzer takes the time
NO_ATHERIS = "NO ATHERIS: it has no wheel for this platform, so no reader was fuzzed (promise 47)"
TABLES = (
    b"Klantnr;Naam;Geb.datum;E-mail;Telefoon\r\nK1;Jan van Berg;1-2-1990;a@b.nl;06 12345678\r\n",
    "Datum;Begin;Einde;Titel;Locatie;Status\r\n19-10-2020;09:00;12:00;Zorg;A1;Vervallen\r\n".encode("cp1252"),
    CSV,
    "Werkgever;Functie;Soort;Vanaf;Uren;Aantal\r\nHuis;Helpende;intentie;1-1-2021;24-32;½\r\n".encode(
        "utf-8-sig"
    ),
)
REFUSED = 77  # the exit status of libFuzzer when the code under test raises


def seeds() -> dict[str, list[bytes]]:
    """What the fuzzer starts from, by reader."""
    with zipfile.ZipFile(BytesIO(workbooks.candidates())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    tables = [bytes([kind]) + data for kind, data in enumerate(TABLES)]
    sheets = [bytes([kind]) + sheet for kind in range(len(TABLES))]
    return {"csv": tables, "xlsx": sheets, "ical": [ICS], "planted": [CSV]}


def fuzz(reader: str, folder: Path, seconds: int) -> tuple[int, str]:
    """Feed a reader in a process of its own; its exit status and what it said."""
    if importlib.util.find_spec("atheris") is None:
        warnings.warn(NO_ATHERIS, stacklevel=1)
        pytest.skip(NO_ATHERIS)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds()[reader]):
        (corpus / str(number)).write_bytes(seed)
    limits = [
        f"-max_total_time={seconds}",
        f"-seed={SEED}",
        "-timeout=30",
        "-rss_limit_mb=1500",
        "-max_len=4000",
    ]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.fuzz.readers",
            reader,
            corpus,
            *limits,
            f"-artifact_prefix={folder}/found-",
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        errors="replace",
        timeout=seconds + 200,
    )
    plugin_logs.read_text(done.stderr)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 240)
@pytest.mark.parametrize("reader", ["csv", "xlsx", "ical"])
def test_a_reader_raises_only_import_problem(reader: str, tmp_path: Path) -> None:
    status, said = fuzz(reader, tmp_path, SECONDS)
    inputs = {path.name: path.read_bytes() for path in tmp_path.glob("found-*")}
    assert (status, inputs) == (0, {}), said[-4000:]
    runs = re.search(r"Done (\d+) runs in (\d+) second", said)
    assert runs is not None and int(runs[1]) > 2 * SECONDS, said[-2000:]
    assert int(runs[2]) >= SECONDS


def test_a_reader_that_raises_something_else_is_found(tmp_path: Path) -> None:
    """The planted fault lies in one column of a register that can be read otherwise."""
    status, said = fuzz("planted", tmp_path, 60)
    assert status == REFUSED and "OverflowError: planted" in said, said[-2000:]
    assert list(tmp_path.glob("found-crash-*"))
