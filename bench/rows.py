"""The rows of the generated data, table by table, without the marks themselves. Everything follows from the seed."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from bench.people import People
from bench.shapes import MINUTES, OPEN_SESSIONS, REGION, STARTS, Schedule
from bench.world import Person, World
from inleer import clock
from inleer.accounts.secrets import token_hash

GROUP = 4


class Maker(People):
    """Makes the agencies with all that is theirs."""

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
