"""The fixtures themselves: a fresh database for each test, and requests apart from the test."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from inleer.accounts.models import User
from inleer.audit import verify_chain
from inleer.db import db
from inleer.policy import Role


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_starts_empty_and_can_make_people(app: Flask, actor, turn: int) -> None:
    assert db.session.execute(select(func.count()).select_from(User)).scalar_one() == 0
    made = actor(Role.TEACHER)
    assert made.role is Role.TEACHER
    assert db.session.execute(select(func.count()).select_from(User)).scalar_one() == 1
    assert verify_chain(db.session()) == []
