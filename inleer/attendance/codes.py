"""A school's own codes in files of attendance, and what they mean; on top of the usual ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from inleer import audit
from inleer.attendance.models import AttendanceCode
from inleer.attendance.rules import STATUSES
from inleer.db import db
from inleer.errors import DomainError, NotVisible, StaleEdit
from inleer.i18n import _
from inleer.policy import Actor

_CODE = re.compile(r"[^\W_]{1,10}")


def own_codes(organisation_id: UUID) -> Sequence[AttendanceCode]:
    """The own codes of a school that was loaded in scope, in order of the alphabet."""
    statement = select(AttendanceCode).where(AttendanceCode.organisation_id == organisation_id)
    return db.session.execute(statement.order_by(AttendanceCode.code)).scalars().all()


def add_code(actor: Actor, organisation_id: UUID, code: str, status: str) -> AttendanceCode:
    """Say what a code in this school's files means from now on. Raises DomainError; a known code is removed first."""
    folded = code.strip().upper()
    if not _CODE.fullmatch(folded):
        raise DomainError(_("Een code heeft 1 tot 10 letters of cijfers."), "code")
    if status not in STATUSES:
        raise DomainError(_("Kies wat de code betekent."), "meaning")
    if any(known.code == folded for known in own_codes(organisation_id)):
        raise DomainError(_("Deze code staat er al. Haal die eerst weg."), "code")
    made = AttendanceCode(organisation_id=organisation_id, code=folded, status=status)
    db.session.add(made)
    details = {"organisation": str(organisation_id), "code": folded, "status": status}
    audit.record(actor, "attendance_code.added", made, details=details)
    return made


def remove_code(actor: Actor, organisation_id: UUID, code_id: UUID, version: int) -> AttendanceCode:
    """Take an own code away; marks that were imported stay. Raises NotVisible for another school's, StaleEdit."""
    found = next((known for known in own_codes(organisation_id) if known.id == code_id), None)
    if found is None:
        raise NotVisible
    if version != found.version:
        raise StaleEdit(found, version)
    details = {"organisation": str(organisation_id), "code": found.code, "status": found.status}
    audit.record(actor, "attendance_code.removed", found, details=details)
    db.session.delete(found)
    return found
