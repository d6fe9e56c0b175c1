"""A bound on the memory that reading a file from outside may take, whatever the readers do with it."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

#: A file of 100,000 rows takes some 150 MB; the rest is for what the allocator keeps.
EXTRA_BYTES = 400 * 1024 * 1024

_STATM = Path("/proc/self/statm")
# The limit holds for the whole process, so one file is read at a time.
_one_at_a_time = Lock()


@contextmanager
def bounded_memory(extra: int = EXTRA_BYTES) -> Iterator[None]:
    """Inside, the process can take ``extra`` bytes of address space more than it has now; then MemoryError.

    Without /proc (not Linux) nothing is bounded here; the guards of ``archive`` hold everywhere.
    """
    with _one_at_a_time:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        allowed = _size_now() + extra
        lower = _STATM.exists() and (soft == resource.RLIM_INFINITY or allowed < soft)
        if lower:
            resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
        try:
            yield
        finally:
            if lower:
                resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _size_now() -> int:
    """The address space of this process in bytes."""
    if not _STATM.exists():
        return 0
    return int(_STATM.read_text("ascii").split()[0]) * resource.getpagesize()
