"""Route definitions: what is refused, their one canonical text, their words, and how they lie on the
calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inleer_zorg.routes import WIJKLEERBEDRIJF

from inleer.calendars.rules import Period, SchoolCalendar, dutch_calendar
from inleer.errors import DomainError
from inleer.extend.types import (
    Commitment,
    CommitmentKind,
    DefinitionError,
    Duration,
    DurationUnit,
    Exit,
    ExitKind,
    FieldDef,
    FieldKind,
    GroupSize,
    Host,
    Manifest,
    Matching,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    SessionKind,
    Strand,
)
from inleer.leerroutes.definition import DamagedDefinitionError, canonical, digest, parse
from inleer.leerroutes.rules import PhaseDates, add_months, lay_phases, plan_sessions
from inleer.leerroutes.words import words
from inleer.plugin.templates import (
    PracticeBlock,
    months,
    open_ended,
    school_day,
    school_weeks,
    weeks,
    wijkleerbedrijf,
)

DAY = timedelta(days=1)
FIRST, SECOND = WIJKLEERBEDRIJF
START = date(2020, 10, 19)
ROOSTER = Path(__file__).parents[1] / "data" / "lelystad-2020" / "rooster.ics"


def d(text: str) -> date:
    return date.fromisoformat(text)


def noord() -> SchoolCalendar:
    return dutch_calendar("noord", d("2020-01-01"), d("2024-12-31"))


def wrong(thing: Any, **values: Any) -> Any:
    """The thing with values that its type does not allow: an author's plugin need not be type checked."""
    return replace(thing, **values)


def strand(**changes: Any) -> Strand:
    return replace(school_day("Les", weekdays=(1,), start="09:00", end="15:00"), **changes)


def phase(key: str = "leren", duration: Duration | None = None, **changes: Any) -> PhaseDef:
    values: dict[str, Any] = {
        "key": key,
        "name": key.title(),
        "kind": PhaseKind.LEARNING,
        "duration": duration or weeks(4),
    }
    return PhaseDef(**(values | changes))


def route(*phases: PhaseDef, **changes: Any) -> RouteDefinition:
    values: dict[str, Any] = {
        "key": "proef.route",
        "version": 1,
        "name": "Proefroute",
        "summary": "Een route voor tests.",
        "phases": phases or (phase(),),
        "commitment": None,
        "group": GroupSize(target=12),
        "exits": (Exit(key="baan", name="Baan", kind=ExitKind.JOB),),
        "duration_text": "4 weken",
    }
    return RouteDefinition(**(values | changes))


