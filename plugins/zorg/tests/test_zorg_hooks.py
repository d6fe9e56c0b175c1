"""What the plugin says of itself, its command, and what happens when somebody completes the neighbourhood phase."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from inleer_zorg import declared
from inleer_zorg.models import HelpRequest
from sqlalchemy import select
from zorg_world import Zorg

from inleer.audit import AuditEvent
from inleer.cli import main
from inleer.cli.base import Cli
from inleer.cohorts.completion import complete
from inleer.cohorts.models import Cohort, CohortPhase
from inleer.db import db, unit_of_work
from inleer.plugin import clock, record
from inleer.policy import unscoped
from tests.world import one


def test_who_completes_the_phase_gives_help_requests_back(zorg: Zorg) -> None:
    running = zorg.given(0).id
    others = zorg.given(1, requester="Dhr. B.").id
    with unit_of_work():
        wanted = CohortPhase.cohort_id == zorg.cohort, CohortPhase.key == "wijk"
        phase = db.session.scalars(select(CohortPhase).where(*wanted)).one()
        complete(zorg.actor(), phase, [zorg.people[0]], clock.today() - timedelta(days=1), "genoeg gedaan")
    assert (one(HelpRequest, running).state, one(HelpRequest, running).enrolment_id) == ("open", None)
    assert one(HelpRequest, others).state == "assigned"
    told = select(AuditEvent.subject_id).where(AuditEvent.action == "zorg_help_request.state_changed")
    assert str(running) in db.session.scalars(unscoped(told, "test")).all()


def test_the_command_prints_what_the_page_shows(zorg: Zorg) -> None:
    slug = one(Cohort, zorg.cohort).slug
    asked = ["zorg", "hours", slug]
    words = CliRunner().invoke(main, asked, obj=Cli(app=zorg.app))
    assert words.exit_code == 0, words.output
    figures = CliRunner().invoke(main, [*asked, "--json"], obj=Cli(app=zorg.app))
    assert set(json.loads(figures.output)["minutes"]) == {str(one_id) for one_id in zorg.people}
    assert CliRunner().invoke(main, ["zorg", "hours", "nergens"], obj=Cli(app=zorg.app)).exit_code == 1
    assert "hours" in CliRunner().invoke(main, ["zorg", "--help"], obj=Cli(app=zorg.app)).output


def test_what_is_not_declared_is_not_recorded(zorg: Zorg) -> None:
    with pytest.raises(LookupError, match=r"zorg_visit\.invented"), unit_of_work():
        record(zorg.actor(), "zorg_visit.invented", ("zorg_visit", "1"))
    known = {action.key for action in declared.AUDIT_ACTIONS}
    assert "zorg_visit.invented" not in known and "zorg_visit.recorded" in known
