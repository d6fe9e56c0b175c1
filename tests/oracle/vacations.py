"""Dutch school vacations and public holidays, typed by hand.

The oracle may not take its calendar from the product, nor from the library that the product uses:
a wrong table would then agree with itself. The rows are the dates as published by the Ministry of
Education ("Overzicht schoolvakanties per schooljaar", rijksoverheid.nl), first and last day included.
Christmas, the one week in May and summer bind all schools; autumn and spring are recommended dates, and
the second week that many schools add in May is not in it: both are an institution's own deviation.

Compared once, day by day, with the `holidays` library (0.109, categories=("school",)): typed from memory
one row of 44 differed, autumn 2024 in the south (typed 26 October, library 19 October). The vacation
pages of two schools confirmed 19-27 October, so the row below was corrected; nothing else differed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

REGIONS: Final = ("noord", "midden", "zuid")

# (school year, vacation): noord, midden, zuid. A row with one period holds for the three regions.
_TYPED: Final = """
2018-2019 zomer    2019-07-13..2019-08-25 2019-07-20..2019-09-01 2019-07-06..2019-08-18
2019-2020 herfst   2019-10-19..2019-10-27 2019-10-19..2019-10-27 2019-10-12..2019-10-20
2019-2020 kerst    2019-12-21..2020-01-05
2019-2020 voorjaar 2020-02-15..2020-02-23 2020-02-22..2020-03-01 2020-02-22..2020-03-01
2019-2020 mei      2020-04-25..2020-05-03
2019-2020 zomer    2020-07-04..2020-08-16 2020-07-18..2020-08-30 2020-07-11..2020-08-23
2020-2021 herfst   2020-10-10..2020-10-18 2020-10-17..2020-10-25 2020-10-17..2020-10-25
2020-2021 kerst    2020-12-19..2021-01-03
2020-2021 voorjaar 2021-02-20..2021-02-28 2021-02-20..2021-02-28 2021-02-13..2021-02-21
2020-2021 mei      2021-05-01..2021-05-09
2020-2021 zomer    2021-07-10..2021-08-22 2021-07-17..2021-08-29 2021-07-24..2021-09-05
2021-2022 herfst   2021-10-16..2021-10-24 2021-10-16..2021-10-24 2021-10-23..2021-10-31
2021-2022 kerst    2021-12-25..2022-01-09
2021-2022 voorjaar 2022-02-19..2022-02-27 2022-02-26..2022-03-06 2022-02-26..2022-03-06
2021-2022 mei      2022-04-30..2022-05-08
2021-2022 zomer    2022-07-16..2022-08-28 2022-07-09..2022-08-21 2022-07-23..2022-09-04
2022-2023 herfst   2022-10-15..2022-10-23 2022-10-22..2022-10-30 2022-10-22..2022-10-30
2022-2023 kerst    2022-12-24..2023-01-08
2022-2023 voorjaar 2023-02-25..2023-03-05 2023-02-25..2023-03-05 2023-02-18..2023-02-26
2022-2023 mei      2023-04-29..2023-05-07
2022-2023 zomer    2023-07-22..2023-09-03 2023-07-08..2023-08-20 2023-07-15..2023-08-27
2023-2024 herfst   2023-10-21..2023-10-29 2023-10-14..2023-10-22 2023-10-14..2023-10-22
2023-2024 kerst    2023-12-23..2024-01-07
2023-2024 voorjaar 2024-02-17..2024-02-25 2024-02-17..2024-02-25 2024-02-10..2024-02-18
2023-2024 mei      2024-04-27..2024-05-05
2023-2024 zomer    2024-07-20..2024-09-01 2024-07-13..2024-08-25 2024-07-06..2024-08-18
2024-2025 herfst   2024-10-26..2024-11-03 2024-10-26..2024-11-03 2024-10-19..2024-10-27
2024-2025 kerst    2024-12-21..2025-01-05
2024-2025 voorjaar 2025-02-15..2025-02-23 2025-02-22..2025-03-02 2025-02-22..2025-03-02
2024-2025 mei      2025-04-26..2025-05-04
2024-2025 zomer    2025-07-12..2025-08-24 2025-07-19..2025-08-31 2025-07-05..2025-08-17
2025-2026 herfst   2025-10-18..2025-10-26 2025-10-18..2025-10-26 2025-10-11..2025-10-19
2025-2026 kerst    2025-12-20..2026-01-04
2025-2026 voorjaar 2026-02-21..2026-03-01 2026-02-14..2026-02-22 2026-02-14..2026-02-22
2025-2026 mei      2026-04-25..2026-05-03
2025-2026 zomer    2026-07-04..2026-08-16 2026-07-18..2026-08-30 2026-07-11..2026-08-23
2026-2027 herfst   2026-10-10..2026-10-18 2026-10-17..2026-10-25 2026-10-17..2026-10-25
2026-2027 kerst    2026-12-19..2027-01-03
2026-2027 voorjaar 2027-02-20..2027-02-28 2027-02-20..2027-02-28 2027-02-13..2027-02-21
2026-2027 mei      2027-04-24..2027-05-02
2026-2027 zomer    2027-07-10..2027-08-22 2027-07-17..2027-08-29 2027-07-24..2027-09-05
2027-2028 herfst   2027-10-16..2027-10-24 2027-10-16..2027-10-24 2027-10-23..2027-10-31
2027-2028 kerst    2027-12-25..2028-01-09
2027-2028 voorjaar 2028-02-19..2028-02-27 2028-02-26..2028-03-05 2028-02-26..2028-03-05
2027-2028 mei      2028-04-29..2028-05-07
2027-2028 zomer    2028-07-15..2028-08-27 2028-07-08..2028-08-20 2028-07-22..2028-09-03
"""

# Days off for everybody; 5 May is left out on purpose: a day off once in five years.
# New Year, Easter Monday, King's Day (26 April when the 27th is a Sunday), Ascension Day,
# Whit Monday, Christmas Day, Boxing Day. Sundays that are holidays anyway are not listed.
_TYPED_HOLIDAYS: Final = """
2019-01-01 2019-04-22 2019-04-27 2019-05-30 2019-06-10 2019-12-25 2019-12-26
2020-01-01 2020-04-13 2020-04-27 2020-05-21 2020-06-01 2020-12-25 2020-12-26
2021-01-01 2021-04-05 2021-04-27 2021-05-13 2021-05-24 2021-12-25 2021-12-26
2022-01-01 2022-04-18 2022-04-27 2022-05-26 2022-06-06 2022-12-25 2022-12-26
2023-01-01 2023-04-10 2023-04-27 2023-05-18 2023-05-29 2023-12-25 2023-12-26
2024-01-01 2024-04-01 2024-04-27 2024-05-09 2024-05-20 2024-12-25 2024-12-26
2025-01-01 2025-04-21 2025-04-26 2025-05-29 2025-06-09 2025-12-25 2025-12-26
2026-01-01 2026-04-06 2026-04-27 2026-05-14 2026-05-25 2026-12-25 2026-12-26
2027-01-01 2027-03-29 2027-04-27 2027-05-06 2027-05-17 2027-12-25 2027-12-26
2028-01-01 2028-04-17 2028-04-27 2028-05-25 2028-06-05 2028-12-25 2028-12-26
"""

Period = tuple[date, date]


def _period(text: str) -> Period:
    first, last = text.split("..")
    return date.fromisoformat(first), date.fromisoformat(last)


def _table() -> dict[str, list[tuple[str, date, date]]]:
    found: dict[str, list[tuple[str, date, date]]] = {region: [] for region in REGIONS}
    for line in _TYPED.strip().splitlines():
        _year, name, *periods = line.split()
        for number, region in enumerate(REGIONS):
            first, last = _period(periods[number] if len(periods) == 3 else periods[0])
            found[region].append((name, first, last))
    return found


# region -> (name of the vacation, first day, last day), in order of date
VACATIONS: Final = _table()
PUBLIC_HOLIDAYS: Final = frozenset(date.fromisoformat(word) for word in _TYPED_HOLIDAYS.split())


def vacation_days(region: str) -> frozenset[date]:
    """Every single day of vacation in a region ("noord", "midden" or "zuid"), weekends included."""
    days: set[date] = set()
    for _name, first, last in VACATIONS[region]:
        day = first
        while day <= last:
            days.add(day)
            day += timedelta(days=1)
    return frozenset(days)