# --- what is refused, and with which words ------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "open with amount": (lambda: Duration(unit=DurationUnit.OPEN, amount=3), "open duur"),
    "no amount": (lambda: Duration(unit=DurationUnit.WEEKS), "een minimum dat kleiner is"),
    "zero weeks": (lambda: weeks(0), "0 weeks kan niet"),
    "range upside down": (lambda: Duration(unit=DurationUnit.WEEKS, minimum=5, maximum=3), "kleiner is"),
    "amount and range": (lambda: Duration(unit=DurationUnit.WEEKS, amount=2, minimum=1, maximum=3), "of een"),
    "unknown unit": (lambda: Duration(unit="weken", amount=1), "unit 'weken' bestaat niet; kies uit: weeks"),  # type: ignore[arg-type]
    "unknown session kind": (lambda: strand(session_kind="gym"), "session_kind 'gym' bestaat niet"),
    "saturday": (lambda: strand(weekdays=(5,)), "0 (maandag) tot en met 4 (vrijdag)"),
    "days not in order": (lambda: strand(weekdays=(2, 1)), "oplopend"),
    "no days": (lambda: strand(weekdays=()), "noem de weekdagen"),
    "no time": (lambda: strand(start=None), "geef start en end, zoals 09:00"),
    "time in words": (lambda: strand(start="9 uur"), "'9 uur' ligt niet tussen"),
    "at night, where the clock changes": (lambda: strand(start="02:30"), "'02:30' ligt niet tussen"),
    "ends before it starts": (lambda: strand(start="15:00", end="09:00"), "het einde ligt niet na het begin"),
    "sessions and hours": (lambda: strand(hours_per_week=6), "volgen uit de bijeenkomsten"),
    "neither sessions nor hours": (
        lambda: strand(makes_sessions=False, start=None, end=None, counts=False),
        "aantal uren per week",
    ),
    "two strands at once": (
        lambda: phase(strands=(strand(), strand(key="nt2", start="14:00", end="16:00"))),
        "lijnen school en nt2 vallen op dezelfde tijd",
    ),
    "same strand twice": (lambda: phase(strands=(strand(), strand())), "'school' komt twee keer voor"),
    "sessions without an end": (
        lambda: phase(duration=open_ended(), strands=(strand(),)),
        "geen wekelijkse bijeenkomsten",
    ),
    "list of strands": (lambda: phase(strands=[strand()]), "tuple van Strand"),
    "rule without owner": (lambda: phase(completion=("taaltoets",)), "eigenaar.naam"),
    "binding rule that is not asked": (
        lambda: phase(completion=("proef.regel",), binding=("proef.ander",)),
        "binding noemt regels die ook in completion staan",
    ),
    "binding rules in another order": (
        lambda: phase(completion=("proef.a", "proef.b"), binding=("proef.b", "proef.a")),
        "in dezelfde volgorde",
    ),
    "one binding rule as a text": (
        lambda: phase(completion=("proef.a",), binding="proef.a"),
        "tuple van str",
    ),
    "checkpoints not in order": (lambda: phase(checkpoints=(6, 3)), "oplopend"),
    "phase key": (lambda: phase("Jaar 1"), "kleine letters"),
    "route key": (lambda: route(key="wijkleerbedrijf"), "'eigenaar.naam'"),
    "version zero": (lambda: route(version=0), "versie is een getal vanaf 1"),
    "no name": (lambda: route(name=" "), "naam: vul een tekst in"),
    "no exits": (lambda: route(exits=()), "minstens één uitkomst"),
    "only before the start": (lambda: route(phase(before_start=True)), "op of na de startdatum"),
    "before after after": (lambda: route(phase("a"), phase("b", before_start=True)), "staan vooraan"),
    "phase twice": (lambda: route(phase("a"), phase("a")), "'a' komt twee keer voor"),
    "open in the middle": (lambda: route(phase("a", open_ended()), phase("b")), "alleen de laatste fase"),
    "guarantee without number": (
        lambda: Commitment(
            kind=CommitmentKind.GUARANTEE, timing=Matching.UP_FRONT, places_may_be_unknown=True
        ),
        "noemt een aantal plaatsen",
    ),
    "group": (lambda: GroupSize(min=15, target=12, max=20), "lopen niet op"),
    "medical field": (
        lambda: FieldDef(key="diagnose", label="Diagnose", kind=FieldKind.TEXT),
        "geen medische gegevens en geen BSN",
    ),
    "bsn field": (lambda: FieldDef(key="nummer", label="BSN", kind=FieldKind.TEXT), "geen BSN"),
    "choice without options": (
        lambda: FieldDef(key="kleur", label="Kleur", kind=FieldKind.CHOICE),
        "alleen een keuzeveld heeft keuzes",
    ),
    "bounds on a text": (
        lambda: FieldDef(key="naam", label="Naam", kind=FieldKind.TEXT, maximum=3),
        "alleen een getal heeft grenzen",
    ),
    "a duration that is a number": (
        lambda: wrong(FIRST.phases[0], duration=6),
        "duration is 6; geef een duur, zoals weeks(6)",
    ),
    "a duration of words": (lambda: wrong(FIRST.phases[0].duration, amount="6"), "geef een geheel getal"),
    "no times": (lambda: strand(start=None, end=None), "geef start en end, zoals 09:00"),
    "a time that is a number": (lambda: strand(start=9), "tijd 9 ligt niet tussen"),
    "a version of words": (lambda: wrong(FIRST, version="1"), "versie: '1' is geen geheel getal"),
    "a group that is a number": (lambda: wrong(FIRST, group=12), "12 is geen GroupSize"),
    "a commitment of words": (lambda: wrong(FIRST, commitment="intention"), "is een Commitment, of None"),
    "half a manifest": (
        lambda: Manifest(name="proef", api_version=1, distribution="proef", table_prefix="proef_"),
        "geef ze alle drie, of geen",
    ),
    "foreign prefix": (
        lambda: Manifest(
            name="proef",
            api_version=1,
            distribution="proef",
            core_revision="0001",
            table_prefix="core_",
            migrations="proef:migrations",
        ),
        "beginnen met proef_",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name: str) -> None:
    make, words_in_message = REFUSED[name]
    with pytest.raises(DefinitionError) as refused:
        make()
    assert words_in_message in str(refused.value)


