"""What needs someone: each with the rule that put it in the list and the thing to act on. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from inleer import clock
from inleer.i18n import _, format_date, format_datetime, ngettext
from inleer.intentions.rules import Places, is_stale
from inleer.reports.candidates import ListRow
from inleer.reports.frame import SessionRow
from inleer.reports.people_rows import TAKING_PART, URGENCY, PersonRow
from inleer.reports.todo_rows import EmployerRow, EscalationRow, PauseRow
from inleer.signals.rules import RULES

KINDS: Mapping[str, str] = {
    "signal": "Signalen",
    "escalation": "Meldingen van de leerhome",
    "pause": "Pauzes voorbij de einddatum",
    "intention": "Werkgevers",
    "request": "Werkgevers zonder antwoord",
    "employer": "Berichten van werkgevers",
    "session": "Niet geregistreerd",
    "contact": "Lang geen contact",
    "duplicate": "Mogelijk dubbel",
}
#: Signals as a chip: short, without numbers that are settings.
SHORT: Mapping[str, str] = {
    "core.sixteen_hours": "16 uur bereikt",
    "core.unexcused_warning": "verzuim loopt op",
    "core.no_shows": "niet verschenen",
    "core.below_percentage": "aanwezigheid laag",
}
URGENCY_TONES: Mapping[str, str] = {"today": "bad", "this_week": "warn", "normal": "info"}


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. ``kind`` is a key of KINDS or "places"; ``id`` is what the action is carried out on."""

    kind: str
    tone: str
    who: str
    what: str
    rule: str
    on: date | None
    id: UUID
    candidate_id: UUID | None = None
    cohort_id: UUID | None = None
    cohort: str = ""
    coach_id: UUID | None = None
    coach: str | None = None
    version: int = 0
    state: str = ""
    more: str = ""
    organisation_id: UUID | None = None
    has_page: bool = False


def by_urgency(items: Iterable[Todo]) -> list[Todo]:
    """Most urgent first; within a tone too few places (about everybody), then what waits longest."""
    return sorted(items, key=lambda t: (URGENCY[t.tone], t.kind != "places", t.on or date.max, t.who))


def full(person: PersonRow) -> str:
    """The name as one says it."""
    return " ".join(p for p in (person.first_name, person.tussenvoegsel, person.last_name) if p)


def from_signals(
    people: Iterable[PersonRow], names: Mapping[str, str], pages: Collection[str] = ()
) -> list[Todo]:
    """Open signals; ``names`` are the rules of plugins by key, ``pages`` those with a page to do something about it."""
    found: dict[UUID, Todo] = {}
    for person in people:
        for signal in person.signals:
            first, _dot, rest = signal.text.partition(". ")
            found[signal.id] = Todo(
                kind="signal",
                tone=signal.tone,
                who=full(person),
                what=f"{first}." if rest else first,
                more=rest,
                rule=_(RULES[signal.rule]) if signal.rule in RULES else names.get(signal.rule, signal.rule),
                on=signal.on,
                id=signal.id,
                candidate_id=person.candidate_id,
                cohort_id=person.cohort_id,
                cohort=person.cohort,
                coach_id=person.coach_id,
                coach=person.coach,
                version=signal.version,
                has_page=signal.rule in pages,
            )
    return list(found.values())


def in_lines(items: Iterable[Todo], at_most: int = 3) -> list[list[Todo]]:
    """One line per thing, in order. More than ``at_most`` share one: signals of one rule, people with whom there was
    no contact, and sessions of one cohort and teacher that nobody recorded.

    What is urgent always stands apart.
    """
    lines: dict[str, list[Todo]] = {}
    for item in items:
        alike = item.kind in ("signal", "contact", "session") and item.tone != "bad"
        cohort = item.cohort_id if item.kind == "session" else ""
        lines.setdefault(f"{item.kind} {item.rule} {cohort}" if alike else str(item.id), []).append(item)
    found: list[list[Todo]] = []
    for line in lines.values():
        found.extend([line] if len(line) > at_most else [[item] for item in line])
    return found


def from_contact(rows: Iterable[ListRow]) -> list[Todo]:
    """People who take part and with whom nobody had contact for longer than agreed."""
    found = []
    for row in rows:
        person = row.person
        if not row.forgotten or person.state not in TAKING_PART:
            continue
        what = (
            _("heeft nog geen contactmoment in het dossier.")
            if row.days is None
            else _("had %(days)s dagen geen contact.", days=row.days)
        )
        found.append(
            Todo(
                kind="contact",
                tone="info",
                who=full(person),
                what=what,
                rule=_("langer dan %(n)s dagen geen contact", n=row.contact_limit),
                on=person.contact_on,
                id=person.candidate_id,
                candidate_id=person.candidate_id,
                cohort_id=person.cohort_id,
                cohort=person.cohort,
                coach_id=person.coach_id,
                coach=person.coach,
            )
        )
    return found


