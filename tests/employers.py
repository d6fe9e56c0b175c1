"""Help for tests about employers that are asked by mail: an edition with an employer, the mails, the links."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from inleer import clock
from inleer.cohorts.actions import NewCohort, add_partner, create_cohort
from inleer.cohorts.models import Cohort
from inleer.db import db, unit_of_work
from inleer.intentions.actions import draft
from inleer.intentions.asking import Chosen, ask
from inleer.intentions.models import JobIntention
from inleer.intentions.models_requests import IntentionRequest, RequestItem
from inleer.jobs.outbox import drain
from inleer.leerroutes.actions import publish
from inleer.leerroutes.queries import route_version
from inleer.policy import Actor, Role, system_actor, unscoped
from tests.actors import make_actor, make_organisation
from tests.world import one, token_in

CONTACT = "hr@baken.example"
VALUES = {"kind": "intention", "positions": 5, "hours_min": 20, "hours_max": 28, "contact_name": "R. de Wit"}


@dataclass
class Town:
    """An agency with one edition and one employer, and who works there."""

    agency: UUID
    employer: UUID
    cohort: UUID
    manager: Actor
    coach: Actor
    boss: Actor
    intentions: list[UUID] = field(default_factory=list)

    def rows(self) -> list[JobIntention]:
        """The intentions as they are stored."""
        db.session.rollback()
        db.session.expire_all()
        return [one(JobIntention, i) for i in self.intentions]

    def states(self) -> list[str]:
        """Their states."""
        return [row.state for row in self.rows()]


def make_town(
    intentions: int = 2, kinds: Sequence[str] = (), contact: str | None = CONTACT, start: Any = None
) -> Town:
    """An edition with so many intentions of one employer, none of them asked."""
    with unit_of_work():
        publish(system_actor(), current_app.extensions["inleer"])
    agency = make_organisation("work_agency", "Werkbedrijf Voorbeeldstad").id
    employer = make_organisation("employer", "Woonzorg Het Baken", managed_by=agency).id
    manager = make_actor(Role.PROGRAMME_MANAGER, agency, "Karim Manager")
    coach = make_actor(Role.COACH, agency, "Mirjam Coach")
    boss = make_actor(Role.EMPLOYER, employer, "Rob Werkgever")
    route = route_version("zorg.wijkleerbedrijf", 2)
    assert route is not None
    with unit_of_work():
        new = NewCohort("lichting", "Lichting 2026", start or clock.today(), "midden")
        cohort = create_cohort(manager, agency, route, new)
        add_partner(manager, cohort, employer, "employer", since_on=cohort.starts_on)
        made = Town(agency, employer, cohort.id, manager, coach, boss)
        for n in range(intentions):
            kind = kinds[n] if n < len(kinds) else "intention"
            values = {**VALUES, "function": f"Functie {n}", "kind": kind, "contact_email": contact}
            made.intentions.append(draft(manager, cohort, employer, values).id)
    return made


def asked(town: Town, actor: Actor | None = None) -> IntentionRequest:
    """Ask all intentions of the town at once."""
    chosen = [Chosen(row.id, row.version) for row in town.rows()]
    with unit_of_work():
        return ask(actor or town.manager, one(Cohort, town.cohort), chosen)[0]


def request_now(request: IntentionRequest) -> IntentionRequest:
    """The request as it is stored."""
    db.session.rollback()
    db.session.expire_all()
    return one(IntentionRequest, request.id)


def items_now(request: IntentionRequest) -> list[RequestItem]:
    """Its items as they are stored."""
    db.session.rollback()
    db.session.expire_all()
    statement = select(RequestItem).where(RequestItem.request_id == request.id).order_by(RequestItem.place)
    return list(db.session.execute(unscoped(statement, "test")).scalars())


def mails(app: Flask) -> list[EmailMessage]:
    """Every mail that has left until now, the first first."""
    drain()
    folder = Path(app.config["INLEER"].var_dir, "mail")
    paths = sorted(folder.glob("*.eml"), key=lambda p: p.stat().st_mtime_ns)
    return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in paths]


def text_in(mail: EmailMessage, kind: str = "plain") -> str:
    """The plain text of a mail, or its HTML."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links_in(mail: EmailMessage) -> list[str]:
    """The paths of the personal links in a mail."""
    return re.findall(r"https://localhost(/antwoord/\S+)", text_in(mail))


def link_of(app: Flask) -> str:
    """The link in the last mail."""
    return links_in(mails(app)[-1])[0]


def form_of(page: str) -> dict[str, str]:
    """The hidden fields and numbers of the one screen, as a browser sends them; nothing is chosen."""
    found = {"csrf_token": token_in(page)}
    for name in ("shown", "positions", "hours_min", "hours_max", "from_on"):
        for match in re.finditer(rf'<input[^>]*name="({name}_\d+)"[^>]*>', page):
            value = re.search(r'value="([^"]*)"', match.group(0))
            found[match.group(1)] = value.group(1) if value else ""
    return found


def reply(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Open a link and send an answer."""
    return client.post(path, data={**form_of(client.get(path).text), "name": "R. de Wit", **fields})
