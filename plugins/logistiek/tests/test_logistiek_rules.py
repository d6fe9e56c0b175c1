"""What certificates may say, until when they are valid, what the rule says of them. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inleer_logistiek import rules
from inleer_logistiek.routes import LEERBEDRIJF, PRACTICE, WORK

from inleer.calendars.rules import dutch_calendar
from inleer.extend import load
from inleer.extend.types import CommitmentKind, FieldTarget
from inleer.leerroutes.definition import canonical, digest, parse
from inleer.leerroutes.rules import lay_phases
from inleer.plugin import DomainError

D = date.fromisoformat
TODAY = D("2026-11-20")
DAYS = st.dates(D("2020-01-01"), D("2040-12-31"))


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, "valid"),
        ("2026-12-21", "valid"),
        ("2026-12-20", "expiring"),
        ("2026-11-20", "expiring"),
        ("2026-11-19", "expired"),
    ],
)
def test_the_state_of_a_certificate(until: str | None, state: str) -> None:
    assert rules.state_of(D(until) if until else None, TODAY) == state


@pytest.mark.parametrize(
    ("obtained", "until", "field"),
    [
        ("2026-11-21", None, "obtained_on"),
        ("1969-12-31", None, "obtained_on"),
        ("2026-11-20", "2026-11-19", "valid_until"),
        ("2026-11-20", "2101-01-01", "valid_until"),
    ],
)
def test_days_that_cannot_be(obtained: str, until: str | None, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        rules.check_days(D(obtained), D(until) if until else None, TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("obtained", "until"), [("2026-11-20", "2026-11-20"), ("1970-01-01", "2100-12-31"), ("2026-11-20", None)]
)
def test_the_edges_of_those_days(obtained: str, until: str | None) -> None:
    rules.check_days(D(obtained), D(until) if until else None, TODAY)


def test_a_citizen_service_number_is_no_number_of_a_certificate() -> None:
    assert rules.check_text("  DK  4100 ", "number") == "DK 4100"
    assert rules.check_text("111222334", "number") == "111222334", "nine digits that are no such number"
    for text in ("111222333", "nr. 111.222.333"):
        with pytest.raises(DomainError, match="burgerservicenummer") as refused:
            rules.check_text(text, "number")
        assert refused.value.field == "number"


@pytest.mark.parametrize(
    ("held", "verdict", "words"),
    [
        ([], False, "Geen certificaat"),
        ([("vca", None), ("code95", None)], False, "Geen certificaat"),
        ([("forklift", D("2026-11-20"))], True, "Heftruck, geldig tot en met 20 nov 2026."),
        ([("forklift", D("2026-11-19"))], False, "was geldig tot en met 19 nov 2026"),
        ([("forklift", D("2026-11-19")), ("ept", None)], True, "zonder einddatum"),
        ([("reachtruck", D("2027-01-01")), ("forklift", D("2026-11-19"))], True, "Reachtruck"),
    ],
)
def test_a_valid_truck_certificate_fulfils_the_rule(
    held: list[rules.Dated], verdict: bool, words: str
) -> None:
    found, text = rules.truck_verdict(held, TODAY)
    assert found is verdict
    assert words in text.replace("\N{NO-BREAK SPACE}", " ")


@given(st.lists(st.tuples(st.sampled_from(list(rules.KINDS)), st.none() | DAYS)), DAYS)
def test_the_rule_says_yes_exactly_when_one_truck_certificate_is_valid(
    held: list[rules.Dated], today: date
) -> None:
    valid = any(kind in rules.TRUCKS and (until is None or until >= today) for kind, until in held)
    assert rules.truck_verdict(held, today)[0] is valid


@given(DAYS, st.integers(0, 400))
def test_half_way_cuts_a_phase_in_two_halves(starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    half = rules.half_way(starts, ends)
    before, after = (half - starts).days, (ends - half).days + 1
    assert before - after in (0, 1)


# --- the route -------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["2026-02-23", "2027-01-11"])
def test_from_start_to_the_end_of_the_work_is_six_months(start: str) -> None:
    calendar = dutch_calendar("midden", D("2025-09-01"), D("2028-01-01"))
    laid = {p.key: p for p in lay_phases(LEERBEDRIJF, D(start), calendar)}
    end = laid[WORK].end
    assert end is not None
    assert 178 <= (end - D(start)).days <= 184
    assert laid[PRACTICE].start == D(start) + timedelta(weeks=3)


def test_the_route_is_what_the_source_says() -> None:
    assert LEERBEDRIJF.commitment is not None
    assert LEERBEDRIJF.commitment.kind is CommitmentKind.INTENTION
    assert LEERBEDRIJF.commitment.places_may_be_unknown
    assert "participatiebudget" in LEERBEDRIJF.summary and "€ 5.000" in LEERBEDRIJF.summary
    assert LEERBEDRIJF.duration_text == "6 maanden"
    keys = [phase.key for phase in LEERBEDRIJF.phases]
    asked = next(phase for phase in LEERBEDRIJF.phases if phase.completion)
    assert keys[keys.index(asked.key) + 1] == WORK, "the rule stands on the last phase before the work"
    stored = canonical(LEERBEDRIJF)
    assert parse(stored, digest(stored)) == LEERBEDRIJF


def test_what_the_route_refers_to_is_there_and_gone_with_the_plugin() -> None:
    registry = load(["logistiek"])
    assert [g.key for g in registry.field_groups(LEERBEDRIJF)] == ["logistiek.intake"]
    (group,) = (owned.value for owned in registry.fields)
    assert group.target is FieldTarget.INTAKE
    assert [f.key for f in group.fields] == ["vroegst", "laatst", "weekend", "nacht", "vervoer", "reistijd"]
    assert [s.key for s in registry.signals] == ["logistiek.expires", "logistiek.missing"]
    assert load([]).rule("logistiek.forklift") is None