def test_care_work_is_not_a_medical_question() -> None:
    field = FieldDef(key="interesse", label="Interesse in gezondheidszorg", kind=FieldKind.BOOLEAN)
    assert field.options == ()


def test_records_are_frozen() -> None:
    with pytest.raises(AttributeError):
        FIRST.version = 3  # type: ignore[misc]


def test_weekly_minutes_of_a_strand() -> None:
    assert strand(weekdays=(0, 1, 3), end="13:30").weekly_minutes == 3 * 270
    assert FIRST.phase("wijk").strands[1].weekly_minutes == 16 * 60


def test_the_partners_that_an_edition_needs_follow_from_the_route() -> None:
    school, workplace = strand(host=Host.SCHOOL), strand(key="praktijk", host=Host.WORKPLACE, weekdays=(4,))
    phase = replace(
        FIRST.phases[-1], strands=(school,), kind=PhaseKind.LEARNING, duration=weeks(4), checkpoints=()
    )
    bare = replace(FIRST, phases=(phase,), commitment=None)
    assert bare.partners == ("school",)
    assert replace(bare, phases=(replace(phase, strands=(school, workplace)),)).partners == (
        "school",
        "employer",
    )
    assert replace(bare, phases=(replace(phase, kind=PhaseKind.WORK),)).partners == ("school", "employer")
    assert replace(bare, commitment=FIRST.commitment).partners == ("school", "employer")
    assert replace(bare, phases=(replace(phase, strands=(strand(host=Host.LEERHOME),)),)).partners == (
        "leerhome",
    )


def test_phase_by_key() -> None:
    assert FIRST.phase("intake").kind is PhaseKind.INTAKE
    with pytest.raises(KeyError):
        FIRST.phase("onbekend")


# --- the one text -------------------------------------------------------------------------------


@pytest.mark.parametrize("definition", WIJKLEERBEDRIJF, ids=lambda r: f"v{r.version}")
def test_text_and_back(definition: RouteDefinition) -> None:
    content = canonical(definition)
    assert parse(content, digest(content)) == definition
    assert canonical(parse(content, digest(content))) == content


def test_text_of_a_range_and_of_every_part() -> None:
    full = route(
        phase("eerst", Duration(unit=DurationUnit.MONTHS, minimum=3, maximum=5), before_start=True),
        phase(
            "dan", strands=(strand(),), completion=("proef.regel", "proef.ander"), binding=("proef.ander",)
        ),
        phase("na", open_ended(), kind=PhaseKind.AFTERCARE, checkpoints=(3, 6)),
        commitment=Commitment(kind=CommitmentKind.CONDITIONAL_CONTRACT, timing=Matching.PER_ROUND),
        group=GroupSize(min=8, target=12, max=14),
        field_groups=("proef.intake",),
        sources=("Een bron",),
        qualification="mbo 3",
    )
    content = canonical(full)
    assert parse(content, digest(content)) == full


