"""Building blocks for routes, and the wijkleerbedrijf model that several sectors use with other arguments.

Where a source gives no length for a phase, the default here is a planning value: a cohort can move its own
dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inleer.extend.types import (
    Commitment,
    DefinitionError,
    Duration,
    DurationUnit,
    Exit,
    GroupSize,
    Host,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    SessionKind,
    Strand,
)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


def days(amount: int) -> Duration:
    """A number of calendar days."""
    return Duration(unit=DurationUnit.DAYS, amount=amount)


def weeks(amount: int) -> Duration:
    """A number of calendar weeks, vacations included."""
    return Duration(unit=DurationUnit.WEEKS, amount=amount)


def school_weeks(amount: int) -> Duration:
    """A number of weeks of which vacations are no part."""
    return Duration(unit=DurationUnit.SCHOOL_WEEKS, amount=amount)


def months(amount: int) -> Duration:
    """A number of calendar months."""
    return Duration(unit=DurationUnit.MONTHS, amount=amount)


def open_ended() -> Duration:
    """No planned end; only for the last phase of a route."""
    return Duration(unit=DurationUnit.OPEN)


def recruitment(duration: Duration) -> PhaseDef:
    """Finding candidates, before the start."""
    return PhaseDef(
        key="werving", name="Werving", kind=PhaseKind.RECRUITMENT, duration=duration, before_start=True
    )


def information_meeting(duration: Duration) -> PhaseDef:
    """The meeting at which candidates hear what the route asks and offers, before the start."""
    return PhaseDef(
        key="informatie",
        name="Informatiebijeenkomst",
        kind=PhaseKind.INFORMATION,
        duration=duration,
        before_start=True,
    )


def intake_with_language_test(duration: Duration) -> PhaseDef:
    """Intake talks and the language test, before the start."""
    return PhaseDef(
        key="intake",
        name="Intake met taaltoets",
        kind=PhaseKind.INTAKE,
        duration=duration,
        before_start=True,
    )


def leerhome_introduction(
    duration: Duration, *, leerhome: str, weekdays: Sequence[int], start: str, end: str
) -> PhaseDef:
    """The first weeks, at the leerhome. Absence from them counts for the 16-hour signal."""
    strand = Strand(
        key="leerhome",
        name=f"Introductie {leerhome}",
        session_kind=SessionKind.INTRODUCTION,
        host=Host.LEERHOME,
        weekdays=tuple(weekdays),
        start=start,
        end=end,
        counts=True,
    )
    return PhaseDef(
        key="introductie",
        name=f"Introductie {leerhome}",
        kind=PhaseKind.INTRODUCTION,
        duration=duration,
        strands=(strand,),
    )


def school_day(name: str, *, weekdays: Sequence[int], start: str, end: str) -> Strand:
    """Lessons at school on fixed days. Absence from them counts for the 16-hour signal."""
    return Strand(
        key="school",
        name=name,
        session_kind=SessionKind.LESSON,
        host=Host.SCHOOL,
        weekdays=tuple(weekdays),
        start=start,
        end=end,
        counts=True,
    )


def practice(key: str, name: str, *, hours_per_week: int) -> Strand:
    """Hours at a workplace every week, agreed per placement and not in a timetable."""
    return Strand(
        key=key,
        name=name,
        session_kind=SessionKind.PRACTICE,
        host=Host.WORKPLACE,
        makes_sessions=False,
        hours_per_week=hours_per_week,
    )


def selection_day(duration: Duration, *, weekday: int, start: str, end: str) -> PhaseDef:
    """The period of the day on which candidates and employers meet and choose."""
    strand = Strand(
        key="selectiedag",
        name="Selectiedag",
        session_kind=SessionKind.SELECTION,
        host=Host.LEERHOME,
        weekdays=(weekday,),
        start=start,
        end=end,
    )
    return PhaseDef(
        key="selectie", name="Selectiedag", kind=PhaseKind.SELECTION, duration=duration, strands=(strand,)
    )


def work(name: str, duration: Duration) -> PhaseDef:
    """Working, and learning on the job, at the employer."""
    return PhaseDef(key="werk", name=name, kind=PhaseKind.WORK, duration=duration)


def aftercare(checkpoints: Sequence[int]) -> PhaseDef:
    """Following people after the route; ``checkpoints`` are months, the last one ends the phase."""
    return PhaseDef(
        key="nazorg",
        name="Nazorg",
        kind=PhaseKind.AFTERCARE,
        duration=months(checkpoints[-1]),
        checkpoints=tuple(checkpoints),
    )


def group_day(name: str, *, weekday: int, start: str, end: str, host: Host = Host.LEERHOME) -> Strand:
    """The day of the week on which the whole group meets: intervision and training. Absence counts for no signal."""
    return Strand(
        key="groepsdag",
        name=name,
        session_kind=SessionKind.INTERVISION,
        host=host,
        weekdays=(weekday,),
        start=start,
        end=end,
    )


def rotation(
    key: str,
    name: str,
    *,
    rounds: int,
    each: Duration,
    strands: Sequence[Strand],
    kind: PhaseKind = PhaseKind.LEARNING,
    completion: Sequence[str] = (),
    binding: Sequence[str] = (),
) -> tuple[PhaseDef, ...]:
    """Phases of equal length at another workplace each: KEY_1, KEY_2 and so on, with the same strands. Who is where
    are placements of kind "rotation" with that ``phase_key``. Raises DefinitionError for fewer than two rounds."""
    if rounds < 2:
        raise DefinitionError(f"Een rotatie heeft minstens twee ronden, niet {rounds}.")
    return tuple(
        PhaseDef(
            key=f"{key}_{number}",
            name=f"{name} {number}",
            kind=kind,
            duration=each,
            strands=tuple(strands),
            completion=tuple(completion),
            binding=tuple(binding),
        )
        for number in range(1, rounds + 1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeBlock:
    """A stretch of practice beside school: where, how long, how many hours a week."""

    key: str
    name: str
    months: int
    hours_per_week: int


def wijkleerbedrijf(
    *,
    key: str,
    version: int,
    name: str,
    summary: str,
    qualification: str,
    lesson: Strand,
    practice_blocks: Sequence[PracticeBlock],
    work_name: str,
    work_months: int,
    commitment: Commitment,
    group: GroupSize,
    exits: Sequence[Exit],
    duration_text: str,
    sources: Sequence[str],
    leerhome: str = "Leerhome",
    introduction_weeks: int = 4,
    selection_weekday: int = THURSDAY,
    checkpoints: Sequence[int] = (3, 6, 12),
    field_groups: Sequence[str] = (),
    completion: Mapping[str, Sequence[str]] | None = None,
    binding: Mapping[str, Sequence[str]] | None = None,
) -> RouteDefinition:
    """The wijkleerbedrijf model: weeks at the leerhome, school beside practice in blocks, a selection day, a
    job.

    ``lesson`` is the school strand of the learning phases, on another day than ``selection_weekday``;
    ``completion`` maps phase keys (werving, informatie, intake, introductie, one per practice block,
    selectie, werk, nazorg) to rule keys, and ``binding`` to those of them that no reason stands in for. Raises
    DefinitionError.
    """
    phases = (
        recruitment(weeks(6)),
        information_meeting(weeks(1)),
        intake_with_language_test(weeks(5)),
        leerhome_introduction(
            school_weeks(introduction_weeks),
            leerhome=leerhome,
            weekdays=(MONDAY, TUESDAY, WEDNESDAY, THURSDAY),
            start="09:00",
            end="13:00",
        ),
        *(_learning(block, lesson) for block in practice_blocks),
        _with_lessons(
            selection_day(school_weeks(1), weekday=selection_weekday, start="09:00", end="13:00"), lesson
        ),
        work(work_name, months(work_months)),
        aftercare(checkpoints),
    )
    return RouteDefinition(
        key=key,
        version=version,
        name=name,
        summary=summary,
        qualification=qualification,
        phases=_completed_by(phases, completion or {}, binding or {}),
        commitment=commitment,
        group=group,
        exits=tuple(exits),
        duration_text=duration_text,
        field_groups=tuple(field_groups),
        sources=tuple(sources),
    )


def _learning(block: PracticeBlock, lesson: Strand) -> PhaseDef:
    return PhaseDef(
        key=block.key,
        name=block.name,
        kind=PhaseKind.LEARNING,
        duration=months(block.months),
        strands=(lesson, practice(f"praktijk_{block.key}", "Praktijk", hours_per_week=block.hours_per_week)),
    )


def _with_lessons(phase: PhaseDef, lesson: Strand) -> PhaseDef:
    return replace(phase, strands=(lesson, *phase.strands))


def _completed_by(
    phases: Sequence[PhaseDef], rules: Mapping[str, Sequence[str]], binding: Mapping[str, Sequence[str]]
) -> tuple[PhaseDef, ...]:
    for name, given in (("completion", rules), ("binding", binding)):
        unknown = sorted(set(given) - {phase.key for phase in phases})
        if unknown:
            raise DefinitionError(f"{name} noemt fasen die er niet zijn: {', '.join(unknown)}.")
    return tuple(
        replace(p, completion=tuple(rules.get(p.key, ())), binding=tuple(binding.get(p.key, ())))
        for p in phases
    )
