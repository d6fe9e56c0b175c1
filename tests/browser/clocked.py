"""The command line at another time: ``python -m tests.browser.clocked demo``, SHIFT_SECONDS_OF_TESTS away from now.

The browser tests run on a fixed Tuesday morning with a lesson, whatever day it really is; the clock ticks on. The
background work of the demo runs at that time too: else what it sends would long be past the end of its term.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine

#: Not INLEER_…: what the demo starts beside itself does not get our settings.
SHIFT = "SHIFT_SECONDS_OF_TESTS"


def main() -> None:
    """Shift the clock of this process and of the workers it forks, then do what the command line says."""
    shift = timedelta(seconds=float(os.environ[SHIFT]))
    time_machine.travel(datetime.now(UTC) + shift, tick=True).start()
    from inleer.cli import main as inleer
    from inleer.demo import jobs

    if sys.argv[1:] == ["jobs"]:
        jobs.main()
        return
    jobs.COMMAND = ("-m", "tests.browser.clocked", "jobs")
    sys.argv[0] = "inleer"
    inleer()


if __name__ == "__main__":
    main()