def test_defaults_are_left_out_so_that_new_fields_keep_the_hash() -> None:
    content = canonical(route())
    assert '"qualification"' not in content
    assert canonical(route(qualification="")) == content
    asked = canonical(route(phase(completion=("proef.regel",))))
    assert '"binding"' not in asked
    bound = canonical(route(phase(completion=("proef.regel",), binding=("proef.regel",))))
    assert '"binding":["proef.regel"]' in bound and digest(bound) != digest(asked)


def test_altered_content_is_not_read() -> None:
    content = canonical(FIRST)
    with pytest.raises(DamagedDefinitionError):
        parse(content.replace("Werving", "Werven"), digest(content))


@pytest.mark.parametrize(
    "content",
    ['{"format":2,"route":{}}', '{"route":{}}', '{"format":1,"route":{"key":"a.b","kleur":"rood"}}', "[]"],
)
def test_other_content_is_not_read(content: str) -> None:
    with pytest.raises(DamagedDefinitionError):
        parse(content, digest(content))


def test_the_two_editions_differ_in_commitment_only() -> None:
    assert replace(SECOND, version=1, commitment=FIRST.commitment) == FIRST
    assert FIRST.commitment == Commitment(kind=CommitmentKind.GUARANTEE, timing=Matching.UP_FRONT)
    assert SECOND.commitment == Commitment(
        kind=CommitmentKind.INTENTION, timing=Matching.LATE, places_may_be_unknown=True
    )


def test_words_name_what_a_reader_wants_to_know() -> None:
    text = "\n".join(words(SECOND))
    for part in (
        "zorg.wijkleerbedrijf, versie 2",
        "het aantal plaatsen mag nog onbekend zijn",
        "4 schoolweken",
        "maandag, dinsdag, woensdag en donderdag van 09:00 tot 13:00 bij de leerhome",
        "dinsdag van 09:00 tot 15:00 op school",
        "16 uur per week op de werkplek",
        "na 3, 6, 12 maanden",
        "Helpende Plus",
    ):
        assert part in text


def test_words_say_which_rules_a_phase_asks_and_which_of_them_bind() -> None:
    asked = phase("a", completion=("proef.uren", "proef.veilig"), binding=("proef.veilig",))
    lines = words(route(asked), {"proef.veilig": "Veiligheidsinstructie"})
    assert "   - Afronden vraagt: proef.uren, of een reden" in lines
    assert "   - Afronden vraagt altijd: Veiligheidsinstructie (bindend, ook een reden helpt niet)" in lines


def test_words_of_a_route_without_commitment_with_a_range() -> None:
    lines = words(
        route(phase("a", Duration(unit=DurationUnit.MONTHS, minimum=3, maximum=5)), phase("b", open_ended()))
    )
    assert "1. A: 3 tot 5 maanden" in lines
    assert "2. B: zonder vast einde" in lines
    assert "Werkgevers leggen zich niet vast." in lines


# --- the template -------------------------------------------------------------------------------


def test_another_sector_uses_the_same_template() -> None:
    made = wijkleerbedrijf(
        key="logistiek.leerbedrijf",
        version=1,
        name="Leerbedrijf Logistiek",
        summary="Het wijkleerbedrijf in een half jaar.",
        qualification="mbo 2",
        lesson=school_day("Logistiek", weekdays=(3,), start="09:00", end="16:00"),
        practice_blocks=[
            PracticeBlock(key="magazijn", name="Praktijk in het magazijn", months=5, hours_per_week=24)
        ],
        work_name="Baan",
        work_months=12,
        commitment=Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE),
        group=GroupSize(target=15),
        exits=(Exit(key="baan", name="Baan", kind=ExitKind.JOB),),
        duration_text="6 maanden",
        selection_weekday=2,
        sources=(),
        completion={"intake": ["logistiek.taaltoets"]},
        binding={"intake": ["logistiek.taaltoets"]},
    )
    assert [p.key for p in made.phases if not p.before_start] == [
        "introductie",
        "magazijn",
        "selectie",
        "werk",
        "nazorg",
    ]
    assert made.phase("intake").completion == made.phase("intake").binding == ("logistiek.taaltoets",)


