"""The parts of a route: phases with a duration, and the weekly strands inside them. Frozen, checked when
made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from inleer.extend.checks import dotted, member, require, slug, text, tuple_of, unique

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Inside these hours no local time is skipped or doubled when the clock changes (that happens at 02:00-03:00).
_EARLIEST, _LATEST = "06:00", "23:00"


class PhaseKind(StrEnum):
    """What happens in a phase."""

    RECRUITMENT = "recruitment"
    INFORMATION = "information"
    INTAKE = "intake"
    INTRODUCTION = "introduction"
    LEARNING = "learning"
    SELECTION = "selection"
    WORK = "work"
    AFTERCARE = "aftercare"


class SessionKind(StrEnum):
    """What kind of meeting a session is."""

    INTRODUCTION = "introduction"
    LESSON = "lesson"
    NT2 = "nt2"
    INTERVISION = "intervision"
    PRACTICE = "practice"
    INFORMATION = "information"
    SELECTION = "selection"


class Host(StrEnum):
    """Where a strand takes place."""

    LEERHOME = "leerhome"
    SCHOOL = "school"
    WORKPLACE = "workplace"


class DurationUnit(StrEnum):
    """In what a duration is counted. School weeks skip vacations; an open duration has no planned end."""

    WEEKS = "weeks"
    SCHOOL_WEEKS = "school_weeks"
    MONTHS = "months"
    DAYS = "days"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long a phase lasts: ``amount``, or ``minimum`` and ``maximum``, in ``unit``; nothing of these when
    open."""

    unit: DurationUnit
    amount: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        member(self, "unit", DurationUnit)
        bounds = (self.minimum, self.maximum)
        for number in (self.amount, *bounds):
            require(
                number is None or isinstance(number, int), f"Een duur van {number!r}: geef een geheel getal."
            )
        if self.unit is DurationUnit.OPEN:
            require(self.amount is None and bounds == (None, None), "Een open duur heeft geen aantal.")
        elif self.amount is not None:
            require(bounds == (None, None), "Een duur heeft een aantal, of een minimum en een maximum.")
            require(1 <= self.amount <= 520, f"Een duur van {self.amount} {self.unit} kan niet (1 tot 520).")
        else:
            low, high = bounds
            require(
                low is not None and high is not None and 1 <= low < high <= 520,
                "Een duur heeft een aantal, of een minimum dat kleiner is dan het maximum.",
            )

    @property
    def longest(self) -> int | None:
        """The number of units that a planning reserves: the maximum of a range, None when open."""
        return self.amount if self.amount is not None else self.maximum


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """One line of activity in a phase, every week, beside the other strands of that phase.

    With ``makes_sessions`` it stands in the timetable on ``weekdays`` (0 is Monday, 4 Friday) from ``start``
    to ``end`` ("09:00", local time); otherwise it is ``hours_per_week`` at the host. ``counts`` says that
    unexcused absence from it counts for the 16-hour signal. The same strand in two phases has the same key.
    """

    key: str
    name: str
    session_kind: SessionKind
    host: Host
    weekdays: tuple[int, ...] = ()
    start: str | None = None
    end: str | None = None
    counts: bool = False
    makes_sessions: bool = True
    hours_per_week: int | None = None

    def __post_init__(self) -> None:
        slug(self.key, "Lijn")
        text(self.name, f"Naam van lijn {self.key}")
        member(self, "session_kind", SessionKind)
        member(self, "host", Host)
        tuple_of(self.weekdays, int, f"Weekdagen van lijn {self.key}")
        require(
            all(0 <= d <= 4 for d in self.weekdays) and list(self.weekdays) == sorted(set(self.weekdays)),
            f"Lijn {self.key}: weekdagen zijn 0 (maandag) tot en met 4 (vrijdag), oplopend, elk één keer.",
        )
        if self.makes_sessions:
            self._check_times()
        else:
            require(
                self.start is None and self.end is None and not self.counts,
                f"Lijn {self.key}: zonder bijeenkomsten zijn er geen tijden, en telt er geen verzuim.",
            )
            require(
                self.hours_per_week is not None and 1 <= self.hours_per_week <= 40,
                f"Lijn {self.key}: geef het aantal uren per week (1 tot 40).",
            )

    def _check_times(self) -> None:
        require(self.weekdays, f"Lijn {self.key}: noem de weekdagen van de bijeenkomsten.")
        require(
            self.hours_per_week is None, f"Lijn {self.key}: de uren per week volgen uit de bijeenkomsten."
        )
        require(
            self.start is not None and self.end is not None,
            f"Lijn {self.key}: geef start en end, zoals 09:00; zonder vaste tijden: makes_sessions=False.",
        )
        for moment in (self.start, self.end):
            require(
                isinstance(moment, str) and _CLOCK.fullmatch(moment) and _EARLIEST <= moment <= _LATEST,
                f"Lijn {self.key}: tijd {moment!r} ligt niet tussen {_EARLIEST} en {_LATEST} (als 09:00).",
            )
        require((self.start or "") < (self.end or ""), f"Lijn {self.key}: het einde ligt niet na het begin.")

    @property
    def times(self) -> tuple[time, time]:
        """Begin and end on the local clock. Raises DefinitionError for a strand without sessions."""
        require(self.start and self.end, f"Lijn {self.key} heeft geen tijden.")
        return time.fromisoformat(self.start or ""), time.fromisoformat(self.end or "")

    @property
    def weekly_minutes(self) -> int:
        """Planned minutes in a week without free days."""
        if not self.makes_sessions:
            return (self.hours_per_week or 0) * 60
        begin, end = self.times
        return ((end.hour - begin.hour) * 60 + end.minute - begin.minute) * len(self.weekdays)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseDef:
    """A part of a route. ``before_start`` phases end the day before the edition starts; the others follow
    each other.

    ``completion`` names the rules that must all be fulfilled, or a reason is given; ``binding`` those of them
    that no reason stands in for, in the same order. ``checkpoints`` are months after the begin of the phase at
    which someone looks again (aftercare).
    """

    key: str
    name: str
    kind: PhaseKind
    duration: Duration
    before_start: bool = False
    strands: tuple[Strand, ...] = ()
    completion: tuple[str, ...] = ()
    checkpoints: tuple[int, ...] = ()
    binding: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        slug(self.key, "Fase")
        text(self.name, f"Naam van fase {self.key}")
        member(self, "kind", PhaseKind)
        require(
            isinstance(self.duration, Duration),
            f"Fase {self.key}: duration is {self.duration!r}; geef een duur, zoals weeks(6) of months(5).",
        )
        tuple_of(self.strands, Strand, f"Lijnen van fase {self.key}")
        unique((s.key for s in self.strands), f"Fase {self.key}: lijn")
        tuple_of(self.completion, str, f"Afrondingsregels van fase {self.key}")
        for rule in self.completion:
            dotted(rule, f"Fase {self.key}: regel")
        unique(self.completion, f"Fase {self.key}: regel")
        self._check_binding()
        tuple_of(self.checkpoints, int, f"Peilmomenten van fase {self.key}")
        require(
            list(self.checkpoints) == sorted(set(self.checkpoints)) and all(m > 0 for m in self.checkpoints),
            f"Fase {self.key}: peilmomenten zijn maanden na het begin, oplopend.",
        )
        self._check_strands()

    def _check_binding(self) -> None:
        tuple_of(self.binding, str, f"Bindende regels van fase {self.key}")
        require(
            self.binding == tuple(rule for rule in self.completion if rule in self.binding),
            f"Fase {self.key}: binding noemt regels die ook in completion staan, in dezelfde volgorde, elk één keer.",
        )

    def _check_strands(self) -> None:
        timed = [s for s in self.strands if s.makes_sessions]
        require(
            self.duration.unit is not DurationUnit.OPEN or not timed,
            f"Fase {self.key} heeft geen einde: daarin kunnen geen wekelijkse bijeenkomsten worden gepland.",
        )
        for index, one in enumerate(timed):
            for other in timed[index + 1 :]:
                require(
                    not set(one.weekdays) & set(other.weekdays)
                    or one.times[1] <= other.times[0]
                    or other.times[1] <= one.times[0],
                    f"Fase {self.key}: lijnen {one.key} en {other.key} vallen op dezelfde tijd.",
                )
