"""Geometry and words of the small pictures."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.web import svg
from inleer.web.icons import PATHS, icon
from inleer.web.svg import Phase

marks = st.lists(st.sampled_from(svg.MARKS), max_size=60)


def test_a_strip_says_in_words_what_it_shows() -> None:
    picture = svg.week_strip(["present", "absent", "none"], [46, 47, 48])
    assert "Per week: week 46 aanwezig, week 47 ongeoorloofd, week 48 geen les" in picture


def test_a_strip_without_weeks_says_so() -> None:
    assert "Nog geen weken" in svg.week_strip([])


@given(marks)
def test_a_strip_is_well_formed_and_wide_enough(values: list[str]) -> None:
    tree = ElementTree.fromstring(svg.week_strip(values))
    assert tree.get("role") == "img" and tree.get("aria-label")
    right = max((float(r.get("x", 0)) + float(r.get("width", 0)) for r in tree.iter("rect")), default=0)
    assert right <= float(tree.get("width", 0)) + 0.51


def test_every_mark_has_its_own_shape_in_strip_and_dots() -> None:
    for draw in (svg.week_strip, svg.dots):
        shapes = {re.sub(r' (class|aria-label)="[^"]*"', "", str(draw([mark]))) for mark in svg.MARKS}
        assert len(shapes) == len(svg.MARKS)


def test_unknown_marks_and_uneven_weeks_are_refused() -> None:
    with pytest.raises(KeyError):
        svg.week_strip(["late"])
    with pytest.raises(KeyError):
        svg.dots(["late"])
    with pytest.raises(ValueError, match="zip"):
        svg.week_strip(["present", "present"], [46])


@given(
    st.floats(min_value=-1e6, max_value=1e6),
    st.floats(min_value=0.001, max_value=1e6),
    st.sampled_from(svg.TONES),
)
def test_a_bar_never_leaves_its_track(value: float, maximum: float, tone: str) -> None:
    tree = ElementTree.fromstring(svg.bar(value, maximum, tone))
    assert all(0 <= float(rect.get("width", 0)) <= 56 for rect in tree.iter("rect"))


def test_a_small_part_is_seen_and_zero_is_empty() -> None:
    assert 'width="2"' in svg.bar(0.01, 16)
    assert svg.bar(0, 16).count("<rect") == 1


def test_an_unknown_value_does_not_look_like_zero() -> None:
    assert svg.bar(None, 16) != svg.bar(0, 16)


@pytest.mark.parametrize(("maximum", "tone"), [(0, "ok"), (-1, "ok"), (16, "red")])
def test_a_bar_without_measure_or_tone_is_refused(maximum: float, tone: str) -> None:
    with pytest.raises(ValueError, match="no bar"):
        svg.bar(1, maximum, tone)


@given(
    st.lists(st.tuples(st.sampled_from(["confirmed", "requested"]), st.integers(0, 200)), max_size=6),
    st.integers(0, 300),
)
def test_segments_follow_each_other_within_the_whole(parts: list[tuple[str, int]], whole: int) -> None:
    found = svg.segments(parts, whole)
    assert sum(s.count for s in found) == sum(count for _kind, count in parts)
    end = 0.0
    for segment in found:
        assert float(segment.x[:-1]) == pytest.approx(end, abs=0.02)
        end = float(segment.x[:-1]) + float(segment.width[:-1])
    assert end <= 100.02


def test_a_share_of_nothing_is_nothing() -> None:
    assert svg.share(5, 0) == "0%"
    assert svg.share(19, 20) == "95.00%"


def test_phases_know_what_is_done_now_and_later() -> None:
    today = date(2026, 11, 17)
    phases = [
        Phase("Werving", date(2026, 5, 1), date(2026, 9, 4)),
        Phase("Leerhome", date(2026, 9, 7), date(2026, 10, 2), completed=True),
        Phase("ROC", date(2026, 11, 16), date(2026, 11, 19)),
        Phase("Selectiedag", date(2027, 6, 10), date(2027, 6, 10)),
        Phase("Nazorg", date(2026, 11, 17), None),
    ]
    boxes = svg.phase_boxes(phases, today)
    assert [box.state for box in boxes] == ["past", "done", "now", "later", "now"]
    assert boxes[2].today == "37.50%"  # the middle of the second of four days
    assert boxes[0].today == "" and boxes[3].today == ""


@given(
    st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800) | st.none()), max_size=12
    )
)
def test_every_phase_has_a_width_that_the_style_sheet_knows(raw: list[tuple[date, int | None]]) -> None:
    phases = [
        Phase("x", start, None if days is None else start + timedelta(days=days)) for start, days in raw
    ]
    boxes = svg.phase_boxes(phases, date(2026, 11, 17))
    assert all(3 <= box.span <= svg.PHASE_SPANS for box in boxes)


def test_a_longer_phase_is_never_narrower() -> None:
    start = date(2026, 1, 1)
    phases = [Phase(str(n), start, start + timedelta(days=n)) for n in (0, 10, 40, 200, 700)]
    spans = [box.span for box in svg.phase_boxes(phases, start)]
    assert spans == sorted(spans)


def test_chart_rows_keep_unknown_apart_from_zero() -> None:
    rows = svg.chart_rows([("Geld", 4), ("Vervoer", 0), ("Vorige lichting", None)])
    assert [(row.text, row.width) for row in rows] == [
        ("4", "100.00%"),
        ("0", "0.00%"),
        ("onbekend", "0.00%"),
    ]
    assert svg.chart_rows([]) == ()


@pytest.mark.parametrize("name", sorted(PATHS))
def test_icons_are_well_formed_and_silent_unless_named(name: str) -> None:
    assert ElementTree.fromstring(icon(name)).get("aria-hidden") == "true"
    spoken = ElementTree.fromstring(icon(name, 'Let "op" <b>'))
    assert spoken.get("aria-label") == 'Let "op" <b>' and spoken.get("aria-hidden") is None


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(KeyError):
        icon("unicorn")
