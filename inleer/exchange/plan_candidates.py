"""What a list of candidates would do: new people, changed details, and who is enrolled. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from inleer.cohorts.models import Enrolment
from inleer.cohorts.rules import STATE_WORDS
from inleer.exchange.cells import Notice
from inleer.exchange.names import PersonName, person_key, person_or_email, without_shouting
from inleer.exchange.plan_common import Change, Draft, Options, Step, same_name, same_text, verdict_of
from inleer.exchange.rows_candidates import CandidateRow
from inleer.exchange.rows_common import Parsed
from inleer.exchange.values import shown
from inleer.i18n import _, format_date, ngettext
from inleer.people.models import Candidate

#: Details that an empty cell leaves as they are.
PLAIN = (
    "birth_date", "postcode", "phone", "email", "language_level", "benefit", "children", "driving_licence",
)  # fmt: skip
NAMES = ("first_name", "tussenvoegsel", "last_name")
#: Enrolments that an import may still give another start; of the others it leaves the dates alone.
OPEN, ENDED = ("selected", "active", "paused"), ("completed", "dropped_out", "moved")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A candidate of the agency who has the client number, with the enrolment in this cohort if there is one: also
    one that was taken back and stands in no list (see :attr:`is_enrolled`)."""

    candidate: Candidate
    enrolment: Enrolment | None

    @property
    def is_enrolled(self) -> bool:
        """Whether the person stands in a list of this cohort."""
        return self.enrolment is not None and not self.enrolment.taken_back


@dataclass(frozen=True, slots=True)
class KnownCandidates:
    """What is known before. ``people`` by client number; ``students``: number at the school → candidate;
    ``alike``: (name key, date of birth) → client numbers of other people of the agency; ``coaches``: the agency's
    coaches by name and e-mail address (see :func:`names.person_or_email`); ``names``: their names."""

    starts_on: date
    today: date
    school_id: UUID | None
    people: Mapping[str, KnownPerson]
    students: Mapping[str, UUID]
    alike: Mapping[tuple[str, date], tuple[str, ...]]
    coaches: Mapping[str, UUID] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CandidateWork:
    """What to do for one row. ``person`` None: a new candidate; ``joined_on`` None: leave the enrolment alone.

    ``coach_id``: whose caseload the person is in afterwards (None: nobody's).
    """

    row: CandidateRow
    person: KnownPerson | None
    enrol: bool
    joined_on: date | None
    add_student_number: bool
    coach_id: UUID | None


def plan(
    parsed: Parsed[CandidateRow], known: KnownCandidates, options: Options | None = None
) -> Draft[CandidateWork]:
    """What each row does, with every problem that only shows beside what is known already."""
    chosen = (options or Options()).coach_id
    draft: Draft[CandidateWork] = Draft(parsed.columns)
    if known.school_id is None and any(row.student_number for _number, row in parsed.rows):
        draft.notices.append(
            Notice(_("De lichting heeft nog geen school: studentnummers zijn niet bewaard."))
        )
    for number, row in parsed.rows:
        found = len(draft.problems)
        step = _step(draft, known, number, row, chosen)
        if len(draft.problems) == found:
            draft.steps.append(step)
    without = sum(1 for step in draft.steps if step.what.coach_id is None)
    if without:
        draft.notices.append(Notice(_without_coach(without)))
    return draft


def _without_coach(n: int) -> str:
    """A candidate without a coach is in nobody's caseload, so that nobody may open the file."""
    return ngettext(
        "%(n)s kandidaat heeft geen werkcoach: nog geen enkele werkcoach ziet dit dossier. Kies een werkcoach bij het "
        "inlezen, of zet een kolom Werkcoach in het bestand; dat kan later ook, met hetzelfde bestand.",
        "%(n)s kandidaten hebben geen werkcoach: nog geen enkele werkcoach ziet hun dossier. Kies een werkcoach bij "
        "het inlezen, of zet een kolom Werkcoach in het bestand; dat kan later ook, met hetzelfde bestand.",
        n,
    )


def _step(
    draft: Draft[CandidateWork], known: KnownCandidates, number: int, row: CandidateRow, chosen: UUID | None
) -> Step[CandidateWork]:
    person = known.people.get(row.client_number)
    if row.joined_on is not None and row.joined_on < known.starts_on:
        message = _("Dit ligt voor de start van de lichting (%(day)s).", day=format_date(known.starts_on))
        draft.refuse(number, "joined_on", message)
    add_number = _student_number(draft, known, number, row, person)
    coach_id = _coach(draft, known, number, row, person) or chosen
    written = without_shouting(PersonName(row.first_name, row.tussenvoegsel, row.last_name))
    label = " ".join(part for part in written if part)
    if person is None:
        _look_alikes(draft, known, number, row)
        row = replace(
            row, first_name=written.first, tussenvoegsel=written.tussenvoegsel, last_name=written.last
        )
        joined = row.joined_on or known.starts_on
        return Step(number, "created", label, CandidateWork(row, None, True, joined, add_number, coach_id))
    if _somebody_else(person.candidate, row):
        draft.refuse(
            number,
            "client_number",
            _(
                "Nummer %(number)s is van iemand met een andere naam en geboortedatum. Kijk het nummer na.",
                number=row.client_number,
            ),
        )
    changes = _details(person.candidate, row, written)
    if coach_id != person.candidate.coach_id:
        changes.append(Change("coach_id", person.candidate.coach_id, coach_id))
    joined_on = _enrolment(draft, known, number, row, person, changes)
    if add_number:
        changes.append(Change("student_number", None, row.student_number))
    work = CandidateWork(row, person, not person.is_enrolled, joined_on, add_number, coach_id)
    return Step(number, verdict_of(True, changes), label, work, tuple(changes))


