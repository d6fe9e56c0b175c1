"""Rows of each kind: what is optional, what goes together, and what may occur only once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from inleer.exchange.reading import read_attendance, read_candidates, read_intentions, read_sessions
from tests.corpus import workbooks

TODAY = date(2021, 4, 1)


def candidates(*rows: tuple[Any, ...], header: tuple[str, ...] = workbooks.CANDIDATE_HEADER) -> Any:
    return read_candidates(workbooks.workbook([header, *rows]), "a.xlsx", TODAY)


def csv(text: str) -> bytes:
    return text.encode()


def problems(parsed: Any) -> list[tuple[int | None, str | None]]:
    return [(problem.row, problem.column) for problem in parsed.problems]


class TestCandidates:
    def test_optional_columns(self) -> None:
        header = (
            *workbooks.CANDIDATE_HEADER,
            "Instapdatum",
            "Startkwalificatie",
            "Studentnr",
            "Mobiel",
            "Telefoon",
        )
        parsed = candidates(
            ("K1", "Jan", "Berg", "01-02-1990", date(2020, 11, 2), "ja", "S1", "06-12345678", "0320-123456"),
            ("K2", "Piet", "Smit", "01-02-1991", None, "onbekend", None, None, "0320-123456"),
            header=header,
        )
        (_one, first), (_two, second) = parsed.rows
        assert (first.joined_on, first.startkwalificatie, first.student_number) == (
            date(2020, 11, 2),
            "yes",
            "S1",
        )
        assert (first.phone, second.phone) == ("+31612345678", "+31320123456")
        assert (second.joined_on, second.startkwalificatie) == (None, "unknown")

    def test_every_problem_of_every_row_at_once(self) -> None:
        header = (*workbooks.CANDIDATE_HEADER, "Postcode", "E-mail")
        parsed = candidates(
            (None, "1", None, "31-2-1990", "x", "y"),
            ("K2", "Jan", "Berg", "1-2-1990", "y", None),
            header=header,
        )
        columns = ["Klantnr", "Voornaam", "Achternaam", "Geb.datum", "Postcode", "E-mail"]
        assert problems(parsed) == [*((2, column) for column in columns), (3, "Postcode")]
        assert not parsed.rows

    def test_a_bad_row_does_not_make_a_good_one_a_repetition(self) -> None:
        parsed = candidates(("K1", "Jan", "Berg", "31-02-1990"), ("K1", "Jan", "Berg", "01-02-1990"))
        assert problems(parsed) == [(2, "Geb.datum")] and [number for number, _row in parsed.rows] == [3]

    def test_name_beside_first_name_is_the_last_name(self) -> None:
        parsed = candidates(
            ("K1", "Jan", "van den Berg", "01-02-1990"), header=("Klantnr", "Voornaam", "Naam", "Geboren")
        )
        row = parsed.rows[0][1]
        assert (row.first_name, row.tussenvoegsel, row.last_name) == ("Jan", "van den", "Berg")

    def test_one_person_under_two_numbers_and_a_shared_address_are_warnings(self) -> None:
        parsed = candidates(
            ("K1", "Zoë", "Berg", "01-02-1990", "a@b.nl"), ("K2", "Zoe", "BERG", "01-02-1990", "a@b.nl"),
            header=(*workbooks.CANDIDATE_HEADER, "E-mail"),
        )  # fmt: skip
        assert len(parsed.rows) == 2 and not parsed.problems
        assert [(notice.row, notice.column) for notice in parsed.warnings] == [(3, "Klantnr"), (3, "E-mail")]

    def test_nine_digits_that_pass_the_elfproef_by_chance_are_no_bsn(self) -> None:
        numbers = list(zip(range(111222330, 111222350), "abcdefghijklmnopqrst", strict=True))
        parsed = candidates(*((number, "Jan", f"Berg{end}", "01-02-1990") for number, end in numbers))
        assert len(parsed.rows) == 20 and not parsed.problems

    def test_a_column_of_bsns_is_refused_row_by_row(self) -> None:
        parsed = candidates(
            *((number, "Jan", "Berg", "01-02-1990") for number in (111222333, 123456782, 100000009))
        )
        assert problems(parsed) == [(2, "Klantnr"), (3, "Klantnr"), (4, "Klantnr")]

    def test_a_bsn_in_a_column_that_is_not_stored_is_a_warning(self) -> None:
        parsed = candidates(
            ("K1", "Jan", "Berg", "01-02-1990", "bsn 111222333"),
            header=(*workbooks.CANDIDATE_HEADER, "Opmerking"),
        )
        assert len(parsed.rows) == 1
        assert [notice.row for notice in parsed.warnings if "BSN" in notice.message] == [2]

    def test_what_stands_under_no_header_is_named(self) -> None:
        parsed = candidates(
            ("K1", "Jan", "Berg", "01-02-1990", "x", "y"), header=(*workbooks.CANDIDATE_HEADER, "", "Hobby")
        )
        assert [notice.column for notice in parsed.warnings] == ["Hobby", "E"]

    @pytest.mark.parametrize(
        ("said", "drives"), [("B", True), ("ja", True), ("AM", False), ("geen", False), ("?", None)]
    )
    def test_driving_licence(self, said: str, drives: bool | None) -> None:
        parsed = candidates(
            ("K1", "Jan", "Berg", "01-02-1990", said), header=(*workbooks.CANDIDATE_HEADER, "Rijbewijs")
        )
        assert parsed.rows[0][1].driving_licence is drives


class TestAttendance:
    HEADER = "Studentnr;Datum;Les;Code;"

    def test_hours_in_place_of_minutes(self) -> None:
        parsed = read_attendance(csv(f"{self.HEADER}Uren\nK1;19-10-2020;ZD2;O;7,5\n"), "a.csv")
        assert parsed.rows[0][1].minutes == 450

    def test_a_school_has_its_own_codes(self) -> None:
        data = csv(f"{self.HEADER}Minuten\nK1;19-10-2020;ZD2;zk;\nK2;19-10-2020;ZD2;A;\n")
        parsed = read_attendance(data, "a.csv", codes=("AW", "ZK"))
        assert [row.code for _number, row in parsed.rows] == ["ZK"] and problems(parsed) == [(3, "Code")]

    def test_another_mark_for_the_same_lesson_is_left_to_who_knows_the_sessions(self) -> None:
        data = csv(f"{self.HEADER}Minuten\nK1;19-10-2020;ZD2;A;\nK1;19-10-2020;ZD2;O;\n")
        assert len(read_attendance(data, "a.csv").rows) == 2

    def test_a_name_is_never_a_reason_to_refuse(self) -> None:
        data = csv("Studentnr;Naam;Datum;Code\nK1;?eyma 1\x0b2;19-10-2020;A\n")
        assert [row.name for _number, row in read_attendance(data, "a.csv").rows] == ["?eyma 1·2"]


class TestIntentions:
    HEADER = "Werkgever;Functie;Soort;Vanaf;"

    def test_hours_in_one_column_and_unknown_places(self) -> None:
        parsed = read_intentions(
            csv(f"{self.HEADER}Uren per week;Aantal\nX;Helpende;baangarantie;1-9-2021;20-28;\n"), "a.csv"
        )
        row = parsed.rows[0][1]
        assert (row.hours_min, row.hours_max, row.positions, row.kind) == (20, 28, None, "guarantee")

    def test_half_hours_are_refused(self) -> None:
        data = csv(f"{self.HEADER}Uren min\nX;Helpende;intentie;1-9-2021;20,5\n")
        assert problems(read_intentions(data, "a.csv")) == [(2, "Uren min")]

    def test_two_lines_of_one_employer(self) -> None:
        line = "X;Helpende;intentie;1-9-2021;"
        parsed = read_intentions(csv(f"{self.HEADER}Uren min\n{line}16\n{line}20\n{line}20\n"), "a.csv")
        assert [number for number, _row in parsed.rows] == [2, 3] and problems(parsed) == [(4, "Werkgever")]

    def test_a_bsn_in_a_text_that_would_be_stored_is_refused(self) -> None:
        data = csv(f"{self.HEADER}Toelichting\nX;Helpende;intentie;1-9-2021;voor 111222333\n")
        assert problems(read_intentions(data, "a.csv")) == [(2, "Toelichting")]


class TestSessions:
    NINE, TWELVE = datetime(2020, 10, 19, 7, tzinfo=UTC), datetime(2020, 10, 19, 10, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        [
            "Datum;Begin;Einde;Vak\n19-10-2020;9:00;12.00 uur;Les\n",
            "Datum;Lestijd;Vak\n19-10-2020;09:00 - 12:00;Les\n",
            "Start;Einde;Vak\n19-10-2020 09:00;19-10-2020 12:00;Les\n",
            "Start;Einde;Vak\n2020-10-19T09:00;2020-10-19T12:00;Les\n",
        ],
    )
    def test_ways_to_write_a_moment(self, text: str) -> None:
        parsed = read_sessions(csv(text), "a.csv")
        assert not parsed.problems
        row = parsed.rows[0][1]
        assert (row.starts_at, row.ends_at) == (self.NINE, self.TWELVE)

    def test_moments_from_cells_of_a_workbook(self) -> None:
        def fill(book: Any, sheet: Any) -> None:
            clock = book.add_format({"num_format": "hh:mm"})
            sheet.write_number(1, 1, 0.375, clock)
            sheet.write_number(1, 2, 0.5, clock)

        rows = [("Datum", "Van", "Tot", "Lescode"), (date(2020, 10, 19), None, None, "ZD2")]
        row = read_sessions(workbooks.workbook(rows, fill), "a.xlsx").rows[0][1]
        assert (row.starts_at, row.ends_at, row.title, row.code) == (self.NINE, self.TWELVE, "ZD2", "ZD2")

    def test_an_hour_is_missing_in_the_night_that_summer_time_begins(self) -> None:
        row = read_sessions(csv("Datum;Begin;Einde;Vak\n29-03-2026;1:30;3:30;Les\n"), "a.csv").rows[0][1]
        assert (row.ends_at - row.starts_at).total_seconds() == 3600

    def test_what_is_missing_is_named(self) -> None:
        data = csv("Datum;Begin;Einde;Vak\n;9:00;12:00;Les\n19-10-2020;9:00;;Les\n19-10-2020;9:00;12:00;\n")
        assert problems(read_sessions(data, "a.csv")) == [(2, "Datum"), (3, "Einde"), (4, "Vak")]

    def test_the_same_session_twice(self) -> None:
        line = "19-10-2020;9:00;12:00;Les\n"
        parsed = read_sessions(csv(f"Datum;Begin;Einde;Vak\n{line}{line}"), "a.csv")
        assert problems(parsed) == [(3, "Vak")]

    @pytest.mark.parametrize(
        ("title", "kind"),
        [
            ("NT2-les", "nt2"), ("Introductie Leerhome", "introduction"), ("Intervisie", "intervision"),
            ("Informatiebijeenkomst", "information"), ("Selectiedag", "selection"), ("Zorg niv. 2", "lesson"),
            ("Diploma-uitreiking", "other"), ("Meeloopstage", "practice"),
        ],
    )  # fmt: skip
    def test_kind_is_guessed_by_words(self, title: str, kind: str) -> None:
        row = read_sessions(csv(f"Datum;Begin;Einde;Vak\n19-10-2020;9:00;12:00;{title}\n"), "a.csv").rows[0][
            1
        ]
        assert row.kind == kind

    def test_cancelled_and_code_in_the_title(self) -> None:
        data = csv("Datum;Begin;Einde;Vak;Status\n19-10-2020;9:00;12:00;ZD2 - Zorg;Vervallen\n")
        row = read_sessions(data, "a.csv").rows[0][1]
        assert row.cancelled and row.code == "ZD2"


HEADERS = {
    read_candidates: "Klantnr;Voornaam;Tussenv.;Achternaam;Geb.datum;Postcode;Telefoon;E-mail;Taalniveau;Rijbewijs",
    read_sessions: "Datum;Begin;Einde;Titel;Lescode;Locatie;Docent;Status",
    read_attendance: "Studentnr;Datum;Les;Code;Minuten",
    read_intentions: "Werkgever;Contactpersoon;E-mail;Functie;Aantal;Uren min;Uren max;Soort;Vanaf;Toelichting",
}


@pytest.mark.parametrize("read", HEADERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize("piece", ["1", " 1", "a, van ", "1T", "12:", "é-", "\t(0)", "9 uur "])
def test_a_cell_of_a_hundred_kilobytes_is_refused_and_not_searched(read: Any, piece: str) -> None:
    columns = HEADERS[read].split(";")
    long = f'"{(piece * 100_000)[:100_000]}"'
    data = ";".join(columns) + "\n" + ";".join([long] * len(columns))
    refused = {
        problem.column for problem in read(data.encode(), "a.csv").problems if "te lang" in problem.message
    }
    assert refused == set(columns)
