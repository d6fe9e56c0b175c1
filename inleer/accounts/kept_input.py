"""The session ended in the middle of a form: what was typed travels through the login page and can be sent again.

Nothing is stored on the server. The input is encrypted for the person whose session it was and comes back as a
hidden field of the login form; after the login its fields stand in a form with a button. It is never sent by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from flask import request

from inleer.accounts.safe_next import safe_next
from inleer.accounts.secrets import Unreadable, decrypt, encrypt

PURPOSE = "kept-input"
MAX_AGE = 12 * 3600
_SKIP = frozenset({"csrf_token"})
# Forms with one of these are not kept: they are short, and secret.
SECRET = frozenset({"password", "current", "code"})


@dataclass(frozen=True)
class Kept:
    """A form that was not accepted: where it goes and its fields; ``files`` is whether files must be chosen anew."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool


def keep(user_id: UUID) -> str:
    """Seal the form of the present request for this user; empty when there is nothing that may be kept."""
    if SECRET & set(request.form) or not set(request.form) - _SKIP:
        return ""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _SKIP]
    path = request.full_path.rstrip("?")
    body = {"user": str(user_id), "path": path, "fields": fields, "files": bool(request.files)}
    return encrypt(PURPOSE, json.dumps(body))


def open_kept(sealed: str, user_id: UUID) -> Kept | None:
    """The form that was sealed for this user; None when it was another's, is too old, or was tampered with."""
    try:
        body = json.loads(decrypt(PURPOSE, sealed, MAX_AGE))
    except Unreadable:
        return None
    path = safe_next(body["path"])
    if body["user"] != str(user_id) or path is None:
        return None
    return Kept(path, tuple((str(n), str(v)) for n, v in body["fields"]), bool(body["files"]))