def new_values(step: Step[CandidateWork]) -> dict[str, Any]:
    """The personal details of a known candidate that change."""
    own = {*PLAIN, *NAMES, "startkwalificatie", "coach_id"}
    return {change.field: change.new for change in step.changes if change.field in own}


def _details(candidate: Candidate, row: CandidateRow, written: PersonName) -> list[Change]:
    """Personal details that differ. An empty cell takes nothing away: senders leave out what they do not know."""
    changes = [
        Change(name, old, better)
        for name, better in zip(NAMES, written, strict=True)
        if not same_name(old := getattr(candidate, name), new := getattr(row, name))
        and (new or (name == "tussenvoegsel" and not same_name(candidate.last_name, row.last_name)))
    ]
    for name in PLAIN:
        old, new = getattr(candidate, name), getattr(row, name)
        alike = same_text(old, new) if isinstance(new, str) else old == new
        if new is not None and not alike:
            changes.append(Change(name, old, new))
    if row.startkwalificatie not in ("unknown", candidate.startkwalificatie):
        changes.append(Change("startkwalificatie", candidate.startkwalificatie, row.startkwalificatie))
    return changes


def _enrolment(
    draft: Draft[CandidateWork],
    known: KnownCandidates,
    number: int,
    row: CandidateRow,
    person: KnownPerson,
    changes: list[Change],
) -> date | None:
    """The day of joining that is to be set, None when the enrolment stays as it is."""
    enrolment = person.enrolment
    if enrolment is None or not person.is_enrolled:
        joined = row.joined_on or known.starts_on
        changes.append(Change("enrolment", None, format_date(joined)))
        return joined
    if enrolment.state not in (*OPEN, *ENDED):
        message = _(
            "Deze kandidaat staat al bij deze lichting als “%(state)s”. Werk die deelname eerst bij.",
            state=_(STATE_WORDS[enrolment.state]),
        )
        draft.refuse(number, "client_number", message)
        return None
    if row.joined_on is None or row.joined_on == enrolment.joined_on:
        return None
    if enrolment.state in ENDED:
        draft.refuse(number, "joined_on", _("Deze deelname is al geëindigd; de startdatum staat vast."))
        return None
    changes.append(Change("joined_on", enrolment.joined_on, row.joined_on))
    return row.joined_on


def _student_number(
    draft: Draft[CandidateWork],
    known: KnownCandidates,
    number: int,
    row: CandidateRow,
    person: KnownPerson | None,
) -> bool:
    """Whether the number at the school is new. A number of somebody else is refused."""
    if row.student_number is None or known.school_id is None:
        return False
    owner = known.students.get(row.student_number)
    if owner is None:
        return True
    if person is None or person.candidate.id != owner:
        draft.refuse(number, "student_number", _("Dit nummer is bij de school van iemand anders."))
    return False


def _coach(
    draft: Draft[CandidateWork],
    known: KnownCandidates,
    number: int,
    row: CandidateRow,
    person: KnownPerson | None,
) -> UUID | None:
    """The coach that the row names, else the one whom the person has. Anybody but a coach of the agency is refused."""
    if row.coach is None:
        return person.candidate.coach_id if person else None
    found = known.coaches.get(person_or_email(row.coach))
    if found is None:
        message = _(
            "“%(name)s” is geen werkcoach van dit werkbedrijf, of er zijn er meer met die naam. Zet het e-mailadres.",
            name=shown(row.coach),
        )
        draft.refuse(number, "coach", message)
    return found


def _somebody_else(candidate: Candidate, row: CandidateRow) -> bool:
    """First name, last name and date of birth are all different: a wrong number, not a correction."""
    return (
        candidate.birth_date is not None
        and candidate.birth_date != row.birth_date
        and person_key("", candidate.last_name) != person_key("", row.last_name)
        and person_key(candidate.first_name, "") != person_key(row.first_name, "")
    )


def _look_alikes(draft: Draft[CandidateWork], known: KnownCandidates, number: int, row: CandidateRow) -> None:
    others: Sequence[str] = known.alike.get((person_key(row.first_name, row.last_name), row.birth_date), ())
    if others:
        message = _(
            "Naam en geboortedatum zijn gelijk aan kandidaat %(numbers)s. Is dit dezelfde persoon?",
            numbers=", ".join(others),
        )
        draft.notice(number, "client_number", message)