def from_sessions(sessions: Iterable[SessionRow], cohorts: Mapping[UUID, str], now: datetime) -> list[Todo]:
    """Past sessions that nobody recorded, once each."""
    found: dict[UUID, Todo] = {}
    for session in sessions:
        if session.state not in ("planned", "open") or session.on >= clock.local(now).date():
            continue
        teacher = (
            _("Docent: %(name)s", name=session.teacher) if session.teacher else _("nog geen docent bekend")
        )
        found[session.id] = Todo(
            kind="session",
            tone="warn",
            who=_("%(title)s van %(on)s", title=session.title, on=format_date(session.on, "dag_maand")),
            what=_("is nog niet geregistreerd."),
            rule=_("geweest, maar nog niet geregistreerd · %(teacher)s", teacher=teacher),
            on=session.on,
            id=session.id,
            cohort_id=session.cohort_id,
            cohort=cohorts.get(session.cohort_id, ""),
            organisation_id=session.organisation_id,
        )
    return list(found.values())


def from_employers(rows: Iterable[EmployerRow], today: date, stale_days: Mapping[UUID, int]) -> list[Todo]:
    """Employers to call: no number, never asked, or not confirmed anew for long."""
    found = []
    for row in rows:
        days = stale_days.get(row.cohort_id, 60)
        reason = _employer_reason(row, today, days)
        if reason is None:
            continue
        what, rule, on = reason
        found.append(
            Todo(
                kind="intention",
                tone="warn" if row.state == "confirmed" else "info",
                who=row.employer,
                what=what,
                rule=rule,
                on=on,
                id=row.id,
                cohort_id=row.cohort_id,
                cohort=row.cohort,
                state=row.state,
            )
        )
    return found


def _employer_reason(row: EmployerRow, today: date, days: int) -> tuple[str, str, date | None] | None:
    if row.state == "confirmed" and is_stale(row, today, days):
        age = (today - row.confirmed_on).days if row.confirmed_on else days
        return (
            _("heeft de intentie %(n)s dagen niet bevestigd.", n=age),
            _("intentie ouder dan %(n)s dagen", n=days),
            row.confirmed_on,
        )
    if row.positions is None and row.state in ("draft", "requested", "confirmed", "expired"):
        return _("heeft geen aantal plekken genoemd."), _("werkgever zonder aantal"), row.confirmed_on
    if row.state in ("draft", "expired"):
        return _("heeft nog niet bevestigd."), _("intentie nog niet bevestigd"), None
    return None


def from_escalations(rows: Iterable[EscalationRow], words: Mapping[str, str]) -> list[Todo]:
    """Messages from the leerhome that are not resolved; ``words`` are the categories."""
    return [
        Todo(
            kind="escalation",
            tone=URGENCY_TONES[row.urgency] if row.state == "open" else "info",
            who=row.name,
            what=row.text,
            rule=_(
                "melding van %(by)s over %(what)s",
                by=row.raised_by,
                what=words.get(row.category, row.category),
            ),
            on=clock.local(row.raised_at).date(),
            id=row.id,
            candidate_id=row.candidate_id,
            cohort_id=row.cohort_id,
            cohort=row.cohort,
            coach_id=row.coach_id,
            coach=row.coach,
            version=row.version,
            state=row.state,
            more=_("Gezien door %(by)s op %(moment)s.", by=row.seen_by, moment=format_datetime(row.seen_at))
            if row.seen_by
            else "",
        )
        for row in rows
    ]


def from_pauses(rows: Iterable[PauseRow]) -> list[Todo]:
    """Pauses of which the planned last day has passed."""
    return [
        Todo(
            kind="pause",
            tone="warn",
            who=row.name,
            what=_("zou %(on)s terug zijn.", on=format_date(row.until_on, "dag_maand")),
            rule=_("pauze voorbij de einddatum · eigenaar: %(name)s", name=row.owner),
            on=row.until_on,
            id=row.enrolment_id,
            candidate_id=row.candidate_id,
            cohort_id=row.cohort_id,
            cohort=row.cohort,
            coach_id=row.coach_id,
            coach=row.coach,
        )
        for row in rows
    ]


def from_places(places: Places, people: int, cohort_id: UUID) -> list[Todo]:
    """That there are fewer confirmed places than people who take part."""
    short = people - places.confirmed
    if short <= 0 or not people:
        return []
    rule = _("bevestigde plekken tegenover deelnemers")
    if places.without_number:
        rule = ngettext(
            "%(rule)s · %(n)s werkgever zonder aantal telt niet mee",
            "%(rule)s · %(n)s werkgevers zonder aantal tellen niet mee",
            places.without_number,
            rule=rule,
        )
    return [
        Todo(
            kind="places",
            tone="bad" if not places.without_number else "warn",
            who=ngettext("%(n)s bevestigde plek te weinig", "%(n)s bevestigde plekken te weinig", short),
            what=_("als iedereen doorgaat."),
            rule=rule,
            on=None,
            id=cohort_id,
            cohort_id=cohort_id,
        )
    ]


def counted(items: Sequence[Todo]) -> dict[str, int]:
    """How many of each kind."""
    return {kind: sum(1 for t in items if t.kind == kind) for kind in KINDS}