def test_template_refuses_a_rule_for_a_phase_it_does_not_have() -> None:
    with pytest.raises(DefinitionError, match="fasen die er niet zijn: stage"):
        wijkleerbedrijf(
            key="proef.route",
            version=1,
            name="Proef",
            summary="Proef.",
            qualification="",
            lesson=strand(),
            practice_blocks=[],
            work_name="Baan",
            work_months=1,
            commitment=Commitment(kind=CommitmentKind.INTENTION, timing=Matching.LATE),
            group=GroupSize(target=1),
            exits=(Exit(key="baan", name="Baan", kind=ExitKind.JOB),),
            duration_text="kort",
            sources=(),
            completion={"stage": ["proef.regel"]},
        )


# --- laying phases ------------------------------------------------------------------------------


def test_the_edition_of_2020() -> None:
    laid = {p.key: (p.start, p.end) for p in lay_phases(SECOND, START, noord())}
    assert laid == {
        "werving": (d("2020-07-27"), d("2020-09-06")),
        "informatie": (d("2020-09-07"), d("2020-09-13")),
        "intake": (d("2020-09-14"), d("2020-10-18")),
        "introductie": (d("2020-10-19"), d("2020-11-15")),
        "wijk": (d("2020-11-16"), d("2021-04-15")),
        "adl": (d("2021-04-16"), d("2021-10-15")),
        # The autumn vacation lies inside the one school week of the selection day.
        "selectie": (d("2021-10-16"), d("2021-10-29")),
        "werk": (d("2021-10-30"), d("2022-10-29")),
        "nazorg": (d("2022-10-30"), d("2023-10-29")),
    }


def test_planned_sessions_equal_the_timetable_that_was_sent() -> None:
    calendar = noord()
    planned = plan_sessions(SECOND, lay_phases(SECOND, START, calendar), calendar)
    ours = [(s.starts_at, s.ends_at) for s in planned if s.on <= d("2021-03-23")]
    sent = icalendar.Calendar.from_ical(ROOSTER.read_bytes())
    theirs = sorted(
        (event.decoded("DTSTART").astimezone(UTC), event.decoded("DTEND").astimezone(UTC))
        for event in sent.walk("VEVENT")
    )
    assert ours == theirs
    assert len(ours) == 32


def test_school_weeks_skip_a_vacation() -> None:
    vacation = Period(d("2026-02-23"), d("2026-02-27"))
    calendar = SchoolCalendar(vacations=(vacation,), holidays={})
    (laid,) = lay_phases(route(phase(duration=school_weeks(4))), d("2026-02-09"), calendar)
    assert laid.end == d("2026-03-15")
    before, _after = lay_phases(
        route(phase("voor", school_weeks(2), before_start=True), phase("na")), d("2026-03-09"), calendar
    )
    assert (before.start, before.end) == (d("2026-02-16"), d("2026-03-08"))


def test_school_weeks_from_the_middle_of_a_week_are_whole_weeks() -> None:
    calendar = SchoolCalendar(vacations=(Period(d("2026-02-23"), d("2026-02-27")),), holidays={})
    (laid,) = lay_phases(route(phase(duration=school_weeks(1))), d("2026-02-19"), calendar)
    assert laid.end == d("2026-03-04")  # Thursday to Sunday, and Monday to Wednesday after the vacation


def test_a_calendar_of_vacations_only_is_refused() -> None:
    calendar = SchoolCalendar(vacations=(Period(d("2026-01-01"), d("2027-12-31")),), holidays={})
    with pytest.raises(DomainError, match="geen schoolweek"):
        lay_phases(route(phase(duration=school_weeks(1))), d("2026-02-19"), calendar)


