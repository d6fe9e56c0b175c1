"""The command line at another time: ``python -m tests.browser.clocked demo`` with INLEER_TEST_SHIFT in seconds.

The browser tests run on a fixed Tuesday morning with a lesson, whatever day it really is; the clock ticks on.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    """Shift the clock of this process and of the workers it forks, then do what the command line says."""
    shift = timedelta(seconds=float(os.environ["INLEER_TEST_SHIFT"]))
    time_machine.travel(datetime.now(UTC) + shift, tick=True).start()
    from inleer.cli import main as inleer

    sys.argv[0] = "inleer"
    inleer()


if __name__ == "__main__":
    main()
