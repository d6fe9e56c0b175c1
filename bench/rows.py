"""The rows of the generated data, table by table, without the marks themselves. Everything follows from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from inleer_zorg.rules import TASKS

from bench.shapes import MINUTES, OPEN_SESSIONS, PEOPLE, REGION, STARTS, Pattern, Schedule, Size
from inleer import clock
from inleer.accounts.secrets import token_hash

Row = dict[str, Any]
GROUP = 4
BIG_COACH = 15
SURNAMES = (
    "Bakker",
    "de Vries",
    "Yilmaz",
    "Jansen",
    "El Idrissi",
    "van Dijk",
    "Nguyen",
    "Smit",
    "Kaya",
    "Visser",
)
FIRST = ("Sanne", "Ömer", "Fatima", "Joris", "Linh", "Daan", "Aïcha", "Wendy", "Rachid", "Eva")


@dataclass
class Person:
    """Somebody who is logged in: ``token`` is that of an open session."""

    user_id: UUID
    membership_id: UUID
    organisation_id: UUID
    email: str
    token: str


@dataclass
class Made:
    """What was made and who may see it: the addresses that are asked for while measuring."""

    boards: list[tuple[str, UUID]] = field(default_factory=list)
    registers: list[tuple[str, UUID]] = field(default_factory=list)
    saves: list[tuple[str, UUID]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    files: list[tuple[str, UUID]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)


@dataclass
class World:
    """Rows by table, enrolments with their pattern and sessions (for the marks), and what to ask for."""

    tables: dict[str, list[Row]]
    marks: list[tuple[UUID, Pattern, list[UUID], UUID]]
    made: Made


class Maker:
    """Makes the rows; holds the source of chance and what several tables share."""

    def __init__(
        self, size: Size, plans: list[Schedule], patterns: list[list[Pattern]], route: Row, secret: str
    ):
        """``route``: the published version that every cohort follows; ``secret``: the hash of everybody's password."""
        self.size, self.plans, self.patterns, self.route, self.secret = size, plans, patterns, route, secret
        self.rng = Random(str(size.percent))
        self.now = clock.now()
        self.today = clock.today()
        self.world = World({}, [], Made())

    def id(self) -> UUID:
        """The next identifier."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def add(self, table: str, **values: Any) -> UUID:
        """One row, with an id of its own and, where the table has one, version 1."""
        row = {"id": self.id(), **values}
        self.world.tables.setdefault(table, []).append(row)
        found: UUID = row["id"]
        return found

    def make(self) -> World:
        """Every agency with its groups of four cohorts."""
        groups = self.size.cohorts // GROUP
        for number in range(self.size.agencies):
            agency = self.organisation("work_agency", f"Werkbedrijf {number}", None)
            for group in range(number, groups, self.size.agencies):
                self.group(agency, group)
        return self.world

    def organisation(self, kind: str, name: str, agency: UUID | None) -> UUID:
        """An organisation; those that are no agency are kept by one."""
        slug = name.lower().replace(" ", "-")
        region = REGION if kind in ("work_agency", "school") else None
        return self.add(
            "organisation", slug=slug, name=name, kind=kind, region=region, managed_by_id=agency, version=1
        )

    def person(self, name: str, role: str, organisation: UUID) -> Person:
        """A login with one role and an open session."""
        email = f"{name.lower().replace(' ', '.')}@bench.example"
        user = self.add(
            "user_account",
            email=email,
            name=name,
            password_hash=self.secret,
            active=True,
            created_at=self.now,
            version=1,
        )
        member = self.add(
            "membership",
            user_id=user,
            organisation_id=organisation,
            role=role,
            created_at=self.now,
            version=1,
        )
        token = f"bench-{user.hex}"
        self.add(
            "user_session",
            token_hash=token_hash(token),
            user_id=user,
            membership_id=member,
            created_at=self.now,
            last_seen_at=self.now + timedelta(hours=2),  # no refresh of the session while measuring
            expires_at=self.now + timedelta(hours=10),
            second_factor_at=self.now,
            user_agent="bench",
        )
        self.world.made.emails.append(email)
        return Person(user, member, organisation, email, token)

    def group(self, agency: UUID, number: int) -> None:
        """Four cohorts with two coaches: 60 candidates of one, 20 of the other."""
        school = self.organisation("school", f"ROC {number}", agency)
        leerhome = self.organisation("leerhome", f"Leerhome {number}", agency)
        employers = [self.organisation("employer", f"Zorg {number} {n}", agency) for n in range(3)]
        coaches = [self.person(f"Coach {number} {n}", "coach", agency) for n in range(2)]
        teacher = self.person(f"Docent {number}", "teacher", school)
        made = self.world.made
        made.lists.append(coaches[0].token)
        for n in range(GROUP):
            cohort = self.cohort(
                agency, f"{number}-{n}", [school, leerhome, *employers], self.plans[n % STARTS]
            )
            made.boards.append((coaches[0].token, cohort))
            sessions = self.sessions(cohort, school, teacher, self.plans[n % STARTS])
            past = sessions[: len(self.plans[n % STARTS].past)]
            made.registers += [(teacher.token, s) for s in past[-OPEN_SESSIONS:]]
            made.saves.append((teacher.token, past[-1]))
            enrolments = self.people(agency, cohort, coaches, past, teacher, n % STARTS)
            self.help(cohort, enrolments, teacher)

    def cohort(self, agency: UUID, name: str, partners: list[UUID], plan: Schedule) -> UUID:
        """A running cohort with six phases, five partners and three intentions."""
        cohort = self.add(
            "cohort",
            slug=f"lichting-{name}",
            name=f"Lichting {name}",
            agency_id=agency,
            route_version_id=self.route["id"],
            route_key=self.route["key"],
            region=REGION,
            starts_on=plan.start,
            state="running",
            group_min=12,
            group_target=20,
            group_max=24,
            version=1,
        )
        for n, kind in enumerate(("school", "leerhome", "employer", "employer", "employer")):
            values = {"cohort_id": cohort, "kind": kind, "since_on": plan.start, "version": 1}
            self.add("partner", organisation_id=partners[n], **values)
        for n in range(6):
            first = plan.start + timedelta(weeks=16 * n)
            self.add(
                "cohort_phase",
                cohort_id=cohort,
                key=f"fase-{n}",
                name=f"Fase {n + 1}",
                kind="learning",
                position=n,
                starts_on=first,
                ends_on=first + timedelta(weeks=16, days=-1),
                moved=False,
                version=1,
            )
        for n, employer in enumerate(partners[2:]):
            self.intention(cohort, employer, n)
        return cohort

    def intention(self, cohort: UUID, employer: UUID, number: int) -> None:
        """A commitment: confirmed, confirmed, asked."""
        self.add(
            "job_intention",
            cohort_id=cohort,
            employer_id=employer,
            function="Helpende Zorg en Welzijn",
            kind="intention",
            positions=(8, 6, None)[number],
            hours_min=20,
            hours_max=28,
            from_on=self.today + timedelta(weeks=20),
            state=("confirmed", "confirmed", "requested")[number],
            confirmed_on=(self.today - timedelta(days=30)) if number < 2 else None,
            version=1,
        )

    def sessions(self, cohort: UUID, school: UUID, teacher: Person, plan: Schedule) -> list[UUID]:
        """A lesson on every day; the last of the past are still open."""
        ids = []
        days = [*plan.past, *plan.coming]
        for n, day in enumerate(days):
            done = n < len(plan.past) - OPEN_SESSIONS
            state = "locked" if done else "open" if n < len(plan.past) else "planned"
            ids.append(self.session(day, state, school, teacher))
            self.world.tables.setdefault("session_cohort", []).append(
                {"cohort_id": cohort, "session_id": ids[-1]}
            )
        return ids

    def session(self, day: date, state: str, school: UUID, teacher: Person) -> UUID:
        """One lesson of four hours."""
        return self.add(
            "session",
            title="Zorg en welzijn",
            kind="lesson",
            on=day,
            starts_at=clock.at(day, time(9)),
            ends_at=clock.at(day, time(9 + MINUTES // 60)),
            planned_minutes=MINUTES,
            counts=True,
            location="lokaal 1.12",
            organisation_id=school,
            teacher_id=teacher.user_id,
            state=state,
            recorded_at=clock.at(day, time(14)) if state == "locked" else None,
            locked_at=clock.at(day, time(14)) if state == "locked" else None,
            version=1,
        )

    def people(
        self, agency: UUID, cohort: UUID, coaches: list[Person], past: list[UUID], teacher: Person, shift: int
    ) -> list[UUID]:
        """Twenty candidates with their enrolment, contact moments, signals and roll-ups."""
        enrolments = []
        for n in range(PEOPLE):
            coach = coaches[0 if n < BIG_COACH else 1]
            candidate = self.candidate(agency, coach, len(self.world.marks))
            pattern = self.rng.choice(self.patterns[shift])
            start = self.plans[shift].start
            values = {"cohort_id": cohort, "candidate_id": candidate, "state": "active", "version": 1}
            enrolment = self.add("enrolment", joined_on=start, **values)
            self.add(
                "enrolment_event",
                enrolment_id=enrolment,
                at=clock.at(start, time(9)),
                on=start,
                to_state="active",
                reason="",
                by_id=coach.user_id,
                by_name="Coach",
            )
            self.notes(candidate, coach, agency)
            self.figures(enrolment, candidate, cohort, coach, pattern, past)
            self.world.marks.append((enrolment, pattern, past, teacher.user_id))
            if n < BIG_COACH:
                self.world.made.files.append((coach.token, candidate))
            enrolments.append(enrolment)
        return enrolments

    def candidate(self, agency: UUID, coach: Person, number: int) -> UUID:
        """A candidate with a client number."""
        last = f"{self.rng.choice(SURNAMES)} {number}"
        values = {"agency_id": agency, "coach_id": coach.user_id, "version": 1, "created_at": self.now}
        candidate = self.add(
            "candidate",
            first_name=self.rng.choice(FIRST),
            tussenvoegsel="",
            last_name=last,
            sort_name=last.lower(),
            birth_date=date(1990, 1, 1),
            startkwalificatie="yes",
            phone="+31612345678",
            email=f"k{number}@bench.example",
            **values,
        )
        self.add("identifier", candidate_id=candidate, organisation_id=agency, number=f"K{number:06}")
        return candidate

    def notes(self, candidate: UUID, coach: Person, agency: UUID) -> None:
        """Five contact moments, the last at most five weeks ago."""
        for n in range(5):
            moment: datetime = self.now - timedelta(days=self.rng.randint(1, 35) + 30 * n)
            self.add(
                "note",
                candidate_id=candidate,
                organisation_id=agency,
                author_id=coach.user_id,
                author_name="Coach",
                on=moment.date(),
                written_at=moment,
                channel="telephone",
                audience="cohort",
                text="Gebeld: het gaat goed, het rooster is bekend.",
                version=1,
            )

    def figures(
        self,
        enrolment: UUID,
        candidate: UUID,
        cohort: UUID,
        coach: Person,
        pattern: Pattern,
        past: list[UUID],
    ) -> None:
        """The roll-ups and signals of the pattern, for this person."""
        tables = self.world.tables
        tables.setdefault("enrolment_week", []).extend(
            {**w, "enrolment_id": enrolment} for w in pattern.weeks
        )
        tables.setdefault("enrolment_total", []).append({**pattern.total, "enrolment_id": enrolment})
        for raised in pattern.signals:
            head, _colon, tail = raised.cause.rpartition(":")
            cause = f"{head}:{past[int(tail)]}" if tail.isdecimal() else raised.cause
            self.add(
                "signal",
                subject_id=candidate,
                candidate_id=candidate,
                cohort_id=cohort,
                rule=raised.rule,
                cause=cause,
                tone=raised.tone,
                on=raised.on,
                text=raised.text,
                facts=dict(raised.facts),
                owner_id=coach.user_id,
                state="open",
                raised_at=self.now,
                version=1,
            )

    def help(self, cohort: UUID, enrolments: list[UUID], teacher: Person) -> None:
        """Help requests of the zorg plugin: a participant in two does one, with a visit a week."""
        for enrolment in enrolments[::2]:
            request = self.add(
                "zorg_help_request",
                cohort_id=cohort,
                requester="mevr. J.",
                task=next(iter(TASKS)),
                description="",
                area="Boswijk",
                asked_on=self.today - timedelta(weeks=10),
                state="assigned",
                enrolment_id=enrolment,
                version=1,
            )
            for week in range(8):
                self.add(
                    "zorg_visit",
                    help_request_id=request,
                    enrolment_id=enrolment,
                    on=self.today - timedelta(weeks=week, days=1),
                    minutes=90,
                    remark="",
                    recorded_at=self.now,
                    recorded_by_id=teacher.user_id,
                    recorded_by_name="Docent",
                    version=1,
                )


def attendance(world: World, at: datetime) -> Iterator[Row]:
    """The marks, one row per enrolment and past session."""
    for enrolment, pattern, sessions, teacher in world.marks:
        for session, (status, minutes, missed) in zip(sessions, pattern.marks, strict=True):
            yield {
                "enrolment_id": enrolment,
                "session_id": session,
                "status": status,
                "minutes": minutes,
                "missed": missed,
                "recorded_by_id": teacher,
                "recorded_by_name": "Docent",
                "recorded_at": at,
                "version": 1,
            }
