"""What the lists of lessons show: sections, days, weeks, and how each lesson stands. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from inleer import clock
from inleer.attendance.closing import is_closed
from inleer.attendance.queries_lessons import LessonRow
from inleer.errors import DomainError
from inleer.i18n import _
from inleer.policy import Actor, Perm, Role, may_ever

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# A page far from today is a typing mistake; the calendar needs room for a week on either side.
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Chip:
    """How something stands: words, tone and icon of a status chip."""

    text: str
    tone: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in a list, with what this person can do with it."""

    row: LessonRow
    chip: Chip
    teacher: str
    waits: bool = False
    records: bool = False
    takes_over: bool = False
    takes_back: bool = False
    gives_back: bool = False
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of lessons under a heading; ``empty`` is what to say when there are none, "" to leave it out."""

    key: str
    title: str
    lessons: tuple[Lesson, ...]
    empty: str = ""


def read_day(text: str | None) -> date:
    """The day of ``?dag=``; today without one. Raises DomainError for anything that is no day."""
    if not text:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DomainError(_("Deze dag bestaat niet. Schrijf een dag als 2026-11-17.")) from None
    return _near(day)


def read_week(text: str) -> date:
    """The Monday of ``?week=2026-W47``. Raises DomainError for anything that is no week."""
    year, _dash, week = text.upper().partition("-W")
    try:
        return _near(date.fromisocalendar(int(year), int(week), 1))
    except (ValueError, OverflowError):
        raise DomainError(_("Deze week bestaat niet. Schrijf een week als 2026-W47.")) from None


def _near(day: date) -> date:
    if day.year not in YEARS:
        raise DomainError(_("Kies een dag tussen 2000 en 2100."))
    return day


def week_name(day: date) -> str:
    """The ISO week of a day as it stands in an address: 2026-W47."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def lesson_chip(row: LessonRow, *, closed: bool, today: date) -> Chip:
    """How a lesson stands: dicht, klaar, how many are filled, or not yet."""
    progress = _("%(n)s van %(total)s ingevuld", n=row.filled, total=row.total)
    if row.state == "cancelled":
        return Chip(_("geannuleerd"), "mute", "close")
    if closed:
        return Chip(_("dicht, %(progress)s", progress=progress), "mute", "lock")
    if row.state == "recorded":
        return Chip(_("klaar, %(progress)s", progress=progress), "ok")
    if row.waived_by_name:
        return Chip(_("niet geregistreerd, afgehandeld"), "mute", "check")
    if row.on > today:
        return Chip(_("nog niet geweest"), "mute", "clock")
    tone = "info" if row.on == today else "warn"
    if row.total and row.filled == row.total:
        return Chip(_("%(progress)s, nog niet klaar", progress=progress), tone)
    if row.filled:
        return Chip(progress, tone)
    return Chip(_("nog leeg") if row.on == today else _("nog niet geregistreerd"), tone)


def present(actor: Actor, rows: Iterable[LessonRow], lock_days: Mapping[UUID, int]) -> list[Lesson]:
    """Lessons with how they stand and what ``actor`` can do. ``lock_days``: per finished lesson."""
    return [_lesson(actor, row, lock_days.get(row.id, 0)) for row in rows]


def _lesson(actor: Actor, row: LessonRow, lock_days: int) -> Lesson:
    today = clock.today()
    ours = row.organisation_id == actor.organisation_id
    teaches = actor.role is Role.TEACHER and ours
    goes_on = row.state in ("planned", "open")
    giver = row.substitute_id or row.teacher_id
    return Lesson(
        row=row,
        chip=lesson_chip(
            row, closed=is_closed(row.state, row.on, row.recorded_at, lock_days, today), today=today
        ),
        teacher=_teacher(row, actor),
        waits=goes_on and row.on <= today and row.total > 0 and row.waived_by_name is None,
        records=ours and may_ever(actor, Perm.ATTENDANCE_RECORD),
        takes_over=teaches and goes_on and actor.user_id not in (giver, row.teacher_id),
        takes_back=teaches and goes_on and row.teacher_id == actor.user_id and row.substitute_id is not None,
        gives_back=teaches and goes_on and row.substitute_id == actor.user_id,
        changes=may_ever(actor, Perm.SESSION_CHANGE) and (ours or actor.role is not Role.TEACHER),
    )


def _teacher(row: LessonRow, actor: Actor) -> str:
    """Who teaches; nothing where that goes without saying."""
    if row.teacher_id == actor.user_id and row.substitute_id is None:
        return ""
    if row.substitute_name and row.teacher_name:
        return _("%(new)s vervangt %(own)s", new=row.substitute_name, own=row.teacher_name)
    return row.substitute_name or row.teacher_name or ""


def sections(actor: Actor, lessons: Sequence[Lesson]) -> list[Section]:
    """The lessons of one day in the groups that this role thinks in."""
    if actor.role is Role.TEACHER:
        return _for_teacher(actor, lessons)
    if actor.role is Role.LEERHOME_COORDINATOR:
        own = tuple(x for x in lessons if x.row.organisation_id == actor.organisation_id)
        others = tuple(x for x in lessons if x.row.organisation_id != actor.organisation_id)
        return [
            Section("own", _("In de leerhome"), own, _("Geen bijeenkomsten in de leerhome op deze dag.")),
            Section("others", _("Elders, voor dezelfde groepen"), others),
        ]
    return [Section("all", _("Alle lessen"), tuple(lessons), _("Geen lessen op deze dag."))]


def _for_teacher(actor: Actor, lessons: Sequence[Lesson]) -> list[Section]:
    own = tuple(x for x in lessons if x.row.teacher_id == actor.user_id)
    taken = tuple(x for x in lessons if x.row.substitute_id == actor.user_id and x not in own)
    others = tuple(x for x in lessons if x not in own and x not in taken)
    return [
        Section("own", _("Mijn lessen"), own, _("Er zijn geen eigen lessen op deze dag.")),
        Section("substitute", _("Ik vervang"), taken),
        Section("others", _("Andere lessen van de school"), others),
    ]


def by_day(lessons: Iterable[Lesson], monday: date) -> list[tuple[date, list[Lesson]]]:
    """The lessons of a week per day; Saturday and Sunday only when there is something."""
    days: dict[date, list[Lesson]] = {monday + n * DAY: [] for n in range(7)}
    for lesson in lessons:
        days[lesson.row.on].append(lesson)
    return [(day, found) for day, found in days.items() if found or day.weekday() < 5]


def week_grid(lessons: Iterable[Lesson]) -> list[tuple[date, list[list[Lesson]]]]:
    """Weeks (their Monday) with the lessons of Monday to Friday; a weekend's stand with Friday's."""
    grid: dict[date, list[list[Lesson]]] = {}
    for lesson in lessons:
        monday = lesson.row.on - lesson.row.on.weekday() * DAY
        row = grid.setdefault(monday, [[] for _day in range(5)])
        row[min(lesson.row.on.weekday(), 4)].append(lesson)
    return sorted(grid.items())


def is_mine(actor: Actor, lesson: Lesson) -> bool:
    """Whether a lesson is for this person to give or to record."""
    row = lesson.row
    if actor.role is Role.TEACHER:
        return actor.user_id in (row.teacher_id, row.substitute_id)
    return row.organisation_id == actor.organisation_id