def test_months_follow_the_calendar() -> None:
    rotation = route(*(phase(f"werkplek_{n}", months(7)) for n in (1, 2, 3)))
    laid = lay_phases(rotation, d("2022-09-01"), SchoolCalendar(vacations=(), holidays={}))
    assert [p.start for p in laid] == [d("2022-09-01"), d("2023-04-01"), d("2023-11-01")]
    assert laid[-1].end == d("2024-05-31")


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [("2028-01-31", 1, "2028-02-29"), ("2028-02-29", 12, "2029-02-28"), ("2028-01-15", -1, "2027-12-15")],
)
def test_add_months(day: str, count: int, expected: str) -> None:
    assert add_months(d(day), count) == d(expected)


def test_a_range_is_planned_at_its_longest_and_an_open_phase_has_no_end() -> None:
    definition = route(
        phase("a", Duration(unit=DurationUnit.DAYS, minimum=3, maximum=10)),
        phase("b", open_ended(), checkpoints=(3,)),
    )
    a, b = lay_phases(definition, d("2026-03-02"), SchoolCalendar(vacations=(), holidays={}))
    assert (a.end, b.start, b.end) == (d("2026-03-11"), d("2026-03-12"), None)
    assert b.checkpoints == (d("2026-06-12"),)


DURATIONS = st.one_of(
    st.builds(lambda n: Duration(unit=DurationUnit.DAYS, amount=n), st.integers(1, 40)),
    st.builds(weeks, st.integers(1, 12)),
    st.builds(school_weeks, st.integers(1, 8)),
    st.builds(months, st.integers(1, 9)),
)
KINDS = st.sampled_from([SessionKind.LESSON, SessionKind.NT2])


@st.composite
def routes(draw: st.DrawFn) -> RouteDefinition:
    before = draw(st.lists(DURATIONS, max_size=3))
    after = draw(st.lists(DURATIONS, min_size=1, max_size=4))
    days = draw(st.sets(st.integers(0, 4), min_size=1))
    lesson = strand(weekdays=tuple(sorted(days)), session_kind=draw(KINDS))
    return route(
        *(phase(f"voor_{n}", duration, before_start=True) for n, duration in enumerate(before)),
        *(phase(f"na_{n}", duration, strands=(lesson,)) for n, duration in enumerate(after)),
    )


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    starts = draw(st.lists(st.dates(d("2023-01-01"), d("2029-12-31")), max_size=25))
    vacations = tuple(Period(s, s + draw(st.integers(0, 20)) * DAY) for s in starts)
    holidays = dict.fromkeys(draw(st.lists(st.dates(d("2023-01-01"), d("2029-12-31")), max_size=40)), "vrij")
    return SchoolCalendar(vacations=vacations, holidays=holidays)


STARTS = st.dates(d("2024-12-01"), d("2026-06-30"))


@given(routes(), calendars(), STARTS)
def test_phases_are_contiguous_around_the_start(
    definition: RouteDefinition, calendar: SchoolCalendar, start: date
) -> None:
    laid = lay_phases(definition, start, calendar)
    assert [p.key for p in laid] == [p.key for p in definition.phases]
    for one, other in pairwise(laid):
        assert one.end is not None and one.start <= one.end
        assert other.start == one.end + DAY
    first_after = next(
        p for p, defined in zip(laid, definition.phases, strict=True) if not defined.before_start
    )
    assert first_after.start == start


@given(routes(), calendars(), STARTS, st.integers(1, 60))
def test_a_later_start_never_makes_a_phase_earlier(
    definition: RouteDefinition, calendar: SchoolCalendar, start: date, days: int
) -> None:
    early, late = (
        lay_phases(definition, start, calendar),
        lay_phases(definition, start + days * DAY, calendar),
    )
    assert all(one.start <= other.start for one, other in zip(early, late, strict=True))


@given(routes(), STARTS, st.integers(-52, 52))
def test_without_months_and_vacations_a_route_moves_as_a_whole(
    definition: RouteDefinition, start: date, number: int
) -> None:
    assume(all(p.duration.unit is not DurationUnit.MONTHS for p in definition.phases))
    calendar, shift = SchoolCalendar(vacations=(), holidays={}), number * 7 * DAY
    moved = lay_phases(definition, start + shift, calendar)
    for one, other in zip(lay_phases(definition, start, calendar), moved, strict=True):
        assert one.end is not None and other.end is not None
        assert (one.start + shift, one.end + shift) == (other.start, other.end)


