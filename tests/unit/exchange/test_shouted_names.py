"""Names in capitals only are written as people write them; a name that is written well is never touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inleer.exchange.names import PersonName, without_shouting

NAMES = [
    (("INÊS", "", "BAKKER-ÖZTÜRK"), ("Inês", "", "Bakker-Öztürk")),
    (("Said", "", "D'ANGELO"), ("Said", "", "D'Angelo")),
    (("Noor", "", "EL AMRANI"), ("Noor", "", "El Amrani")),
    (("RACHID", "VAN DEN", "BERG"), ("Rachid", "van den", "Berg")),
    (("Mehmet", "IN 'T", "VELD"), ("Mehmet", "in 't", "Veld")),
    (("IJSBRAND", "", "IJZERMAN"), ("IJsbrand", "", "IJzerman")),
    (("J.P.", "", "JANSEN"), ("J.P.", "", "Jansen")),
    (("O", "", "NG"), ("O", "", "NG")),
    (("Fatima", "Van den", "McDonald"), ("Fatima", "Van den", "McDonald")),
    (("أحمد", "", "阮"), ("أحمد", "", "阮")),
]


@pytest.mark.parametrize(("sent", "written"), NAMES)
def test_as_people_write_it(sent: tuple[str, str, str], written: tuple[str, str, str]) -> None:
    assert without_shouting(PersonName(*sent)) == written


@given(st.text(min_size=1, max_size=40))
def test_what_is_not_all_capitals_stays(text: str) -> None:
    name = PersonName(text, "", text)
    if not text.isupper():
        assert without_shouting(name) == name


@given(st.text(alphabet=st.characters(categories=["Lu"], max_codepoint=0x24F), min_size=3, max_size=20))
def test_it_is_the_same_name_and_done_once(text: str) -> None:
    once = without_shouting(PersonName("", "", text))
    assert without_shouting(once) == once
    assert once.last.casefold() == text.casefold()
