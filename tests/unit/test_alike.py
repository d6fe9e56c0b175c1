"""People who could be one person entered twice: the names of the corpus, and laws that hold for any names."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inleer.people.alike import REASONS, Known, _candidates, _read, pairs, same_email, same_phone, words_of

BORN = date(1999, 4, 3)
A, B = UUID(int=1), UUID(int=2)


def alike(one: Known, other: Known) -> tuple[str, ...]:
    """Why these two could be one person."""
    found = pairs([replace(one, id=A), replace(other, id=B)])
    return found[0].reasons if found else ()


def person(first: str = "", between: str = "", last: str = "", **known: object) -> Known:
    return replace(Known(A, first, between, last), **known)  # type: ignore[arg-type]


SAME_NAME = [
    (("Rachid", "van den", "Berg"), ("Rachid", "", "van den Berg")),
    (("Rachid", "van den", "Berg"), ("Rachid", "", "Berg, van den")),
    (("Piet", "'t", "Hart"), ("Piet", "", "’t Hart")),
    (("Piet", "", "`t Hart"), ("Piet", "", "´t Hart")),
    (("Jan", "in 't", "Veld"), ("Jan", "", "in 't Veld")),
    (("Lucia", "", "d'Ancona"), ("Lucia", "", "D’Ancona")),
    (("Anna", "", "Van den Broek-de Vries"), ("Anna", "van den", "Broek de Vries")),
    (("Jörg", "", "Müller"), ("JÖRG", "", "MÜLLER")),
    (("Emre", "", "Şahin"), ("Emre", "", "Sahin")),
    (("Lan", "", "Nguyễn"), ("Lan", "", "Nguyen")),
    (("Ðorđe", "", "Ðorđević"), ("Ðorde", "", "Ðordevic")),
    (("Zoé", "", "Smit"), ("Zoe\u0301", "", "Smit")),
    (("IJsbrand", "", "Kok"), ("\u0133sbrand", "", "Kok")),
    (("", "", "O"), ("", "", "O")),
    (("", "", "Null"), ("", "", "null")),
    (("أحمد", "", "علي"), ("أحمد", "", "علي")),
]


@pytest.mark.parametrize(("one", "other"), SAME_NAME)
def test_one_name_in_two_spellings(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert alike(person(*one), person(*other)) == ("name",)
    assert alike(person(*one, birth_date=BORN), person(*other, birth_date=BORN)) == ("name", "birth_date")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Fatima", "El", "Amrani"), ("El Amrani", "", "Fatima")),
        (("Rachid", "van den", "Berg"), ("van den Berg", "", "Rachid")),
        (("Lan", "", "Nguyễn"), ("Nguyen", "", "Lan")),
    ],
)
def test_first_and_last_name_in_the_other_field(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert alike(person(*one, birth_date=BORN), person(*other)) == ("name_swapped",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("F.", "El", "Amrani"), ("Fatima", "El", "Amrani")),
        (("Anna Maria", "", "Smit"), ("Anna", "", "Smit")),
        (("Anna", "", "Smit"), ("Anna", "", "Smit-Bakker")),
        (("Fatima", "El", "Amrani"), ("Fatma", "El", "Amrani")),
        (("Johan", "", "Bakker"), ("Johan", "", "Bakekr")),
    ],
)
def test_a_name_that_is_like_it_needs_something_beside_it(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert alike(person(*one), person(*other)) == ()
    assert alike(person(*one, birth_date=BORN), person(*other, birth_date=BORN)) == (
        "name_like",
        "birth_date",
    )
    assert alike(person(*one, phone="06 12345678"), person(*other, phone="+31612345678")) == (
        "name_like",
        "phone",
    )


def test_what_speaks_against_it() -> None:
    father = person("Jan", "de", "Vries", birth_date=BORN, phone="0612345678", email="thuis@x.example")
    assert alike(father, replace(father, birth_date=date(1975, 4, 3))) == ()
    assert alike(father, replace(father, first_name="Kees", birth_date=None)) == (), "one house"
    twin = replace(father, first_name="Kees", phone=None, email=None)
    assert alike(father, twin) == (), "twins share a day and a family name"
    assert alike(person("Jan", "", "Smit", birth_date=BORN), person("Piet", "", "Bos", birth_date=BORN)) == ()
    assert alike(person("Sara", "", "Li"), person("Sara", "", "Lo")) == ()


def test_a_day_of_birth_with_day_and_month_changed_about() -> None:
    one, other = (
        person("Jan", "", "Smit", birth_date=BORN),
        person("Jan", "", "Smit", birth_date=date(1999, 3, 4)),
    )
    assert alike(one, other) == ("name", "birth_date_swapped")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("+31 6 12345678", "0612345678"),
        ("0031612345678", "0612345678"),
        ("+31 (0)6-12345678", "0612345678"),
        ("+49 30 123456", "4930123456"),
        ("112", ""),
        (None, ""),
        ("=cmd", ""),
    ],
)
def test_telephones(text: str | None, same: str) -> None:
    assert same_phone(text) == same


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Jan.Smit+werk@Example.NL", "jan.smit@example.nl"),
        (" jan@example.nl. ", "jan@example.nl"),
        ("jan", ""),
        ("@", ""),
        ("+x@example.nl", "@example.nl"),
        (None, ""),
    ],
)
def test_addresses(text: str | None, same: str) -> None:
    assert same_email(text) == same


NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
PEOPLE = st.builds(
    Known,
    id=st.uuids(),
    first_name=NAMES,
    tussenvoegsel=st.sampled_from(["", "van", "van den", "'t", "el"]),
    last_name=NAMES,
    birth_date=st.none() | st.dates(date(1999, 1, 1), date(1999, 3, 9)),
    email=st.none() | st.sampled_from(["a@x.nl", "A@X.nl", "b@x.nl"]),
    phone=st.none() | st.sampled_from(["0612345678", "+31612345678", "0687654321"]),
)


@settings(deadline=None)
@given(st.lists(PEOPLE, max_size=8, unique_by=lambda p: p.id))
def test_the_order_does_not_matter_and_every_reason_has_words(people: list[Known]) -> None:
    found = pairs(people)
    assert pairs(people[::-1]) == found
    for pair in found:
        assert pair.low < pair.high and pair.reasons and set(pair.reasons) <= set(REASONS)


@settings(deadline=None)
@given(PEOPLE)
def test_a_copy_is_found_in_any_spelling(one: Known) -> None:
    if not words_of(f"{one.first_name} {one.last_name}"):
        return
    for form in ("NFC", "NFD"):
        copy = replace(
            one,
            id=UUID(int=one.id.int ^ 1),
            first_name=unicodedata.normalize(form, one.first_name),
            last_name=f"  {unicodedata.normalize(form, one.last_name)} ",
        )
        assert len(pairs([one, copy])) == 1


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_who_is_said_to_be_somebody_else_is_not_asked_again(one: Known, other: Known) -> None:
    assert pairs([one, other], {frozenset((one.id, other.id))}) == []


@settings(deadline=None)
@given(st.dates(), st.dates(), NAMES, NAMES)
def test_two_days_of_birth_that_differ_are_two_people(one: date, other: date, first: str, last: str) -> None:
    if one == other or (one.year == other.year and (one.month, one.day) == (other.day, other.month)):
        return
    assert alike(person(first, "", last, birth_date=one), person(first, "", last, birth_date=other)) == ()


def test_only_those_with_something_in_common_are_compared() -> None:
    people = [
        Known(
            UUID(int=n),
            f"Voor{n % 400}",
            "van",
            f"Achter{n % 700}",
            date(1970 + n % 40, 1 + n % 12, 1 + n % 28),
        )
        for n in range(2_000)
    ]
    compared = sum(1 for _pair in _candidates([_read(one) for one in people]))
    assert compared < 20 * len(people), "not the square of the number of people"
