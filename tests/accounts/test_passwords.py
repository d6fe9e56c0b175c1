"""Promise 13: argon2id, 12 to 128 characters, nothing that is tried first, paste works, no composition rules."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from inleer.accounts.passwords import MAX_LENGTH, check_password, hash_password, verify_password
from inleer.config import Settings
from inleer.errors import DomainError

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_production_parameters_hold_the_floor():
    assert Settings.argon2_memory_kib >= 19_456 and Settings.argon2_time >= 2


@ONE
def test_hash_is_argon2id_with_the_set_parameters(app: Flask):
    assert re.match(r"\$argon2id\$v=19\$m=64,t=1,p=1\$", hash_password("vier losse woorden hier"))


@ONE
def test_same_password_two_hashes_both_verify(app: Flask):
    first, second = hash_password("vier losse woorden hier"), hash_password("vier losse woorden hier")
    assert first != second
    assert verify_password(first, "vier losse woorden hier") and verify_password(
        second, "vier losse woorden hier"
    )
    assert not verify_password(first, "vier losse woorden hie")
    assert not verify_password(None, "vier losse woorden hier")
    assert not verify_password("geen hash", "vier losse woorden hier")


@ONE
def test_composed_and_decomposed_characters_are_the_same_password(app: Flask):
    assert verify_password(hash_password("cafe\u0301 op de hoek"), "café op de hoek")


@pytest.mark.parametrize("password", ["a", "elf tekens!", "x" * 129, "y z" * 200])
def test_length(password: str):
    with pytest.raises(DomainError) as refused:
        check_password(password)
    assert refused.value.field == "password" and "tekens" in refused.value.message


def test_a_long_sentence_is_fine():
    check_password(("een lange zin met veel woorden " * 5)[:MAX_LENGTH])


def test_the_3000_most_used_are_refused():
    for common in list(FREQUENCY_LISTS["passwords"])[:3000]:
        for password in (common, common.upper()):
            with pytest.raises(DomainError):
                check_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "Welkom2026!!!!",
        "Wachtwoord123456",
        "inleerinleer2026",
        "Voorbeeldstad01!",
        "m.degraaf2026!!",
        "WerkbedrijfVoorbeeldstad",
        "aaaaaaaaaaaaa",
        "121212121212",
        "1qaz2wsx3edc",
    ],
)
def test_context_words_are_refused(password: str):
    about = ("Marijke de Graaf", "m.degraaf@voorbeeldstad.nl", "Werkbedrijf Voorbeeldstad")
    with pytest.raises(DomainError):
        check_password(password, about)


@pytest.mark.parametrize(
    "password",
    [
        "paarse fiets in de regen",
        "correct-horse-battery",
        "Qx7!vB2#rT9z",
        "ｆｕｌｌ ｗｉｄｔｈ ｌｅｔｔｅｒｓ",
        "🚲🌧️ veertien ✓ tekens",
    ],
)
def test_anything_else_is_fine(password: str):
    check_password(password, ("Marijke de Graaf",))


@given(st.text(min_size=0, max_size=300), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_is_judged_without_breaking(password: str, about: list[str]):
    refusal = None
    try:
        check_password(password, about)
    except DomainError as error:
        refusal = error
    assert refusal is None or (refusal.field == "password" and refusal.message.endswith("."))