@given(calendars(), STARTS, st.integers(1, 8))
def test_a_phase_of_n_school_weeks_holds_n_of_each_weekday_in_school_weeks(
    calendar: SchoolCalendar, start: date, count: int
) -> None:
    (laid,) = lay_phases(route(phase(duration=school_weeks(count))), start, calendar)
    assert laid.end is not None
    span = [laid.start + n * DAY for n in range((laid.end - laid.start).days + 1)]
    weekdays = [day.weekday() for day in span if calendar.is_school_week(day)]
    assert [weekdays.count(n) for n in range(7)] == [count] * 7


# --- sessions from the weekly strands -----------------------------------------------------------


@given(routes(), calendars(), STARTS)
def test_sessions_fill_exactly_the_days_that_are_not_free(
    definition: RouteDefinition, calendar: SchoolCalendar, start: date
) -> None:
    laid = lay_phases(definition, start, calendar)
    planned = plan_sessions(definition, laid, calendar)
    lesson_days = definition.phases[-1].strands[0].weekdays
    last = laid[-1].end
    assert last is not None
    expected = [
        day
        for day in (start + n * DAY for n in range((last - start).days + 1))
        if day.weekday() in lesson_days and not calendar.is_free(day)
    ]
    assert [s.on for s in planned] == expected


def test_a_session_keeps_its_clock_time_when_the_clock_changes() -> None:
    calendar = SchoolCalendar(vacations=(), holidays={})
    definition = route(phase(duration=weeks(2), strands=(strand(weekdays=(0,)),)))
    winter, summer = plan_sessions(definition, lay_phases(definition, d("2026-03-23"), calendar), calendar)
    assert (winter.start, summer.start) == (time(9), time(9))
    assert winter.starts_at == datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert summer.starts_at == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert summer.ends_at - summer.starts_at == timedelta(hours=6)


def test_what_a_planned_session_says() -> None:
    calendar = noord()
    first, *_rest, last = plan_sessions(SECOND, lay_phases(SECOND, START, calendar), calendar)
    assert (first.title, first.kind, first.host, first.counts, first.phase) == (
        "Introductie Leerhome",
        SessionKind.INTRODUCTION,
        Host.LEERHOME,
        True,
        "introductie",
    )
    assert (last.on, last.kind, last.counts) == (d("2021-10-28"), SessionKind.SELECTION, False)


def test_phases_moved_over_each_other_plan_a_lesson_once() -> None:
    definition = route(phase("a", strands=(strand(),)), phase("b", strands=(strand(),)))
    calendar = SchoolCalendar(vacations=(), holidays={})
    moved = [
        PhaseDates("a", "A", PhaseKind.LEARNING, d("2026-03-02"), d("2026-03-15")),
        PhaseDates("b", "B", PhaseKind.LEARNING, d("2026-03-09"), d("2026-03-22")),
    ]
    planned = plan_sessions(definition, moved, calendar)
    assert [s.on for s in planned] == [d("2026-03-03"), d("2026-03-10"), d("2026-03-17")]


def test_a_phase_without_an_end_gets_no_endless_timetable() -> None:
    definition = route(phase("a", strands=(strand(),)))
    endless = [PhaseDates("a", "A", PhaseKind.LEARNING, d("2026-03-02"), None)]
    with pytest.raises(DomainError, match="geen einddatum"):
        plan_sessions(definition, endless, SchoolCalendar(vacations=(), holidays={}))


def test_a_phase_the_route_does_not_have_is_passed_over() -> None:
    definition = route(phase("a", strands=(strand(),)))
    added = [PhaseDates("extra", "Extra", PhaseKind.LEARNING, d("2026-03-02"), None)]
    assert plan_sessions(definition, added, SchoolCalendar(vacations=(), holidays={})) == ()
