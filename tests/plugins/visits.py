"""Run where inleer is installed without some plugins: opens pages as who has a session, and prints what they answer.

Arguments: the token of a session, then paths. Nothing here imports a plugin, or a test that does.
"""

from __future__ import annotations

import json
import sys

from inleer.app import create_app
from inleer.config import from_environment


def main(token: str, paths: list[str]) -> None:
    """Print {path: [status, text]}."""
    app = create_app(from_environment())
    client = app.test_client()
    base = "https://localhost"
    with client.session_transaction(base_url=base) as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = {}
    for path in paths:
        answer = client.get(path, base_url=base)
        found[path] = [answer.status_code, answer.text]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
