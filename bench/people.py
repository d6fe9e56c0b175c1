"""The rows of the people in a cohort: who they are, their notes, figures, signals and help requests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from inleer_zorg.rules import TASKS

from bench.shapes import PEOPLE, Pattern
from bench.world import Base, Person
from inleer import clock

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


class People(Base):
    """Makes the people of a cohort."""

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
