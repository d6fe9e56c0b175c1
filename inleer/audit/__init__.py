"""Recording changes and reads. ``record`` is called in the action; the chain is closed when the work commits."""

from inleer.audit.chain import record, verify_chain
from inleer.audit.guard import guard_changes, in_bulk
from inleer.audit.models import AuditEvent, ReadLog
from inleer.audit.reads import shown, write_reads, write_reads_in_transaction

__all__ = [
    "AuditEvent",
    "ReadLog",
    "guard_changes",
    "in_bulk",
    "record",
    "shown",
    "verify_chain",
    "write_reads",
    "write_reads_in_transaction",
]
